"""Orders (``orders``), what is promised to them and their parcels (``parcels``), and what the floor writes down beside them (``floor``)."""

from warehouse.orders.models.floor import WAVE_STATES, PackingRecord, Wave, WeightDeviation
from warehouse.orders.models.orders import ORDER_STATES, Order, OrderLine, OrderQuerySet, Recipient
from warehouse.orders.models.parcels import (
    ALLOCATION_STATES,
    PARCEL_STATES,
    Allocation,
    Parcel,
    ParcelItem,
    ParcelQuerySet,
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
