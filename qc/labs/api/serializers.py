"""Samples, rounds and accreditations as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.roles import Kind
from assurance.web.serializers import (
    DayField,
    MoneyField,
    RateField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictSerializer,
    StrictTextField,
)
from assurance.web.shown import ShownRow
from qc.labs.forms import CONDITIONS
from qc.labs.models import MARKS, DrawRound, LabScope, LabTest, LabTie, Sample, SampleHandover
from qc.labs.queries import pages

MOST = 500
MOST_FOUND = Decimal(1_000_000_000)


class RoundIn(StrictSerializer):
    size = StrictIntegerField(most=MOST)


class DrawIn(StrictSerializer):
    place = StrictTextField(max_length=80, required=False)


class SealIn(StrictSerializer):
    seal_number = StrictTextField(max_length=40)
    counter_seal_number = StrictTextField(max_length=40)
    counter_place = StrictTextField(max_length=40)


class DispatchIn(StrictSerializer):
    """The code of the laboratory; without it the best one is chosen."""

    lab = StrictTextField(max_length=12, required=False)


class ReceiveIn(StrictSerializer):
    seal_number = StrictTextField(max_length=40)
    condition = StrictChoiceField(choices=CONDITIONS)
    note = StrictTextField(max_length=200, required=False)


class ReasonIn(StrictSerializer):
    reason = StrictTextField(max_length=200)


class ResultIn(StrictSerializer):
    """A result as reported, for example ``0.12 mg/kg``, ``<0.005``, ``ND`` or ``45;1.2×10²;<10;<10;70``. Numbers are strings."""

    test = StrictTextField(max_length=32)
    reported = StrictTextField(max_length=120)
    method = StrictTextField(max_length=40, required=False)
    detection_limit = RateField(most=MOST_FOUND, required=False)
    uncertainty = RateField(most=MOST_FOUND, required=False)
    reason = StrictTextField(max_length=200, required=False)


class ResultsIn(StrictSerializer):
    """All of them are written down or none."""

    results = ResultIn(many=True, max_length=100)  # type: ignore[call-arg]  # goes to the list


class VerifyIn(StrictSerializer):
    """The numbers of the results that were seen; those in ``returned`` are sent back for ``reason``."""

    results = StrictListField(child=StrictIntegerField(), most=100)
    returned = StrictListField(child=StrictIntegerField(), most=100, required=False)
    reason = StrictTextField(max_length=200, required=False)


class ScopeIn(StrictSerializer):
    lab = StrictTextField(max_length=12)
    test = StrictTextField(max_length=32)
    mark = StrictChoiceField(choices=MARKS)
    accreditation = StrictTextField(max_length=40)
    valid_from = DayField()
    valid_until = DayField()
    price = MoneyField()
    turnaround_days = StrictIntegerField(most=60)
    capacity_per_week = StrictIntegerField(most=10_000)


class EndIn(StrictSerializer):
    valid_until = DayField()
    reason = StrictTextField(max_length=200)


class TieIn(StrictSerializer):
    lab = StrictTextField(max_length=12)
    merchant = StrictTextField(max_length=12)
    because = StrictTextField(max_length=200)


class LabTestOut(ShownRow[LabTest]):
    class Meta:
        model = LabTest
        fields = (
            *("code", "category", "effective_from", "name_zh", "name_en", "limit", "reporting", "standard", "method"),
            *("is_safety", "is_repeatable", "units", "verifications", "version"),
        )
        read_only_fields = fields


class ScopeOut(ShownRow[LabScope]):
    lab = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = LabScope
        fields = (
            *("id", "lab", "test", "mark", "accreditation", "valid_from", "valid_until", "price"),
            *("turnaround_days", "capacity_per_week", "added_at", "ended_at", "end_reason"),
        )
        read_only_fields = fields


class TieOut(ShownRow[LabTie]):
    lab = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = LabTie
        fields = ("id", "lab", "merchant", "because", "declared_at")
        read_only_fields = fields


class CandidateOut(serializers.Serializer[Any]):
    """One lot of a round: its tickets; after the draw its place and whether it was drawn."""

    lot = serializers.IntegerField(source="candidate.lot_id")
    weight = serializers.IntegerField(source="candidate.weight")
    reasons = serializers.ListField(child=serializers.CharField(), source="candidate.reasons")
    place = serializers.IntegerField(allow_null=True)
    is_drawn = serializers.BooleanField()


class RoundOut(ShownRow[DrawRound]):
    """A round. ``seed`` is empty until it is drawn; its SHA-256 is ``commitment``."""

    code = serializers.CharField(read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = DrawRound
        fields = (
            *("id", "code", "warehouse", "size", "algorithm", "commitment", "candidates", "candidates_hash", "opened_at"),
            *("seed", "drawn_at"),
        )
        read_only_fields = fields


class RoundWithLotsOut(RoundOut):
    """One round with every lot that could be drawn, in the order of the draw."""

    lots = serializers.SerializerMethodField()

    class Meta(RoundOut.Meta):
        fields = (*RoundOut.Meta.fields, "lots")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(CandidateOut(many=True))
    def get_lots(self, found: DrawRound) -> list[dict[str, Any]]:
        return list(CandidateOut(pages.places(found), many=True).data)


HIDDEN_FROM_LABS = (
    *("merchant", "warehouse", "product", "lot", "lot_number", "round", "origin", "retest_of", "replaces", "reason"),
    *("counter_seal_number", "counter_place", "counter_until"),
)
"""A laboratory knows neither whose goods it tests nor whether it is the first to do so."""


class SampleOut(ShownRow[Sample]):
    """A sample. Verdict and reason are said from the publication on; a laboratory reads nulls where it must not know."""

    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True, allow_null=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True, allow_null=True)
    lab = serializers.SlugRelatedField[Any](slug_field="code", read_only=True, allow_null=True)
    lot_number = serializers.CharField(source="lot.number", read_only=True, allow_null=True)
    because = serializers.CharField(source="reason_of_verdict", read_only=True)

    class Meta:
        model = Sample
        fields = (
            *("id", "code", "state", "origin", "merchant", "warehouse", "product", "lot", "lot_number", "round"),
            *("replaces", "retest_of", "reason", "units", "counter_units", "seal_number", "counter_seal_number"),
            *("counter_place", "counter_until", "lab", "scheduled_at", "dispatched_at", "arrive_by", "due_at", "ended_at"),
            *("verdict", "because"),
        )
        read_only_fields = fields
        extra_kwargs: ClassVar = {name: {"allow_null": True} for name in HIDDEN_FROM_LABS}

    def to_representation(self, instance: Sample) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if self.context["request"].user.organisation_kind == Kind.LAB:
            shown |= dict.fromkeys(HIDDEN_FROM_LABS)
        return shown


class HandoverOut(ShownRow[SampleHandover]):
    class Meta:
        model = SampleHandover
        fields = ("step", "at", "place", "seal_number", "condition", "note")
        read_only_fields = fields


class FoundOut(serializers.Serializer[Any]):
    """A result that stands. ``corrects`` and ``retest_of`` name the results it follows."""

    id = serializers.IntegerField()
    reported = serializers.CharField()
    operand = serializers.CharField()
    values = serializers.ListField(child=serializers.DecimalField(max_digits=24, decimal_places=8))
    unit = serializers.CharField()
    method = serializers.CharField()
    detection_limit = serializers.DecimalField(max_digits=24, decimal_places=8, allow_null=True)
    uncertainty = serializers.DecimalField(max_digits=24, decimal_places=8, allow_null=True)
    verdict = serializers.CharField()
    because = serializers.CharField(source="words")
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True)
    reason = serializers.CharField()


class LineOut(serializers.Serializer[Any]):
    """One test of a sample; ``result`` is null until the asker may know it."""

    test = serializers.CharField(source="code")
    name_zh = serializers.CharField(source="row.test.name_zh")
    name_en = serializers.CharField(source="row.test.name_en")
    limit = serializers.CharField(source="row.test.limit")
    standard = serializers.CharField(source="row.test.standard")
    method = serializers.CharField(source="row.test.method")
    verifications = serializers.IntegerField(source="row.test.verifications")
    confirmations = serializers.IntegerField()
    result = FoundOut(allow_null=True)


class SampleWithResultsOut(SampleOut):
    """One sample with its tests, their results as far as the asker may know them, and every hand-over."""

    tests = serializers.SerializerMethodField()
    handovers = serializers.SerializerMethodField()

    class Meta(SampleOut.Meta):
        fields = (*SampleOut.Meta.fields, "tests", "handovers")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(LineOut(many=True))
    def get_tests(self, sample: Sample) -> list[dict[str, Any]]:
        return list(LineOut(pages.lines_of(sample, self.context["request"].user), many=True).data)

    @extend_schema_field(HandoverOut(many=True))
    def get_handovers(self, sample: Sample) -> list[dict[str, Any]]:
        user = self.context["request"].user
        return list(HandoverOut(pages.handovers_of(sample, user), many=True).data)
