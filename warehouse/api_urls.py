"""This floor's part of the API."""

from rest_framework.routers import SimpleRouter

from warehouse.inbound.api.views import DiscrepancyViews, ShipmentViews, SlotViews, WarehouseViews
from warehouse.orders.api.views import OrderViews, ParcelViews
from warehouse.orders.api.waves import WaveViews
from warehouse.returns.api.views import ReturnViews
from warehouse.stock.api.views import BinViews, CountViews, EndingViews, LifeRuleViews, LotViews

router = SimpleRouter(use_regex_path=True)
router.register("shipments", ShipmentViews, basename="shipment")
router.register("discrepancies", DiscrepancyViews, basename="discrepancy")
router.register("slots", SlotViews, basename="slot")
router.register("warehouses", WarehouseViews, basename="warehouse")
router.register("lots", LotViews, basename="lot")
router.register("bins", BinViews, basename="bin")
router.register("counts", CountViews, basename="count")
router.register("lots-near-their-end", EndingViews, basename="ending-lot")
router.register("remaining-life", LifeRuleViews, basename="life-rule")
router.register("orders", OrderViews, basename="order")
router.register("parcels", ParcelViews, basename="parcel")
router.register("waves", WaveViews, basename="wave")
router.register("returns", ReturnViews, basename="return")
urlpatterns = router.urls
