"""The floor under ours: the same rows through Django and DRF with nothing around them (no middleware, sign-in, permission, audit)."""

from __future__ import annotations

import os
import sys
import types
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ROWS = """<!doctype html><html><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1><table>
{% for p in rows %}<tr><td><a href="/p/{{ p.id }}">{{ p.sku }}</a></td><td>{{ p.name }}</td><td>{{ p.gtin }}</td>
<td>{{ p.price|floatformat:2 }}</td><td>{{ p.category.name_zh }}</td><td>{{ p.created_at|date:"Y-m-d H:i" }}</td></tr>
{% endfor %}</table></body></html>"""
BADGE = """<!doctype html><html><head><title>{{ b.code }}</title></head><body><h1>{{ b.product.name }}</h1><dl>
<dt>lot</dt><dd>{{ b.lot_number }}</dd><dt>until</dt><dd>{{ b.valid_until|date:"Y-m-d" }}</dd><dt>by</dt><dd>{{ b.merchant.name }}</dd>
<dt>units</dt><dd>{{ b.inspected }}</dd><dt>stop</dt><dd>{{ stop }}</dd></dl>{{ filler|safe }}</body></html>"""
STILL = """<!doctype html><html><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>{{ filler|safe }}</body></html>"""


def application() -> Any:
    """Return the bare WSGI application. ``BENCH_HOME_BYTES`` and ``BENCH_VERIFY_BYTES`` make its pages as large as ours."""
    import django
    from django.conf import settings

    url = urlsplit(os.environ["DATABASE_URL"])
    settings.configure(
        DEBUG=False,
        SECRET_KEY="x" * 50,
        ALLOWED_HOSTS=["*"],
        USE_TZ=True,
        ROOT_URLCONF="benchmarks_bare",
        AUTH_USER_MODEL="assurance.User",
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "rest_framework",
            "benchmarks.bare_apps.Assurance",
            "benchmarks.bare_apps.Warehouse",
            "benchmarks.bare_apps.Qc",
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": url.path[1:],
                "USER": url.username,
                "PASSWORD": url.password,
                "HOST": url.hostname,
                "PORT": str(url.port),
                "CONN_MAX_AGE": None,
            }
        },
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [("django.template.loaders.locmem.Loader", {"rows.html": ROWS, "badge.html": BADGE, "still.html": STILL})],
                        )
                    ]
                },
            }
        ],
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [],
            "DEFAULT_PERMISSION_CLASSES": [],
            "UNAUTHENTICATED_USER": None,
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        },
    )
    routes = types.ModuleType("benchmarks_bare")
    sys.modules["benchmarks_bare"] = routes
    django.setup()
    routes.urlpatterns = patterns()  # type: ignore[attr-defined]
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def patterns() -> list[Any]:
    """The bare views: the queries, one template or serializer."""
    from django.db import connection
    from django.db.models import Q
    from django.shortcuts import render
    from django.urls import path
    from django.utils import timezone
    from rest_framework import generics, serializers

    from assurance.badges.judging import OF_PRODUCT
    from assurance.badges.models import Badge, Tag
    from assurance.badges.reading import STATEMENT
    from assurance.claims.models import Claim
    from assurance.evidence.models import Checkpoint, EvidenceEntry, LogPlace
    from assurance.gates.models import Stop
    from assurance.products.models import Product
    from warehouse.inbound.models import ShipmentNotice

    statement = STATEMENT.sql.replace("%", "%%").replace("$1", "%(code)s").replace("$2", "%(at)s")
    home_filler = "x" * int(os.environ.get("BENCH_HOME_BYTES", "0"))
    verify_filler = "x" * int(os.environ.get("BENCH_VERIFY_BYTES", "0"))

    class Out(serializers.ModelSerializer[Product]):
        class Meta:
            model = Product
            fields = ("id", "sku", "name", "gtin", "category", "price", "net_weight_g", "shelf_life_days", "created_at")

    class In(serializers.ModelSerializer[ShipmentNotice]):
        class Meta:
            model = ShipmentNotice
            fields = ("merchant", "warehouse", "reference", "expected_date", "created_by", "created_at")
            validators: ClassVar[list[Any]] = []

    def rows(request: HttpRequest) -> Any:
        return Product.objects.filter(merchant_id=int(request.GET["m"])).order_by("-id")[:24]

    def home(request: HttpRequest) -> HttpResponse:
        return render(request, "still.html", {"title": "Home", "filler": home_filler})

    def badge(request: HttpRequest, code: str) -> HttpResponse:
        """The page's queries as one writes them: the badge with what it refers to, tag, stop, newest checkpoint, story, places, claims."""
        found = Badge.objects.select_related("product__category", "merchant", "warehouse", "enrolment").get(code=code)
        tag = Tag.objects.filter(product_id=found.product_id).first()
        stop = Stop.objects.filter(merchant_id=found.merchant_id, lifted_at=None).order_by("opened_at", "id").first()
        about = Q(lot_id=found.lot_id) | Q(product_id=found.product_id, lot_id=None, kind__in=OF_PRODUCT)
        story = list(EvidenceEntry.objects.filter(about).order_by("recorded_at", "id"))
        places = list(LogPlace.objects.filter(source="evidence", source_id__in=[entry.pk for entry in story]))
        head = Checkpoint.objects.order_by("-number").first()
        claims = Claim.objects.filter(product_id=found.product_id).exists()
        known = {"b": found, "tag": tag, "stop": stop, "story": story, "places": places, "head": head, "claims": claims}
        return render(request, "badge.html", known | {"filler": verify_filler})

    def badge_row(request: HttpRequest, code: str) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"code": code, "at": timezone.now()})
            row = cursor.fetchone()
        return render(request, "still.html", {"title": row[0][:40], "filler": verify_filler})

    def page(request: HttpRequest) -> HttpResponse:
        return render(request, "rows.html", {"title": "Products", "rows": rows(request).select_related("category")})

    class Listed(generics.ListAPIView):
        serializer_class = Out

        def get_queryset(self) -> Any:
            return rows(self.request)

    class Created(generics.CreateAPIView):
        serializer_class = In
        queryset = ShipmentNotice.objects.all()

    return [
        path("home", home),
        path("verify/<str:code>/", badge),
        path("row/<str:code>/", badge_row),
        path("page", page),
        path("list", Listed.as_view()),
        path("create", Created.as_view()),
    ]
