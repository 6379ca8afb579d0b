"""The streamer's pages: search, one product, compare, lists, talk-sheet, script check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assurance.badges.queries import proof_of
from assurance.catalog import actions, queries
from assurance.catalog.forms import NameForm, ScriptForm, SearchForm
from assurance.catalog.models import CatalogEntry, SelectionList, TalkSheetShown
from assurance.catalog.scripts import checked
from assurance.catalog.talk_sheet import content_of
from assurance.claims.queries import standing as claims_of
from assurance.roles import Permission, Role, can
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn
    from assurance.catalog.models import CatalogEntryQuerySet


@require_GET
def search(request: SignedIn) -> HttpResponse:
    """Search what can be offered, narrowed and ordered as the streamer likes; badges are judged now."""
    now, form = timezone.now(), SearchForm(request.GET, user=request.user)
    is_valid = form.is_valid()
    found = queries.find(request.user, form.wanted(), at=now) if is_valid else CatalogEntry.objects.none()
    page = page_of(request, found)
    context = {
        "page": page,
        "rows": queries.shown(list(page.object_list), at=now),
        "form": form,
        "as_table": request.GET.get("view") == "table",
        "lists": queries.lists_of(request.user)[:50] if may_choose(request) else [],
        "most": queries.MOST_COMPARED,
        **_sees(request),
    }
    only_rows = request.htmx and not request.htmx.history_restore_request
    return render(request, "catalog/_rows.html" if only_rows else "catalog/search.html", context, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one product: what is proved, what is not, whether it can be chosen."""
    entry = get_object_or_404(_visible(request), pk=pk)
    now = timezone.now()
    one = queries.shown([entry], at=now)[0]
    context = {
        "one": one,
        "entry": entry,
        "proof": proof_of(one.found.badge) if one.found and one.found.badge else None,
        "claims": [told for told in claims_of([entry.product_id], now).get(entry.product_id, []) if told.is_supported],
        "lists": queries.lists_of(request.user)[:50] if may_choose(request) else [],
        **_sees(request),
    }
    return render(request, "catalog/product.html", context)


@require_GET
def compare(request: SignedIn) -> HttpResponse:
    """Lay up to five products side by side."""
    wanted = _numbers(request.GET.get("entries", "").split(","))[: queries.MOST_COMPARED]
    entries = _visible(request).in_bulk(wanted)
    rows = queries.shown([entries[number] for number in wanted if number in entries], at=timezone.now())
    return render(request, "catalog/compare.html", {"rows": rows, "most": queries.MOST_COMPARED, **_sees(request)})


@require_http_methods(["GET", "POST"])
def lists(request: SignedIn) -> HttpResponse:
    """Show the studio's lists, or begin a new one."""
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.make_list(name=form.cleaned_data["name"], actor=request.user, at=timezone.now())
        return HttpResponseRedirect(reverse("catalog:list", args=[made.pk]))
    page = page_of(request, queries.lists_of(request.user))
    return render(request, "catalog/lists.html", {"page": page, "form": form}, status=422 if form.is_bound else 200)


@require_GET
def one_list(request: SignedIn, pk: int) -> HttpResponse:
    """Show a list with the badges as they are now."""
    selection_list = get_object_or_404(SelectionList.objects.visible_to(request.user), pk=pk)
    page = page_of(request, queries.selections_of(selection_list))
    rows = queries.shown([selection.entry for selection in page.object_list], at=timezone.now())
    context = {"list": selection_list, "page": page, "rows": list(zip(rows, page.object_list, strict=True)), **_sees(request)}
    return render(request, "catalog/list.html", context)


