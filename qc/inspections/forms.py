"""What inspectors type and press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import StrictCharField, StrictIntegerField
from qc.checks.actions.photographs import Picture
from qc.inspections.actions import FoundUnit
from qc.inspections.models import LIABILITIES
from qc.inspections.queries import SCOPES
from warehouse.returns.forms import PhotosField
from warehouse.stock.gs1 import MOST_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable


class FilterForm(forms.Form):
    """What a list of inspections is narrowed by; a scanned code opens what it means."""

    scope = forms.ChoiceField(required=False, choices=list(SCOPES.items()))
    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Lot or product")})
    )
    code = StrictCharField(max_length=MOST_CHARACTERS, required=False)


class ScanForm(forms.Form):
    """A code, or the number of a unit."""

    code = StrictCharField(max_length=80, required=False)


class UnitForm(forms.Form):
    """One unit as it was found. Neither result is preset: somebody pressed one of two keys."""

    number = StrictIntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(choices=[("conforming", _("Conforms")), ("defective", _("Defect"))])
    defects = forms.MultipleChoiceField(required=False)
    liability = forms.ChoiceField(label=_("Who answers for it"), required=False, choices=[("", _("The merchant")), *LIABILITIES[1:]])
    photos = PhotosField(label=_("Photos"), required=False)

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["defects"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("result") == "defective" and not cleaned.get("defects") and "defects" not in self.errors:
            self.add_error("defects", ValidationError(_("Pick what is wrong with it first."), code="defect_missing"))
        return cleaned

    def unit(self, photos: Iterable[int] = ()) -> FoundUnit:
        given = self.cleaned_data
        if given["result"] == "conforming":
            return FoundUnit(given["number"], is_conforming=True)
        return FoundUnit(given["number"], False, tuple(given["defects"]), given.get("liability", ""), tuple(photos))

    def pictures(self) -> list[Picture]:
        return [Picture(file.name, file.read()) for file in self.cleaned_data.get("photos") or []]
