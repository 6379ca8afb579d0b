"""What inspectors answer, point by point, with the keyboard, and what lists are narrowed by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from assurance.products.models import Category
from assurance.web.fields import PhotosField, QuantityField, StrictCharField
from qc.checks.actions.photographs import Picture
from qc.checks.checkpoints import NOT_PRINTED, AnswerKind
from qc.checks.models import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.forms import BoundField

    from qc.checks.checkpoints import Checkpoint

YES, NO = "yes", "no"
SAID = (AnswerKind.YES_NO, AnswerKind.PHOTO)
"""What is answered by yes or no: it is so, it could be shown."""
SCOPES = {"todo": _("To check"), "wrong": _("To be put right"), "done": _("Checked")}


class FilterForm(forms.Form):
    """What the list of checks is narrowed by."""

    scope = forms.ChoiceField(required=False, choices=list(SCOPES.items()))
    verdict = forms.ChoiceField(label=_("Verdict"), required=False, choices=[("", _("All verdicts")), *VERDICTS])
    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Parcel or order")})
    )


class ScanForm(forms.Form):
    """The number of a parcel."""

    code = StrictCharField(max_length=80, required=False)


class ShareForm(forms.Form):
    """How many of which parcels are checked; what is empty means all."""

    percent = QuantityField(label=_("Percent of the parcels"), most=100)
    merchant = StrictCharField(label=_("Merchant (code)"), max_length=16, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=lambda: [("", _("Any category")), *Category.objects.named()], required=False)
    warehouse = StrictCharField(label=_("Warehouse (code)"), max_length=16, required=False)
    reason = StrictCharField(label=_("Reason"), max_length=200)


@dataclass(frozen=True)
class Row:
    """One point on the page: its answer, its photographs, and those kept from a press that was refused."""

    point: Checkpoint
    name: str
    hint: str
    answer: BoundField
    photos: BoundField
    kept: BoundField

    @property
    def is_choice(self) -> bool:
        return self.point.kind in (*SAID, AnswerKind.CHOICE)


class AnswersForm(forms.Form):
    """An answer to every point. Nothing is preset: somebody looked and pressed a key."""

    note = StrictCharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, points: Sequence[Checkpoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = points
        language = get_language() or ""
        for point in points:
            self.fields[f"a-{point.code}"] = _answer_field(point, language)
            self.fields[f"p-{point.code}"] = PhotosField(label=_("Photos"), required=False)
            self.fields[f"k-{point.code}"] = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def rows(self) -> Iterator[Row]:
        language = get_language() or ""
        for point in self.points:
            fields = (self[f"{prefix}-{point.code}"] for prefix in "apk")
            yield Row(point, point.name(language), point.hint(language), *fields)

    def answers(self) -> dict[str, Any]:
        """Return the answers as the action takes them."""
        given = {point.code: self.cleaned_data[f"a-{point.code}"] for point in self.points}
        yes_no = {point.code for point in self.points if point.kind in SAID}
        return {code: value == YES if code in yes_no else value for code, value in given.items()}

    def uploads(self) -> dict[str, list[Picture]]:
        return {
            point.code: [Picture(file.name, file.read()) for file in self.cleaned_data.get(f"p-{point.code}") or []]
            for point in self.points
        }

    def kept(self) -> dict[str, list[int]]:
        """Return the photographs that a refused press has stored already."""
        told = {point.code: self.cleaned_data.get(f"k-{point.code}", "") for point in self.points}
        return {code: [int(part) for part in text.split(",") if part.isascii() and part.isdigit()] for code, text in told.items()}


def _answer_field(point: Checkpoint, language: str) -> forms.Field:
    name = point.name(language)
    if point.kind in SAID:
        return forms.ChoiceField(
            label=name, choices=[(YES, pgettext("answer", "Yes")), (NO, pgettext("answer", "No"))], widget=forms.RadioSelect
        )
    if point.kind is AnswerKind.CHOICE:
        words = [(option.code, option.en if language.startswith("en") else option.zh) for option in point.options]
        return forms.ChoiceField(label=name, choices=words, widget=forms.RadioSelect)
    if point.kind is AnswerKind.DATE:
        hint = gettext("As YYYY-MM-DD; %(none)s where nothing is printed.") % {"none": NOT_PRINTED}
        return StrictCharField(label=name, max_length=10, help_text=hint)
    return StrictCharField(label=name, max_length=40 if point.kind is AnswerKind.TEXT else 12, help_text=point.unit)