@require_POST
def choose(request: SignedIn) -> HttpResponse:
    """Put the ticked products on a list, or lay them side by side."""
    if "compare" in request.POST:
        ticked = ",".join(map(str, _numbers(request.POST.getlist("entry"))[: queries.MOST_COMPARED]))
        return HttpResponseRedirect(f"{reverse('catalog:compare')}?entries={ticked}")
    selection_list = get_object_or_404(SelectionList.objects.visible_to(request.user), pk=_numbers([request.POST.get("list", "")])[0])
    wanted = _numbers(request.POST.getlist("entry"))
    entries = list(_visible(request).filter(pk__in=wanted).order_by("pk"))
    count = actions.add(list_id=selection_list.pk, entries=entries, actor=request.user, at=timezone.now())
    said = ngettext("%(n)s product is new on the list.", "%(n)s products are new on the list.", count) % {"n": count}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("catalog:list", args=[selection_list.pk]))


@require_POST
def take_off(request: SignedIn, pk: int) -> HttpResponse:
    """Take the ticked products off a list."""
    selection_list = get_object_or_404(SelectionList.objects.visible_to(request.user), pk=pk)
    actions.remove(list_id=selection_list.pk, entry_ids=_numbers(request.POST.getlist("entry")), actor=request.user, at=timezone.now())
    messages.success(request, _("Taken off the list."))
    return HttpResponseRedirect(reverse("catalog:list", args=[selection_list.pk]))


@require_http_methods(["GET", "POST"])
def talk_sheet(request: SignedIn, pk: int) -> HttpResponse:
    """Show what may be said of a product; that a streamer was shown it is kept. A posted script is checked beside it."""
    entry = get_object_or_404(_visible(request), pk=pk)
    now = timezone.now()
    form = ScriptForm(request.POST or None)
    found = checked(form.cleaned_data["script"]) if form.is_bound and form.is_valid() else None
    if request.htmx and form.is_bound:
        return render(request, "catalog/_checked.html", {"form": form, "checked": found}, status=200 if found else 422)
    if request.method == "GET" and request.user.role == Role.STREAMER:
        content, shown = actions.show_talk_sheet(entry=entry, actor=request.user, at=now)
    else:
        content, shown = content_of(entry, at=now), None
    context = {"entry": entry, "content": content, "shown": shown, "form": form, "checked": found, "before": _before(request, entry)}
    return render(request, "catalog/talk_sheet.html", context, status=422 if form.is_bound and not found else 200)


@require_GET
def kept_sheet(request: SignedIn, pk: int) -> HttpResponse:
    """Show a talk-sheet as it was shown, with its time and fingerprint."""
    shown = get_object_or_404(TalkSheetShown.objects.visible_to(request.user).select_related("sheet", "person", "product"), pk=pk)
    return render(request, "catalog/kept_sheet.html", {"shown": shown, "content": json.loads(shown.sheet.content)})


@require_http_methods(["GET", "POST"])
def check_script(request: SignedIn) -> HttpResponse:
    """Check a script without a product."""
    form = ScriptForm(request.POST or None)
    found = checked(form.cleaned_data["script"]) if form.is_bound and form.is_valid() else None
    template = "catalog/_checked.html" if request.htmx else "catalog/check_script.html"
    return render(request, template, {"form": form, "checked": found}, status=422 if form.is_bound and not found else 200)


def may_choose(request: SignedIn) -> bool:
    return request.user.role == Role.STREAMER


def _visible(request: SignedIn) -> CatalogEntryQuerySet:
    return CatalogEntry.objects.visible_to(request.user).select_related("category", "warehouse", "merchant")


def _before(request: SignedIn, entry: CatalogEntry) -> list[TalkSheetShown]:
    return list(queries.shown_sheets(request.user, entry.product_id)[:20])


def _numbers(given: list[str]) -> list[int]:
    """Return what is a number of a row; anything else was not sent by our pages and finds nothing."""
    found = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) <= 18]
    return list(dict.fromkeys(found)) or [0]


def _sees(request: SignedIn) -> dict[str, Any]:
    return {"sees_commission": can(request.user, Permission.SEE_COMMISSION), "may_choose": may_choose(request)}
