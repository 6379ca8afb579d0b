from django.urls import path

from logistics.tracking import views

app_name = "tracking"
urlpatterns = [
    path("", views.waybill_list, name="list"),
    path("scan/", views.scan, name="scan"),
    path("<int:pk>/", views.show, name="show"),
]
