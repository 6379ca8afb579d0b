from django.urls import path

from logistics.couriers import views

app_name = "couriers"
urlpatterns = [
    path("", views.service_list, name="list"),
    path("new/", views.create, name="create"),
    path("origin/", views.origin, name="origin"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/terms/", views.terms, name="terms"),
    path("<int:pk>/prices/", views.prices, name="prices"),
]
