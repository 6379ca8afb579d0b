"""How people come in: a merchant registers, an invited person opens the link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assurance.accounts.actions import registration
from assurance.accounts.forms import JoinForm, RegistrationForm
from assurance.accounts.links import invitation_id, join_link
from assurance.accounts.models import Invitation
from assurance.accounts.views.entrance import slow_down
from assurance.accounts.views.refusing import refused_at
from assurance.refusals import Refused

if TYPE_CHECKING:
    from assurance.accounts.models import User


def register(request: HttpRequest) -> HttpResponse:
    """Register a merchant. The answer is the same whether or not the e-mail address has an account."""
    if request.method == "POST" and not ratelimit.consume(request, action="signup"):
        return slow_down(request)
    form = RegistrationForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/register.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        owner = registration.register_merchant(**form.cleaned_data, language=spoken(), at=timezone.now())
    except Refused as refused:
        return refused_at(request, form, refused, "accounts/register.html")
    request.session["registered"] = {"email": form.cleaned_data["email"], "link": local_link(owner)}
    return HttpResponseRedirect(reverse("accounts:registered"))


def registered(request: HttpRequest) -> HttpResponse:
    """Say what comes next: the mail."""
    return render(request, "accounts/registered.html", request.session.get("registered", {}))


def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link is for; let the person in when he says so (a mail scanner that follows links must not)."""
    invitation = _behind(token)
    if not invitation.is_open(timezone.now()):
        return render(request, "accounts/link_used.html", status=410)
    chooses = invitation.purpose == Invitation.Purpose.JOIN
    form = JoinForm(request.POST or None, person=invitation.user) if chooses else None
    if request.method == "POST" and (form is None or form.is_valid()):
        return _let_in(request, invitation, form.cleaned_data["password"] if form else None)
    context: dict[str, Any] = {"form": form, "invitation": invitation, "token": token}
    return render(request, "accounts/join.html", context, status=422 if form and form.is_bound else 200)


def spoken() -> str:
    """Return the language of the page as a person's language."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def local_link(person: User | None) -> str:
    """Return the link itself where no mail is sent: on a newcomer's own machine."""
    if settings.PRODUCTION or person is None:
        return ""
    open_one = person.invitations.filter(used_at=None, withdrawn_at=None).first()
    return join_link(open_one).removeprefix(settings.PUBLIC_URL) if open_one else ""


def _behind(token: str) -> Invitation:
    pk = invitation_id(token)
    found = Invitation.objects.select_related("user", "organisation").filter(pk=pk).first() if pk else None
    if found is None:
        raise Http404
    return found


def _let_in(request: HttpRequest, invitation: Invitation, password: str | None) -> HttpResponse:
    try:
        registration.accept_invitation(invitation_id=invitation.pk, password=password, at=timezone.now())
    except registration.LinkUsed:
        return render(request, "accounts/link_used.html", status=410)
    messages.success(request, _("Welcome. Sign in to begin."))
    return HttpResponseRedirect(reverse("account_login"))
