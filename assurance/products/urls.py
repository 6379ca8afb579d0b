from django.urls import path

from assurance.products import views

app_name = "products"
urlpatterns = [
    path("", views.product_list, name="list"),
    path("export/", views.start_export, name="export"),
    path("new/", views.create, name="create"),
    path("new/draft/", views.keep_draft, name="keep-new-draft"),
    path("new/draft/drop/", views.drop_draft, name="drop-new-draft"),
    path("<int:pk>/draft/", views.keep_draft, name="keep-draft"),
    path("<int:pk>/draft/drop/", views.drop_draft, name="drop-draft"),
    path("new/gtin/", views.gtin, name="gtin"),
    path("new/attributes/", views.attributes, name="attributes"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/edit/", views.edit, name="edit"),
]
