"""What every category demands today becomes its first version, from the day on from which anything was ever judged."""

from datetime import date

from django.db import migrations
from django.utils import timezone

COPIED = (
    "is_perishable",
    "required_attributes",
    "inspection_level",
    "aql_major",
    "aql_minor",
    "lab_tests",
    "lab_result_days",
    "badge_days",
)
BEGINS = date(2016, 1, 1)


def write_first_versions(apps, _schema_editor):
    Category, CategoryVersion = (apps.get_model("assurance", name) for name in ("Category", "CategoryVersion"))
    now = timezone.now()
    groups = Category.objects.exclude(parent=None).values("parent_id")
    CategoryVersion.objects.bulk_create(
        CategoryVersion(
            category=one,
            number=1,
            label=one.version,
            state="active",
            effective_from=BEGINS,
            drafted_at=now,
            changed_at=now,
            activated_at=now,
            accepted_count=0,
            **{name: getattr(one, name) for name in COPIED},
        )
        for one in Category.objects.exclude(pk__in=groups).exclude(version="").order_by("pk")
    )


class Migration(migrations.Migration):
    dependencies = [("assurance", "0016_category_versions")]

    operations = [migrations.RunPython(write_first_versions, migrations.RunPython.noop)]
