from django.urls import path

from assurance.events import views

app_name = "events"
urlpatterns = [
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/<int:pk>/restart/", views.restart, name="restart-job"),
    path("trail/", views.trail, name="trail"),
]
