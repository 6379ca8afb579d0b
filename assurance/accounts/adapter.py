"""How django-allauth is fitted to this house: who is found, what is counted, what is written down.

The library keeps the flow of signing in (password, second factor, proof of presence before sensitive steps). Everything that changes a
row of ours goes through an action; the library's own mails are not used (``mail``), nor is its sign-up.
"""

# ruff: noqa: ARG002  methods here have the signatures of the framework
from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, ClassVar, Final

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance.accounts import queries, sessions
from assurance.accounts.actions import preferences, sign_in
from assurance.accounts.fields import PhoneField
from assurance.accounts.models import User
from assurance.roles import STAFF

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WRONG_LOGIN: Final = _("The e-mail address or phone number and the password do not belong together.")


class SignInBackend(AuthenticationBackend):
    """Finds the person with the organisation in one query; a person of a closed organisation is nobody."""

    def get_user(self, user_id: int) -> User | None:
        person = sessions.owner_of(user_id) or User.objects.select_related("organisation").filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return user.is_active and user.organisation.is_active


class AccountAdapter(DefaultAccountAdapter):
    """Signing in by e-mail address or telephone number."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        # one sentence for every wrong combination: which part was wrong is nobody's business
        "email_password_mismatch": WRONG_LOGIN,
        "phone_password_mismatch": WRONG_LOGIN,
        "username_password_mismatch": WRONG_LOGIN,
        "invalid_login": WRONG_LOGIN,
        "too_many_login_attempts": sign_in.TooManyAttempts.message,
        "incorrect_code": _("This code is not right, or it was used already. Wait for the next one."),
        "incorrect_password": _("This password is not right."),
        "enter_current_password": _("This is not your current password."),
        "rate_limited": _("Too many attempts. Wait a quarter of an hour."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation, or register a merchant."""
        return False

    # --- who is meant ---------------------------------------------------------------------------------------------
    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return PhoneField(**kwargs)

    def get_user_by_phone(self, phone: str) -> User | None:
        return queries.person_called(phone)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        preferences.change_me(actor=user, at=timezone.now(), phone=phone or None)

    def set_phone_verified(self, user: Any, phone: str) -> None:
        raise RuntimeError("no text messages are sent, so no number is ever verified by one")

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        raise RuntimeError("no text messages are sent")

    # --- passwords tried ------------------------------------------------------------------------------------------
    def place(self, request: HttpRequest) -> str:
        """Return where the request comes from, as far as it is counted."""
        return truncate_ip(self.get_client_ip(request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        name = credentials.get("email") or credentials.get("phone") or credentials.get("username") or ""
        try:
            self._attempt = sign_in.reserve_attempt(name=str(name), place=self.place(request), at=timezone.now())
        except sign_in.TooManyAttempts:
            raise self.validation_error("too_many_login_attempts") from None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_in.note_wrong_password(attempt=self._attempt, at=timezone.now())

    def _rollback_login_failed_rl_usage(self) -> None:
        """The library's name for: the password was right."""
        sign_in.note_right_password(attempt=self._attempt)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing to forget: attempts age by themselves."""

    def reauthenticate(self, user: Any, password: str) -> bool:
        """The same person once more; the library would ask its own table of addresses, which stays empty here."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    # --- in and out -----------------------------------------------------------------------------------------------
    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        response = super().pre_login(request, user, **kwargs)
        if response is not None:
            sign_in.note_inactive(person=user, at=timezone.now())
        return response

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        now, place = timezone.now(), self.place(request)
        sessions.begin(request.session, place=place, agent=self.get_http_user_agent(request), at=now)
        # the library lets nobody past this point who has a second factor and did not show it
        from allauth.mfa.models import Authenticator

        request.session["second_factor"] = is_mfa_enabled(user, [Authenticator.Type.TOTP])
        sign_in.note_sign_in(person=user, place=place, at=now)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            sign_in.note_sign_out(person=request.user, at=timezone.now())
        super().logout(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a moment ago need not do it again to set up a second factor."""
        started_at = self.request.session.get("started_at", 0)
        return timezone.now().timestamp() - started_at > app_settings.REAUTHENTICATION_TIMEOUT

    # --- passwords chosen -----------------------------------------------------------------------------------------
    def set_password(self, user: Any, password: str) -> None:
        asker = self.request.user
        is_own = asker.is_authenticated and asker.pk == user.pk
        sign_in.set_password(
            person=user,
            password=password,
            actor=user,
            at=timezone.now(),
            keep=self.request.session.session_key if is_own else None,
            by_link=not is_own,
        )

    # --- what is not used -----------------------------------------------------------------------------------------
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise RuntimeError(f"letters are sent by jobs (assurance/accounts/tasks.py), not {template_prefix}")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The library's small talk ("signed in as …") is left out; the page says it."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Time-based codes; their secrets are kept encrypted."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _("Your role requires a second factor. If the device is lost, the platform can reset it."),
    }

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _vault().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not needs_second_factor(authenticator.user)


def needs_second_factor(person: Any) -> bool:
    """Say whether this person may not work without a second factor (``SECOND_FACTOR_REQUIRED``: always in production)."""
    return bool(settings.SECOND_FACTOR_REQUIRED and person.role in STAFF)


def _vault() -> MultiFernet:
    """Return what encrypts with the secret key of today and decrypts with those of yesterday too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"assurance.accounts.second_factor").derive(key.encode())
