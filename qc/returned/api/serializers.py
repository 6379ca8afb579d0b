"""Returned units as JSON: what was found before they left and after they came back."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.accounts.models import User
from assurance.web.serializers import StrictChoiceField, StrictSerializer, StrictTextField, VisibleField
from assurance.web.shown import ShownRow
from qc.checks.api.serializers import MOST_ANSWERS, AnswersField, PhotosIn
from qc.returned.models import DISPOSITIONS, ReturnInspection
from qc.returned.queries import choices_of
from warehouse.returns.models import ReturnUnit


class InspectIn(StrictSerializer):
    """What was found on a unit; an answer to every point asked."""

    answers = AnswersField()
    photos = PhotosIn(many=True, max_length=MOST_ANSWERS, required=False)  # type: ignore[call-arg]  # goes to the list
    note = StrictTextField(max_length=200, required=False)


class DisposeIn(StrictSerializer):
    """What becomes of a unit. To destroy needs a reason and the second person who sees it."""

    disposition = StrictChoiceField(choices=DISPOSITIONS)
    reason = StrictTextField(max_length=200, required=False)
    witness = VisibleField(User, required=False)


class InspectionOut(ShownRow[ReturnInspection]):
    """``outbound_check`` is the record from before it left; ``responsibility`` a suggestion from what changed since."""

    code = serializers.CharField(read_only=True)
    outbound_check = serializers.IntegerField(source="outbound_id", read_only=True)
    outbound_answers = serializers.JSONField(source="outbound.answers", read_only=True, default=None)
    because = serializers.CharField(source="reason", read_only=True)
    failing = serializers.SerializerMethodField()
    responsibility = serializers.CharField(source="party", read_only=True)
    responsibility_reasons = serializers.JSONField(source="party_reasons", read_only=True)
    photos = serializers.SerializerMethodField()

    class Meta:
        model = ReturnInspection
        fields = (
            "id",
            "code",
            "outbound_check",
            "outbound_answers",
            "answers",
            "failing",
            "photos",
            "note",
            "grade",
            "because",
            "responsibility",
            "responsibility_reasons",
            "checklists",
            "inspected_at",
        )
        read_only_fields = fields

    def get_failing(self, row: ReturnInspection) -> list[str]:
        return [told["point"] for told in row.because.get("points", ())]

    def get_photos(self, row: ReturnInspection) -> list[dict[str, Any]]:
        return [{"point": photo.checkpoint, "file": photo.file_id} for photo in row.photos.all()]


class UnitOut(ShownRow[ReturnUnit]):
    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = ReturnUnit
        fields = (
            "id",
            "code",
            "return_parcel",
            "merchant",
            "warehouse",
            "parcel",
            "product",
            "lot",
            "kind",
            "scanned_code",
            "scanned_lot",
            "override_reason",
            "state",
            "grade",
            "received_at",
            "settled_at",
        )
        read_only_fields = fields


class UnitWithInspectionOut(UnitOut):
    """One unit with its inspection, and what may be done with it as it stands."""

    inspection = serializers.SerializerMethodField()
    dispositions = serializers.SerializerMethodField()

    class Meta(UnitOut.Meta):
        fields = (*UnitOut.Meta.fields, "inspection", "dispositions")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(InspectionOut(allow_null=True))
    def get_inspection(self, unit: ReturnUnit) -> dict[str, Any] | None:
        row = ReturnInspection.objects.filter(unit=unit).select_related("outbound").prefetch_related("photos").first()
        return dict(InspectionOut(row).data) if row else None

    def get_dispositions(self, unit: ReturnUnit) -> list[str]:
        return [value for value, _label in choices_of(unit)]
