"""Inspections, their units and the catalogue of defects."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assurance", "0003_ledger_guards"),
        ("warehouse", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DefectKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=16)),
                ("code", models.CharField(max_length=32)),
                ("category", models.CharField(blank=True, max_length=32)),
                (
                    "defect_class",
                    models.CharField(choices=[("critical", "Critical"), ("major", "Major"), ("minor", "Minor")], max_length=8),
                ),
                ("name_zh", models.CharField(max_length=60)),
                ("name_en", models.CharField(max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "code"), name="defect_kind_once_per_version"),
                    models.CheckConstraint(
                        condition=models.Q(("defect_class__in", ["critical", "major", "minor"])), name="defect_class_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(choices=[("inbound", "Inbound")], default="inbound", max_length=8)),
                ("tranche", models.PositiveSmallIntegerField(default=1)),
                ("lot_size", models.PositiveIntegerField()),
                ("plan", models.JSONField()),
                ("catalogue", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an inspector"),
                            ("claimed", "Being inspected"),
                            ("accepted", "Accepted"),
                            ("rejected", "Not accepted"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("because", models.JSONField(blank=True, default=dict)),
                ("inspected", models.PositiveIntegerField(blank=True, null=True)),
                ("nonconforming", models.PositiveIntegerField(blank=True, null=True)),
                ("evidence_entry_id", models.BigIntegerField(blank=True, null=True)),
                ("source", models.CharField(default="floor", max_length=12)),
                (
                    "clearance",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance"
                    ),
                ),
                (
                    "inspector",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["open", "claimed"])),
                        fields=["warehouse", "due_at", "id"],
                        name="inspection_queue",
                    ),
                    models.Index(fields=["warehouse", "-id"], name="inspection_of_warehouse"),
                    models.Index(fields=["merchant", "-id"], name="inspection_of_merchant"),
                    models.Index(
                        condition=models.Q(("decided_at__isnull", False)), fields=["product"], name="inspection_decided_of_product"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "claimed", "accepted", "rejected"])), name="inspection_state_is_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["claimed", "open"])),
                        fields=("lot", "stage", "tranche"),
                        name="inspection_one_open_per_tranche",
                    ),
                    models.UniqueConstraint(fields=("id", "merchant"), name="inspection_with_merchant"),
                    models.CheckConstraint(condition=models.Q(("lot_size__gt", 0), ("tranche__gt", 0)), name="inspection_covers_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("clearance", None),
                                ("decided_at", None),
                                ("evidence_entry_id", None),
                                ("inspected", None),
                                ("nonconforming", None),
                                ("state__in", ["claimed", "open"]),
                            ),
                            models.Q(
                                ("clearance__isnull", False),
                                ("decided_at__isnull", False),
                                ("evidence_entry_id__isnull", False),
                                ("inspected__isnull", False),
                                ("inspector__isnull", False),
                                ("nonconforming__isnull", False),
                                ("state__in", ["accepted", "rejected"]),
                            ),
                            _connector="OR",
                        ),
                        name="inspection_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claimed_at", None), ("inspector", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("claimed_at__isnull", False), ("inspector__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="inspection_claimed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectedUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="unit")),
                ("is_conforming", models.BooleanField()),
                ("defects", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=list, size=None)),
                ("recorded_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("inspection", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="units", to="qc.inspection")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)), fields=("inspection", "number"), name="unit_once_per_inspection"
                    ),
                    models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="unit_number_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("defects", []), ("is_conforming", True)),
                            models.Q(("is_conforming", False), models.Q(("defects", []), _negated=True)),
                            _connector="OR",
                        ),
                        name="unit_fails_by_a_defect",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="unit_withdrawn_by_somebody",
                    ),
                ],
            },
        ),
    ]
