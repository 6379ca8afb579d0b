"""What the list of lots is narrowed by."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import StrictCharField
from warehouse.stock.custody import INSIDE
from warehouse.stock.models import CUSTODY_LABELS


class FilterForm(forms.Form):
    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Lot, product, SKU or GTIN")})
    )
    custody = forms.ChoiceField(
        label=_("Custody"),
        required=False,
        choices=[("", _("Anywhere")), *((value, label) for value, label in CUSTODY_LABELS if value in INSIDE)],
    )
