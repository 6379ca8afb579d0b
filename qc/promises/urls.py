from django.urls import path

from qc.promises import views

app_name = "promises"
urlpatterns = [
    path("", views.report, name="report"),
    path("of-notice/<int:pk>/", views.of_notice, name="of-notice"),
]
