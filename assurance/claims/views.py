"""The pages of claims: what is said of a product, what each claim is worth and why, what is put under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assurance.claims import actions, queries
from assurance.claims.forms import PAPERS, ClaimForm, EvidenceForm, FindingForm
from assurance.claims.kinds import Basis
from assurance.claims.models import Claim, ClaimEvidence
from assurance.files.actions import store
from assurance.products.models import Product
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.forms import Form

    from assurance.accounts.types import SignedIn
    from assurance.claims.queries import ClaimStanding, Flaw, Piece
    from assurance.files.models import StoredFile


@dataclass(frozen=True)
class Shown:
    """A claim as a page draws it: its worth, and its words with what the law does not let pass."""

    one: ClaimStanding
    flaws: Sequence[Flaw]
    pieces: Sequence[Piece]


@require_GET
def of_product(request: SignedIn, pk: int) -> HttpResponse:
    """Show what is said of a product: as a page, or inside the page of the product or of its review."""
    product = _product(request, pk)
    claims = queries.standing([product.pk], timezone.now()).get(product.pk, [])
    is_own = product.merchant_id == request.user.organisation_id
    context = {
        "product": product,
        "shown": [_shown(one, product) for one in claims],
        "may_add": is_own and not product.is_locked,
        "is_fragment": bool(request.htmx),
    }
    return render(request, "claims/_of_product.html" if request.htmx else "claims/of_product.html", context)


@require_http_methods(["GET", "POST"])
def create(request: SignedIn, pk: int) -> HttpResponse:
    """Say something of a product, word for word."""
    product = _product(request, pk)
    form = ClaimForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _form(request, product, form)
    try:
        claim = actions.make(actions.NewClaim(product.pk, **form.cleaned_data, actor=request.user, at=timezone.now()))
    except Refused as refused:
        form.add_refusal(refused)
        return _form(request, product, form)
    messages.success(request, _("Claim saved."))
    return HttpResponseRedirect(reverse("claims:show", args=[claim.pk]))


@require_POST
def check(request: SignedIn, pk: int) -> HttpResponse:
    """Say while it is typed what the law does not let pass in a claim."""
    product = _product(request, pk)
    form = ClaimForm(request.POST)
    form.is_valid()
    text = form.cleaned_data.get("text", "")
    flaws = queries.flaws(text, product.category)
    return render(request, "claims/_flaws.html", {"flaws": flaws, "pieces": queries.pieces(text, flaws), "text": text})


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one claim: what it is worth and why, its evidence, what was found about it."""
    return _page(request, _found(request, pk))


@require_POST
def attach(request: SignedIn, pk: int) -> HttpResponse:
    """Put a statement or a paper under a claim."""
    claim = _found(request, pk)
    form = EvidenceForm(request.POST, request.FILES, product_id=claim.product_id)
    if not form.is_valid():
        return _page(request, claim, evidence_form=form)
    given = form.cleaned_data
    try:
        file, certificate = _stored(request, form), given["certificate"] if given["basis"] == Basis.CERTIFICATE else None
        one = actions.Attached(claim.pk, given["basis"], given["words"], file, given["from_date"], given["until_date"], certificate)
        actions.attach(one, actor=request.user, at=timezone.now())
    except Refused as refused:
        form.add_refusal(refused)
        return _page(request, claim, evidence_form=form)
    return HttpResponseRedirect(reverse("claims:show", args=[claim.pk]))


@require_POST
def retract(request: SignedIn, pk: int) -> HttpResponse:
    """Take back evidence that was attached by mistake."""
    found = get_object_or_404(ClaimEvidence.objects.visible_to(request.user), pk=pk)
    actions.retract(evidence_id=found.pk, actor=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("claims:show", args=[found.claim_id]))


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Say it no longer."""
    claim = _found(request, pk)
    actions.withdraw(claim_id=claim.pk, actor=request.user, at=timezone.now())
    messages.success(request, _("Claim withdrawn."))
    return HttpResponseRedirect(reverse("products:show", args=[claim.product_id]))


@require_POST
def find(request: SignedIn, pk: int) -> HttpResponse:
    """Keep what was found about a claim."""
    claim = _found(request, pk)
    form = FindingForm(request.POST)
    if not form.is_valid():
        return _page(request, claim, finding_form=form)
    given = form.cleaned_data
    found_on = given.pop("found_date")
    try:
        actions.find(claim_id=claim.pk, found_on=found_on, **given, actor=request.user, at=timezone.now())
    except Refused as refused:
        form.add_refusal(refused)
        return _page(request, claim, finding_form=form)
    return HttpResponseRedirect(reverse("claims:show", args=[claim.pk]))


def _product(request: SignedIn, pk: int) -> Product:
    return get_object_or_404(Product.objects.visible_to(request.user).select_related("category__parent__parent"), pk=pk)


def _found(request: SignedIn, pk: int) -> Claim:
    return get_object_or_404(queries.find(request.user), pk=pk)


def _shown(one: ClaimStanding, product: Product) -> Shown:
    flaws = queries.flaws(one.claim.text, product.category)
    return Shown(one, flaws, queries.pieces(one.claim.text, flaws))


def _stored(request: SignedIn, form: EvidenceForm) -> StoredFile | None:
    upload = form.cleaned_data["file"]
    if upload is None or form.cleaned_data["basis"] != Basis.DOCUMENT:
        return None
    return store(
        organisation=request.user.organisation,
        uploaded_by=request.user,
        data=upload.read(),
        shown_name=upload.name,
        at=timezone.now(),
        accept=PAPERS,
        field="file",
    )


def _form(request: SignedIn, product: Product, form: ClaimForm) -> HttpResponse:
    text = form.cleaned_data.get("text", "") if form.is_bound and hasattr(form, "cleaned_data") else ""
    flaws = queries.flaws(text, product.category)
    context = {"product": product, "form": form, "flaws": flaws, "pieces": queries.pieces(text, flaws), "text": text}
    return render(request, "claims/claim_form.html", context, status=422 if form.is_bound else 200)


def _page(request: SignedIn, claim: Claim, *, evidence_form: Form | None = None, finding_form: Form | None = None) -> HttpResponse:
    is_own = claim.merchant_id == request.user.organisation_id
    is_refused = evidence_form is not None or finding_form is not None
    may_change = is_own and claim.withdrawn_at is None and not claim.product.is_locked
    context = {
        "claim": claim,
        "shown": _shown(queries.judged([claim], timezone.now())[0], claim.product),
        "may_change": may_change,
        "is_locked": is_own and claim.product.is_locked,
        "evidence_form": evidence_form or EvidenceForm(product_id=claim.product_id),
        "finding_form": finding_form or FindingForm(),
        "proofs": {},
    }
    return render(request, "claims/claim.html", context, status=422 if is_refused else 200)
