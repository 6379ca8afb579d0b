"""The public verification page, and the merchant's list of badges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import segno
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET, require_http_methods

from assurance.badges import actions, gathering, gs1, guessing, queries
from assurance.badges.credential import MEDIA_TYPE, public_key
from assurance.badges.forms import CodeForm, FilterForm, FoundOn, ReasonForm, RevokeForm
from assurance.badges.models import Badge
from assurance.badges.presenting import credential_of, embed_code, gs1_link, oembed_of, status_list_of
from assurance.badges.reading import look
from assurance.badges.status_list import Purpose
from assurance.badges.wording import unproven
from assurance.evidence.checkpoint import format_moment
from assurance.evidence.queries import bundle_for
from assurance.evidence.signing import signing_key
from assurance.files.views import download
from assurance.web import compiled
from assurance.web.frames import framed
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from assurance.accounts.types import SignedIn
    from assurance.badges.judging import Verification
    from assurance.badges.models import Tag

COLOURS: Final = {"pass": "#0b6b4f", "stop": "#9a4a00", "gone": "#5b6472", "fail": "#b42318", "wait": "#5b6472"}
KEPT_BY_NOBODY: Final = "max-age=0, no-cache, no-store, must-revalidate, private"
"""What ``never_cache`` says, for the page that is asked for most: working it out anew takes a fortieth of the answer."""
EMBED_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@require_GET
def ask(request: SignedIn) -> HttpResponse:
    """Let a buyer type the code of a badge."""
    if "code" not in request.GET:
        return render(request, "badges/ask.html", {"form": CodeForm()})
    form = CodeForm(request.GET)
    if not form.is_valid():
        return render(request, "badges/ask.html", {"form": form}, status=422)
    return HttpResponseRedirect(reverse("badges:verify", args=[form.cleaned_data["code"]]))


@require_GET
@transaction.non_atomic_requests
def verify(request: SignedIn, code: str) -> HttpResponse:
    """Say whether a badge is valid now, what was checked, and what that does not prove. An unknown code is a 404 page of its own."""
    seen = look(code, at=timezone.now(), asked=FoundOn(request.GET).asked() if request.GET else None)
    if seen.found.badge is None:
        tag = gathering.tag_of(code)
        response = group(request, tag) if tag else unknown(request, seen.found)
        response["Cache-Control"] = KEPT_BY_NOBODY
        return response
    content = compiled.rendered(
        "badges/verified.jinja",
        found=seen.found,
        badge=seen.found.badge,
        status=seen.found.validity.status,
        proof=seen.proof,
        claims=gathering.claims_of(seen.found.badge, at=seen.found.at) if seen.has_claims else [],
        unproven=unproven(seen.found.badge.product.category.code),
    )
    gaps = {
        "content": content,
        "found.word": seen.found.word,
        "found.badge.code": code,
        "found.badge.product.shown_name": seen.found.badge.product.shown_name,
    }
    response = framed(request, "badges/verify.html", gaps, {"found": seen.found, "content": content})
    response["Cache-Control"] = KEPT_BY_NOBODY
    return response


def unknown(request: HttpRequest, found: Verification) -> HttpResponse:
    """Answer for a code that is in no table; who asks for too many of them must wait."""
    if wait := guessing.wait(request):
        return HttpResponse(
            status=429, headers={"Retry-After": str(wait)}, content=gettext("Slow down."), content_type="text/plain; charset=utf-8"
        )
    return render(request, "badges/verify.html", {"found": found}, status=404)


def group(request: HttpRequest, tag: Tag) -> HttpResponse:
    """Show the badge of a product or of a whole shop."""
    shown = gathering.group_of(tag, at=timezone.now())
    return render(request, "badges/group.html", {"shown": shown, "tag": tag})


@never_cache
@require_GET
@transaction.non_atomic_requests
def digital_link(request: SignedIn, gtin: str, lot: str = "", code: str = "") -> HttpResponse:
    """Resolve a GS1 Digital Link: with a lot to the lot's page, without to the product's; several sellers are a choice."""
    if not gs1.is_gtin(gtin):
        return render(request, "badges/choice.html", {"gtin": gtin, "lot": lot, "is_wrong": True}, status=404)
    if code:
        query = urlencode({"gtin": gtin, "lot": lot} if lot else {"gtin": gtin})
        return HttpResponseRedirect(reverse("badges:verify", args=[code]) + "?" + query)
    found = gathering.under_gtin(gtin, lot=lot, at=timezone.now())
    if len(found) == 1:
        return HttpResponseRedirect(found[0].url)
    return render(request, "badges/choice.html", {"gtin": gtin, "lot": lot, "found": found}, status=200 if found else 404)


@never_cache
@require_GET
@transaction.non_atomic_requests
@xframe_options_exempt
def embed(request: SignedIn, code: str) -> HttpResponse:
    """Draw the badge as it is in this moment, for a shop's page. The picture itself proves nothing and says so."""
    found = queries.verify(code, at=timezone.now())
    address = settings.PUBLIC_URL + reverse("badges:verify", args=[code[:40]])
    square = segno.make_qr(address, error="m").svg_data_uri(scale=2, border=2, dark="#17202c", light="#fff")
    body = render_to_string(
        "badges/embed.svg",
        {
            "found": found,
            "square": square,
            "colour": COLOURS[found.tone],
            "stamp": f"{timezone.localtime(found.at):%Y-%m-%d %H:%M:%S} UTC+8",
            "note": gettext("Of that moment: scan to check"),
        },
    )
    status = 200 if found.badge else 404
    return HttpResponse(body, status=status, content_type="image/svg+xml", headers={"Content-Security-Policy": EMBED_POLICY})


