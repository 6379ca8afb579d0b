"""People and organisations: who takes part, who manages them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assurance.access import may
from assurance.accounts import lifecycle, queries, wording
from assurance.accounts.actions import people as actions
from assurance.accounts.forms import OrganisationFilter, OrganisationForm, PersonForm, ReasonForm, RoleForm
from assurance.accounts.models import Organisation, User
from assurance.accounts.views.arrival import local_link, spoken
from assurance.accounts.views.refusing import refused_at
from assurance.refusals import Refused
from assurance.roles import Permission, Role, can

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.types import SignedIn

PAGE_SIZE = 50
HISTORY = 20


# --- lists --------------------------------------------------------------------------------------------------------
def member_list(request: SignedIn) -> HttpResponse:
    """The people of one's organisation; for the platform those of all, or of one."""
    organisation = _chosen(request)
    found = queries.members(request.user).order_by("organisation__name", "-is_active", "name", "id")
    if organisation:
        found = found.filter(organisation=organisation)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "people": [_row(person, request.user) for person in page.object_list],
        "organisation": organisation,
        "may_invite": organisation is not None and _manages(request.user, organisation),
    }
    return render(request, "accounts/member_list.html", context)


def organisation_list(request: SignedIn) -> HttpResponse:
    """Every organisation that takes part."""
    form = OrganisationFilter(request.GET or None)
    found = Organisation.objects.visible_to(request.user).order_by("kind", "name", "id")
    if form.is_valid():
        if form.cleaned_data["kind"]:
            found = found.filter(kind=form.cleaned_data["kind"])
        if form.cleaned_data["q"]:
            asked = form.cleaned_data["q"]
            found = found.filter(Q(name__icontains=asked) | Q(code__icontains=asked) | Q(credit_code__iexact=asked))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    template = "accounts/_organisation_rows.html" if getattr(request, "htmx", False) else "accounts/organisation_list.html"
    return render(request, template, {"page": page, "form": form})


