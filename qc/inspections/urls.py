from django.urls import path

from qc.inspections import views

app_name = "inspections"
urlpatterns = [
    path("", views.inspection_list, name="list"),
    path("of-lot/<int:pk>/", views.of_lot, name="of-lot"),
    path("<int:pk>/", views.show, name="show"),
    path("<int:pk>/claim/", views.claim, name="claim"),
    path("<int:pk>/give-back/", views.give_back, name="give-back"),
    path("<int:pk>/work/", views.work, name="work"),
    path("<int:pk>/record/", views.record, name="record"),
    path("<int:pk>/points/", views.points, name="points"),
    path("<int:pk>/take-back/", views.take_back, name="take-back"),
]
