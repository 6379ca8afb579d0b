"""What people type about lots: what a list is narrowed by, where goods are put, why they are stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.products.models import Category
from assurance.web.fields import DayField, QuantityField, RateField, StrictCharField, StrictIntegerField
from warehouse.stock.custody import INSIDE
from warehouse.stock.models import BIN_KINDS, COUNT_REASONS, CUSTODY_LABELS, END_DEEDS, END_STATES, LIFE_PURPOSES, PART_OF_A_LIFE

if TYPE_CHECKING:
    from warehouse.stock.models import CountLine

BY_SCAN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class FilterForm(forms.Form):
    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Lot, product, SKU or GTIN")})
    )
    custody = forms.ChoiceField(
        label=_("Custody"),
        required=False,
        choices=[("", _("Anywhere")), *((value, label) for value, label in CUSTODY_LABELS if value in INSIDE)],
    )


class BinFilterForm(forms.Form):
    q = StrictCharField(
        label=_("Search"), max_length=40, required=False, widget=forms.TextInput(attrs={"placeholder": _("Bin or lot number")})
    )


class NewBinForm(forms.Form):
    """A label for a place."""

    code = StrictCharField(label=_("Bin"), max_length=24, widget=forms.TextInput(attrs=BY_SCAN))
    kind = forms.ChoiceField(label=_("Kind"), choices=BIN_KINDS)


class PlaceForm(forms.Form):
    """From where to where so many units go; an empty label is the floor."""

    source = StrictCharField(
        label=_("From bin"), max_length=24, required=False, widget=forms.TextInput(attrs=BY_SCAN | {"placeholder": _("Floor")})
    )
    target = StrictCharField(
        label=_("To bin"), max_length=24, required=False, widget=forms.TextInput(attrs=BY_SCAN | {"placeholder": _("Floor")})
    )
    quantity = QuantityField(label=_("Units"), widget=forms.NumberInput(attrs={"autocomplete": "off"}))
    reference = StrictCharField(max_length=80, widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a lot is stopped, or may go on."""

    reason = StrictCharField(label=_("Reason"), max_length=200)


class EndingFilterForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[*END_STATES, ("", _("All states"))])


class DeedForm(forms.Form):
    """What is done with a lot near its end."""

    deed = forms.ChoiceField(label=_("What is done"), choices=[pair for pair in END_DEEDS if pair[0] != "sold_out"])
    note = StrictCharField(label=_("Note"), max_length=200, required=False)


class LifeRuleForm(forms.Form):
    """How much life goods must have left; an empty category or marketplace is any."""

    purpose = forms.ChoiceField(label=_("Meaning"), choices=LIFE_PURPOSES)
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=Category.objects.none(), required=False, empty_label=_("Any category"), to_field_name="code"
    )
    channel = StrictCharField(label=_("Marketplace"), max_length=24, required=False)
    days = StrictIntegerField(label=_("Days"), least=0, most=3650)
    share = RateField(**PART_OF_A_LIFE, label=_("Or this share of the life, if less"), required=False, help_text=_("0.1 is a tenth."))
    from_date = DayField(label=_("In force from"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.order_by("name_zh", "id")  # type: ignore[attr-defined]


class NewCountForm(forms.Form):
    """Which places are counted: bins whose label begins so, or all places of a lot."""

    bins = StrictCharField(label=_("Bins beginning with"), max_length=24, required=False, widget=forms.TextInput(attrs=BY_SCAN))
    lot_number = StrictCharField(label=_("Or lot"), max_length=40, required=False, widget=forms.TextInput(attrs=BY_SCAN))
    is_blind = forms.BooleanField(label=_("Blind: who counts does not see what should be there"), required=False)


class CountForm(forms.Form):
    """What lay at each place of a count; a field per line."""

    def __init__(self, *args: Any, lines: list[CountLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"line_{line.pk}"] = StrictIntegerField(
                label=_("Units"), least=0, required=False, widget=forms.NumberInput(attrs={"autocomplete": "off", "inputmode": "numeric"})
            )

    def counted(self) -> dict[int, int]:
        """Return the units by line, of those that were filled in."""
        return {int(name.removeprefix("line_")): units for name, units in self.cleaned_data.items() if units is not None}


class ReasonsForm(forms.Form):
    """Why each line differs; a field per line."""

    def __init__(self, *args: Any, lines: list[CountLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"line_{line.pk}"] = forms.ChoiceField(label=_("Reason"), choices=[("", "–"), *COUNT_REASONS], required=False)

    def reasons(self) -> dict[int, str]:
        """Return the reasons by line."""
        return {int(name.removeprefix("line_")): reason for name, reason in self.cleaned_data.items() if reason}
