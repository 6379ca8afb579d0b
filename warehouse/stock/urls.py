from django.urls import path

from warehouse.stock import views

app_name = "stock"
urlpatterns = [
    path("", views.lot_list, name="list"),
    path("<int:pk>/", views.show, name="show"),
]
