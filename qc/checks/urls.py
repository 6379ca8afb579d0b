from django.urls import path

from qc.checks import views

app_name = "checks"
urlpatterns = [
    path("", views.check_list, name="list"),
    path("shares/", views.shares, name="shares"),
    path("station/", views.station, name="station"),
    path("station/<int:pk>/", views.work, name="work"),
    path("<int:pk>/", views.show, name="show"),
]
