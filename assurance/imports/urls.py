from django.urls import path

from assurance.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("template/", views.template, name="template"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/import/", views.bring_in, name="bring-in"),
    path("<int:pk>/check/", views.check_again, name="check-again"),
]
