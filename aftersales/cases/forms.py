"""What people type about cases, at the desk, at the merchant's and behind a buyer's link."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aftersales.cases.lifecycle import BUYERS_KINDS, Outcome, Side, asks_for_money
from aftersales.cases.models.case import KIND_CHOICES, LIABLE_CHOICES
from aftersales.cases.models.decision import OUTCOME_CHOICES
from assurance.web.fields import MoneyField, StrictCharField, StrictTextField

BUYERS_CHOICES = [(kind, word) for kind, word in KIND_CHOICES if kind in BUYERS_KINDS]
WORDS = {"rows": 4}


class FilterForm(forms.Form):
    """What a list of cases is narrowed by; the tab is not a field."""

    q = StrictCharField(
        label=_("Search"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Case, parcel, order, lot or product")}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *KIND_CHOICES])


class OpenForm(forms.Form):
    """A case that somebody of the desk or the merchant opens."""

    number = StrictCharField(label=_("Number"), max_length=64, help_text=_("Of an order, a parcel (BG-000123), a waybill or a lot."))
    kind = forms.ChoiceField(label=_("What is wrong"), choices=KIND_CHOICES)
    summary = StrictCharField(label=_("In one sentence"), max_length=200)


class MessageForm(forms.Form):
    """A message of the desk: who may read it, and whose answer is awaited."""

    body = StrictTextField(label=_("Message"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    readers = forms.MultipleChoiceField(
        label=_("Who may read it"),
        required=False,
        choices=[(Side.BUYER, _("Buyer")), (Side.MERCHANT, _("Merchant"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody chosen: a note for the desk."),
    )
    waits_for = forms.ChoiceField(
        label=_("Wait for an answer of"),
        required=False,
        choices=[("", _("nobody")), (Side.BUYER, _("the buyer")), (Side.MERCHANT, _("the merchant"))],
        help_text=_("The clock stands until the answer comes, three days at most."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        asked = given.get("waits_for")
        if asked and asked not in given.get("readers", []):
            self.add_error("waits_for", ValidationError(_("Who is asked must be able to read the message."), code="to_nobody"))
        return given


class AnswerForm(forms.Form):
    """What the merchant or the buyer answers."""

    body = StrictTextField(label=_("Your answer"), max_length=1000, widget=forms.Textarea(attrs=WORDS))


class ProposalForm(forms.Form):
    """Who bears it, what is done, why and by what evidence."""

    liability = forms.ChoiceField(label=_("Who bears it"), choices=[("", _("Choose")), *LIABLE_CHOICES])
    is_confirmed = forms.TypedChoiceField(
        label=_("Was the complaint right?"),
        choices=[("yes", _("Confirmed")), ("no", _("Not confirmed"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(label=_("What is done"), choices=OUTCOME_CHOICES)
    amount = MoneyField(label=_("Amount"), required=False)
    evidence = forms.MultipleChoiceField(
        label=_("Evidence"), widget=forms.CheckboxSelectMultiple, help_text=_("Both sides see what you choose."), choices=()
    )
    reason = StrictTextField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=WORDS))
    stops_lot = forms.BooleanField(label=_("Stop the lot: it can hurt somebody"), required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        outcome = given.get("outcome")
        if outcome and "amount" not in self.errors:
            wants = asks_for_money(Outcome(outcome))
            if wants and given.get("amount") is None:
                self.add_error("amount", ValidationError(_("This outcome needs an amount above nothing."), code="amount_expected"))
            if not wants and given.get("amount") is not None:
                self.add_error("amount", ValidationError(_("This outcome takes no amount."), code="no_amount_expected"))
        return given

    def values(self) -> dict[str, Any]:
        return self.cleaned_data | {"evidence": [int(number) for number in self.cleaned_data["evidence"]]}


class ReasonForm(forms.Form):
    """Why a proposal goes back, a case is taken up again, or somebody does not agree."""

    reason = StrictTextField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=WORDS))


class FinishForm(forms.Form):
    """By which number a remedy can be found."""

    reference = StrictCharField(label=_("Number"), max_length=80)


class AskForm(forms.Form):
    """What a buyer says without an account. The two numbers are never shown again."""

    order_number = StrictCharField(label=_("Order number"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone_tail = StrictCharField(
        label=_("Last 4 digits of the phone number on the parcel"),
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("What is wrong"), choices=[("", _("Choose")), *BUYERS_CHOICES])
    body = StrictTextField(
        label=_("What happened"),
        max_length=1000,
        widget=forms.Textarea(attrs=WORDS),
        help_text=_("No name, no address, no telephone number is needed."),
    )

    def clean_phone_tail(self) -> str:
        given = str(self.cleaned_data["phone_tail"])
        if not re.fullmatch(r"[0-9]{4}", given):
            raise ValidationError(_("Type the four digits."), code="four_digits")
        return given


class RatingForm(forms.Form):
    """How satisfied the buyer is."""

    score = forms.TypedChoiceField(
        label=_("How satisfied are you?"),
        coerce=int,
        choices=[("5", "5"), ("4", "4"), ("3", "3"), ("2", "2"), ("1", "1")],
        widget=forms.RadioSelect,
        help_text=_("5 is best."),
    )
    comment = StrictTextField(label=_("What should be better?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
