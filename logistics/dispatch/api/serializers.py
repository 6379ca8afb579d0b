"""Waybills and hand-overs as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.web.serializers import MoneyField, StrictChoiceField, StrictSerializer, StrictTextField, VisibleListField
from assurance.web.shown import ShownRow
from logistics.couriers.choosing import Rule
from logistics.dispatch.models import RULES, HandOver, Waybill
from logistics.dispatch.queries import sees_choice
from warehouse.orders.models import Parcel

MOST_AT_ONCE = 200


class BookIn(StrictSerializer):
    """Parcels and the rule that chooses their couriers; ``service`` is a service's code, under the rule ``fixed``."""

    parcels = VisibleListField(Parcel, most=MOST_AT_ONCE)
    rule = StrictChoiceField(choices=RULES, required=False, default=Rule.CHEAPEST)
    service = StrictTextField(max_length=24, required=False, default="", allow_blank=True)


class HandOverIn(StrictSerializer):
    """Parcels that leave now."""

    parcels = VisibleListField(Parcel, most=MOST_AT_ONCE)


class CancelIn(StrictSerializer):
    reason = StrictTextField(max_length=200)


class WaybillOut(ShownRow[Waybill]):
    """A waybill. What couriers ask and why one was taken is shown to the warehouse and the platform, else null."""

    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    courier = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    service = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    fee = serializers.SerializerMethodField()
    because = serializers.SerializerMethodField()
    alternatives = serializers.SerializerMethodField()

    class Meta:
        model = Waybill
        fields = (
            "id",
            "parcel",
            "attempt",
            "number",
            "state",
            "merchant",
            "warehouse",
            "courier",
            "service",
            "origin_province",
            "destination_province",
            "zone",
            "actual_weight_g",
            "volumetric_weight_g",
            "billed_weight_g",
            "rule",
            "fee",
            "because",
            "alternatives",
            "promised_pickup_at",
            "promised_delivery_date",
            "promised_days",
            "booked_at",
            "handed_over_at",
            "picked_up_at",
            "delivered_at",
            "last_event_at",
            "incident",
            "responsible",
            "is_contradictory",
            "close_reason",
        )
        read_only_fields = fields

    def get_fee(self, waybill: Waybill) -> str | None:
        return MoneyField().to_representation(waybill.fee) if self._sees_choice() else None

    def get_because(self, waybill: Waybill) -> str | None:
        return waybill.because if self._sees_choice() else None

    def get_alternatives(self, waybill: Waybill) -> dict[str, Any] | None:
        return dict(waybill.alternatives) if self._sees_choice() else None

    def _sees_choice(self) -> bool:
        return sees_choice(self.context["request"].user)


class HandOverOut(ShownRow[HandOver]):
    number = serializers.CharField(source="waybill.number", read_only=True)
    manifest = serializers.CharField(source="manifest.__str__", read_only=True)

    class Meta:
        model = HandOver
        fields = ("waybill", "number", "parcel", "manifest", "clearance", "handed_at")
        read_only_fields = fields


class LabelOut(serializers.Serializer[Any]):
    """What stands on a label, the recipient in clear. Every reading of it is in the trail."""

    number = serializers.CharField(source="label.number", read_only=True)
    routing = serializers.CharField(source="label.routing", read_only=True)
    parcel = serializers.CharField(source="waybill.parcel.code", read_only=True)
    recipient = serializers.CharField(source="recipient.name", read_only=True)
    phone = serializers.CharField(source="recipient.phone", read_only=True)
    place = serializers.CharField(source="recipient.place", read_only=True)
    address = serializers.CharField(source="recipient.address", read_only=True)
