"""Checks before sending as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.files.models import StoredFile
from assurance.web.numbers import INT64_MAX
from assurance.web.serializers import QuantityField, StrictSerializer, StrictTextField, VisibleField, VisibleListField, refuse
from assurance.web.shown import ShownRow
from qc.checks.models import Checklist, CheckShare, OutboundCheck
from qc.checks.queries import Proof
from qc.checks.shares import ALL
from warehouse.orders.models import Parcel

MOST_CHECKS = 200
MOST_ANSWERS = 40
MOST_PHOTOS = 12
LONGEST_ANSWER = 40


@extend_schema_field({"type": "object", "additionalProperties": {"oneOf": [{"type": "boolean"}, {"type": "string"}]}})
class AnswersField(serializers.Field[dict[str, Any], Any, Any, Any]):
    """An answer by the point's code: true or false, or a text (a choice's code, a figure, a day)."""

    def to_internal_value(self, data: object) -> dict[str, Any]:
        if not isinstance(data, dict) or len(data) > MOST_ANSWERS:
            raise refuse("object_expected")
        read = StrictTextField(max_length=LONGEST_ANSWER)
        return {read.run_validation(code): value if isinstance(value, bool) else read.run_validation(value) for code, value in data.items()}

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class PhotosIn(StrictSerializer):
    """Photographs of one point: files of the warehouse."""

    point = StrictTextField(max_length=32)
    files = VisibleListField(StoredFile, most=MOST_PHOTOS)


class CheckIn(StrictSerializer):
    """What was found on one packed parcel; an answer to every point asked."""

    parcel = VisibleField(Parcel)
    answers = AnswersField()
    photos = PhotosIn(many=True, max_length=MOST_ANSWERS, required=False)  # type: ignore[call-arg]  # goes to the list
    note = StrictTextField(max_length=200, required=False)


class ChecksIn(StrictSerializer):
    """All of them are recorded or none."""

    checks = CheckIn(many=True, max_length=MOST_CHECKS)  # type: ignore[call-arg]


def photos_in(given: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Return photographs by point, as actions take them."""
    return {one["point"]: [file.pk for file in one["files"]] for one in given}


class ShareIn(StrictSerializer):
    """How many of which parcels are checked; what is not named means all, to a lead of quality control the own warehouse."""

    percent = QuantityField(most=ALL)
    merchant = StrictTextField(max_length=16, required=False)
    category = StrictTextField(max_length=32, required=False)
    warehouse = StrictTextField(max_length=16, required=False)
    reason = StrictTextField(max_length=200)


class ShareOut(ShownRow[CheckShare]):
    """A share; null and empty mean all."""

    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True, allow_null=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = CheckShare
        fields = ("id", "percent", "merchant", "category", "warehouse", "reason", "set_at")
        read_only_fields = fields


class ChecklistOut(ShownRow[Checklist]):
    class Meta:
        model = Checklist
        fields = ("id", "version", "stage", "product", "category", "from_date", "checkpoints")
        read_only_fields = fields


class CheckOut(ShownRow[OutboundCheck]):
    """One check; ``failing`` names the points that are not in order."""

    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    because = serializers.CharField(source="reason", read_only=True)
    failing = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()

    class Meta:
        model = OutboundCheck
        fields = (
            "id",
            "code",
            "merchant",
            "warehouse",
            "parcel",
            "attempt",
            "verdict",
            "because",
            "failing",
            "answers",
            "photos",
            "note",
            "checklists",
            "checked_at",
            "source",
        )
        read_only_fields = fields

    def get_failing(self, check: OutboundCheck) -> list[str]:
        return [told["point"] for told in check.because.get("points", ())]

    def get_photos(self, check: OutboundCheck) -> list[dict[str, Any]]:
        return [{"point": photo.checkpoint, "file": photo.file_id} for photo in check.photos.all()]


class ChecksOut(serializers.Serializer[Any]):
    checks = CheckOut(many=True)


class ProofOut(serializers.Serializer[Proof]):
    """That a check stands under the root of the day: RFC 6962 inclusion of SHA-256(0x00 ‖ leaf)."""

    product = serializers.IntegerField(source="goods.product_id")
    day = serializers.DateField(source="goods.day_date")
    leaf = serializers.CharField(source="goods.says")
    index = serializers.IntegerField(max_value=INT64_MAX)
    size = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField())
    root = serializers.CharField()  # type: ignore[assignment]  # the framework has a property of this name
    evidence_entry = serializers.IntegerField(source="evidence_entry_id")


class ProofsOut(serializers.Serializer[Any]):
    """One proof a product of the parcel; none while the day is not over."""

    proofs = ProofOut(many=True)
