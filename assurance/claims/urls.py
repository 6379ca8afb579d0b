from django.urls import path

from assurance.claims import views

app_name = "claims"
urlpatterns = [
    path("product/<int:pk>/", views.of_product, name="of-product"),
    path("product/<int:pk>/new/", views.create, name="create"),
    path("product/<int:pk>/check/", views.check, name="check"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/attach/", views.attach, name="attach"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/find/", views.find, name="find"),
    path("evidence/<int:pk>/retract/", views.retract, name="retract"),
]
