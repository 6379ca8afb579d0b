"""Form fields of this package: a telephone number, a credit code, an e-mail address, a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.accounts.credit_codes import credit_code
from assurance.accounts.phones import phone
from assurance.web.fields import StrictCharField, judged

if TYPE_CHECKING:
    from django.forms import Widget

LONGEST_PASSWORD: Final = 128
"""Hashing costs by the byte: nobody gets to send us a megabyte."""
LONGEST_EMAIL: Final = 120


class PhoneField(StrictCharField):
    """A telephone number as people write it, given on in E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Mobile phone"))
        kwargs.setdefault("max_length", 32)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        given = super().clean(value)
        return judged(phone, given) if given else ""


class CreditCodeField(StrictCharField):
    """A unified social credit code."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Unified social credit code"))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        given = super().clean(value)
        return judged(credit_code, given) if given else ""


class EmailField(StrictCharField, forms.EmailField):
    """An e-mail address, in lower case."""

    widget = forms.EmailInput(attrs={"autocomplete": "email"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail"))
        kwargs.setdefault("max_length", LONGEST_EMAIL)
        super().__init__(**kwargs)
        self.validators = [forms.EmailField.default_validators[0]]

    def clean(self, value: Any) -> str:
        return super().clean(value).lower()


class PasswordField(forms.CharField):
    """A password: any characters but NUL, up to a length that can be hashed."""

    def __init__(self, *, autocomplete: str = "current-password", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Password"))
        kwargs.setdefault("max_length", LONGEST_PASSWORD)
        widget: Widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, widget=widget, **kwargs)
