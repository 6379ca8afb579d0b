"""What categories demand, for everybody who handles their goods; and how that changes, for the administrators."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assurance.calendar import SHANGHAI
from assurance.categories import actions, queries
from assurance.categories.forms import AcceptForm, VersionForm
from assurance.categories.wording import in_language, inbound_in_words, list_in_words, near_in_words, paper_in_words, told
from assurance.products.lifecycle import VersionState
from assurance.products.models import Category, CategoryVersion
from assurance.products.queries import rules_of
from assurance.refusals import Refused
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from datetime import date

    from assurance.accounts.types import SignedIn
    from assurance.products.models import Rules


ON_A_PAGE = 100
"""Products of a list that are shown at once; the fingerprint is of all of them."""


def today() -> date:
    """Return the day it is in China: rules begin there."""
    return timezone.localdate(timezone.now(), SHANGHAI)


@require_GET
def category_list(request: SignedIn) -> HttpResponse:
    """Show the tree with what every category demands at a glance."""
    drafts = set(CategoryVersion.objects.visible_to(request.user).filter(state=VersionState.DRAFT).values_list("category_id", flat=True))
    return render(request, "categories/category_list.html", {"tree": queries.tree(), "drafts": drafts})


@require_GET
def show(request: SignedIn, code: str) -> HttpResponse:
    """Show what a category demands today, what comes, and what it demanded before."""
    category = get_object_or_404(Category.objects.visible_to(request.user).for_products().select_related("parent"), code=code)
    versions = queries.history(category, request.user)
    standing = next((one for one in versions if one.is_in_force(today())), None)
    context = {
        "category": category,
        "versions": versions,
        "standing": standing,
        "coming": queries.coming(category, today()),
        "draft": next((one for one in versions if one.state == VersionState.DRAFT), None),
        "today": today(),
    }
    return render(request, "categories/category.html", context | _told(category))


@require_GET
def version(request: SignedIn, pk: int) -> HttpResponse:
    """Show one version: what is new in it, and of a draft whom it would hit."""
    return render(request, "categories/version.html", _of_version(request, pk))


@require_http_methods(["GET", "POST"])
def draft(request: SignedIn, code: str) -> HttpResponse:
    """Begin a new version from what is in force."""
    category = get_object_or_404(Category.objects.visible_to(request.user).for_products(), code=code)
    base = rules_of(category, today()).content()
    first_day = today() + timedelta(days=1)
    if request.method == "GET":
        return _form(request, VersionForm(base, {"effective_from": first_day.isoformat()}), category)
    form = VersionForm(base, {}, request.POST)
    if not form.is_valid():
        return _form(request, form, category, status=422)
    try:
        made = actions.draft(category_id=category.pk, wording=form.wording(), actor=request.user, at=timezone.now())
    except Refused as refused:
        if not form.add_refusal(refused):
            raise
        return _form(request, form, category, status=422)
    return _to(made, _("Draft %(label)s is saved. It has no effect yet.") % {"label": made.label}, request)


@require_http_methods(["GET", "POST"])
def redraft(request: SignedIn, pk: int) -> HttpResponse:
    """Change a draft; whoever saves second sees what the first one wrote, and decides."""
    found = get_object_or_404(_visible(request), pk=pk)
    head = {"revision": found.revision, "effective_from": found.effective_from.isoformat(), "note": found.note}
    if request.method == "GET":
        return _form(request, VersionForm(found.content(), head), found.category, version=found)
    form = VersionForm(found.content(), head, request.POST)
    if not form.is_valid():
        return _form(request, form, found.category, version=found, status=422)
    revision = form.head.cleaned_data["revision"] or 0
    try:
        actions.redraft(version_id=found.pk, revision=revision, wording=form.wording(), actor=request.user, at=timezone.now())
    except actions.VersionConflict as refused:
        found.refresh_from_db()
        form.take_over(found.revision)
        differences = queries.changes(found.content(), form.wording().content)
        return _form(request, form, found.category, version=found, conflict=str(refused), differences=differences, status=409)
    except Refused as refused:
        if not form.add_refusal(refused):
            raise
        return _form(request, form, found.category, version=found, status=422)
    return _to(found, _("Saved."), request)


@require_POST
def activate(request: SignedIn, pk: int) -> HttpResponse:
    """Activate a draft with the list that was read; a list that changed meanwhile is shown anew."""
    found = get_object_or_404(_visible(request), pk=pk)
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return render(request, "categories/version.html", _of_version(request, pk) | {"form": form}, status=422)
    try:
        done = actions.activate(version_id=found.pk, digest=form.cleaned_data["digest"], actor=request.user, at=timezone.now())
    except Refused as refused:
        context = _of_version(request, pk) | {"problem": str(refused)}
        return render(request, "categories/version.html", context, status=refused.status)
    return _to(done, _("Version %(label)s is activated.") % {"label": done.label}, request)


@require_POST
def discard(request: SignedIn, pk: int) -> HttpResponse:
    """Give a draft up."""
    found = get_object_or_404(_visible(request), pk=pk)
    done = actions.discard(version_id=found.pk, actor=request.user, at=timezone.now())
    return _to(done, _("Draft %(label)s is discarded.") % {"label": done.label}, request)


def _visible(request: SignedIn) -> Any:
    return CategoryVersion.objects.visible_to(request.user).select_related("category__parent", "activated_by")


def _of_version(request: SignedIn, pk: int) -> dict[str, object]:
    found = get_object_or_404(_visible(request), pk=pk)
    older = queries.before(found)
    is_draft = found.state == VersionState.DRAFT
    hits = queries.hits(found, at=timezone.now()) if is_draft else queries.concerns(found)
    return {
        "version": found,
        "category": found.category,
        "older": older,
        "changes": queries.changes(older.content(), found.content()) if older else [],
        "is_draft": is_draft,
        "hits": hits,
        "page": page_of(request, hits, size=ON_A_PAGE),  # type: ignore[arg-type]  # a list is cut the same way
        "why_not": queries.why_not(found, request.user) if is_draft else "",
        "is_late": is_draft and bool(found.authors) and found.effective_from < today(),
        "authors": queries.authors_of(found),
        "form": AcceptForm(initial={"digest": queries.fingerprint(found, hits)}),
        "in_force": found.is_in_force(today()),
    } | _told(found)


def _told(rules: Rules) -> dict[str, object]:
    """Return the lists of a version in words."""
    shelf = rules.shelf_life
    return {
        "rules": rules,
        "required_attributes": [told("required_attributes", one) for one in rules.required_attributes],
        "papers": [paper_in_words(one) for one in rules.certificates],
        "lists": [list_in_words(one) for one in rules.labels],
        "lab_tests": [(in_language(one), one["standard"]) for one in rules.lab_tests],
        "inbound": inbound_in_words(shelf) if shelf else [],
        "near": near_in_words(shelf) if shelf else [],
        "badge_days": told("badge_days", rules.badge_days),
        "warning_days": told("badge_warning_days", rules.badge_warning_days),
        "lab_days": told("lab_result_days", rules.lab_result_days) if rules.lab_result_days else _("not demanded"),
    }


def _form(request: SignedIn, form: VersionForm, category: Category, *, status: int = 200, **context: object) -> HttpResponse:
    return render(request, "categories/version_form.html", {"form": form, "category": category, **context}, status=status)


def _to(found: CategoryVersion, said: str, request: SignedIn) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("categories:version", args=[found.pk]))
