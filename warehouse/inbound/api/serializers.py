"""Shipment notices and receipts as JSON."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from assurance.accounts.models import Organisation, User
from assurance.products.models import Product
from assurance.web.serializers import (
    DayField,
    QuantityField,
    StrictBooleanField,
    StrictChoiceField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
)
from assurance.web.shown import ShownRow
from warehouse.inbound.actions.announcing import MOST_LINES
from warehouse.inbound.actions.differing import REPORTED
from warehouse.inbound.lifecycle import Reason, Resolution
from warehouse.inbound.models import KIND_CHOICES, Discrepancy, Receipt, ShipmentLine, ShipmentNotice, Slot
from warehouse.stock.gs1 import MOST_CHARACTERS, printable


class WarehouseOut(ShownRow[Organisation]):
    class Meta:
        model = Organisation
        fields = ("code", "name", "name_en")
        read_only_fields = fields


class LineIn(StrictSerializer):
    """One product and lot; the expiry date is needed for what can expire."""

    product = VisibleField(Product)
    lot_number = StrictTextField(max_length=40)
    produced_date = DayField(required=False, allow_null=True)
    expiry_date = DayField(required=False, allow_null=True)
    quantity = QuantityField()
    cartons = QuantityField(required=False, allow_null=True)
    is_gift = StrictBooleanField(required=False)


class ShipmentIn(StrictSerializer):
    """A shipment notice; ``warehouse`` is the warehouse's code. The same reference with the same content is the same notice."""

    warehouse = StrictTextField(max_length=24)
    reference = StrictTextField(max_length=40)
    expected_date = DayField()
    lines = LineIn(many=True, max_length=MOST_LINES)  # type: ignore[call-arg]  # goes to the list


class LineOut(ShownRow[ShipmentLine]):
    received = serializers.IntegerField(source="received_units", read_only=True)

    class Meta:
        model = ShipmentLine
        fields = ("id", "product", "lot_number", "produced_date", "expiry_date", "quantity", "cartons", "is_gift", "received")
        read_only_fields = fields


class ShipmentOut(ShownRow[ShipmentNotice]):
    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    lines = LineOut(many=True, read_only=True)
    slot = serializers.SerializerMethodField(help_text="The time at the gate that is booked, by its beginning.")

    class Meta:
        model = ShipmentNotice
        fields = (
            "id",
            "code",
            "reference",
            "merchant",
            "warehouse",
            "state",
            "expected_date",
            "slot",
            "lines",
            "created_at",
            "closed_at",
            "close_reason",
        )
        read_only_fields = fields

    def get_slot(self, notice: ShipmentNotice) -> str | None:
        found = next(iter(notice.standing_bookings), None)  # type: ignore[attr-defined]  # prefetched by the view
        return self.fields["created_at"].to_representation(found.slot.starts_at) if found else None


class ShipmentsOut(serializers.Serializer[Any]):
    shipments = ShipmentOut(many=True)


class FileIn(StrictSerializer):
    """A CSV file or an XLSX workbook as multipart upload; the columns are named like the fields of a shipment and its lines."""

    file = serializers.FileField(allow_empty_file=True)


class ScanField(StrictTextField):
    """What a scanner sends; the group separator may come as it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_CHARACTERS, **kwargs)

    def to_internal_value(self, data: object) -> str:
        return super().to_internal_value(printable(data) if isinstance(data, str) else data)


class HourField(serializers.Field[time, Any, str, Any]):
    """Hours and minutes, like ``08:00``."""

    def to_internal_value(self, data: object) -> time:
        if not isinstance(data, str) or not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", data, re.ASCII):
            raise serializers.ValidationError(_("Hours and minutes, like 08:00."), code="time_format")
        return time.fromisoformat(data)

    def described(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"}

    def to_representation(self, value: time) -> str:
        return f"{value:%H:%M}"


class ReceiveIn(StrictSerializer):
    """What was scanned at the gate. ``message`` is the scan's own key: once is once.

    ``code`` is the GTIN or SKU on the goods, or a whole GS1 element string or Digital Link; then what it says may be left out.
    """

    code = ScanField()
    lot_number = StrictTextField(max_length=40, required=False)
    expiry_date = DayField(required=False, allow_null=True)
    produced_date = DayField(required=False, allow_null=True)
    quantity = QuantityField(required=False)
    message = StrictTextField(max_length=80)


class ReceiptOut(ShownRow[Receipt]):
    notice = serializers.IntegerField(source="line.notice_id", read_only=True)
    lot_number = serializers.CharField(source="lot.number", read_only=True)

    class Meta:
        model = Receipt
        fields = (
            "id",
            "notice",
            "line",
            "product",
            "lot",
            "lot_number",
            "quantity",
            "message",
            "received_at",
            "age",
            "admitted_under",
            "admitted_because",
        )
        read_only_fields = fields


class CloseIn(StrictSerializer):
    reason = StrictTextField(max_length=200)


class ReportIn(StrictSerializer):
    """Goods that stand aside: damaged, or not announced. ``message`` is the report's own key: once is once."""

    kind = StrictChoiceField(choices=[one for one in KIND_CHOICES if one[0] in REPORTED])
    code = StrictTextField(max_length=80)
    lot_number = StrictTextField(max_length=40, required=False, allow_blank=True)
    quantity = QuantityField()
    note = StrictTextField(max_length=200, required=False, allow_blank=True)
    message = StrictTextField(max_length=80)


class DiscrepancyOut(ShownRow[Discrepancy]):
    code = serializers.CharField(read_only=True)

    class Meta:
        model = Discrepancy
        fields = (
            *("id", "code", "notice", "line", "kind", "state", "scanned_code", "lot_number", "produced_date", "expiry_date"),
            *("quantity", "note", "message", "owner", "found_at", "resolution", "reason", "settle_note", "settled_at"),
        )
        read_only_fields = fields


class SettleIn(StrictSerializer):
    """What became of it; ``reason`` only with ``admitted``."""

    resolution = StrictChoiceField(choices=[str(one) for one in Resolution])
    reason = StrictChoiceField(choices=[str(one) for one in Reason], required=False)
    note = StrictTextField(max_length=200, required=False, allow_blank=True)


class HandOverIn(StrictSerializer):
    owner = VisibleField(User)


class SlotOut(ShownRow[Slot]):
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    free = serializers.IntegerField(read_only=True)

    class Meta:
        model = Slot
        fields = ("id", "warehouse", "starts_at", "ends_at", "capacity", "free")
        read_only_fields = fields


class SlotsIn(StrictSerializer):
    """Slots of so many minutes, one after the other, on every day; hours by the clock of Shanghai, like ``08:00``."""

    first_day = DayField()
    last_day = DayField()
    begins = HourField()
    ends = HourField()
    minutes = QuantityField(most=720)
    capacity = QuantityField(most=200)


class SlotsOut(serializers.Serializer[Any]):
    slots = SlotOut(many=True)


class BookIn(StrictSerializer):
    slot = VisibleField(Slot)
