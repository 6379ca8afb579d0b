from django.urls import include, path

urlpatterns = [
    path("couriers/", include("logistics.couriers.urls")),
    path("dispatch/", include("logistics.dispatch.urls")),
    path("waybills/", include("logistics.tracking.urls")),
]
