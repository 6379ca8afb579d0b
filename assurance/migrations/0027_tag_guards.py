"""What a tag may do, whoever writes: it belongs to its product's merchant, moves along its edges, and only its standing changes."""

from django.db import migrations

from assurance.database import OnlyChanging, SameOwner, StateEdges


class Migration(migrations.Migration):
    dependencies = [("assurance", "0026_badge_tags")]

    operations = [
        SameOwner("assurance_tag", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        OnlyChanging("assurance_tag", "state", "lost", "falls_at", "changed_at", "tagged_at"),
        StateEdges(
            "assurance_tag",
            "state",
            {"tagged": ["warned", "untagged"], "warned": ["tagged", "untagged"], "untagged": ["tagged"]},
        ),
    ]
