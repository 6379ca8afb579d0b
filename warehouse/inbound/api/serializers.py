"""Shipment notices and receipts as JSON."""

from __future__ import annotations

from typing import Any

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
from warehouse.inbound.actions.announcing import MOST_LINES
from warehouse.inbound.actions.differing import REPORTED
from warehouse.inbound.lifecycle import Reason, Resolution
from warehouse.inbound.models import KIND_CHOICES, Discrepancy, Receipt, ShipmentLine, ShipmentNotice
from warehouse.stock.gs1 import MOST_CHARACTERS, printable


class WarehouseOut(serializers.ModelSerializer[Organisation]):
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


class LineOut(serializers.ModelSerializer[ShipmentLine]):
    received = serializers.IntegerField(source="received_units", read_only=True)

    class Meta:
        model = ShipmentLine
        fields = ("id", "product", "lot_number", "produced_date", "expiry_date", "quantity", "cartons", "is_gift", "received")
        read_only_fields = fields


class ShipmentOut(serializers.ModelSerializer[ShipmentNotice]):
    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    lines = LineOut(many=True, read_only=True)

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
            "lines",
            "created_at",
            "closed_at",
            "close_reason",
        )
        read_only_fields = fields


class ScanField(StrictTextField):
    """What a scanner sends; the group separator may come as it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_CHARACTERS, **kwargs)

    def to_internal_value(self, data: object) -> str:
        return super().to_internal_value(printable(data) if isinstance(data, str) else data)


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


class ReceiptOut(serializers.ModelSerializer[Receipt]):
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


class DiscrepancyOut(serializers.ModelSerializer[Discrepancy]):
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
