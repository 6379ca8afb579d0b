"""Returns as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.files.models import StoredFile
from assurance.web.fields import MOST_PHOTOS
from assurance.web.serializers import QuantityField, StrictChoiceField, StrictSerializer, StrictTextField, VisibleField, VisibleListField
from assurance.web.shown import ShownRow
from warehouse.orders.models import Parcel
from warehouse.returns.forms import MOST_SCANS
from warehouse.returns.models import BUYER_REASONS, ReturnParcel, ReturnUnit


class ReturnIn(StrictSerializer):
    """A parcel that will come back. The same reference for the same parcel is the same return."""

    parcel = VisibleField(Parcel)
    tracking_number = StrictTextField(max_length=40, required=False)
    carrier = StrictTextField(max_length=40, required=False)
    reference = StrictTextField(max_length=60, required=False)
    buyer_reason = StrictChoiceField(choices=BUYER_REASONS[1:], required=False)


class ScannedIn(StrictSerializer):
    """What was read on so many units: GTIN or SKU, and the lot as printed; without a lot where none can be read.

    ``serial`` is the number of the one unit; goods that left with numbers are compared by them.
    """

    code = StrictTextField(max_length=80)
    lot_number = StrictTextField(max_length=40, required=False)
    quantity = QuantityField(required=False)
    serial = StrictTextField(max_length=40, required=False)


class ArrivedIn(StrictSerializer):
    """A parcel that came back with everything in it. ``override_reason`` lets more in than were shipped."""

    parcel = VisibleField(Parcel)
    units = ScannedIn(many=True, max_length=MOST_SCANS)  # type: ignore[call-arg]  # goes to the list
    tracking_number = StrictTextField(max_length=40, required=False)
    carrier = StrictTextField(max_length=40, required=False)
    override_reason = StrictTextField(max_length=200, required=False)


class UnidentifiedIn(StrictSerializer):
    """A parcel that does not say whose it is; ``photos`` are files of the warehouse."""

    photos = VisibleListField(StoredFile, most=MOST_PHOTOS)
    tracking_number = StrictTextField(max_length=40, required=False)
    carrier = StrictTextField(max_length=40, required=False)
    note = StrictTextField(max_length=200, required=False)


class MatchIn(StrictSerializer):
    parcel = VisibleField(Parcel)


class CancelIn(StrictSerializer):
    reason = StrictTextField(max_length=200)


class ReturnUnitBrief(ShownRow[ReturnUnit]):
    code = serializers.CharField(read_only=True)

    class Meta:
        model = ReturnUnit
        fields = (
            "id",
            "code",
            "kind",
            "product",
            "lot",
            "scanned_code",
            "scanned_lot",
            "scanned_serial",
            "override_reason",
            "state",
            "grade",
        )
        read_only_fields = fields


class ReturnOut(ShownRow[ReturnParcel]):
    """A return; ``merchant`` is the platform while nobody knows whose it is."""

    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    order = serializers.IntegerField(source="parcel.order_id", read_only=True, default=None)
    units = ReturnUnitBrief(many=True, read_only=True)

    class Meta:
        model = ReturnParcel
        fields = (
            "id",
            "code",
            "merchant",
            "warehouse",
            "parcel",
            "order",
            "state",
            "carrier",
            "tracking_number",
            "reference",
            "buyer_reason",
            "note",
            "announced_at",
            "arrived_at",
            "matched_at",
            "received_at",
            "closed_at",
            "units",
        )
        read_only_fields = fields
