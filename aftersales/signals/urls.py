from django.urls import path

from aftersales.signals import views

app_name = "signals"
urlpatterns = [
    path("rules/", views.rule_list, name="list"),
    path("rules/<slug:rule>/", views.switch, name="switch"),
]
