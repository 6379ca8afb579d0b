"""Orders and parcels as JSON. Buyers are masked; of an order of several merchants everybody sees only his own lines."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from assurance.files.models import StoredFile
from assurance.web.fields import MOST_PHOTOS
from assurance.web.serializers import (
    MomentField,
    MoneyField,
    QuantityField,
    StrictBooleanField,
    StrictChoiceField,
    StrictIntegerField,
    StrictSerializer,
    StrictTextField,
    VisibleListField,
)
from assurance.web.shown import ShownRow
from warehouse.orders.models import Allocation, Order, OrderLine, PackingRecord, Parcel, Recipient, WeightDeviation
from warehouse.orders.queries import OrderPage
from warehouse.stock.models import SWAP_REASONS

MOST_ORDERS: Final = 200
MOST_LINES: Final = 100
MOST_SCANS: Final = 200


class RecipientIn(StrictSerializer):
    """Whom the parcels go to."""

    name = StrictTextField(max_length=60)
    phone = StrictTextField(max_length=24)
    province = StrictTextField(max_length=24)
    city = StrictTextField(max_length=40)
    district = StrictTextField(max_length=40, allow_blank=True, required=False, default="")
    address = StrictTextField(max_length=160)


class LineIn(StrictSerializer):
    """So many units of one product, named by its id; amounts in CNY."""

    number = StrictIntegerField(least=1, most=10_000)
    product = StrictIntegerField(least=1)
    quantity = QuantityField()
    unit_price = MoneyField(zero_ok=True)
    freight = MoneyField(zero_ok=True)


class OrderIn(StrictSerializer):
    """An order as the marketplace states it. ``source`` is the marketplace; a merchant leaves it out: it is the merchant's own code."""

    source = StrictTextField(max_length=24, allow_blank=True, required=False, default="")  # type: ignore[assignment]  # a field called so
    number = StrictTextField(max_length=40)
    ordered_at = MomentField()
    paid_at = MomentField()
    ship_by = MomentField()
    promised_at = MomentField()
    marketplace_state = StrictTextField(max_length=24, allow_blank=True, required=False, default="")
    recipient = RecipientIn()
    lines = LineIn(many=True, max_length=MOST_LINES)  # type: ignore[call-arg]  # goes to the list


class OrdersIn(StrictSerializer):
    """Up to 200 orders. The same source and number with the same content is the same order."""

    orders = OrderIn(many=True, max_length=MOST_ORDERS)  # type: ignore[call-arg]  # goes to the list


class TakenOut(serializers.Serializer[Any]):
    """What became of one order: ``taken``, ``known`` or ``refused`` with code and sentence."""

    number = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["taken", "known", "refused"])
    id = serializers.IntegerField(allow_null=True)
    code = serializers.CharField()
    detail = serializers.CharField()


class TakenAllOut(serializers.Serializer[Any]):
    """One answer per order, in the order they were sent."""

    orders = TakenOut(many=True)


class RecipientOut(ShownRow[Recipient]):
    """Masked."""

    name = serializers.CharField(source="masked_name", read_only=True)
    phone = serializers.CharField(source="masked_phone", read_only=True)
    address = serializers.CharField(source="masked_address", read_only=True)

    class Meta:
        model = Recipient
        fields = ("name", "phone", "province", "city", "district", "address")
        read_only_fields = fields


class RevealedOut(ShownRow[Recipient]):
    """In clear, written down."""

    class Meta:
        model = Recipient
        fields = ("name", "phone", "province", "city", "district", "address")
        read_only_fields = fields


class LineOut(ShownRow[OrderLine]):
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = OrderLine
        fields = ("id", "number", "merchant", "product", "quantity", "allocated", "unit_price", "freight", "badge")
        read_only_fields = fields


class ParcelShortOut(ShownRow[Parcel]):
    code = serializers.CharField(read_only=True)

    class Meta:
        model = Parcel
        fields = ("id", "code", "state", "handed_over_at", "delivered_at")
        read_only_fields = fields


class OrderOut(ShownRow[Order]):
    """An order as far as the asker may see it; ``goods`` and ``freight`` are the sums of the lines that are shown."""

    lines = LineOut(source="shown_lines", many=True, read_only=True)
    parcels = ParcelShortOut(source="shown_parcels", many=True, read_only=True)
    recipient = RecipientOut(read_only=True)
    goods = serializers.SerializerMethodField()
    freight = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = (
            "id",
            "source",
            "number",
            "state",
            "marketplace_state",
            "ordered_at",
            "paid_at",
            "ship_by",
            "promised_at",
            "clock_flags",
            "recipient",
            "lines",
            "parcels",
            "goods",
            "freight",
            "cancelled_at",
            "cancel_reason",
        )
        read_only_fields = fields

    def get_goods(self, order: Order) -> str:
        return str(OrderPage(order, order.shown_lines, []).goods)  # type: ignore[attr-defined]

    def get_freight(self, order: Order) -> str:
        return str(OrderPage(order, order.shown_lines, []).freight)  # type: ignore[attr-defined]


