"""What is scanned and typed about returns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import PhotosField, QuantityField, StrictCharField
from warehouse.returns.counting import Scanned
from warehouse.returns.queries import SCOPES
from warehouse.stock.gs1 import MOST_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SCANS = 50


class FilterForm(forms.Form):
    """What the list of returns is narrowed by."""

    scope = forms.ChoiceField(required=False, choices=list(SCOPES.items()))
    q = StrictCharField(
        label=_("Search"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Return, parcel, order or tracking number")}),
    )


class ScanForm(forms.Form):
    """The number of a parcel that came back."""

    code = StrictCharField(max_length=80, required=False)


class CountForm(forms.Form):
    """The next units of a parcel that came back; what was counted before goes along in ``counted``."""

    counted = StrictCharField(required=False, widget=forms.HiddenInput, max_length=8_000)
    held = StrictCharField(required=False, widget=forms.HiddenInput, max_length=80)
    code = StrictCharField(
        label=_("GTIN or SKU"),
        max_length=MOST_CHARACTERS,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    lot_number = StrictCharField(
        label=_("Lot number as printed"),
        max_length=40,
        required=False,
        help_text=_("Leave it empty only where none can be read."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    serial = StrictCharField(
        label=_("Serial number, if the goods left with one"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    quantity = QuantityField(label=_("Units"), required=False, most=999, widget=forms.NumberInput(attrs={"autocomplete": "off"}))
    override_reason = StrictCharField(label=_("Why there are more than were shipped"), max_length=200, required=False)

    def clean_counted(self) -> list[Scanned]:
        """Read back what this page wrote; anything else is nothing."""
        try:
            rows = json.loads(self.cleaned_data["counted"] or "[]")
            return [
                Scanned(str(code)[:80], str(lot)[:40], min(max(int(units), 1), 999), "".join(map(str, serial))[:40])
                for code, lot, units, *serial in rows[:MOST_SCANS]
            ]
        except (ValueError, TypeError, KeyError):
            return []

    def scans(self) -> list[Scanned]:
        """Return everything counted so far, with what was just scanned."""
        given = self.cleaned_data
        if not given.get("code"):
            return list(given["counted"])
        scan = Scanned(given["code"][:80], given.get("lot_number") or "", given.get("quantity") or 1, given.get("serial") or "")
        return [*given["counted"], scan]


def written(scans: Sequence[Scanned]) -> str:
    """Return scans as the page carries them along."""
    return json.dumps(
        [[scan.code, scan.lot_number, scan.quantity, *([scan.serial] if scan.serial else [])] for scan in scans], ensure_ascii=False
    )


class UnidentifiedForm(forms.Form):
    """A parcel that does not say whose it is."""

    photos = PhotosField(label=_("Photos of the parcel and of what is in it"))
    tracking_number = StrictCharField(label=_("Tracking number, if there is one"), max_length=40, required=False)
    carrier = StrictCharField(label=_("Courier, if it can be read"), max_length=40, required=False)
    note = StrictCharField(label=_("What is in it"), max_length=200, required=False)


class MatchForm(forms.Form):
    """Which parcel an unidentified return was."""

    code = StrictCharField(
        label=_("Parcel or order"), max_length=80, help_text=_("The number on the pick list, or the order's if it had one parcel.")
    )