# --- adding -------------------------------------------------------------------------------------------------------
def create_organisation(request: SignedIn) -> HttpResponse:
    """Add a warehouse, a laboratory, a courier, a studio, a merchant or a platform organisation with its first person."""
    form = OrganisationForm(request.POST or None, initial={"language": spoken()})
    template = "accounts/organisation_form.html"
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422 if form.is_bound else 200)
    try:
        made = actions.create_organisation(actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return refused_at(request, form, refused, template)
    messages.success(request, _("Added. The first person has been invited by e-mail."))
    return HttpResponseRedirect(f"{reverse('accounts:members')}?organisation={made.code}")


def invite(request: SignedIn, code: str) -> HttpResponse:
    """Invite a person into an organisation that one manages."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    form = PersonForm(request.POST or None, kind=organisation.kind, initial={"language": spoken()})
    context = {"form": form, "organisation": organisation}
    if not form.is_valid():
        return render(request, "accounts/invite.html", context, status=422 if form.is_bound else 200)
    try:
        person = actions.invite_person(organisation_id=organisation.pk, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return refused_at(request, form, refused, "accounts/invite.html", context)
    messages.success(request, _("The invitation is on its way. The link works once, for three days."))
    return HttpResponseRedirect(reverse("accounts:member", args=[person.pk]))


# --- one person ---------------------------------------------------------------------------------------------------
def member(request: SignedIn, pk: int) -> HttpResponse:
    """Show one person: what may be done about him, and what was done."""
    return render(request, "accounts/member.html", _about(request, _found(request, pk)))


def change_role(request: SignedIn, pk: int) -> HttpResponse:
    """Give another role."""
    person = _found(request, pk)
    form = RoleForm(request.POST, kind=person.organisation_kind)
    return _do(request, person, form, "role_form", lambda given: actions.change_role(person_id=person.pk, **given, **_by(request)))


def deactivate(request: SignedIn, pk: int) -> HttpResponse:
    """Make a person nobody, with a reason."""
    person = _found(request, pk)
    form = ReasonForm(request.POST)
    return _do(request, person, form, "reason_form", lambda given: actions.deactivate(person_id=person.pk, **given, **_by(request)))


def reactivate(request: SignedIn, pk: int) -> HttpResponse:
    """Let a person in again, with a reason."""
    person = _found(request, pk)
    form = ReasonForm(request.POST)
    return _do(request, person, form, "reason_form", lambda given: actions.reactivate(person_id=person.pk, **given, **_by(request)))


def remove_second_factor(request: SignedIn, pk: int) -> HttpResponse:
    """Take away a lost second factor, with a reason."""
    person = _found(request, pk)
    form = ReasonForm(request.POST)
    return _do(
        request,
        person,
        form,
        "reset_form",
        lambda given: actions.remove_second_factor(person_id=person.pk, **given, **_by(request)),
    )


def invite_again(request: SignedIn, pk: int) -> HttpResponse:
    """Mail a new link."""
    person = _found(request, pk)
    actions.invite_again(person_id=person.pk, **_by(request))
    messages.success(request, _("A new link is on its way. The old one no longer works."))
    return HttpResponseRedirect(reverse("accounts:member", args=[person.pk]))


def reveal(request: SignedIn, pk: int) -> HttpResponse:
    """Show a person's data in clear, once, with a reason."""
    person = _found(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/member.html", _about(request, person, reveal_form=form), status=422)
    clear = actions.reveal_person(person_id=person.pk, reason=form.cleaned_data["reason"], **_by(request))
    return render(request, "accounts/member.html", _about(request, person, clear=clear))


# --- what these share ---------------------------------------------------------------------------------------------
def _by(request: SignedIn) -> dict[str, Any]:
    return {"actor": request.user, "at": timezone.now()}


def _found(request: SignedIn, pk: int) -> User:
    return get_object_or_404(queries.members(request.user), pk=pk)


def _chosen(request: SignedIn) -> Organisation | None:
    """Return the organisation whose people are shown: one's own, unless the platform chose one or none."""
    code = request.GET.get("organisation")
    if code:
        return get_object_or_404(Organisation.objects.visible_to(request.user), code=code)
    return None if request.user.role in (Role.PLATFORM_ADMIN, Role.AUDITOR) else request.user.organisation


def _manages(user: User, organisation: Organisation) -> bool:
    return lifecycle.manages(role=user.role, own_organisation=user.organisation_id == organisation.pk)


def _row(person: Any, reader: User) -> dict[str, Any]:
    standing = lifecycle.standing(is_active=person.is_active, is_invited=person.is_invited)
    return {"person": person, "shown": queries.shown(person, to=reader), "standing": standing}


def _about(request: SignedIn, person: User, *, clear: User | None = None, **forms: Any) -> dict[str, Any]:
    manages = queries.may_manage(request.user, person)
    about = _row(person, request.user) | {
        "clear": clear,
        "manages": manages and person.pk != request.user.pk,
        "may_reveal": can(request.user, Permission.REVEAL_PERSON) and request.user.organisation_id != person.organisation_id,
        "may_reset": may(request.user, "accounts:remove-second-factor", "POST"),
        "role_form": RoleForm(kind=person.organisation_kind, initial={"role": person.role}),
        "reason_form": ReasonForm(),
        "reset_form": ReasonForm(auto_id="reset_%s"),
        "reveal_form": ReasonForm(auto_id="reveal_%s"),
        "history": wording.history(queries.history_of(person)[:HISTORY]) if manages or person.pk == request.user.pk else [],
        "local_link": local_link(person) if manages else "",
    }
    return about | forms


def _do(request: SignedIn, person: User, form: Any, name: str, action: Callable[[dict[str, Any]], object]) -> HttpResponse:
    """Validate, act, and come back to the person's page."""
    if not form.is_valid():
        return render(request, "accounts/member.html", _about(request, person, **{name: form}), status=422)
    try:
        action(form.cleaned_data)
    except Refused as refused:
        return refused_at(request, form, refused, "accounts/member.html", _about(request, person, **{name: form}))
    messages.success(request, _("Done."))
    return HttpResponseRedirect(reverse("accounts:member", args=[person.pk]))
