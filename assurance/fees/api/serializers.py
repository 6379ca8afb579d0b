"""Fees as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.fees.models import CreditNote, Dispute, FeeLine, Rate, RateCard, RatingDue, Statement
from assurance.fees.models.rates import FeeKind
from assurance.fees.provinces import PROVINCES
from assurance.fees.simulator import Outcome
from assurance.runs.models import Run
from assurance.web.serializers import (
    DayField,
    MoneyField,
    QuantityField,
    RateField,
    StrictChoiceField,
    StrictIntegerField,
    StrictSerializer,
    StrictTextField,
)
from assurance.web.shown import ShownRow


class StatementOut(ShownRow[Statement]):
    """A month of a merchant; ``total`` of an open one is what it comes to so far."""

    number = serializers.CharField(source="code", read_only=True)
    total = MoneyField(source="total_now", read_only=True, negative_ok=True)
    charged = MoneyField(read_only=True)
    credited = MoneyField(read_only=True)
    lines = serializers.IntegerField(source="lines_now", read_only=True)

    class Meta:
        model = Statement
        fields = ("id", "number", "merchant", "month", "state", "total", "charged", "credited", "lines", "digest", "finalised_at")
        read_only_fields = fields


class FeeLineOut(ShownRow[FeeLine]):
    """What one operation costs, and why."""

    amount = MoneyField(read_only=True)
    source_kind = serializers.CharField(source="operation.source_kind", read_only=True)
    source_id = serializers.IntegerField(source="operation.source_id", read_only=True)
    quantity = serializers.IntegerField(source="operation.quantity", read_only=True)
    measures = serializers.DictField(source="operation.measures", read_only=True)
    rate_card = serializers.CharField(source="rate.card.version", read_only=True)

    class Meta:
        model = FeeLine
        fields = (
            "id",
            "merchant",
            "statement",
            "kind",
            "source_kind",
            "source_id",
            "quantity",
            "measures",
            "amount",
            "formula",
            "rate_card",
            "at",
            "rated_at",
        )
        read_only_fields = fields


class CreditNoteOut(ShownRow[CreditNote]):
    number = serializers.CharField(source="code", read_only=True)
    amount = MoneyField(read_only=True)

    class Meta:
        model = CreditNote
        fields = ("id", "number", "statement", "amount", "reason", "issued_at")
        read_only_fields = fields


class DisputeOut(ShownRow[Dispute]):
    """A line that is said to be wrong, with the answer and what was given back."""

    number = serializers.CharField(source="code", read_only=True)
    amount = MoneyField(source="line.amount", read_only=True)
    credit_note = CreditNoteOut(read_only=True, allow_null=True, default=None)

    class Meta:
        model = Dispute
        fields = (
            "id",
            "number",
            "merchant",
            "line",
            "amount",
            "state",
            "reason",
            "opened_at",
            "due_at",
            "answer",
            "decided_at",
            "credit_note",
        )
        read_only_fields = fields


class RateOut(ShownRow[Rate]):
    class Meta:
        model = Rate
        fields = ("kind", "method", "terms", "from_date", "until_date")
        read_only_fields = fields


class RateCardOut(ShownRow[RateCard]):
    rates = RateOut(many=True, read_only=True)

    class Meta:
        model = RateCard
        fields = ("id", "version", "title_zh", "title_en", "note_zh", "note_en", "is_example", "from_date", "rates")
        read_only_fields = fields


class UnratedOut(ShownRow[RatingDue]):
    """Something that was metered and has no line yet; ``because`` is empty while nothing was tried."""

    id = serializers.IntegerField(source="operation_id", read_only=True)
    kind = serializers.ChoiceField(choices=FeeKind.choices, source="operation.kind", read_only=True)
    source_kind = serializers.CharField(source="operation.source_kind", read_only=True)
    source_id = serializers.IntegerField(source="operation.source_id", read_only=True)
    at = serializers.DateTimeField(source="operation.at", read_only=True)

    class Meta:
        model = RatingDue
        fields = ("id", "merchant", "kind", "source_kind", "source_id", "at", "because", "tried_at")
        read_only_fields = fields


class FeeRunOut(ShownRow[Run]):
    class Meta:
        model = Run
        fields = ("id", "kind", "state", "total", "done", "errors", "created_at")
        read_only_fields = fields


class KindSumOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    count = serializers.IntegerField()
    amount = MoneyField()


class PreviewOut(serializers.Serializer[Any]):
    """What the merchant's month comes to so far; nothing is stored."""

    month = serializers.DateField()
    total = MoneyField(negative_ok=True)
    charged = MoneyField()
    credited = MoneyField()
    expected = MoneyField()
    waiting = serializers.SerializerMethodField()
    sums = KindSumOut(many=True)

    def get_waiting(self, preview: Any) -> int:
        return len(preview.waiting)


class BundleOut(serializers.Serializer[Any]):
    """Statements with everything they were worked out from, for ``tools/check_statements.py``."""

    format = serializers.CharField()
    rates = serializers.ListField(child=serializers.DictField())
    statements = serializers.ListField(child=serializers.DictField())


class DisputeIn(StrictSerializer):
    """Why the line is wrong."""

    reason = StrictTextField(max_length=500, several_lines=True)


class AcceptIn(StrictSerializer):
    """The answer, and how much is given back: the whole line unless an amount is said."""

    answer = StrictTextField(max_length=500, several_lines=True)
    amount = MoneyField(required=False)


class RejectIn(StrictSerializer):
    """The answer."""

    answer = StrictTextField(max_length=500, several_lines=True)


class CloseMonthIn(StrictSerializer):
    """Any day of the month that is closed for everybody."""

    month = DayField()


class ScenarioIn(StrictSerializer):
    """What the merchant assumes; ``to_province`` is the two digits of a division code."""

    price = MoneyField()
    cost = MoneyField(zero_ok=True)
    commission_rate = RateField()
    volume = QuantityField()
    items = StrictIntegerField(most=99, required=False)
    weight_g = StrictIntegerField(most=100_000, required=False)
    to_province = StrictChoiceField(choices=[code for code, _ in PROVINCES], required=False)
    return_rate = RateField(required=False)
    inspected_units = StrictIntegerField(least=0, required=False)
    test_cost = MoneyField(zero_ok=True, required=False)


class FeeOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    formula = serializers.CharField(source="charge.formula")
    amount = MoneyField(source="charge.amount")
    per_order = serializers.DecimalField(max_digits=20, decimal_places=6)
    is_fixed = serializers.BooleanField()


class OutcomeOut(serializers.Serializer[Outcome]):
    """What is left of an order, and where it breaks even."""

    rate_card = serializers.CharField(source="version")
    fees = FeeOut(many=True)
    revenue = MoneyField()
    goods = MoneyField()
    commission = MoneyField()
    fees_per_order = MoneyField()
    margin = MoneyField(negative_ok=True)
    month = MoneyField(negative_ok=True)
    break_even_price = MoneyField(allow_null=True)
    break_even_volume = serializers.IntegerField(allow_null=True)
