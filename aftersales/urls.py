from django.urls import include, path

urlpatterns = [
    path("", include("aftersales.cases.urls")),
    path("", include("aftersales.signals.urls")),
    path("", include("aftersales.diagnosis.urls")),
]
