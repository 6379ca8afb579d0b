"""Deadlines decide on parcels and returned units too; no returned unit that nobody can sell is without its non-conformance."""

from django.conf import settings
from django.db import migrations, models

from assurance.database import AlsoChanging

# check_failure_has_non_conformance() came with the dispositions
RETURN_TRIGGER = """
CREATE CONSTRAINT TRIGGER return_failed_with_a_non_conformance AFTER INSERT ON qc_returninspection
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.grade IN ('c', 'd')) EXECUTE FUNCTION check_failure_has_non_conformance('return')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0038_disposition_stage"),
        ("qc", "0019_corrective_guards"),
        ("warehouse", "0021_sealed_after_the_check"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="nonconformance",
            name="defaulted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("defaulted_at", None),
                    models.Q(models.Q(("stage", "inbound"), _negated=True), ("defaulted_at__gte", models.F("due_at"))),
                    _connector="OR",
                ),
                name="non_conformance_defaults_when_due",
            ),
        ),
        migrations.RunSQL([RETURN_TRIGGER], ["DROP TRIGGER return_failed_with_a_non_conformance ON qc_returninspection"]),
        AlsoChanging("qc_nonconformance", "defaulted_at"),
    ]
