from django.urls import path

from assurance.categories import views

app_name = "categories"
urlpatterns = [
    path("", views.category_list, name="list"),
    path("versions/<int:pk>/", views.version, name="version"),
    path("versions/<int:pk>/edit/", views.redraft, name="redraft"),
    path("versions/<int:pk>/activate/", views.activate, name="activate"),
    path("versions/<int:pk>/discard/", views.discard, name="discard"),
    path("<slug:code>/", views.show, name="show"),
    path("<slug:code>/draft/", views.draft, name="draft"),
]
