from django.urls import path

from assurance.files import views

app_name = "files"
urlpatterns = [path("<int:pk>/", views.show, name="show")]
