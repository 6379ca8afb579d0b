"""This floor's tables by name, for Django; code imports them from their packages."""

from warehouse.inbound.models import Booking, Discrepancy, Receipt, ShipmentLine, ShipmentNotice, Slot
from warehouse.orders.models import Allocation, Order, OrderLine, PackingRecord, Parcel, ParcelItem, Recipient, Wave, WeightDeviation
from warehouse.returns.models import ReturnParcel, ReturnPhoto, ReturnUnit
from warehouse.stock.models import Bin, BinBalance, BinMove, CountLine, CycleCount, EndingLot, LifeRule, Lot, StockBalance, StockMove

__all__ = [
    "Allocation",
    "Bin",
    "BinBalance",
    "BinMove",
    "Booking",
    "CountLine",
    "CycleCount",
    "Discrepancy",
    "EndingLot",
    "LifeRule",
    "Lot",
    "Order",
    "OrderLine",
    "PackingRecord",
    "Parcel",
    "ParcelItem",
    "Receipt",
    "Recipient",
    "ReturnParcel",
    "ReturnPhoto",
    "ReturnUnit",
    "ShipmentLine",
    "ShipmentNotice",
    "Slot",
    "StockBalance",
    "StockMove",
    "Wave",
    "WeightDeviation",
]
