"""What is demanded of merchants whose goods were suspended."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0038_disposition_stage"),
        ("qc", "0017_draw_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectiveAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("demanded", "Waits for the merchant"), ("submitted", "Waits for a decision"), ("approved", "Approved")],
                        default="demanded",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("demanded_at", models.DateTimeField()),
                ("cause", models.TextField(blank=True, verbose_name="cause")),
                ("plan", models.TextField(blank=True, verbose_name="what was changed")),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", models.CharField(blank=True, max_length=300, verbose_name="reason of the decision")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                ("severity", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qc.classseverity")),
                ("stop", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.stop")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["demanded", "submitted"])), fields=["warehouse", "id"], name="corrective_open"
                    ),
                    models.Index(fields=["merchant", "-id"], name="corrective_of_merchant"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["demanded", "submitted", "approved"])), name="corrective_state_is_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["demanded", "submitted"])),
                        fields=("product", "warehouse"),
                        name="corrective_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "demanded"),
                            models.Q(
                                ("submitted_at__isnull", False),
                                ("submitted_by__isnull", False),
                                models.Q(("cause", ""), _negated=True),
                                models.Q(("plan", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="corrective_submitted_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("submitted_by__isnull", False),
                                models.Q(("decided_by", models.F("submitted_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="corrective_approved_by_another",
                    ),
                ],
            },
        ),
    ]
