from django.urls import path

from assurance.products import views

app_name = "products"
urlpatterns = [
    path("", views.product_list, name="list"),
    path("export/", views.start_export, name="export"),
    path("new/", views.create, name="create"),
    path("new/attributes/", views.attributes, name="attributes"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/edit/", views.edit, name="edit"),
]
