"""Rate cards, metered operations, lines and postings, statements, disputes, credit notes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import assurance.fees.lifecycle


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0011_packed_size"),
    ]

    operations = [
        migrations.CreateModel(
            name="Operation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inbound_check", "Inbound inspection"),
                            ("outbound_operation", "Picking and packing"),
                            ("forward_delivery", "Delivery"),
                            ("service", "Buyer service"),
                            ("lab_test", "Laboratory test"),
                            ("return_operation", "Return handling"),
                            ("return_check", "Return inspection"),
                        ],
                        max_length=24,
                        verbose_name="fee",
                    ),
                ),
                ("source_kind", models.CharField(max_length=48)),
                ("source_id", models.BigIntegerField()),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("measures", models.JSONField(default=dict)),
                ("at", models.DateTimeField(verbose_name="done at")),
                ("metered_at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "indexes": [models.Index(fields=["source_kind", "source_id"], name="operation_of_source")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "source_kind", "source_id"), name="operation_once_per_kind_and_source"),
                    models.UniqueConstraint(fields=("id", "merchant", "kind"), name="operation_with_merchant_and_kind"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "inbound_check",
                                    "outbound_operation",
                                    "forward_delivery",
                                    "service",
                                    "lab_test",
                                    "return_operation",
                                    "return_check",
                                ],
                            )
                        ),
                        name="operation_kind_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="operation_quantity_is_positive"),
                    models.CheckConstraint(condition=models.Q(("source_kind", ""), _negated=True), name="operation_has_a_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RateCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=24, unique=True)),
                ("title_zh", models.CharField(max_length=80)),
                ("title_en", models.CharField(max_length=80)),
                ("note_zh", models.CharField(blank=True, max_length=200)),
                ("note_en", models.CharField(blank=True, max_length=200)),
                ("is_example", models.BooleanField()),
                ("from_date", models.DateField(unique=True)),
                ("loaded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="month")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (assurance.fees.lifecycle.StatementState["DRAFT"], "Open"),
                            (assurance.fees.lifecycle.StatementState["FINAL"], "Final"),
                        ],
                        default=assurance.fees.lifecycle.StatementState["DRAFT"],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("total", models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name="total")),
                ("line_count", models.PositiveIntegerField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("finalised_at", models.DateTimeField(null=True)),
                (
                    "finalised_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "indexes": [models.Index(fields=["month", "state"], name="statement_of_month")],
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "month"), name="statement_once_per_month"),
                    models.UniqueConstraint(fields=("id", "merchant"), name="statement_with_merchant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [assurance.fees.lifecycle.StatementState["DRAFT"], assurance.fees.lifecycle.StatementState["FINAL"]],
                            )
                        ),
                        name="statement_state_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="statement_month_begins_on_the_first"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("digest", ""),
                                ("finalised_at", None),
                                ("finalised_by", None),
                                ("line_count", None),
                                ("state", "draft"),
                                ("total", None),
                            ),
                            models.Q(
                                ("finalised_at__isnull", False),
                                ("finalised_by__isnull", False),
                                ("line_count__isnull", False),
                                ("state", "final"),
                                ("total__isnull", False),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="statement_final_says_what_it_came_to",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inbound_check", "Inbound inspection"),
                            ("outbound_operation", "Picking and packing"),
                            ("forward_delivery", "Delivery"),
                            ("service", "Buyer service"),
                            ("lab_test", "Laboratory test"),
                            ("return_operation", "Return handling"),
                            ("return_check", "Return inspection"),
                        ],
                        max_length=24,
                        verbose_name="fee",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("flat", "flat"),
                            ("first_and_extra", "first item and every further one"),
                            ("per_unit", "per unit"),
                            ("zone_weight", "by zone and weight"),
                            ("at_cost", "at cost"),
                        ],
                        max_length=16,
                    ),
                ),
                ("terms", models.JSONField(default=dict)),
                ("from_date", models.DateField(verbose_name="from")),
                ("until_date", models.DateField(null=True, verbose_name="until")),
                ("card", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="rates", to="assurance.ratecard")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "inbound_check",
                                    "outbound_operation",
                                    "forward_delivery",
                                    "service",
                                    "lab_test",
                                    "return_operation",
                                    "return_check",
                                ],
                            )
                        ),
                        name="rate_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("method__in", ["flat", "first_and_extra", "per_unit", "zone_weight", "at_cost"])),
                        name="rate_method_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_date", None), ("until_date__gt", models.F("from_date")), _connector="OR"),
                        name="rate_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(fields=("card", "kind"), name="rate_once_per_card"),
                    models.UniqueConstraint(fields=("id", "kind"), name="rate_with_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RatingDue",
            fields=[
                (
                    "operation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="due",
                        serialize=False,
                        to="assurance.operation",
                    ),
                ),
                ("because", models.CharField(blank=True, max_length=80)),
                ("tried_at", models.DateTimeField(null=True)),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("because", ""), ("tried_at", None)),
                            models.Q(models.Q(("because", ""), _negated=True), ("tried_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="ratingdue_tried_with_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FeeLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inbound_check", "Inbound inspection"),
                            ("outbound_operation", "Picking and packing"),
                            ("forward_delivery", "Delivery"),
                            ("service", "Buyer service"),
                            ("lab_test", "Laboratory test"),
                            ("return_operation", "Return handling"),
                            ("return_check", "Return inspection"),
                        ],
                        max_length=24,
                        verbose_name="fee",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("formula", models.CharField(max_length=200, verbose_name="how it was worked out")),
                ("at", models.DateTimeField(verbose_name="done at")),
                ("rated_at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "operation",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="line", to="assurance.operation"),
                ),
                ("rate", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.rate")),
                (
                    "statement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="assurance.statement"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["statement", "at", "id"], name="feeline_of_statement")],
                "constraints": [
                    models.UniqueConstraint(fields=("id", "merchant"), name="feeline_with_merchant"),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="feeline_amount_is_not_negative"),
                    models.CheckConstraint(condition=models.Q(("formula", ""), _negated=True), name="feeline_explains_itself"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (assurance.fees.lifecycle.DisputeState["OPEN"], "Open"),
                            (assurance.fees.lifecycle.DisputeState["ACCEPTED"], "Accepted"),
                            (assurance.fees.lifecycle.DisputeState["REJECTED"], "Rejected"),
                        ],
                        default=assurance.fees.lifecycle.DisputeState["OPEN"],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="why it is wrong")),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(verbose_name="answer by")),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="answer")),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "opened_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("line", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="assurance.feeline")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "open")), fields=["due_at", "id"], name="dispute_to_decide")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("state", "open")), fields=("line",), name="dispute_open_once_per_line"),
                    models.UniqueConstraint(fields=("id", "line", "merchant"), name="dispute_with_line_and_merchant"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    assurance.fees.lifecycle.DisputeState["OPEN"],
                                    assurance.fees.lifecycle.DisputeState["ACCEPTED"],
                                    assurance.fees.lifecycle.DisputeState["REJECTED"],
                                ],
                            )
                        ),
                        name="dispute_state_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="dispute_has_a_reason"),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("opened_at"))), name="dispute_is_due_after_it_opened"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("decided_at", None), ("decided_by", None), ("state", "open")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["accepted", "rejected"]),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="dispute_decided_with_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None), models.Q(("decided_by", models.F("opened_by")), _negated=True), _connector="OR"
                        ),
                        name="dispute_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("issued_at", models.DateTimeField()),
                (
                    "issued_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "dispute",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="credit_note", to="assurance.dispute"),
                ),
                (
                    "line",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="credit_note", to="assurance.feeline"),
                ),
                (
                    "statement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="credit_notes", to="assurance.statement"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="creditnote_amount_is_positive"),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="creditnote_has_a_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inbound_check", "Inbound inspection"),
                            ("outbound_operation", "Picking and packing"),
                            ("forward_delivery", "Delivery"),
                            ("service", "Buyer service"),
                            ("lab_test", "Laboratory test"),
                            ("return_operation", "Return handling"),
                            ("return_check", "Return inspection"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "account",
                    models.CharField(
                        choices=[("receivable", "owed by the merchant"), ("revenue", "earned by the platform")], max_length=12
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(default="CNY", max_length=3)),
                ("at", models.DateTimeField()),
                (
                    "credit_note",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="assurance.creditnote"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="assurance.feeline"
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "statement",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="assurance.statement"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("account__in", ["receivable", "revenue"])), name="posting_account_is_known"),
                    models.CheckConstraint(condition=models.Q(("amount", 0), _negated=True), name="posting_is_not_zero"),
                    models.CheckConstraint(condition=models.Q(("currency", "CNY")), name="posting_is_in_yuan"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credit_note", None), ("line__isnull", False)),
                            models.Q(("credit_note__isnull", False), ("line", None)),
                            _connector="OR",
                        ),
                        name="posting_of_one_entry",
                    ),
                    models.UniqueConstraint(fields=("line", "account"), name="posting_once_per_line_and_account"),
                    models.UniqueConstraint(
                        condition=models.Q(("credit_note__isnull", False)),
                        fields=("credit_note", "account"),
                        name="posting_once_per_credit_note_and_account",
                    ),
                ],
            },
        ),
    ]
