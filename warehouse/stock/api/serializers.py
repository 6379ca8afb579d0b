"""Lots and bins as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.gates.models import Stop
from assurance.web.serializers import QuantityField, StrictChoiceField, StrictSerializer, StrictTextField
from assurance.web.shown import ShownRow
from warehouse.stock.custody import Custody
from warehouse.stock.models import BIN_KINDS, Bin, BinBalance, BinMove, Lot
from warehouse.stock.queries import Reconciliation, Share, Sums, stand_of


class ShareOut(serializers.Serializer[Share]):
    """So many units in one custody."""

    custody = serializers.ChoiceField(choices=[str(custody) for custody in Custody])
    units = serializers.IntegerField()


class LotOut(ShownRow[Lot]):
    """A lot; the units of ``stands`` add up to ``received``."""

    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    received = serializers.SerializerMethodField()
    stands = serializers.SerializerMethodField()

    class Meta:
        model = Lot
        fields = (
            "id",
            "number",
            "merchant",
            "warehouse",
            "product",
            "produced_date",
            "expiry_date",
            "first_received_at",
            "received",
            "stands",
        )
        read_only_fields = fields

    def get_received(self, lot: Lot) -> int:
        return stand_of(lot).received

    @extend_schema_field(ShareOut(many=True))
    def get_stands(self, lot: Lot) -> list[dict[str, Any]]:
        return [dict(ShareOut(share).data) for share in stand_of(lot).shares]


class PlaceIn(StrictSerializer):
    """From where to where so many units go; an empty label is the floor. ``reference`` is the scan's own key: once is once."""

    source = StrictTextField(max_length=24, allow_blank=True)  # type: ignore[assignment]  # a field called so
    target = StrictTextField(max_length=24, allow_blank=True)
    quantity = QuantityField()
    reference = StrictTextField(max_length=80)


class PlacedOut(ShownRow[BinMove]):
    source = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)  # type: ignore[assignment]  # a field called so
    target = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = BinMove
        fields = ("id", "lot", "source", "target", "quantity", "because", "reference", "at")
        read_only_fields = fields


class StopReasonIn(StrictSerializer):
    reason = StrictTextField(max_length=200)


class LetGoIn(StrictSerializer):
    """Which stop of the lot ends, and why."""

    stop = StrictChoiceField(choices=["hold", "recall"])
    reason = StrictTextField(max_length=200)


class StopOut(ShownRow[Stop]):
    """A stop on one lot."""

    lot = serializers.IntegerField(source="lot_id")

    class Meta:
        model = Stop
        fields = ("id", "lot", "code", "because", "opened_at", "lifted_at")
        read_only_fields = fields


class StopsOut(serializers.Serializer[Any]):
    """What was stopped or let go: one lot, or all of a production lot."""

    stops = StopOut(many=True)


class BinIn(StrictSerializer):
    """A label in your own warehouse; one that is there already stays as it is."""

    code = StrictTextField(max_length=24)
    kind = StrictChoiceField(choices=[kind for kind, _label in BIN_KINDS])


class ContentOut(ShownRow[BinBalance]):
    lot_number = serializers.CharField(source="lot.number", read_only=True)

    class Meta:
        model = BinBalance
        fields = ("lot", "lot_number", "quantity")
        read_only_fields = fields


class BinOut(ShownRow[Bin]):
    """A bin with what stands in it, what expires first first."""

    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    contents = ContentOut(source="shown", many=True, read_only=True)

    class Meta:
        model = Bin
        fields = ("id", "warehouse", "code", "kind", "contents")
        read_only_fields = fields


class SumsOut(serializers.Serializer[Sums]):
    """One warehouse; the units of ``stands`` add up to ``received``."""

    warehouse = serializers.CharField(source="warehouse.code")
    received = serializers.IntegerField()
    stands = serializers.SerializerMethodField()
    reserved = serializers.IntegerField()
    in_bins = serializers.IntegerField()

    @extend_schema_field(ShareOut(many=True))
    def get_stands(self, one: Sums) -> list[dict[str, Any]]:
        return [{"custody": str(custody), "units": units} for custody, _label, units in one.stands]


class ReconciliationOut(serializers.Serializer[Reconciliation]):
    warehouses = SumsOut(many=True)
    lots = serializers.IntegerField()
    unbalanced = serializers.ListField(child=serializers.IntegerField())
    overfull = serializers.ListField(child=serializers.IntegerField())
    is_even = serializers.BooleanField()