@never_cache
@require_GET
def oembed(request: SignedIn) -> HttpResponse:
    """Tell a page that wants to show a badge how (oEmbed 1.0); 404 for anything that is no badge of ours."""
    if not request.GET.get("url"):
        return JsonResponse({"error": "url is missing"}, status=400)
    path = urlsplit(request.GET.get("url", "")).path
    parts = path.strip("/").split("/")
    found = queries.verify(parts[1], at=timezone.now()) if len(parts) == 2 and parts[0] == "verify" else None
    if found is None or found.badge is None:
        raise Http404
    return JsonResponse(oembed_of(found.badge))


@never_cache
@require_GET
@transaction.non_atomic_requests
def status_list(request: SignedIn, purpose: str, number: int) -> HttpResponse:
    """Give out which badges do not hold in this moment, as a signed status list (W3C Bitstring Status List)."""
    if purpose not in set(Purpose) or not gathering.has_list(number):
        raise Http404
    return HttpResponse(status_list_of(Purpose(purpose), number, at=timezone.now()), content_type=MEDIA_TYPE)


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


@never_cache
@require_GET
@transaction.non_atomic_requests
def bundle(request: SignedIn, code: str) -> JsonResponse:
    """Give everything out that is needed to check the badge without us: the product's chain, its place in the signed log, the state now."""
    found = queries.verify(code, at=timezone.now())
    if found.badge is None:
        raise Http404
    badge = found.badge
    said = {
        "code": badge.code,
        "lot_number": badge.lot_number,
        "status": str(found.validity.status),
        "valid_until": format_moment(badge.valid_until),
        "checked_at": format_moment(found.at),
    }
    made = bundle_for(badge.product_id, badge=said, lot_id=badge.lot_id)
    return JsonResponse(made, headers={"Content-Disposition": f'attachment; filename="{badge.code}.json"'})


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


@require_http_methods(["GET", "POST"])
def reissue(request: SignedIn, pk: int) -> HttpResponse:
    """Give a lot a new code; the old one says from then on that it was replaced."""
    badge = get_object_or_404(Badge.objects.visible_to(request.user).select_related("product"), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        new = actions.reissue(badge_id=badge.pk, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        return HttpResponseRedirect(reverse("badges:verify", args=[new.code]))
    return render(request, "badges/reissue.html", {"badge": badge, "form": form}, status=422 if form.is_bound else 200)


@require_GET
def snippet(request: SignedIn, pk: int) -> HttpResponse:
    """Give the merchant what he needs to show a badge in his shop: the live picture as a line of HTML, and the addresses."""
    badge = get_object_or_404(Badge.objects.visible_to(request.user).select_related("product", "merchant"), pk=pk)
    return render(request, "badges/snippet.html", {"badge": badge, "code": embed_code(badge), "link": gs1_link(badge)})
