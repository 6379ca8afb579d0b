"""What people type about fees."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assurance.fees.models import FeeKind
from assurance.fees.models.billing import DISPUTE_CHOICES, STATEMENT_CHOICES
from assurance.fees.provinces import PROVINCES
from assurance.fees.simulator import Scenario
from assurance.web.fields import MoneyField, QuantityField, RateField, StrictCharField, StrictIntegerField, StrictTextField


class MonthField(StrictCharField):
    """A month like 2026-03, as the first of its days."""

    widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")

    def clean(self, value: Any) -> date | None:
        given = super().clean(value)
        if not given:
            return None
        try:
            return date.fromisoformat(f"{given}-01")
        except ValueError:
            raise ValidationError(_("Type the month as year and month, for example 2026-03."), code="month_format") from None


class StatementFilterForm(forms.Form):
    """What a list of statements is narrowed by."""

    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Number or merchant")})
    )
    month = MonthField(max_length=7, label=_("Month"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *STATEMENT_CHOICES])


class LineFilterForm(forms.Form):
    """Which lines of a statement are shown."""

    kind = forms.ChoiceField(label=_("Fee"), required=False, choices=[("", _("All fees")), *FeeKind.choices])


class DisputeFilterForm(forms.Form):
    """Which disputes are shown."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *DISPUTE_CHOICES])


class DisputeForm(forms.Form):
    """Why a line is wrong."""

    reason = StrictTextField(
        label=_("Why is it wrong?"),
        max_length=500,
        help_text=_("What happened instead, and where that can be seen."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """The answer to a dispute."""

    answer = StrictTextField(
        label=_("Answer to the merchant"),
        max_length=500,
        help_text=_("He reads it word for word."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    amount = MoneyField(label=_("Give back"), required=False, help_text=_("Empty: the whole line."))


class CloseMonthForm(forms.Form):
    """Which month is closed for everybody."""

    month = MonthField(max_length=7, label=_("Month"))


class SimulatorForm(forms.Form):
    """What a merchant assumes."""

    price = MoneyField(label=_("Price of a piece"))
    cost = MoneyField(label=_("Cost of a piece"), zero_ok=True)
    commission_rate = RateField(label=_("Commission"), help_text=_("As a share: 0.2 is 20 %."))
    volume = QuantityField(label=_("Orders a month"))
    items = StrictIntegerField(label=_("Pieces in an order"), most=99)
    weight_g = StrictIntegerField(label=_("Weight of a parcel in grams"), most=100_000)
    to_province = forms.ChoiceField(label=_("Where most parcels go"), choices=PROVINCES)
    return_rate = RateField(label=_("Share that comes back"), required=False, help_text=_("As a share: 0.05 is 5 %."))
    inspected_units = StrictIntegerField(label=_("Units inspected a month"), least=0, required=False)
    test_cost = MoneyField(label=_("Laboratory tests a month"), zero_ok=True, required=False)

    def scenario(self) -> Scenario:
        values = dict(self.cleaned_data)
        for name, empty in (("return_rate", Decimal(0)), ("inspected_units", 0), ("test_cost", Decimal(0))):
            values[name] = values[name] if values[name] is not None else empty
        return Scenario(**values)
