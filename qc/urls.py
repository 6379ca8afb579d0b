from django.urls import include, path

urlpatterns = [path("inspections/", include("qc.inspections.urls"))]
