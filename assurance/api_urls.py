"""Every address of the API, under /api/v1/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularSwaggerSplitView

from assurance.web.description import DescriptionView
from assurance.web.routes import by_first_step

app_name = "api"
urlpatterns = by_first_step(
    [
        path("", include("assurance.accounts.api.urls")),
        path("", include("assurance.badges.api.urls")),
        path("", include("assurance.catalog.api.urls")),
        path("", include("assurance.categories.api.urls")),
        path("", include("assurance.claims.api.urls")),
        path("", include("assurance.certificates.api.urls")),
        path("", include("assurance.enrollment.api.urls")),
        path("", include("assurance.events.api.urls")),
        path("", include("assurance.evidence.api.urls")),
        path("", include("assurance.fees.api.urls")),
        path("", include("assurance.qualification.api.urls")),
        path("", include("assurance.files.api.urls")),
        path("", include("assurance.notices.api.urls")),
        path("", include("assurance.imports.api.urls")),
        path("", include("assurance.products.api.urls")),
        path("", include("assurance.runs.api.urls")),
        path("schema/", DescriptionView.as_view(), name="schema"),
        path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
        # the floors above, by name: no import leads up
        path("", include("warehouse.api_urls")),
        path("", include("qc.api_urls")),
        path("", include("logistics.api_urls")),
        path("", include("aftersales.api_urls")),
    ]
)
