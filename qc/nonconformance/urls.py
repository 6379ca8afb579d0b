from django.urls import path

from qc.nonconformance import views

app_name = "nonconformance"
urlpatterns = [
    path("", views.non_conformance_list, name="list"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/request/", views.request_disposition, name="request"),
    path("decisions/<int:pk>/decide/", views.decide, name="decide"),
    path("decisions/<int:pk>/carry-out/", views.carry_out, name="carry-out"),
]
