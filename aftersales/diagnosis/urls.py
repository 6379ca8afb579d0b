from django.urls import path

from aftersales.diagnosis import views

app_name = "diagnosis"
urlpatterns = [path("cases/<int:pk>/causes/", views.of_case, name="of-case")]
