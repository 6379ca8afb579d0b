"""Every address of the platform; each package brings its own."""

from django.conf import settings
from django.urls import include, path

from assurance import back_office, views

handler400 = "assurance.web.views.bad_request"
handler403 = "assurance.web.views.forbidden"
handler404 = "assurance.web.views.not_found"
handler429 = "assurance.accounts.views.entrance.slow_down"
handler500 = "assurance.web.views.server_error"

urlpatterns = [
    path("api/v1/", include("assurance.api_urls", namespace="api")),
    path("", views.home, name="home"),
    path("healthz", views.health, name="health"),
    path("language/", views.set_language, name="set-language"),
    path("guide/<str:page>/", views.guide, name="guide"),
    path("", include("assurance.accounts.urls")),
    path("", include("assurance.badges.urls")),
    path("catalogue/", include("assurance.catalog.urls")),
    path("claims/", include("assurance.claims.urls")),
    path("", include("assurance.events.urls")),
    path("", include("assurance.evidence.urls")),
    path("categories/", include("assurance.categories.urls")),
    path("enrolments/", include("assurance.enrollment.urls")),
    path("certificates/", include("assurance.certificates.urls")),
    path("files/", include("assurance.files.urls")),
    path("fees/", include("assurance.fees.urls")),
    path("qualification/", include("assurance.qualification.urls")),
    path("products/files/", include("assurance.imports.urls")),
    path("products/", include("assurance.products.urls")),
    path("notices/", include("assurance.notices.urls")),
    path("runs/", include("assurance.runs.urls")),
    # the floors above, by name: no import leads up
    path("", include("warehouse.urls")),
    path("", include("qc.urls")),
    path("", include("logistics.urls")),
    path("", include("aftersales.urls")),
    path("replay/", include("demo.replay.urls")),
    path(settings.ADMIN_PATH, back_office.site.urls),
]
