from django.urls import include, path

urlpatterns = [
    path("shipments/", include("warehouse.inbound.urls")),
    path("lots/", include("warehouse.stock.urls")),
    path("returns/", include("warehouse.returns.urls")),
    path("", include("warehouse.orders.urls")),
]
