"""This floor's part of the API."""

from rest_framework.routers import SimpleRouter

from logistics.couriers.api.views import ServiceViews
from logistics.dispatch.api.views import WaybillViews
from logistics.tracking.api.views import CourierEventViews

router = SimpleRouter(use_regex_path=True)
router.register("courier-services", ServiceViews, basename="courier-service")
router.register("waybills", WaybillViews, basename="waybill")
router.register("courier-events", CourierEventViews, basename="courier-event")
urlpatterns = router.urls
