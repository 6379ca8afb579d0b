"""Signing in and out, passwords, second factors: the library's views with our forms, our statuses and our record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from assurance.accounts.actions import people, sign_in
from assurance.accounts.entrance_forms import (
    ActivateForm,
    AskResetForm,
    ChangePasswordForm,
    ReauthenticateForm,
    ResetForm,
    SecondFactorAgainForm,
    SecondFactorForm,
    SignInForm,
)
from assurance.web.answers import answer
from assurance.web.problems import problem

if TYPE_CHECKING:
    from django.forms import BaseForm

View = Callable[..., Any]
WAIT_SECONDS: Final = 900
NOT_PROVEN: Final = frozenset(
    {
        *("email_password_mismatch", "phone_password_mismatch", "username_password_mismatch", "invalid_login"),
        *("incorrect_code", "incorrect_password", "enter_current_password"),
    }
)
TOO_OFTEN: Final = frozenset({"too_many_login_attempts", "rate_limited"})
UNREADABLE: Final = frozenset(
    {"too_long", "max_length", "nul_character", "null_characters_not_allowed", "character_not_allowed", "invalid_unicode"}
)
STATUS_OF: Final[Mapping[int, frozenset[str]]] = {429: TOO_OFTEN, 400: UNREADABLE, 401: NOT_PROVEN}


def status_of(form: BaseForm) -> int:
    """Return the status that says what is wrong: too often, unreadable, not proven, or a field to correct."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return next((status for status, known in STATUS_OF.items() if codes & known), 422)


def answered(view: View) -> View:
    """Give a page that shows errors a status that says so; the library answers 200 to everything."""

    @wraps(view)
    def with_status(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        context = getattr(response, "context_data", None) or {}
        form = context.get("form")
        if context.get("token_fail"):
            response.status_code = 410
        elif request.method == "POST" and response.status_code == 200 and form is not None and form.errors:
            response.status_code = status_of(form)
        if response.status_code == 401:
            response.headers["WWW-Authenticate"] = 'Form realm="Wuyou"'
        if response.status_code == 429:
            response.headers["Retry-After"] = str(WAIT_SECONDS)
        return response

    return with_status


def slow_down(request: HttpRequest) -> HttpResponse:
    """What the library answers when somebody asks too often."""
    return answer(request, problem("slow_down", headers={"Retry-After": str(WAIT_SECONDS)}))


# --- in and out ---------------------------------------------------------------------------------------------------
class SignIn(account.LoginView):
    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"signup_url": reverse("accounts:register")}


class SecondFactor(mfa.AuthenticateView):
    form_class = SecondFactorForm


class Again(account.ReauthenticateView):
    form_class = ReauthenticateForm


class AgainBySecondFactor(mfa.ReauthenticateView):
    form_class = SecondFactorAgainForm


# what was counted must stay counted, whatever happens to the rest of the request
login = transaction.non_atomic_requests(answered(SignIn.as_view()))
logout = account.LogoutView.as_view()
inactive = account.AccountInactiveView.as_view()
second_factor = answered(SecondFactor.as_view())
again = answered(Again.as_view())
again_by_second_factor = answered(AgainBySecondFactor.as_view())


# --- passwords ----------------------------------------------------------------------------------------------------
class ChangePassword(account.PasswordChangeView):
    form_class = ChangePasswordForm

    def get_default_success_url(self) -> str:
        return reverse("accounts:me")


class AskReset(account.PasswordResetView):
    form_class = AskResetForm


class Reset(account.PasswordResetFromKeyView):
    form_class = ResetForm


change_password = answered(ChangePassword.as_view())
ask_reset = answered(AskReset.as_view())
reset_asked = account.PasswordResetDoneView.as_view()
reset = answered(Reset.as_view())
reset_done = account.PasswordResetFromKeyDoneView.as_view()


# --- second factor ------------------------------------------------------------------------------------------------
class Activate(totp.ActivateTOTPView):
    form_class = ActivateForm

    def form_valid(self, form: Any) -> HttpResponse:
        """What the library adds and what we write down is one transaction: the request's."""
        response = super().form_valid(form)
        person = self.request.user
        sign_in.note_second_factor(person=person, deed="added", at=timezone.now())
        people.end_sessions(person, keep=self.request.session.session_key)
        self.request.session["second_factor"] = True
        return response


class Deactivate(totp.DeactivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        sign_in.note_second_factor(person=self.request.user, deed="removed", at=timezone.now())
        self.request.session.pop("second_factor", None)
        return response


class MakeCodes(recovery_codes.GenerateRecoveryCodesView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        sign_in.note_second_factor(person=self.request.user, deed="codes_made", at=timezone.now())
        return response


second_factors = mfa.IndexView.as_view()
activate = answered(Activate.as_view())
deactivate = answered(Deactivate.as_view())
codes = recovery_codes.ViewRecoveryCodesView.as_view()
make_codes = answered(MakeCodes.as_view())
download_codes = recovery_codes.DownloadRecoveryCodesView.as_view()
