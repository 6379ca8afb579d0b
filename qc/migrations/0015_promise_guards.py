"""What was promised stays as it was said, and belongs to the goods it is about, whoever writes."""

from django.db import migrations

from assurance.database import AppendOnly, SameOwner

SIDES = ("merchant_id", "warehouse_id")


class Migration(migrations.Migration):
    dependencies = [("qc", "0014_promises")]

    operations = [
        SameOwner("qc_promise", ("notice_id", *SIDES), "warehouse_shipmentnotice", ("id", *SIDES)),
        SameOwner("qc_promise", ("line_id", *SIDES, "product_id"), "warehouse_shipmentline", ("id", *SIDES, "product_id")),
        AppendOnly("qc_promise"),
    ]
