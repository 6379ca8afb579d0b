from django.urls import path

from warehouse.stock.views import bins, lots

app_name = "stock"
urlpatterns = [
    path("", lots.lot_list, name="list"),
    path("<int:pk>/", lots.show, name="show"),
    path("<int:pk>/place/", lots.place, name="place"),
    path("<int:pk>/hold/", lots.hold, name="hold"),
    path("<int:pk>/recall/", lots.recall, name="recall"),
    path("<int:pk>/let-go/", lots.let_go, name="let-go"),
    path("bins/", bins.bin_list, name="bins"),
]
