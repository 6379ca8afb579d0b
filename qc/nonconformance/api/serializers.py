"""What failed and what was decided on it, as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.accounts.models import User
from assurance.files.models import StoredFile
from assurance.web.serializers import DayField, QuantityField, StrictChoiceField, StrictSerializer, StrictTextField, VisibleField
from assurance.web.shown import ShownRow
from qc.nonconformance.models import KINDS, Disposition, DispositionMove, NonConformance
from qc.nonconformance.remedies import offered


class RequestIn(StrictSerializer):
    """What should become of some units; a concession (``use_as_is``) names its last day."""

    kind = StrictChoiceField(choices=KINDS)
    quantity = QuantityField()
    ends_date = DayField(required=False)
    reason = StrictTextField(max_length=200)


class ReasonIn(StrictSerializer):
    reason = StrictTextField(max_length=200)


class ApproveIn(StrictSerializer):
    reason = StrictTextField(max_length=200, required=False)


class CarryIn(StrictSerializer):
    """How many units go now; of a sorting ``quantity`` are the good ones. Destroying names witness, photograph and certificate."""

    quantity = QuantityField(least=0)
    sorted_out = QuantityField(least=0, required=False)
    witness = VisibleField(User, required=False)
    photo = VisibleField(StoredFile, required=False)
    certificate_number = StrictTextField(max_length=60, required=False)


class DispositionMoveOut(ShownRow[DispositionMove]):
    class Meta:
        model = DispositionMove
        fields = ("id", "kind", "quantity", "sorted_out", "at", "photo", "certificate_number", "evidence_entry_id")
        read_only_fields = fields


class DispositionOut(ShownRow[Disposition]):
    """A decision; ``settled`` units have gone, ``sorted_out`` were found not in order."""

    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    moves = DispositionMoveOut(many=True, read_only=True)

    class Meta:
        model = Disposition
        fields = (
            "id",
            "code",
            "merchant",
            "warehouse",
            "non_conformance",
            "lot",
            "kind",
            "quantity",
            "ends_date",
            "reason",
            "state",
            "requested_at",
            "decided_at",
            "decision_reason",
            "settled",
            "sorted_out",
            "finished_at",
            "moves",
        )
        read_only_fields = fields


class NonConformanceOut(ShownRow[NonConformance]):
    """What failed; ``offered`` names what may be decided on it, ``undecided`` how many units wait for that."""

    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    owner = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    because = serializers.CharField(source="reason", read_only=True)
    undecided = serializers.IntegerField(read_only=True)
    offered = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()

    class Meta:
        model = NonConformance
        fields = (
            "id",
            "code",
            "merchant",
            "warehouse",
            "owner",
            "stage",
            "source_id",
            "product",
            "lot",
            "parcel",
            "severity",
            "defects",
            "because",
            "quantity",
            "failing",
            "undecided",
            "settled",
            "offered",
            "photos",
            "state",
            "opened_at",
            "due_at",
            "defaulted_at",
            "closed_at",
        )
        read_only_fields = fields

    def get_offered(self, row: NonConformance) -> list[str]:
        return [str(kind) for kind in offered(row.severity)] if row.stage == "inbound" and row.state == "open" else []

    def get_photos(self, row: NonConformance) -> list[int]:
        return [photo.file_id for photo in row.photos.all()]
