from django.urls import path

from warehouse.inbound import views

app_name = "inbound"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("new/", views.create, name="create"),
    path("of-lot/<int:pk>/", views.of_lot, name="of-lot"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/receive/", views.receive, name="receive"),
    path("<int:pk>/close/", views.close, name="close"),
]
