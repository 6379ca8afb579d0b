"""What a product file was, and what was wrong with it, stays; only how far it is changes."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges


class Migration(migrations.Migration):
    dependencies = [("assurance", "0021_imports")]

    operations = [
        OnlyChanging("assurance_productimport", "state", "run_id", "created", "changed", "unchanged", "flawed"),
        StateEdges(
            "assurance_productimport",
            "state",
            {
                "uploaded": ["checked", "stopped"],
                "checked": ["importing"],
                "importing": ["imported", "stopped"],
                "imported": [],
                "stopped": ["uploaded"],
            },
        ),
        AppendOnly("assurance_importpart"),
        AppendOnly("assurance_importflaw"),
        SameOwner("assurance_importpart", ("product_import_id", "merchant_id"), "assurance_productimport", ("id", "merchant_id")),
        SameOwner("assurance_importflaw", ("product_import_id", "merchant_id"), "assurance_productimport", ("id", "merchant_id")),
    ]
