"""Lots as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from warehouse.stock.custody import Custody
from warehouse.stock.models import Lot
from warehouse.stock.queries import Share, stand_of


class ShareOut(serializers.Serializer[Share]):
    """So many units in one custody."""

    custody = serializers.ChoiceField(choices=[str(custody) for custody in Custody])
    units = serializers.IntegerField()


class LotOut(serializers.ModelSerializer[Lot]):
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
