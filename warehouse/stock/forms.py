"""What people type about lots: what a list is narrowed by, where goods are put, why they are stopped."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import QuantityField, StrictCharField
from warehouse.stock.custody import INSIDE
from warehouse.stock.models import BIN_KINDS, CUSTODY_LABELS

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
