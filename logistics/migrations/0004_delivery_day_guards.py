"""What was delivered on a closed day stays as it was told."""

from django.db import migrations

from assurance.database import AppendOnly, SameOwner

SIDES = ("merchant_id", "warehouse_id", "courier_id")


class Migration(migrations.Migration):
    dependencies = [("logistics", "0003_delivery_days")]

    operations = [
        SameOwner("logistics_deliveryday", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner("logistics_deliveredgoods", ("waybill_id", *SIDES), "logistics_waybill", ("id", *SIDES)),
        SameOwner(
            "logistics_deliveredgoods",
            ("delivery_day_id", "merchant_id", "product_id"),
            "logistics_deliveryday",
            ("id", "merchant_id", "product_id"),
        ),
        AppendOnly("logistics_deliveryday"),
        AppendOnly("logistics_deliveredgoods"),
    ]
