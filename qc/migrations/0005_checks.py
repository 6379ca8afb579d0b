"""Checklists, checks of parcels before they leave, days of checks, returned units and what became of them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0014_fee_guards"),
        ("qc", "0004_lab_guards"),
        ("warehouse", "0007_return_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=16)),
                ("stage", models.CharField(choices=[("outbound", "Before sending"), ("return", "After a return")], max_length=8)),
                ("category", models.CharField(blank=True, max_length=32)),
                ("from_date", models.DateField()),
                ("checkpoints", models.JSONField()),
                (
                    "product",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("stage__in", ["outbound", "return"])), name="checklist_stage_is_known"),
                    models.CheckConstraint(
                        condition=models.Q(("product", None), ("category", ""), _connector="OR"), name="checklist_has_one_scope"
                    ),
                    models.UniqueConstraint(
                        fields=("stage", "product", "category", "version"), name="checklist_once_per_version", nulls_distinct=False
                    ),
                    models.UniqueConstraint(
                        fields=("stage", "product", "category", "from_date"), name="checklist_one_in_force", nulls_distinct=False
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayOfChecks",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day_date", models.DateField()),
                ("part", models.PositiveSmallIntegerField(default=1)),
                ("size", models.PositiveIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("evidence_entry_id", models.BigIntegerField()),
                ("closed_at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("product", "day_date", "part"), name="day_of_checks_once"),
                    models.UniqueConstraint(fields=("id", "product", "merchant", "day_date"), name="day_of_checks_with_product"),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="day_of_checks_holds_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboundCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("because", models.JSONField(default=dict)),
                ("attempt", models.PositiveSmallIntegerField()),
                ("checklists", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("answers", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "verdict",
                    models.CharField(choices=[("passed", "In order"), ("failed", "Not in order")], max_length=8, verbose_name="verdict"),
                ),
                ("checked_at", models.DateTimeField()),
                ("source", models.CharField(default="floor", max_length=16)),
                (
                    "clearance",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance"),
                ),
                (
                    "inspector",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("parcel", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.parcel")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["warehouse", "-id"], name="outbound_check_of_warehouse"),
                    models.Index(fields=["merchant", "-id"], name="outbound_check_of_merchant"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("verdict__in", ["passed", "failed"])), name="outbound_verdict_is_known"),
                    models.UniqueConstraint(fields=("parcel", "attempt"), name="outbound_check_once_per_attempt"),
                    models.UniqueConstraint(
                        condition=models.Q(("verdict", "passed")), fields=("parcel",), name="outbound_check_passes_once"
                    ),
                    models.UniqueConstraint(fields=("id", "merchant", "warehouse"), name="outbound_check_with_both_sides"),
                    models.CheckConstraint(condition=models.Q(("attempt__gt", 0)), name="outbound_attempt_counts_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckedGoods",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day_date", models.DateField()),
                ("says", models.TextField()),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "day_of_checks",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="leaves", to="qc.dayofchecks"
                    ),
                ),
                ("check_of", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="goods", to="qc.outboundcheck")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("day_of_checks", None)), fields=["day_date", "product", "id"], name="checked_goods_loose"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("check_of", "product"), name="checked_goods_once")],
            },
        ),
        migrations.CreateModel(
            name="CheckPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checkpoint", models.CharField(max_length=32)),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                ("check_of", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="qc.outboundcheck")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("check_of", "checkpoint", "file"), name="check_photo_once")],
            },
        ),
        migrations.CreateModel(
            name="NonConformance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To be put right"), ("closed", "Put right")], default="open", max_length=8, verbose_name="state"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("remedy", models.CharField(blank=True, max_length=200, verbose_name="what was done")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("parcel", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.parcel")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "failed_check",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="non_conformance", to="qc.outboundcheck"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["warehouse", "id"], name="non_conformance_to_put_right")
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("state__in", ["open", "closed"])), name="non_conformance_state_is_known"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("parcel",), name="non_conformance_one_open_per_parcel"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("remedy", ""), ("state", "open")),
                            models.Q(("closed_at__isnull", False), ("state", "closed"), models.Q(("remedy", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="non_conformance_closed_with_a_remedy",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnInspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("because", models.JSONField(default=dict)),
                ("checklists", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("answers", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "grade",
                    models.CharField(
                        choices=[("a", "A – as new"), ("b", "B – opened"), ("c", "C – damaged"), ("d", "D – unsellable")],
                        max_length=1,
                        verbose_name="grade",
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("merchant", "Merchant"),
                            ("warehouse", "Warehouse"),
                            ("courier", "Courier"),
                            ("consumer", "Consumer"),
                            ("none", "Nobody"),
                        ],
                        max_length=10,
                        verbose_name="suggested responsibility",
                    ),
                ),
                ("party_reasons", models.JSONField(default=list)),
                ("inspected_at", models.DateTimeField()),
                ("evidence_entry_id", models.BigIntegerField()),
                (
                    "inspector",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "outbound",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qc.outboundcheck"
                    ),
                ),
                ("unit", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.returnunit")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["merchant", "-id"], name="return_inspection_of_merchant")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("grade__in", ["a", "b", "c", "d"])), name="return_grade_is_known"),
                    models.CheckConstraint(
                        condition=models.Q(("party__in", ["merchant", "warehouse", "courier", "consumer", "none"])),
                        name="return_party_is_known",
                    ),
                    models.UniqueConstraint(fields=("id", "merchant", "warehouse"), name="return_inspection_with_both_sides"),
                ],
            },
        ),
        migrations.CreateModel(
            name="InspectionPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checkpoint", models.CharField(max_length=32)),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "inspection",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="qc.returninspection"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("inspection", "checkpoint", "file"), name="inspection_photo_once")],
            },
        ),
        migrations.CreateModel(
            name="ReturnDisposition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("restock", "Back on the shelf"),
                            ("hold", "Put aside"),
                            ("return_to_merchant", "Send back to the merchant"),
                            ("destroy", "Destroy"),
                        ],
                        max_length=20,
                        verbose_name="what becomes of it",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("decided_at", models.DateTimeField()),
                (
                    "clearance",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("unit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.returnunit")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "witness",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="dispositions", to="qc.returninspection"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("disposition__in", ["restock", "hold", "return_to_merchant", "destroy"])),
                        name="disposition_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("disposition", "hold"), _negated=True), fields=("unit",), name="disposition_once_per_unit"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("disposition", "hold")), fields=("unit",), name="disposition_put_aside_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disposition", "destroy"), _negated=True),
                            models.Q(
                                ("witness__isnull", False),
                                models.Q(("witness", models.F("decided_by")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="disposition_destroyed_before_a_witness",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("clearance__isnull", False), ("disposition", "restock")),
                            models.Q(models.Q(("disposition", "restock"), _negated=True), ("clearance", None)),
                            _connector="OR",
                        ),
                        name="disposition_restocked_with_clearance",
                    ),
                ],
            },
        ),
    ]
