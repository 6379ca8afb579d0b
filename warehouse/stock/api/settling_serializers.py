"""Counts, lots near their end and rules of remaining life as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.products.models import Category
from assurance.web.serializers import (
    DayField,
    RateField,
    StrictBooleanField,
    StrictChoiceField,
    StrictIntegerField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
)
from assurance.web.shown import ShownRow
from warehouse.stock.models import COUNT_REASONS, END_DEEDS, LIFE_PURPOSES, PART_OF_A_LIFE, CountLine, CycleCount, EndingLot, LifeRule

MOST_COUNTED = 500


class CountIn(StrictSerializer):
    """Bins whose label begins so, or a lot's number; blind shows nobody what should be there."""

    bins = StrictTextField(max_length=24, allow_blank=True)
    lot_number = StrictTextField(max_length=40, allow_blank=True)
    is_blind = StrictBooleanField()


class LineCountedIn(StrictSerializer):
    line = StrictIntegerField()
    units = StrictIntegerField(least=0)


class CountsIn(StrictSerializer):
    lines = LineCountedIn(many=True, max_length=MOST_COUNTED)  # type: ignore[call-arg]  # goes to the list


class LineReasonIn(StrictSerializer):
    line = StrictIntegerField()
    reason = StrictChoiceField(choices=[reason for reason, _label in COUNT_REASONS])


class SettleIn(StrictSerializer):
    """``post`` with a reason for every line that differs, count ``again``, or ``cancel`` an open count."""

    how = StrictChoiceField(choices=["post", "again", "cancel"])
    reasons = LineReasonIn(many=True, max_length=MOST_COUNTED, required=False)  # type: ignore[call-arg]  # goes to the list


class CountLineOut(ShownRow[CountLine]):
    """``expected`` is there once the line is counted."""

    bin = serializers.CharField(source="bin.code", default="", read_only=True)
    lot_number = serializers.CharField(source="lot.number", read_only=True)

    class Meta:
        model = CountLine
        fields = ("id", "lot", "lot_number", "bin", "expected", "counted", "reason", "lost", "found")
        read_only_fields = fields

    def to_representation(self, line: CountLine) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(line)
        if self.context.get("is_blind"):
            told["expected"] = None
        return told


class CountOut(ShownRow[CycleCount]):
    """A count; an open blind one does not say what should be there."""

    code = serializers.CharField(read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    lines = serializers.SerializerMethodField()

    class Meta:
        model = CycleCount
        fields = ("id", "code", "warehouse", "state", "is_blind", "opened_at", "settled_at", "lines")
        read_only_fields = fields

    def get_lines(self, count: CycleCount) -> list[dict[str, Any]]:
        context = {"is_blind": count.is_blind and count.state == "open"}
        return [dict(CountLineOut(line, context=context).data) for line in count.shown_lines]  # type: ignore[attr-defined]


class EndingOut(ShownRow[EndingLot]):
    lot_number = serializers.CharField(source="lot.number", read_only=True)
    expiry_date = serializers.DateField(source="lot.expiry_date", read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    units = serializers.IntegerField(read_only=True)
    is_looked_after = serializers.SerializerMethodField()

    class Meta:
        model = EndingLot
        fields = (
            "id",
            "lot",
            "lot_number",
            "expiry_date",
            "merchant",
            "warehouse",
            "units",
            "state",
            "is_looked_after",
            "deed",
            "note",
            "opened_at",
            "decided_at",
        )
        read_only_fields = fields

    def get_is_looked_after(self, row: EndingLot) -> bool:
        return row.owner_id is not None


class DecideIn(StrictSerializer):
    """What is done."""

    deed = StrictChoiceField(choices=[deed for deed, _label in END_DEEDS if deed != "sold_out"])
    note = StrictTextField(max_length=200, allow_blank=True)


class LifeRuleIn(StrictSerializer):
    """So many days, or a share of the life if that is less; no category or an empty channel is any."""

    purpose = StrictChoiceField(choices=[purpose for purpose, _label in LIFE_PURPOSES])
    category = VisibleField(Category, by="code", required=False, allow_null=True)
    channel = StrictTextField(max_length=24, allow_blank=True)
    days = StrictIntegerField(least=0, most=3650)
    share = RateField(**PART_OF_A_LIFE, required=False, allow_null=True, default=None)
    from_date = DayField()


class LifeRuleOut(ShownRow[LifeRule]):
    category = serializers.SlugRelatedField[Any](slug_field="code", read_only=True, allow_null=True)
    share = RateField(read_only=True, allow_null=True)

    class Meta:
        model = LifeRule
        fields = ("id", "purpose", "category", "channel", "days", "share", "from_date", "set_at")
        read_only_fields = fields
