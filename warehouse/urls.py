from django.urls import include, path

urlpatterns = [
    path("shipments/", include("warehouse.inbound.urls")),
    path("lots/", include("warehouse.stock.urls")),
    path("", include("warehouse.orders.urls")),
]
