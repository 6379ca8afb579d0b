from django.urls import include, path

urlpatterns = [
    path("inspections/", include("qc.inspections.urls")),
    path("labs/", include("qc.labs.urls")),
    path("non-conformances/", include("qc.nonconformance.urls")),
    path("quality/", include("qc.quality.urls")),
    path("checks/", include("qc.checks.urls")),
    path("promises/", include("qc.promises.urls")),
    path("returned/", include("qc.returned.urls")),
]