class AllocationOut(ShownRow[Allocation]):
    lot_number = serializers.CharField(source="lot.number", read_only=True)
    expiry_date = serializers.DateField(source="lot.expiry_date", read_only=True)
    packed = serializers.SerializerMethodField()
    serials = serializers.SerializerMethodField()

    class Meta:
        model = Allocation
        fields = ("id", "line", "product", "lot", "lot_number", "expiry_date", "quantity", "packed", "serials", "state")
        read_only_fields = fields

    def get_packed(self, one: Allocation) -> int:
        return one.item.quantity if hasattr(one, "item") else 0

    def get_serials(self, one: Allocation) -> list[str]:
        """The numbers of its units as they were scanned, where they carry them."""
        return list(one.item.serials) if hasattr(one, "item") else []


class DeviationOut(ShownRow[WeightDeviation]):
    """A weight that stops its parcel; grams."""

    class Meta:
        model = WeightDeviation
        fields = ("expected_g", "lowest_g", "highest_g", "measured_g", "rule", "weighed_at")
        read_only_fields = fields


class ParcelOut(ShownRow[Parcel]):
    """A parcel with what belongs into it."""

    code = serializers.CharField(read_only=True)
    order_number = serializers.CharField(source="order.number", read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    recipient = RecipientOut(source="order.recipient", read_only=True)
    goods = AllocationOut(source="allocations", many=True, read_only=True)
    weight_stops = DeviationOut(source="stopping", many=True, read_only=True)

    class Meta:
        model = Parcel
        fields = (
            "id",
            "code",
            "order",
            "order_number",
            "merchant",
            "warehouse",
            "state",
            "ship_by",
            "recipient",
            "goods",
            "picking_at",
            "picked_at",
            "packed_at",
            "estimated_weight_g",
            "measured_weight_g",
            "weight_stops",
            "wave",
            "length_mm",
            "width_mm",
            "height_mm",
            "checked_at",
            "sealed_at",
            "handed_over_at",
            "delivered_at",
            "cancelled_at",
        )
        read_only_fields = fields


class ScanIn(StrictSerializer):
    """What the scanner read; ``code`` is the GTIN or SKU on the goods, ``serial`` the number of the one unit, if it has one."""

    code = StrictTextField(max_length=80)
    lot_number = StrictTextField(max_length=40)
    quantity = QuantityField()
    serial = StrictTextField(max_length=40, required=False)


class ScanAtStationIn(ScanIn):
    """With ``closes`` the scan that makes the parcel whole closes it; it is weighed afterwards."""

    closes = StrictBooleanField(required=False, default=False)


class PackIn(StrictSerializer):
    """A parcel to close; ``scans`` adds to what was scanned before. Weight in grams, lengths in millimetres."""

    scans = ScanIn(many=True, max_length=MOST_SCANS, required=False, allow_empty=True)  # type: ignore[call-arg]  # goes to the list
    measured_weight_g = QuantityField(most=1_000_000)
    length_mm = QuantityField(most=5_000, required=False, allow_null=True)
    width_mm = QuantityField(most=5_000, required=False, allow_null=True)
    height_mm = QuantityField(most=5_000, required=False, allow_null=True)


class OtherLotIn(StrictSerializer):
    """Instead of which allocation which lot; without a quantity all of it. A lot that expires later needs a reason."""

    allocation = StrictIntegerField()
    lot = StrictIntegerField()
    quantity = QuantityField(required=False)
    reason = StrictChoiceField(choices=[reason for reason, _label in SWAP_REASONS], required=False)


class ReasonIn(StrictSerializer):
    reason = StrictTextField(max_length=200)


class WeighIn(StrictSerializer):
    """A closed parcel on the scale, in grams."""

    measured_weight_g = QuantityField(most=1_000_000)


class AcceptWeightIn(StrictSerializer):
    """Why a weight is right after all; with what somebody else measured, if it was the scale."""

    reason = StrictTextField(max_length=200)
    measured_weight_g = QuantityField(most=1_000_000, required=False, allow_null=True)


class RecordIn(StrictSerializer):
    """Photographs of packing (files of the warehouse), or where its film lies."""

    photos = VisibleListField(StoredFile, most=MOST_PHOTOS, required=False)
    video_reference = StrictTextField(max_length=200, allow_blank=True, required=False, default="")


class RecordOut(ShownRow[PackingRecord]):
    class Meta:
        model = PackingRecord
        fields = ("id", "file", "video_reference", "kept_until_date", "recorded_at")
        read_only_fields = fields


class RecordsOut(serializers.Serializer[Any]):
    """What is kept with a parcel now."""

    records = RecordOut(many=True)
