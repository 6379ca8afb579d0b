"""This floor's tables by name, for Django; code imports them from their packages."""

from logistics.couriers.models import CourierService, Origin, PriceBand, PriceVersion
from logistics.dispatch.models import HandOver, Manifest, Waybill
from logistics.tracking.models import DeliveredGoods, DeliveryDay, TrackingEvent

__all__ = [
    "CourierService",
    "DeliveredGoods",
    "DeliveryDay",
    "HandOver",
    "Manifest",
    "Origin",
    "PriceBand",
    "PriceVersion",
    "TrackingEvent",
    "Waybill",
]
