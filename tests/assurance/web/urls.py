"""Pages and addresses that refuse in every way there is."""

from __future__ import annotations

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from assurance.accounts.models import Organisation
from assurance.refusals import OwnWork, Refused, WrongState
from assurance.roles import Kind
from assurance.urls import handler400, handler403, handler404, handler500
from assurance.urls import urlpatterns as platform
from tests import factories
from tests.hostile.urls import router

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


class NotReadable(Refused):
    code = "not_readable"
    status = 422
    message = _("Not accepted")


def refuse(request: HttpRequest) -> HttpResponse:
    """Write something, then refuse: what was written must be gone."""
    factories.organisation(Kind.MERCHANT, code="REFUSED")
    raise WrongState(state="approved")


def refuse_file(request: HttpRequest) -> HttpResponse:
    raise NotReadable


def refuse_own_work(request: HttpRequest) -> HttpResponse:
    raise OwnWork


def break_constraint(request: HttpRequest) -> HttpResponse:
    first = factories.organisation(Kind.MERCHANT)
    factories.organisation(Kind.MERCHANT, code=first.code)
    return HttpResponse()


def take_too_long(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 10; SELECT pg_sleep(1)")
    return HttpResponse()


def fail(request: HttpRequest) -> HttpResponse:
    raise KeyError("a secret of ours")


def missing(request: HttpRequest) -> HttpResponse:
    raise Http404("a secret of ours")


@require_POST
def post(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Organisation.objects.count()), content_type="text/plain")


urlpatterns = [
    path("refuse", refuse, name="test-refuse"),
    path("refuse-file", refuse_file, name="test-refuse-file"),
    path("refuse-own-work", refuse_own_work, name="test-refuse-own-work"),
    path("break-constraint", break_constraint, name="test-break-constraint"),
    path("take-too-long", take_too_long, name="test-take-too-long"),
    path("fail", fail, name="test-fail"),
    path("missing", missing, name="test-missing"),
    path("post", post, name="test-post"),
    path("api/plain/refuse", refuse),
    path("api/plain/fail", fail),
    path("api/plain/post", post),
    path("api/plain/break-constraint", break_constraint),
    path("api/v1/sample/", include((router.urls, "sample"))),
    *platform,
]
