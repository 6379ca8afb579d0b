"""Laboratories, draws, samples and results."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0007_jobs_in_flight"),
        ("qc", "0002_inspection_guards"),
        ("warehouse", "0002_goods_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="DrawRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.PositiveSmallIntegerField(verbose_name="lots to draw")),
                ("algorithm", models.CharField(max_length=16)),
                ("commitment", models.CharField(max_length=64)),
                ("candidates", models.PositiveIntegerField()),
                ("candidates_hash", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("commitment_entry_id", models.BigIntegerField()),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("drawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "drawn_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["warehouse", "-id"], name="draw_round_of_warehouse")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("drawn_at", None)), fields=("warehouse",), name="draw_round_one_open_per_warehouse"
                    ),
                    models.UniqueConstraint(fields=("id", "warehouse"), name="draw_round_with_warehouse"),
                    models.UniqueConstraint(fields=("commitment",), name="draw_round_seed_once"),
                    models.CheckConstraint(condition=models.Q(("candidates__gt", 0), ("size__gt", 0)), name="draw_round_draws_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drawn_at", None), ("drawn_by", None), ("seed", "")),
                            models.Q(models.Q(("seed", ""), _negated=True), ("drawn_at__isnull", False), ("drawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="draw_round_reveals_its_seed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabScope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("test", models.CharField(max_length=32, verbose_name="test")),
                (
                    "mark",
                    models.CharField(
                        choices=[("CMA", "CMA"), ("CNAS", "CNAS"), ("CMA+CNAS", "CMA + CNAS")], max_length=8, verbose_name="mark"
                    ),
                ),
                ("accreditation", models.CharField(max_length=40, verbose_name="accreditation number")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                ("price", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="price")),
                ("turnaround_days", models.PositiveSmallIntegerField(verbose_name="working days")),
                ("capacity_per_week", models.PositiveSmallIntegerField(verbose_name="samples a week")),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
                ("added_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("lab", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("lab", "test", "valid_from"), name="lab_scope_once_per_beginning"),
                    models.CheckConstraint(condition=models.Q(("valid_until__gte", models.F("valid_from"))), name="lab_scope_ends_later"),
                    models.CheckConstraint(condition=models.Q(("price__gte", 0)), name="lab_scope_price_is_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("capacity_per_week__gt", 0), ("turnaround_days__gt", 0)), name="lab_scope_can_work"
                    ),
                    models.CheckConstraint(condition=models.Q(("mark__in", ["CMA", "CNAS", "CMA+CNAS"])), name="lab_scope_mark_is_known"),
                    models.CheckConstraint(condition=models.Q(("accreditation", ""), _negated=True), name="lab_scope_has_a_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=16)),
                ("code", models.CharField(max_length=32)),
                ("category", models.CharField(max_length=32)),
                ("effective_from", models.DateField()),
                ("name_zh", models.CharField(max_length=60)),
                ("name_en", models.CharField(max_length=80)),
                ("limit", models.CharField(max_length=60)),
                ("reporting", models.CharField(blank=True, max_length=16)),
                ("standard", models.CharField(max_length=40)),
                ("method", models.CharField(max_length=40)),
                ("is_safety", models.BooleanField()),
                ("is_repeatable", models.BooleanField()),
                ("units", models.PositiveSmallIntegerField()),
                ("verifications", models.PositiveSmallIntegerField(default=1)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "effective_from"), name="lab_test_once_per_day"),
                    models.CheckConstraint(condition=models.Q(("units__gt", 0), ("verifications__gt", 0)), name="lab_test_needs_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabTie",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("because", models.CharField(max_length=200, verbose_name="reason")),
                ("declared_at", models.DateTimeField()),
                (
                    "declared_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("lab", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("lab", "merchant"), name="lab_tie_once"),
                    models.CheckConstraint(condition=models.Q(("because", ""), _negated=True), name="lab_tie_has_a_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawCandidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weight", models.PositiveSmallIntegerField()),
                ("reasons", models.JSONField(default=list)),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("round", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lots", to="qc.drawround")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "lot"), name="draw_candidate_once_per_round"),
                    models.CheckConstraint(condition=models.Q(("weight__gt", 0)), name="draw_candidate_has_tickets"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawSeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seed", models.CharField(max_length=64)),
                ("round", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="hidden", to="qc.drawround")),
            ],
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("random", "Random draw"),
                            ("demanded", "Demanded by the kind of goods"),
                            ("redraw", "Drawn again"),
                            ("retest", "Retest of the counter-sample"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "To be taken"),
                            ("drawn", "Taken, not sealed"),
                            ("sealed", "Sealed"),
                            ("dispatched", "On the way to the laboratory"),
                            ("received", "At the laboratory"),
                            ("testing", "Being tested"),
                            ("resulted", "Results entered"),
                            ("verified", "Results verified"),
                            ("published", "Published"),
                            ("voided", "Voided"),
                        ],
                        default="scheduled",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("units", models.PositiveSmallIntegerField(verbose_name="units for the laboratory")),
                ("counter_units", models.PositiveSmallIntegerField(verbose_name="units kept as counter-sample")),
                ("retest_rule", models.CharField(max_length=16)),
                ("scheduled_at", models.DateTimeField()),
                ("seal_number", models.CharField(blank=True, max_length=40, verbose_name="seal number")),
                ("counter_seal_number", models.CharField(blank=True, max_length=40, verbose_name="seal of the counter-sample")),
                ("counter_place", models.CharField(blank=True, max_length=40, verbose_name="place of the counter-sample")),
                ("counter_until", models.DateField(blank=True, null=True, verbose_name="keep the counter-sample until")),
                ("choice", models.JSONField(blank=True, default=dict)),
                ("dispatched_at", models.DateTimeField(blank=True, null=True)),
                ("arrive_by", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("pass", "Pass"), ("warning", "Pass, close to the limit"), ("fail", "Fail")],
                        max_length=8,
                        verbose_name="verdict",
                    ),
                ),
                ("because", models.JSONField(blank=True, default=dict)),
                ("evidence_entry_id", models.BigIntegerField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=12)),
                (
                    "lab",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"
                    ),
                ),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by", to="qc.sample"
                    ),
                ),
                (
                    "retest_of",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="retests", to="qc.sample"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="qc.drawround"
                    ),
                ),
                (
                    "taken_by",
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
                        condition=models.Q(("state__in", ["published", "voided"]), _negated=True),
                        fields=["lab", "due_at", "id"],
                        name="sample_queue",
                    ),
                    models.Index(fields=["warehouse", "-id"], name="sample_of_warehouse"),
                    models.Index(fields=["merchant", "-id"], name="sample_of_merchant"),
                    models.Index(fields=["lot"], name="sample_of_lot"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "scheduled",
                                    "drawn",
                                    "sealed",
                                    "dispatched",
                                    "received",
                                    "testing",
                                    "resulted",
                                    "verified",
                                    "published",
                                    "voided",
                                ],
                            )
                        ),
                        name="sample_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", "random"), ("replaces", None), ("retest_of", None), ("round__isnull", False)),
                            models.Q(("origin", "demanded"), ("replaces", None), ("retest_of", None), ("round", None)),
                            models.Q(("origin", "redraw"), ("replaces__isnull", False)),
                            models.Q(("origin", "retest"), ("replaces", None), ("retest_of__isnull", False)),
                            _connector="OR",
                        ),
                        name="sample_has_an_origin",
                    ),
                    models.CheckConstraint(condition=models.Q(("counter_units__gte", 0), ("units__gt", 0)), name="sample_has_units"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["scheduled", "drawn", "voided"]), models.Q(("seal_number", ""), _negated=True), _connector="OR"
                        ),
                        name="sample_travels_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dispatched_at", None), ("due_at", None), ("state__in", ["scheduled", "drawn", "sealed", "voided"])),
                            models.Q(
                                ("arrive_by__isnull", False),
                                ("dispatched_at__isnull", False),
                                ("due_at__isnull", False),
                                ("lab__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sample_leaves_for_a_laboratory",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("evidence_entry_id__isnull", False), ("state", "published"), ("verdict__in", ["pass", "warning", "fail"])
                            ),
                            models.Q(
                                models.Q(("state", "published"), _negated=True),
                                ("because", {}),
                                ("evidence_entry_id", None),
                                ("verdict", ""),
                            ),
                            _connector="OR",
                        ),
                        name="sample_verdict_is_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state__in", ["published", "voided"])),
                            models.Q(models.Q(("state__in", ["published", "voided"]), _negated=True), ("ended_at", None)),
                            _connector="OR",
                        ),
                        name="sample_ends_when_it_is_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("counter_place", ""), ("counter_seal_number", ""), ("counter_until", None)),
                            models.Q(
                                models.Q(("counter_seal_number", ""), _negated=True),
                                models.Q(("counter_place", ""), _negated=True),
                                ("counter_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sample_counter_is_kept_somewhere",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("seal_number", ""), _negated=True), fields=("warehouse", "seal_number"), name="sample_seal_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("origin", "random")), fields=("round", "lot"), name="sample_once_per_round_and_lot"
                    ),
                    models.UniqueConstraint(fields=("id", "merchant"), name="sample_with_merchant"),
                    models.UniqueConstraint(fields=("id", "lab"), name="sample_with_lab"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampleHandover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("scheduled", "To be taken"),
                            ("drawn", "Taken, not sealed"),
                            ("sealed", "Sealed"),
                            ("dispatched", "On the way to the laboratory"),
                            ("received", "At the laboratory"),
                            ("testing", "Being tested"),
                            ("resulted", "Results entered"),
                            ("verified", "Results verified"),
                            ("published", "Published"),
                            ("voided", "Voided"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("place", models.CharField(max_length=80)),
                ("seal_number", models.CharField(blank=True, max_length=40)),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("intact", "Intact"),
                            ("broken_seal", "Broken seal"),
                            ("wrong_seal", "Other seal number"),
                            ("damaged", "Damaged"),
                            ("late", "Too late"),
                        ],
                        default="intact",
                        max_length=12,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("sample", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="qc.sample")),
            ],
            options={
                "indexes": [models.Index(fields=["sample", "id"], name="handover_of_sample")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "step__in",
                                [
                                    "scheduled",
                                    "drawn",
                                    "sealed",
                                    "dispatched",
                                    "received",
                                    "testing",
                                    "resulted",
                                    "verified",
                                    "published",
                                    "voided",
                                ],
                            )
                        ),
                        name="handover_step_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("condition__in", ["intact", "broken_seal", "wrong_seal", "damaged", "late"])),
                        name="handover_condition_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampleTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("price", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("sample", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="tests", to="qc.sample")),
                (
                    "scope",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qc.labscope"
                    ),
                ),
                ("test", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qc.labtest")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "test"), name="sample_test_once"),
                    models.UniqueConstraint(fields=("id", "sample"), name="sample_test_with_sample"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("price", None), ("scope", None)),
                            models.Q(("price__isnull", False), ("scope__isnull", False)),
                            _connector="OR",
                        ),
                        name="sample_test_scope_has_a_price",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reported", models.CharField(max_length=120)),
                (
                    "operand",
                    models.CharField(
                        blank=True,
                        choices=[("", "="), ("<", "<"), (">", ">"), ("nd", "Not detected"), ("detected", "Detected")],
                        max_length=8,
                    ),
                ),
                (
                    "values",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DecimalField(decimal_places=8, max_digits=24), blank=True, default=list, size=None
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=16)),
                ("method", models.CharField(max_length=40)),
                ("detection_limit", models.DecimalField(blank=True, decimal_places=8, max_digits=24, null=True)),
                ("uncertainty", models.DecimalField(blank=True, decimal_places=8, max_digits=24, null=True)),
                (
                    "verdict",
                    models.CharField(choices=[("pass", "Pass"), ("warning", "Pass, close to the limit"), ("fail", "Fail")], max_length=8),
                ),
                ("because", models.JSONField()),
                ("entered_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by", to="qc.labresult"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("lab", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "retest_of",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="retests", to="qc.labresult"
                    ),
                ),
                ("sample", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="results", to="qc.sample")),
                ("sample_test", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="results", to="qc.sampletest")),
            ],
            options={
                "indexes": [models.Index(fields=["sample", "id"], name="lab_result_of_sample")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("corrects", None)), fields=("sample_test",), name="lab_result_first_once"),
                    models.UniqueConstraint(fields=("id", "entered_by"), name="lab_result_with_person"),
                    models.UniqueConstraint(fields=("id", "sample"), name="lab_result_with_sample"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrects", None), ("retest_of", None)), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="lab_result_again_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["pass", "warning", "fail"])), name="lab_result_verdict_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("operand__in", ["", "<", ">", "nd", "detected"])), name="lab_result_operand_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decision", models.CharField(choices=[("confirmed", "Result confirmed"), ("returned", "Sent back")], max_length=10)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("lab", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("result", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="verifications", to="qc.labresult")),
                ("sample", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="qc.sample")),
                (
                    "verified_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verified_by", models.F("entered_by")), _negated=True), name="verification_by_another_person"
                    ),
                    models.UniqueConstraint(fields=("result", "verified_by"), name="verification_once_per_person"),
                    models.CheckConstraint(
                        condition=models.Q(("decision__in", ["confirmed", "returned"])), name="verification_decision_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision", "confirmed"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="verification_sent_back_with_a_reason",
                    ),
                ],
            },
        ),
    ]
