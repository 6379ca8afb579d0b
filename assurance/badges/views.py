"""The public verification page, and the merchant's list of badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from assurance.badges import actions, queries
from assurance.badges.credential import MEDIA_TYPE, public_key
from assurance.badges.forms import CodeForm, FilterForm, RevokeForm
from assurance.badges.models import Badge
from assurance.badges.presenting import credential_of
from assurance.evidence.signing import signing_key
from assurance.files.views import download
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from assurance.accounts.types import SignedIn


@require_GET
def ask(request: SignedIn) -> HttpResponse:
    """Let a buyer type the code of a badge."""
    if "code" not in request.GET:
        return render(request, "badges/ask.html", {"form": CodeForm()})
    form = CodeForm(request.GET)
    if not form.is_valid():
        return render(request, "badges/ask.html", {"form": form}, status=422)
    return HttpResponseRedirect(reverse("badges:verify", args=[form.cleaned_data["code"]]))


@never_cache
@require_GET
@transaction.non_atomic_requests
def verify(request: SignedIn, code: str) -> HttpResponse:
    """Say whether a badge is valid now, what was checked, and what that does not prove. An unknown code is a 404 page of its own."""
    found = queries.verify(code, at=timezone.now())
    if found.badge is None:
        return render(request, "badges/verify.html", {"found": found}, status=404)
    return render(request, "badges/verify.html", {"found": found, "proof": queries.proof_of(found.badge)})


@never_cache
@require_GET
@transaction.non_atomic_requests
def credential(request: SignedIn, code: str) -> HttpResponse:
    """Give the badge out as a signed credential, with its state in this very moment. An unknown code is not found."""
    found = queries.verify(code, at=timezone.now())
    if found.badge is None:
        raise Http404
    return HttpResponse(credential_of(found), content_type=MEDIA_TYPE)


@require_GET
@transaction.non_atomic_requests
def keys(request: SignedIn) -> JsonResponse:
    """Publish the key that signs credentials and checkpoints."""
    return JsonResponse({"keys": [public_key(signing_key().public_key().public_bytes_raw())]})


@require_GET
def picture(request: SignedIn, code: str) -> HttpResponseBase:
    """Show the product as it was reviewed; 404 without a picture."""
    found = queries.picture_of(code)
    if found is None:
        raise Http404
    return download(request, found)


@require_GET
def square_code(request: SignedIn, code: str) -> HttpResponse:
    """Draw the square code that opens the verification page; it proves nothing by itself."""
    address = settings.PUBLIC_URL + reverse("badges:verify", args=[code])
    picture = segno.make_qr(address, error="m").svg_inline(scale=4, border=4, dark="#17202c", light="#fff")
    return HttpResponse(picture, content_type="image/svg+xml")


@require_GET
def badge_list(request: SignedIn) -> HttpResponse:
    """List the merchant's badges with their state at this moment."""
    now, form = timezone.now(), FilterForm(request.GET)
    status = request.GET.get("status", "")
    if status not in queries.TABS:
        raise Http404
    q = form.cleaned_data["q"] if form.is_valid() else ""
    page = page_of(request, queries.find(request.user, status=status, q=q, at=now))
    context = {
        "page": page,
        "found": queries.judge_all(list(page.object_list), at=now),
        "form": form,
        "status": status,
        "tabs": queries.TABS,
    }
    return render(request, "badges/_badge_rows.html" if request.htmx else "badges/badge_list.html", context)


@require_http_methods(["GET", "POST"])
def revoke(request: SignedIn, pk: int) -> HttpResponse:
    """Withdraw a badge for good, with a reason that everybody will read."""
    badge = get_object_or_404(Badge.objects.visible_to(request.user).select_related("product"), pk=pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.revoke(badge_id=badge.pk, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        return HttpResponseRedirect(reverse("badges:verify", args=[badge.code]))
    return render(request, "badges/revoke.html", {"badge": badge, "form": form}, status=422 if form.is_bound else 200)
