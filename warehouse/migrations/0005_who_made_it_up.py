"""Who made a notice or a lot up, if it is not a merchant's own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0004_order_guards")]

    operations = [
        migrations.AddField(
            "lot", "source", models.CharField(blank=True, editable=False, max_length=16, default=""), preserve_default=False
        ),
        migrations.AddField(
            "shipmentnotice", "source", models.CharField(blank=True, editable=False, max_length=16, default=""), preserve_default=False
        ),
    ]
