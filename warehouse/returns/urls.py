from django.urls import path

from warehouse.returns import views

app_name = "returns"
urlpatterns = [
    path("", views.return_list, name="list"),
    path("desk/", views.station, name="station"),
    path("desk/<int:pk>/", views.receive, name="receive"),
    path("unidentified/", views.unidentified, name="unidentified"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/match/", views.match, name="match"),
]
