"""One's own account: who I am, where I am signed in, which programs act for me."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assurance.accounts import queries
from assurance.accounts.actions import keys, preferences, sign_in
from assurance.accounts.adapter import needs_second_factor
from assurance.accounts.forms import KeyForm, MeForm
from assurance.accounts.models import ApiKey, User
from assurance.accounts.views.refusing import refused_at
from assurance.refusals import Refused

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


def me(request: SignedIn) -> HttpResponse:
    """Show and change one's own account."""
    person = request.user
    initial = {name: getattr(person, name) for name in ("name", "phone", "language", "timezone")}
    form = MeForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return render(request, "accounts/me.html", _about(request, form), status=422 if form.is_bound else 200)
    try:
        preferences.change_me(actor=person, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return refused_at(request, form, refused, "accounts/me.html", _about(request, form))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("accounts:me"))


def _about(request: SignedIn, form: MeForm) -> dict[str, Any]:
    person = request.user
    return {
        "form": form,
        "sessions": queries.open_sessions(person, at=timezone.now(), this=request.session.session_key),
        "has_second_factor": is_mfa_enabled(person),
        "needs_second_factor": needs_second_factor(person),
    }


def end_session(request: SignedIn, handle: str) -> HttpResponse:
    """Sign out in one other browser."""
    if not sign_in.end_session(handle=handle, actor=request.user, at=timezone.now()):
        raise Http404
    messages.success(request, _("Signed out there."))
    return HttpResponseRedirect(reverse("accounts:me"))


def end_other_sessions(request: SignedIn) -> HttpResponse:
    """Sign out everywhere else."""
    sign_in.end_other_sessions(actor=request.user, at=timezone.now(), keep=request.session.session_key)
    messages.success(request, _("Signed out everywhere else."))
    return HttpResponseRedirect(reverse("accounts:me"))


# --- keys ---------------------------------------------------------------------------------------------------------
def key_list(request: SignedIn) -> HttpResponse:
    """Show one's keys (the platform administrator and the auditor see everybody's, never a secret)."""
    return render(request, "accounts/key_list.html", _keys(request.user, KeyForm(role=request.user.role)))


def make_key(request: SignedIn) -> HttpResponse:
    """Make a key and show its secret, once: this answer is not stored anywhere."""
    form = KeyForm(request.POST, role=request.user.role)
    if not form.is_valid():
        return render(request, "accounts/key_list.html", _keys(request.user, form), status=422)
    try:
        key, secret = keys.make_key(actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return refused_at(request, form, refused, "accounts/key_list.html", _keys(request.user, form))
    return render(request, "accounts/key_secret.html", {"key": key, "secret": secret})


def rotate_key(request: SignedIn, pk: int) -> HttpResponse:
    """Make a successor; both work for a day."""
    old = get_object_or_404(ApiKey.objects.visible_to(request.user), pk=pk, user_id=request.user.pk)
    key, secret = keys.rotate_key(key_id=old.pk, actor=request.user, at=timezone.now())
    return render(request, "accounts/key_secret.html", {"key": key, "secret": secret, "replaced": old})


def revoke_key(request: SignedIn, pk: int) -> HttpResponse:
    """End a key at once."""
    key = get_object_or_404(ApiKey.objects.visible_to(request.user), pk=pk, user_id=request.user.pk)
    keys.revoke_key(key_id=key.pk, actor=request.user, at=timezone.now())
    messages.success(request, _("The key no longer works."))
    return HttpResponseRedirect(reverse("accounts:keys"))


def _keys(reader: User, form: KeyForm) -> dict[str, Any]:
    return {"form": form, "keys": queries.keys_of(reader)[:200], "now": timezone.now()}
