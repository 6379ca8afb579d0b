"""The log in public: its key, its signed heads, a page that checks proofs without us; and what a product's chain holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from assurance.evidence import queries, signing
from assurance.evidence.models import Checkpoint
from assurance.evidence.wording import Told, is_daily, told
from assurance.products.queries import find
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn

TEXT = "text/plain; charset=utf-8"


@require_GET
@transaction.non_atomic_requests
def key(request: SignedIn) -> HttpResponse:
    """Publish the key that signs the log, in the form that verifiers of signed notes read."""
    return HttpResponse(f"{_key()}\n", content_type=TEXT)


@never_cache
@require_GET
@transaction.non_atomic_requests
def checkpoint(request: SignedIn, size: int | None = None) -> HttpResponse:
    """Publish the newest signed head of the log, or the one over that many entries."""
    found = queries.newest_checkpoint() if size is None else Checkpoint.objects.visible_to(request.user).filter(size=size).first()
    if found is None:
        raise Http404
    return HttpResponse(found.note, content_type=TEXT)


@require_GET
def log(request: SignedIn) -> HttpResponse:
    """Show how long the log is, its newest signature, and all signatures before."""
    page = page_of(request, Checkpoint.objects.visible_to(request.user).order_by("-number"), size=20)
    context = {
        "page": page,
        "newest": queries.newest_checkpoint(),
        "size": queries.size_of_log(),
        "key": _key(),
        "check": queries.last_check(),
        "origin": settings.CHECKPOINT_ORIGIN,
    }
    return render(request, "evidence/log.html", context)


@require_GET
@transaction.non_atomic_requests
def check(request: SignedIn) -> HttpResponse:
    """Let anybody check a badge's bundle or two signed heads, in the browser and without the network."""
    return render(request, "evidence/check.html")


@require_GET
@transaction.non_atomic_requests
def check_alone(request: SignedIn) -> HttpResponse:
    """Give the checking page out as one file that can be kept and opened anywhere."""
    found = finders.find("wuyou/js/check.js") or str(Path(settings.STATIC_ROOT) / "wuyou/js/check.js")
    page = render_to_string("evidence/check_alone.html", {"script": Path(str(found)).read_text(encoding="utf-8")}, request)
    return HttpResponse(page, headers={"Content-Disposition": 'attachment; filename="wuyou-log-check.html"'})


@require_GET
def of_product(request: SignedIn, pk: int) -> HttpResponse:
    """Show what was decided about a product, newest first, each with its place in the log."""
    product = get_object_or_404(find(request.user), pk=pk)
    steps = list(reversed(queries.timeline_of(product.pk, request.user)))
    shown: dict[bool, list[tuple[queries.Step, Told]]] = {False: [], True: []}
    for step in steps:
        shown[is_daily(step.says)].append((step, told(step.kind, step.says)))
    context = {"product": product, "steps": shown[False], "daily": shown[True], "newest": queries.newest_checkpoint()}
    return render(request, "evidence/of_product.html", context)


@never_cache
@require_GET
def bundle_of_product(request: SignedIn, pk: int) -> JsonResponse:
    """Give the merchant his product's whole chain, with every body, as a bundle."""
    product = get_object_or_404(find(request.user), pk=pk)
    bundle = queries.bundle_for(product.pk, is_whole=True)
    return JsonResponse(bundle, headers={"Content-Disposition": f'attachment; filename="product-{product.pk}-evidence.json"'})


def _key() -> str:
    return str(signing.verifier_key(signing.signing_key(), settings.CHECKPOINT_ORIGIN))
