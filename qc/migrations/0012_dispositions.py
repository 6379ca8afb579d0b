"""Decisions on goods that failed, and the goods that moved for them."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0038_disposition_stage"),
        ("qc", "0011_non_conformances"),
        ("warehouse", "0015_held_goods_may_be_released"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Disposition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sort", "Sort every unit, release the good ones"),
                            ("rework", "Rework and inspect again"),
                            ("relabel", "Relabel and inspect again"),
                            ("use_as_is", "Use as it is"),
                            ("return_to_merchant", "Return to the merchant"),
                            ("downgrade", "Downgrade: back to the merchant as second choice"),
                            ("destroy", "Destroy"),
                        ],
                        max_length=20,
                        verbose_name="what becomes of it",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="units")),
                ("ends_date", models.DateField(blank=True, null=True, verbose_name="until")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Asked for"),
                            ("approved", "To be carried out"),
                            ("refused", "Refused"),
                            ("withdrawn", "Taken back"),
                            ("done", "Carried out"),
                            ("ended", "Ended"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", models.CharField(blank=True, max_length=200, verbose_name="reason of the decision")),
                ("settled", models.PositiveIntegerField(db_default=0, default=0)),
                ("sorted_out", models.PositiveIntegerField(db_default=0, default=0)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DispositionMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sort", "Sort every unit, release the good ones"),
                            ("rework", "Rework and inspect again"),
                            ("relabel", "Relabel and inspect again"),
                            ("use_as_is", "Use as it is"),
                            ("return_to_merchant", "Return to the merchant"),
                            ("downgrade", "Downgrade: back to the merchant as second choice"),
                            ("destroy", "Destroy"),
                        ],
                        max_length=20,
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("sorted_out", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("day_date", models.DateField()),
                ("ends_date", models.DateField(blank=True, null=True)),
                ("certificate_number", models.CharField(blank=True, max_length=60)),
                ("evidence_entry_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="NonConformancePhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.RemoveField(
            model_name="nonconformance",
            name="failed_check",
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="assigned",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="failing",
            field=models.PositiveIntegerField(default=0, verbose_name="failing units"),
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="lot",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot"
            ),
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="product",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product"
            ),
        ),
        migrations.AddField(
            model_name="nonconformance",
            name="settled",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="nonconformance",
            name="parcel",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.parcel"
            ),
        ),
        migrations.AlterField(
            model_name="nonconformance",
            name="quantity",
            field=models.PositiveIntegerField(verbose_name="units"),
        ),
        migrations.AlterField(
            model_name="nonconformance",
            name="severity",
            field=models.CharField(
                choices=[("critical", "Critical"), ("major", "Major"), ("minor", "Minor")], max_length=8, verbose_name="defect class"
            ),
        ),
        migrations.AlterField(
            model_name="nonconformance",
            name="stage",
            field=models.CharField(
                choices=[("inbound", "Inbound"), ("outbound", "Before sending"), ("return", "After a return")],
                max_length=8,
                verbose_name="stage",
            ),
        ),
        migrations.AddIndex(
            model_name="nonconformance",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["warehouse", "due_at", "id"], name="non_conformance_to_put_right"
            ),
        ),
        migrations.AddIndex(
            model_name="nonconformance",
            index=models.Index(fields=["merchant", "-id"], name="non_conformance_of_merchant"),
        ),
        migrations.AddIndex(
            model_name="nonconformance",
            index=models.Index(condition=models.Q(("state", "open")), fields=["due_at"], name="non_conformance_by_deadline"),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["inbound", "outbound", "return"])), name="non_conformance_stage_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["critical", "major", "minor"])), name="non_conformance_severity_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.UniqueConstraint(fields=("stage", "source_id"), name="non_conformance_once_per_inspection"),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stage", "outbound"), ("state", "open")), fields=("parcel",), name="non_conformance_one_open_per_parcel"
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lot__isnull", False), ("product__isnull", False), ("stage", "inbound")),
                    models.Q(("stage", "inbound"), _negated=True),
                    _connector="OR",
                ),
                name="non_conformance_of_a_lot",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(("owner", models.F("merchant")), ("owner", models.F("warehouse")), _connector="OR"),
                name="non_conformance_has_an_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="non_conformance_covers_something"),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(("assigned__lte", models.F("quantity"))), name="non_conformance_is_not_overdrawn"
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled__lte", models.F("assigned"))), name="non_conformance_settles_what_was_decided"
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage", "inbound"), ("state", "closed"), _negated=True), ("settled", models.F("quantity")), _connector="OR"
                ),
                name="non_conformance_closed_when_used_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.UniqueConstraint(fields=("id", "merchant", "warehouse", "lot"), name="non_conformance_with_place_and_lot"),
        ),
        migrations.AddConstraint(
            model_name="nonconformance",
            constraint=models.UniqueConstraint(fields=("id", "merchant", "warehouse"), name="non_conformance_with_both_sides"),
        ),
        migrations.AddField(
            model_name="disposition",
            name="decided_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="disposition",
            name="lot",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot"),
        ),
        migrations.AddField(
            model_name="disposition",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="disposition",
            name="non_conformance",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="dispositions", to="qc.nonconformance"),
        ),
        migrations.AddField(
            model_name="disposition",
            name="requested_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="disposition",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="dispositionmove",
            name="actor",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="dispositionmove",
            name="disposition",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="qc.disposition"),
        ),
        migrations.AddField(
            model_name="dispositionmove",
            name="lot",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot"),
        ),
        migrations.AddField(
            model_name="dispositionmove",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="dispositionmove",
            name="move",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.stockmove"
            ),
        ),
        migrations.AddField(
            model_name="dispositionmove",
            name="photo",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="dispositionmove",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="dispositionmove",
            name="witness",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="nonconformancephoto",
            name="file",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile"),
        ),
        migrations.AddField(
            model_name="nonconformancephoto",
            name="merchant",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddField(
            model_name="nonconformancephoto",
            name="non_conformance",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="qc.nonconformance"),
        ),
        migrations.AddField(
            model_name="nonconformancephoto",
            name="warehouse",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.AddIndex(
            model_name="disposition",
            index=models.Index(
                condition=models.Q(("state__in", ["requested", "approved"])), fields=["warehouse", "id"], name="decision_to_act_on"
            ),
        ),
        migrations.AddIndex(
            model_name="disposition",
            index=models.Index(
                condition=models.Q(("ends_date__isnull", False), ("state", "approved")), fields=["ends_date"], name="concession_by_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["requested", "approved", "refused", "withdrawn", "done", "ended"])),
                name="decision_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["sort", "rework", "relabel", "use_as_is", "return_to_merchant", "downgrade", "destroy"])),
                name="decision_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="decision_covers_something"),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="decision_has_a_reason"),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("settled__lte", django.db.models.expressions.CombinedExpression(models.F("quantity"), "-", models.F("sorted_out")))
                ),
                name="decision_is_not_overdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(("sorted_out", 0), ("kind", "sort"), _connector="OR"), name="decision_sorts_out_by_sorting"
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_date__isnull", False), ("kind", "use_as_is")),
                    models.Q(models.Q(("kind", "use_as_is"), _negated=True), ("ends_date", None)),
                    _connector="OR",
                ),
                name="concession_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "use_as_is"), _negated=True),
                    models.Q(("state__in", ["approved", "done", "ended"]), _negated=True),
                    models.Q(
                        ("decided_by__isnull", False),
                        ("requested_by__isnull", False),
                        models.Q(("decided_by", models.F("requested_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="concession_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at", None),
                        ("decided_by", None),
                        ("settled", 0),
                        ("sorted_out", 0),
                        ("state__in", ["requested", "withdrawn"]),
                    ),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("settled", 0),
                        ("sorted_out", 0),
                        ("state", "refused"),
                    ),
                    models.Q(("decided_at__isnull", False), ("state__in", ["approved", "done", "ended"])),
                    _connector="OR",
                ),
                name="decision_taken_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    ("settled", django.db.models.expressions.CombinedExpression(models.F("quantity"), "-", models.F("sorted_out"))),
                    _connector="OR",
                ),
                name="decision_done_when_used_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", False), ("state__in", ["done", "ended", "withdrawn"])),
                    models.Q(("finished_at", None), ("state__in", ["requested", "approved", "refused"])),
                    _connector="OR",
                ),
                name="decision_finished_at_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.UniqueConstraint(fields=("id", "lot", "merchant", "warehouse", "kind"), name="decision_with_place_and_kind"),
        ),
        migrations.AddConstraint(
            model_name="disposition",
            constraint=models.UniqueConstraint(fields=("id", "ends_date"), name="concession_with_end"),
        ),
        migrations.AddConstraint(
            model_name="dispositionmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("move__isnull", False), ("quantity__gt", 0)),
                    models.Q(("kind", "sort"), ("move", None), ("quantity", 0), ("sorted_out__gt", 0)),
                    _connector="OR",
                ),
                name="disposition_moves_goods",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispositionmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "destroy"), _negated=True),
                    models.Q(
                        ("photo__isnull", False),
                        ("witness__isnull", False),
                        models.Q(("witness", models.F("actor")), _negated=True),
                        models.Q(("certificate_number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="destroyed_before_a_witness",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispositionmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "use_as_is"), _negated=True),
                    models.Q(("ends_date__gte", models.F("day_date")), ("ends_date__isnull", False)),
                    _connector="OR",
                ),
                name="concession_taken_before_its_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="nonconformancephoto",
            constraint=models.UniqueConstraint(fields=("non_conformance", "file"), name="non_conformance_photo_once"),
        ),
    ]
