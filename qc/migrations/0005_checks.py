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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckedGoods",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day_date", models.DateField()),
                ("says", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Checklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=16)),
                ("stage", models.CharField(choices=[("outbound", "Before sending"), ("return", "After a return")], max_length=8)),
                ("category", models.CharField(blank=True, max_length=32)),
                ("from_date", models.DateField()),
                ("checkpoints", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="CheckPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checkpoint", models.CharField(max_length=32)),
            ],
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
            ],
        ),
        migrations.CreateModel(
            name="InspectionPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checkpoint", models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="NonConformance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be put right"),
                            ("closed", "Put right"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("remedy", models.CharField(blank=True, max_length=200, verbose_name="what was done")),
            ],
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
            ],
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
            ],
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
                        choices=[
                            ("a", "A – as new"),
                            ("b", "B – opened"),
                            ("c", "C – damaged"),
                            ("d", "D – unsellable"),
                        ],
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
            ],
        ),
        migrations.AddField(
            model_name="checkedgoods",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="checkedgoods",
            name="product",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product"),
        ),
        migrations.AddField(
            model_name="checkedgoods",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="checklist",
            name="product",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product"
            ),
        ),
        migrations.AddField(
            model_name="checkphoto",
            name="file",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile"),
        ),
        migrations.AddField(
            model_name="checkphoto",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="checkphoto",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="dayofchecks",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="dayofchecks",
            name="product",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product"),
        ),
        migrations.AddField(
            model_name="checkedgoods",
            name="day_of_checks",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="leaves", to="qc.dayofchecks"
            ),
        ),
        migrations.AddField(
            model_name="inspectionphoto",
            name="file",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile"),
        ),
        migrations.AddField(
            model_name="inspectionphoto",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="inspectionphoto",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="closed_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="parcel",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.parcel"),
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="outboundcheck",
            name="clearance",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance"),
        ),
        migrations.AddField(
            model_name="outboundcheck",
            name="inspector",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="outboundcheck",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="outboundcheck",
            name="parcel",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.parcel"),
        ),
        migrations.AddField(
            model_name="outboundcheck",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="failed_check",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="non_conformance", to="qc.outboundcheck"),
        ),
        migrations.AddField(
            model_name="checkphoto",
            name="check_of",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="qc.outboundcheck"),
        ),
        migrations.AddField(
            model_name="checkedgoods",
            name="check_of",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="goods", to="qc.outboundcheck"),
        ),
        migrations.AddField(
            model_name="returndisposition",
            name="clearance",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance"
            ),
        ),
        migrations.AddField(
            model_name="returndisposition",
            name="decided_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="returndisposition",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="returndisposition",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.returnunit"),
        ),
        migrations.AddField(
            model_name="returndisposition",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="returndisposition",
            name="witness",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="returninspection",
            name="inspector",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="returninspection",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="returninspection",
            name="outbound",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qc.outboundcheck"
            ),
        ),
        migrations.AddField(
            model_name="returninspection",
            name="unit",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.returnunit"),
        ),
        migrations.AddField(
            model_name="returninspection",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="returndisposition",
            name="inspection",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="dispositions", to="qc.returninspection"),
        ),
        migrations.AddField(
            model_name="inspectionphoto",
            name="inspection",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="qc.returninspection"),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.CheckConstraint(condition=models.Q(("stage__in", ["outbound", "return"])), name="checklist_stage_is_known"),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.CheckConstraint(
                condition=models.Q(("product", None), ("category", ""), _connector="OR"), name="checklist_has_one_scope"
            ),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.UniqueConstraint(
                fields=("stage", "product", "category", "version"), name="checklist_once_per_version", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="checklist",
            constraint=models.UniqueConstraint(
                fields=("stage", "product", "category", "from_date"), name="checklist_one_in_force", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="dayofchecks",
            constraint=models.UniqueConstraint(fields=("product", "day_date", "part"), name="day_of_checks_once"),
        ),
        migrations.AddConstraint(
            model_name="dayofchecks",
            constraint=models.UniqueConstraint(fields=("id", "product", "merchant", "day_date"), name="day_of_checks_with_product"),
        ),
        migrations.AddConstraint(
            model_name="dayofchecks",
            constraint=models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="day_of_checks_holds_something"),
        ),
        migrations.AddIndex(
            model_name="outboundcheck",
            index=models.Index(fields=["warehouse", "-id"], name="outbound_check_of_warehouse"),
        ),
        migrations.AddIndex(
            model_name="outboundcheck",
            index=models.Index(fields=["merchant", "-id"], name="outbound_check_of_merchant"),
        ),
        migrations.AddConstraint(
            model_name="outboundcheck",
            constraint=models.CheckConstraint(condition=models.Q(("verdict__in", ["passed", "failed"])), name="outbound_verdict_is_known"),
        ),
        migrations.AddConstraint(
            model_name="outboundcheck",
            constraint=models.UniqueConstraint(fields=("parcel", "attempt"), name="outbound_check_once_per_attempt"),
        ),
        migrations.AddConstraint(
            model_name="outboundcheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verdict", "passed")), fields=("parcel",), name="outbound_check_passes_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outboundcheck",
            constraint=models.UniqueConstraint(fields=("id", "merchant", "warehouse"), name="outbound_check_with_both_sides"),
        ),
        migrations.AddConstraint(
            model_name="outboundcheck",
            constraint=models.CheckConstraint(condition=models.Q(("attempt__gt", 0)), name="outbound_attempt_counts_from_one"),
        ),
        migrations.AddIndex(
            model_name="nonconformance",
            index=models.Index(condition=models.Q(("state", "open")), fields=["warehouse", "id"], name="non_conformance_to_put_right"),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "closed"])),
                name="non_conformance_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("parcel",),
                name="non_conformance_one_open_per_parcel",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None), ("remedy", ""), ("state", "open")),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("state", "closed"),
                        models.Q(("remedy", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="non_conformance_closed_with_a_remedy",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkphoto",
            constraint=models.UniqueConstraint(fields=("check_of", "checkpoint", "file"), name="check_photo_once"),
        ),
        migrations.AddIndex(
            model_name="checkedgoods",
            index=models.Index(
                condition=models.Q(("day_of_checks", None)), fields=["day_date", "product", "id"], name="checked_goods_loose"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkedgoods",
            constraint=models.UniqueConstraint(fields=("check_of", "product"), name="checked_goods_once"),
        ),
        migrations.AddIndex(
            model_name="returninspection",
            index=models.Index(fields=["merchant", "-id"], name="return_inspection_of_merchant"),
        ),
        migrations.AddConstraint(
            model_name="returninspection",
            constraint=models.CheckConstraint(condition=models.Q(("grade__in", ["a", "b", "c", "d"])), name="return_grade_is_known"),
        ),
        migrations.AddConstraint(
            model_name="returninspection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "party__in",
                        [
                            "merchant",
                            "warehouse",
                            "courier",
                            "consumer",
                            "none",
                        ],
                    )
                ),
                name="return_party_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="returninspection",
            constraint=models.UniqueConstraint(fields=("id", "merchant", "warehouse"), name="return_inspection_with_both_sides"),
        ),
        migrations.AddConstraint(
            model_name="returndisposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "disposition__in",
                        [
                            "restock",
                            "hold",
                            "return_to_merchant",
                            "destroy",
                        ],
                    )
                ),
                name="disposition_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="returndisposition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("disposition", "hold"), _negated=True),
                fields=("unit",),
                name="disposition_once_per_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="returndisposition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("disposition", "hold")),
                fields=("unit",),
                name="disposition_put_aside_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="returndisposition",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="returndisposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("clearance__isnull", False), ("disposition", "restock")),
                    models.Q(models.Q(("disposition", "restock"), _negated=True), ("clearance", None)),
                    _connector="OR",
                ),
                name="disposition_restocked_with_clearance",
            ),
        ),
        migrations.AddConstraint(
            model_name="inspectionphoto",
            constraint=models.UniqueConstraint(fields=("inspection", "checkpoint", "file"), name="inspection_photo_once"),
        ),
    ]
