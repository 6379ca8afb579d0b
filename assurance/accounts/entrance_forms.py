"""The library's forms with our fields: bounded lengths, no characters that cannot be meant, our words."""

# ruff: noqa: ARG002  methods here have the signatures of the framework
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as library
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assurance.accounts.actions import sign_in
from assurance.accounts.fields import EmailField, PasswordField
from assurance.web.fields import StrictCharField

if TYPE_CHECKING:
    from django.http import HttpRequest

    from assurance.accounts.models import User

CODE_LENGTH = 32


def code_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True})
    return StrictCharField(label=pgettext_lazy("second factor", "Code"), max_length=CODE_LENGTH, widget=widget)


class NewPasswordField(PasswordField):
    """A new password, judged with what is known of the person."""

    user: User | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(autocomplete="new-password", help_text=_("At least 12 characters."), **kwargs)

    def clean(self, value: Any) -> str:
        password = super().clean(value)
        validate_password(password, self.user)
        return password


class SignInForm(library.LoginForm):
    """E-mail address or telephone number, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
        self.fields["login"] = StrictCharField(label=_("E-mail or mobile phone"), max_length=120, widget=widget)
        self.fields["password"] = PasswordField()
        self.order_fields(["login", "password"])


class AskResetForm(library.ResetPasswordForm):
    """Asks for the link; the answer never says whether there is an account."""

    email = EmailField()

    def clean_email(self) -> str:
        return self.cleaned_data["email"]

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        sign_in.ask_password_reset(email=self.cleaned_data["email"], at=timezone.now())
        return self.cleaned_data["email"]


class ResetForm(library.ResetPasswordKeyForm):
    """A new password by the link. Typed once: the field can show it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        field = self.fields["password1"] = NewPasswordField(label=_("New password"))
        field.user = self.user


class ChangePasswordForm(library.ChangePasswordForm):
    """A new password by the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"] = PasswordField(label=_("Current password"))
        field = self.fields["password1"] = NewPasswordField(label=_("New password"))
        field.user = self.user


class ReauthenticateForm(library.ReauthenticateForm):
    """The password once more, before something that must not happen by a forgotten open browser."""

    password = PasswordField()


class SecondFactorForm(second_factor.AuthenticateForm):
    """The code of the app, or a recovery code, while signing in."""

    code = code_field()

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        sign_in.note_second_factor(person=self.user, deed="failed", at=timezone.now())


class SecondFactorAgainForm(second_factor.ReauthenticateForm):
    """The code once more."""

    code = code_field()

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        sign_in.note_second_factor(person=self.user, deed="failed", at=timezone.now())


class ActivateForm(totp.ActivateTOTPForm):
    """The first code proves that the app has the secret."""

    code = code_field()
