"""Cases and what belongs to them."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assurance", "0001_initial"),
        ("warehouse", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_arrived", "Not arrived"),
                            ("late", "Arrived late"),
                            ("damaged", "Damaged"),
                            ("wrong_item", "Wrong item"),
                            ("missing_item", "Item missing"),
                            ("quality", "Quality"),
                            ("safety", "Safety"),
                            ("lab_failure", "Laboratory test failed"),
                            ("returns", "Many returns"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                        verbose_name="kind of case",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("buyer", "buyer"), ("merchant", "merchant"), ("signal", "found by a rule"), ("agent", "case desk")],
                        max_length=8,
                        verbose_name="opened by",
                    ),
                ),
                ("about_kind", models.CharField(max_length=48)),
                ("about_id", models.BigIntegerField()),
                ("about", models.CharField(max_length=80)),
                ("rule", models.CharField(blank=True, max_length=32)),
                ("summary", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("open", "Being handled"),
                            ("waiting", "Waiting for an answer"),
                            ("proposed", "Decision proposed"),
                            ("decided", "Decided"),
                            ("remedied", "Remedied"),
                            ("appealed", "Appealed"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "policy",
                    models.CharField(
                        choices=[("standard", "standard"), ("urgent", "urgent")],
                        default="standard",
                        max_length=10,
                        verbose_name="service level",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                (
                    "waiting_for",
                    models.CharField(
                        blank=True,
                        choices=[("buyer", "Buyer"), ("merchant", "Merchant"), ("platform", "Platform")],
                        max_length=10,
                        verbose_name="waiting for",
                    ),
                ),
                ("waiting_since", models.DateTimeField(null=True)),
                ("paused_seconds", models.PositiveIntegerField(default=0)),
                ("first_responded_at", models.DateTimeField(null=True)),
                ("updated_at", models.DateTimeField(null=True)),
                ("first_response_due_at", models.DateTimeField()),
                ("next_update_due_at", models.DateTimeField()),
                ("resolution_due_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "liability",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("merchant", "Merchant"),
                            ("warehouse", "Warehouse"),
                            ("courier", "Courier"),
                            ("lab", "Laboratory"),
                            ("consumer", "Buyer"),
                            ("platform", "Platform"),
                            ("nobody", "Nobody"),
                        ],
                        max_length=10,
                        verbose_name="liability",
                    ),
                ),
                ("is_confirmed", models.BooleanField(null=True, verbose_name="confirmed")),
                ("decided_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("reopened", models.PositiveSmallIntegerField(default=0)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("lot", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["appealed", "new", "open", "proposed", "waiting"])),
                        fields=["due_at", "id"],
                        name="case_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["appealed", "new", "open", "proposed", "waiting"])),
                        fields=["agent", "due_at"],
                        name="case_of_agent",
                    ),
                    models.Index(fields=["merchant", "-id"], name="case_of_merchant"),
                    models.Index(fields=["product"], name="case_of_product"),
                    models.Index(fields=["lot", "-id"], name="case_of_lot"),
                    models.Index(fields=["about_kind", "about_id"], name="case_about"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["new", "open", "waiting", "proposed", "decided", "remedied", "appealed", "closed"])
                        ),
                        name="case_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "not_arrived",
                                    "late",
                                    "damaged",
                                    "wrong_item",
                                    "missing_item",
                                    "quality",
                                    "safety",
                                    "lab_failure",
                                    "returns",
                                    "other",
                                ],
                            )
                        ),
                        name="case_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["buyer", "merchant", "signal", "agent"])), name="case_origin_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("policy__in", ["standard", "urgent"])), name="case_policy_is_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("liability__in", ["", "merchant", "warehouse", "courier", "lab", "consumer", "platform", "nobody"])
                        ),
                        name="case_liability_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("waiting_for__in", ["", "buyer", "merchant", "platform"])), name="case_waits_for_a_side"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("rule", ""), _negated=True), models.Q(("state", "closed"), _negated=True)),
                        fields=("rule", "about_kind", "about_id"),
                        name="case_one_open_per_rule_and_subject",
                    ),
                    models.UniqueConstraint(fields=("id", "merchant"), name="case_with_merchant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", "signal"), models.Q(("rule", ""), _negated=True)),
                            models.Q(models.Q(("origin", "signal"), _negated=True), ("rule", "")),
                            _connector="OR",
                        ),
                        name="case_of_a_signal_names_its_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_at", None),
                                ("state", "waiting"),
                                ("waiting_since__isnull", False),
                                models.Q(("waiting_for", ""), _negated=True),
                            ),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("waiting_for", ""), ("waiting_since", None)),
                            _connector="OR",
                        ),
                        name="case_waits_for_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["closed", "decided", "remedied"]), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False), ("is_confirmed__isnull", False), models.Q(("liability", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="case_judged_with_a_liability",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agent", None), ("claimed_at", None), ("state", "new")),
                            models.Q(models.Q(("state", "new"), _negated=True), ("agent__isnull", False), ("claimed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_handled_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                            _connector="OR",
                        ),
                        name="case_closed_at_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignalSwitch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("silent_parcel", "Silent parcel"),
                            ("late_parcel", "Late parcel"),
                            ("lab_failure", "Laboratory failure"),
                            ("return_graded", "Returned damaged or wrong"),
                            ("return_spike", "Many returns of one lot"),
                        ],
                        max_length=32,
                        unique=True,
                        verbose_name="rule",
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="switched on")),
                ("changed_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ["silent_parcel", "late_parcel", "lab_failure", "return_graded", "return_spike"])),
                        name="signal_switch_rule_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="signal_switch_has_a_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Proposed"), ("decided", "Decided"), ("sent_back", "Sent back")],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "liability",
                    models.CharField(
                        choices=[
                            ("merchant", "Merchant"),
                            ("warehouse", "Warehouse"),
                            ("courier", "Courier"),
                            ("lab", "Laboratory"),
                            ("consumer", "Buyer"),
                            ("platform", "Platform"),
                            ("nobody", "Nobody"),
                        ],
                        max_length=10,
                        verbose_name="liability",
                    ),
                ),
                ("is_confirmed", models.BooleanField(verbose_name="confirmed")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("none", "Nothing more"),
                            ("refund", "Refund"),
                            ("return_refund", "Return and refund"),
                            ("replacement", "Replacement"),
                            ("credit", "Credit on the merchant's fees"),
                        ],
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name="amount")),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                ("evidence", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("stops_lot", models.BooleanField(default=False, verbose_name="stops the lot")),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("sent_back_because", models.TextField(blank=True, max_length=1000)),
                ("evidence_entry_id", models.BigIntegerField(null=True)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="aftersales.case")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "proposed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "decided", "sent_back"])), name="case_decision_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("liability__in", ["merchant", "warehouse", "courier", "lab", "consumer", "platform", "nobody"])
                        ),
                        name="case_decision_liability_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["none", "refund", "return_refund", "replacement", "credit"])),
                        name="case_decision_outcome_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason__regex", "\\S")), name="case_decision_has_a_reason"),
                    models.CheckConstraint(condition=models.Q(("evidence__len__gte", 1)), name="case_decision_has_evidence"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None), models.Q(("decided_by", models.F("proposed_by")), _negated=True), _connector="OR"
                        ),
                        name="case_decision_by_another_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "proposed")),
                            models.Q(
                                models.Q(("state", "proposed"), _negated=True), ("decided_at__isnull", False), ("decided_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="case_decision_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_back_because__regex", "\\S"), ("state", "sent_back")),
                            models.Q(models.Q(("state", "sent_back"), _negated=True), ("sent_back_because", "")),
                            _connector="OR",
                        ),
                        name="case_decision_sent_back_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("amount__isnull", False), ("outcome__in", ["refund", "return_refund", "credit"])),
                            models.Q(("amount", None), ("outcome__in", ["none", "replacement"])),
                            _connector="OR",
                        ),
                        name="case_decision_amount_fits",
                    ),
                    models.UniqueConstraint(fields=("case", "round"), name="case_decision_once_per_round"),
                    models.UniqueConstraint(condition=models.Q(("state", "proposed")), fields=("case",), name="case_decision_one_proposal"),
                    models.UniqueConstraint(fields=("id", "merchant"), name="case_decision_with_merchant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("order", "Order"),
                            ("parcel", "Parcel"),
                            ("lot", "Lot"),
                            ("inspection", "Inbound inspection"),
                            ("outbound_check", "Outbound check"),
                            ("sample", "Laboratory sample"),
                            ("claim", "Enrolment with its claims"),
                            ("waybill", "Waybill"),
                            ("return", "Return"),
                            ("fee_line", "Fee"),
                        ],
                        max_length=16,
                    ),
                ),
                ("subject_kind", models.CharField(max_length=48)),
                ("subject_id", models.BigIntegerField()),
                ("linked_at", models.DateTimeField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="links", to="aftersales.case")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "indexes": [models.Index(fields=["subject_kind", "subject_id"], name="case_link_of_subject")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "subject_kind", "subject_id"), name="case_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "relation__in",
                                [
                                    "order",
                                    "parcel",
                                    "lot",
                                    "inspection",
                                    "outbound_check",
                                    "sample",
                                    "claim",
                                    "waybill",
                                    "return",
                                    "fee_line",
                                ],
                            )
                        ),
                        name="case_link_relation_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("buyer", "Buyer"), ("merchant", "Merchant"), ("platform", "Platform")], max_length=10)),
                ("body", models.TextField(max_length=2000)),
                ("to_buyer", models.BooleanField(default=False)),
                ("to_merchant", models.BooleanField(default=False)),
                ("written_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="aftersales.case")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "indexes": [models.Index(fields=["case", "id"], name="case_message_of_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["buyer", "merchant", "platform"])), name="case_message_side_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("body", ""), _negated=True), name="case_message_says_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("author", None), ("side", "buyer")), models.Q(("side", "buyer"), _negated=True), _connector="OR"
                        ),
                        name="case_message_of_a_buyer_has_no_account",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseRating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("comment", models.TextField(blank=True, max_length=500)),
                ("rated_at", models.DateTimeField()),
                ("case", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="rating", to="aftersales.case")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("score__gte", 1), ("score__lte", 5)), name="case_rating_is_one_to_five")
                ],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("order_number", models.CharField(max_length=64)),
                ("phone_tail", models.CharField(blank=True, max_length=4)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_arrived", "Not arrived"),
                            ("late", "Arrived late"),
                            ("damaged", "Damaged"),
                            ("wrong_item", "Wrong item"),
                            ("missing_item", "Item missing"),
                            ("quality", "Quality"),
                            ("safety", "Safety"),
                            ("lab_failure", "Laboratory test failed"),
                            ("returns", "Many returns"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                    ),
                ),
                ("body", models.TextField(blank=True, max_length=2000)),
                ("asked_at", models.DateTimeField()),
                ("judged_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="inquiries", to="aftersales.case"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "not_arrived",
                                    "late",
                                    "damaged",
                                    "wrong_item",
                                    "missing_item",
                                    "quality",
                                    "safety",
                                    "lab_failure",
                                    "returns",
                                    "other",
                                ],
                            )
                        ),
                        name="inquiry_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("case", None), ("judged_at__isnull", False), _connector="OR"),
                        name="inquiry_is_judged_before_it_is_a_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("judged_at", None), models.Q(("body", ""), ("phone_tail", "")), _connector="OR"),
                        name="inquiry_forgets_when_judged",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignalFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("silent_parcel", "Silent parcel"),
                            ("late_parcel", "Late parcel"),
                            ("lab_failure", "Laboratory failure"),
                            ("return_graded", "Returned damaged or wrong"),
                            ("return_spike", "Many returns of one lot"),
                        ],
                        max_length=32,
                        verbose_name="rule",
                    ),
                ),
                ("score", models.DecimalField(decimal_places=2, max_digits=3, verbose_name="score")),
                ("because", models.CharField(max_length=300)),
                ("found_at", models.DateTimeField()),
                ("case", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="finding", to="aftersales.case")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "indexes": [models.Index(fields=["rule", "-id"], name="signal_finding_of_rule")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ["silent_parcel", "late_parcel", "lab_failure", "return_graded", "return_spike"])),
                        name="signal_finding_rule_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 1)), name="signal_finding_score_is_a_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseAppeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("buyer", "Buyer"), ("merchant", "Merchant"), ("platform", "Platform")],
                        max_length=10,
                        verbose_name="appealed by",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                ("appealed_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="aftersales.case")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "decision",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="aftersales.casedecision"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "side"), name="case_appeal_once_per_side"),
                    models.CheckConstraint(condition=models.Q(("side__in", ("buyer", "merchant"))), name="case_appeal_by_a_party"),
                    models.CheckConstraint(condition=models.Q(("reason__regex", "\\S")), name="case_appeal_has_a_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Diagnosis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("causes", models.JSONField()),
                (
                    "first",
                    models.CharField(
                        choices=[
                            ("merchant", "Merchant"),
                            ("warehouse", "Warehouse"),
                            ("courier", "Courier"),
                            ("lab", "Laboratory"),
                            ("consumer", "Buyer"),
                            ("platform", "Platform"),
                            ("nobody", "Nobody"),
                        ],
                        max_length=10,
                        verbose_name="likeliest",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="diagnoses", to="aftersales.case")),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="diagnosis", to="aftersales.casedecision"
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__in", ["merchant", "warehouse", "courier", "lab", "consumer", "platform", "nobody"])),
                        name="diagnosis_names_a_party",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remedy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("refund", "Refund"), ("return", "Return"), ("replacement", "Replacement"), ("credit", "Fee credit")],
                        max_length=12,
                        verbose_name="remedy",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name="amount")),
                (
                    "state",
                    models.CharField(
                        choices=[("ordered", "To do"), ("done", "Done"), ("cancelled", "Called off")],
                        default="ordered",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("subject_kind", models.CharField(blank=True, max_length=48)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="reference")),
                ("ordered_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("case", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="remedies", to="aftersales.case")),
                (
                    "decision",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="remedies", to="aftersales.casedecision"),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case", "id"], name="remedy_of_case"),
                    models.Index(fields=["subject_kind", "subject_id"], name="remedy_of_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ordered", "done", "cancelled"])), name="remedy_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["refund", "return", "replacement", "credit"])), name="remedy_kind_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("amount__isnull", False), ("kind__in", ["refund", "credit"])),
                            models.Q(("amount", None), ("kind__in", ["return", "replacement"])),
                            _connector="OR",
                        ),
                        name="remedy_amount_fits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_at", None), ("done_by", None)),
                            _connector="OR",
                        ),
                        name="remedy_done_at_a_moment",
                    ),
                    models.UniqueConstraint(fields=("decision", "kind"), name="remedy_once_per_decision"),
                ],
            },
        ),
    ]
