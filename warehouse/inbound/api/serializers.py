"""Shipment notices and receipts as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assurance.accounts.models import Organisation
from assurance.products.models import Product
from assurance.web.serializers import DayField, QuantityField, StrictSerializer, StrictTextField, VisibleField
from warehouse.inbound.actions.announcing import MOST_LINES
from warehouse.inbound.models import Receipt, ShipmentLine, ShipmentNotice


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
        fields = ("id", "product", "lot_number", "produced_date", "expiry_date", "quantity", "cartons", "received")
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


class ReceiveIn(StrictSerializer):
    """What was scanned at the gate. ``code`` is the GTIN or SKU on the goods; ``message`` is the scan's own key: once is once."""

    code = StrictTextField(max_length=80)
    lot_number = StrictTextField(max_length=40)
    expiry_date = DayField(required=False, allow_null=True)
    produced_date = DayField(required=False, allow_null=True)
    quantity = QuantityField()
    message = StrictTextField(max_length=80)


class ReceiptOut(serializers.ModelSerializer[Receipt]):
    notice = serializers.IntegerField(source="line.notice_id", read_only=True)
    lot_number = serializers.CharField(source="lot.number", read_only=True)

    class Meta:
        model = Receipt
        fields = ("id", "notice", "line", "product", "lot", "lot_number", "quantity", "message", "received_at")
        read_only_fields = fields


class CloseIn(StrictSerializer):
    reason = StrictTextField(max_length=200)
