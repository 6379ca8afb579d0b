"""What people type about enrolments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.enrollment.actions import Signing
from assurance.enrollment.models import REASON_CODES, STATE_CHOICES
from assurance.enrollment.reasons import Reason
from assurance.web.fields import StrictCharField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms import BoundField

    from assurance.enrollment.queries import Line

TABS = (("waiting", _("Waiting for review")), ("mine", _("Mine")), ("decided", _("Decided")))


class FilterForm(forms.Form):
    """What the merchant's list is narrowed by."""

    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Name of the product")})
    )
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All states")), *STATE_CHOICES]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why the merchant takes a product out; not asked for."""

    reason = StrictCharField(label=_("Reason"), max_length=200, required=False)


class SigningForm(forms.Form):
    """Accepting the agreement that is shown: its fingerprint goes back with the name of who signs."""

    sha256 = StrictCharField(widget=forms.HiddenInput, max_length=64)
    name = StrictCharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("As it stands in your account. It counts as your signature."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    accepts = forms.BooleanField(label=_("I have read the agreement and accept it for my organisation."))

    def signing(self) -> Signing:
        return Signing(self.cleaned_data["sha256"], self.cleaned_data["name"])


class ReviewForm(forms.Form):
    """One reason and a few words for every field that was submitted; empty ones say that nothing is wrong."""

    def __init__(self, *args: Any, lines: list[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        choices = [("", _("Nothing to object to")), *REASON_CODES.items()]
        for line in lines:
            self.fields[f"code-{line.field}"] = forms.ChoiceField(label=_("Objection"), choices=choices, required=False)
            self.fields[f"words-{line.field}"] = StrictCharField(label=_("In words"), max_length=300, required=False)

    def rows(self) -> Iterator[tuple[Line, BoundField, BoundField]]:
        return ((line, self[f"code-{line.field}"], self[f"words-{line.field}"]) for line in self.lines)

    def clean(self) -> dict[str, Any]:
        for line in self.lines:
            if self.cleaned_data.get(f"words-{line.field}") and not self.cleaned_data.get(f"code-{line.field}"):
                self.add_error(f"code-{line.field}", _("Choose what is wrong."))
        return self.cleaned_data

    def reasons(self) -> list[Reason]:
        got = self.cleaned_data
        return [
            Reason(line.field, got[f"code-{line.field}"], got[f"words-{line.field}"]) for line in self.lines if got[f"code-{line.field}"]
        ]

    def add_refusal(self, code: str, message: str, place: str) -> None:
        """Put a refusal beside the field whose reason it means, or on top."""
        _reasons, _dot, rest = place.partition(".")
        number, _dot, part = rest.partition(".")
        given = self.reasons()
        if number.isdigit() and int(number) < len(given):
            self.add_error(f"{'words' if part == 'words' else 'code'}-{given[int(number)].field}", message)
        else:
            self.add_error(None, forms.ValidationError(message, code=code))
