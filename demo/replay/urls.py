from django.urls import path

from demo.replay import views

app_name = "replay"
urlpatterns = [
    path("", views.show, name="show"),
    path("start/", views.start, name="start"),
]
