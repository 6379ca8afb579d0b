"""What people type about orders and parcels, at a desk and at the packing station."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import PhotosField, QuantityField, StrictCharField
from warehouse.orders.models import ORDER_STATES, PARCEL_STATES
from warehouse.stock.gs1 import MOST_CHARACTERS
from warehouse.stock.models import SWAP_REASONS

MOST_GRAMS = 1_000_000
MOST_MM = 5_000
OF_A_CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class OrderFilterForm(forms.Form):
    """What a list of orders is narrowed by."""

    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Order number, product or SKU")})
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *ORDER_STATES])


class ParcelFilterForm(forms.Form):
    """What a list of parcels is narrowed by."""

    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Parcel or order number")})
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("In the warehouse")), *PARCEL_STATES])


class ReasonForm(forms.Form):
    """Why something is cancelled, unpacked or looked at."""

    reason = StrictCharField(label=_("Reason"), max_length=200)


class CodeForm(forms.Form):
    """A scanned code, and the code of the goods that somebody holds already."""

    code = StrictCharField(max_length=MOST_CHARACTERS, required=False)
    held = StrictCharField(max_length=80, required=False)


class ScanForm(forms.Form):
    """Units of one lot for a parcel."""

    code = StrictCharField(max_length=80, widget=forms.HiddenInput)
    lot_number = StrictCharField(
        label=_("Lot number"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True, "data-sends": "scanned"}
        ),
    )
    quantity = QuantityField(label=_("Units"), initial=1, widget=forms.NumberInput(attrs={"autocomplete": "off"}))


class OtherLotForm(forms.Form):
    """Which lot instead, how many units, and why if it expires later."""

    lot = forms.ChoiceField(label=_("Take from lot"))
    quantity = QuantityField(label=_("Units"), widget=forms.NumberInput(attrs={"autocomplete": "off"}))
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", _("It expires no later")), *SWAP_REASONS])

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot"].choices = choices  # type: ignore[attr-defined]


class SealForm(forms.Form):
    """A complete parcel on the scale."""

    measured_weight_g = QuantityField(
        label=_("Weight in grams"), most=MOST_GRAMS, widget=forms.NumberInput(attrs={"autocomplete": "off", "autofocus": True})
    )
    length_mm = QuantityField(label=_("Length in mm"), most=MOST_MM, required=False)
    width_mm = QuantityField(label=_("Width in mm"), most=MOST_MM, required=False)
    height_mm = QuantityField(label=_("Height in mm"), most=MOST_MM, required=False)


class AcceptWeightForm(forms.Form):
    """Why a weight is right after all."""

    reason = StrictCharField(label=_("Reason"), max_length=200)
    measured_weight_g = QuantityField(label=_("Weight in grams, weighed again"), most=MOST_GRAMS, required=False)


class RecordForm(forms.Form):
    """Photographs of packing, or where its film lies."""

    photos = PhotosField(label=_("Photos"), required=False)
    video_reference = StrictCharField(label=_("Where the video is"), max_length=200, required=False)
