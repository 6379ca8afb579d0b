"""Couriers' services and quotes as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.accounts.models import Organisation
from assurance.web.serializers import (
    DayField,
    MoneyField,
    StrictBooleanField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
)
from assurance.web.shown import ShownRow
from logistics.couriers.billing import Band
from logistics.couriers.models import ZONES, CourierService
from logistics.couriers.zones import Zone


class BandIn(StrictSerializer):
    """The price of one zone: a first weight, then steps, begun steps counted whole."""

    zone = StrictChoiceField(choices=ZONES)
    first_weight_g = StrictIntegerField()
    first_fee = MoneyField(zero_ok=True)
    step_weight_g = StrictIntegerField()
    step_fee = MoneyField(zero_ok=True)
    days = StrictIntegerField(most=60)


def bands(rows: list[dict[str, Any]]) -> tuple[Band, ...]:
    """Return prices as the action takes them."""
    return tuple(Band(**row) for row in rows)


class ServiceIn(StrictSerializer):
    """A service to certify; ``courier`` is the organisation's code, ``provinces`` two digits each, none for all of China."""

    courier = VisibleField(Organisation, by="code")
    code = StrictTextField(max_length=24)
    name = StrictTextField(max_length=60)
    name_en = StrictTextField(max_length=60, required=False, allow_blank=True)
    company_code = StrictTextField(max_length=32)
    adapter = StrictTextField(max_length=24)
    provinces = StrictListField(child=StrictTextField(max_length=2), most=34, required=False)
    certified_until = DayField(required=False, allow_null=True)
    valid_from = DayField()
    bands = BandIn(many=True, max_length=len(Zone))  # type: ignore[call-arg]  # goes to the list


class TermsIn(StrictSerializer):
    provinces = StrictListField(child=StrictTextField(max_length=2), most=34)
    certified_until = DayField(allow_null=True)
    is_active = StrictBooleanField()


class PricesIn(StrictSerializer):
    name = StrictTextField(max_length=60)
    valid_from = DayField()
    bands = BandIn(many=True, max_length=len(Zone))  # type: ignore[call-arg]


class ServiceOut(ShownRow[CourierService]):
    courier = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = CourierService
        fields = ("id", "code", "courier", "name", "name_en", "company_code", "provinces", "certified_until", "is_active")
        read_only_fields = fields


class QuoteIn(StrictSerializer):
    """Two provinces and a weight; no address. Provinces as written (浙江省) or as two digits (33)."""

    origin = StrictTextField(max_length=24)
    destination = StrictTextField(max_length=24)
    weight_g = StrictIntegerField(most=1_000_000)


class QuoteOut(serializers.Serializer[Any]):
    service = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    zone = serializers.CharField(read_only=True)
    fee = MoneyField(read_only=True)
    days = serializers.IntegerField(read_only=True)
