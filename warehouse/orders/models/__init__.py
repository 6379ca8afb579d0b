"""Orders and their parcels (``orders``), and what the floor writes down beside them (``floor``)."""

from warehouse.orders.models.floor import WAVE_STATES, PackingRecord, Wave, WeightDeviation
from warehouse.orders.models.orders import (
    ALLOCATION_STATES,
    ORDER_STATES,
    PARCEL_STATES,
    Allocation,
    Order,
    OrderLine,
    OrderQuerySet,
    Parcel,
    ParcelItem,
    ParcelQuerySet,
    Recipient,
)

__all__ = [
    "ALLOCATION_STATES",
    "ORDER_STATES",
    "PARCEL_STATES",
    "WAVE_STATES",
    "Allocation",
    "Order",
    "OrderLine",
    "OrderQuerySet",
    "PackingRecord",
    "Parcel",
    "ParcelItem",
    "ParcelQuerySet",
    "Recipient",
    "Wave",
    "WeightDeviation",
]
