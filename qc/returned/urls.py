from django.urls import path

from qc.returned import views

app_name = "returned"
urlpatterns = [
    path("", views.unit_list, name="list"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/inspect/", views.inspect, name="inspect"),
    path("<int:pk>/decide/", views.decide, name="decide"),
]
