"""The lists of a version as rows of a form: what stands in a row becomes an entry, an empty row is not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assurance.categories.wording import CERTIFICATE_KINDS, FLAWS, KINDS
from assurance.products.content import LENGTHS, MOST_ENTRIES
from assurance.web.fields import StrictCharField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

ROOM: Final = 2
"""Empty rows that are offered below the filled ones."""


def _text(name: str, column: str, label: Any, **given: Any) -> StrictCharField:
    return StrictCharField(label=label, max_length=LENGTHS[name][column], required=False, **given)


class AttributeRow(forms.Form):
    """One thing that must be stated."""

    key = _text("required_attributes", "key", _("Attribute key"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), *KINDS.items()], required=False)
    label_zh = _text("required_attributes", "label_zh", _("Chinese"))
    label_en = _text("required_attributes", "label_en", _("English"))
    unit = _text("required_attributes", "unit", _("Unit of measure"))
    choices = StrictCharField(label=_("Choices"), max_length=600, required=False, help_text=_("value=Chinese=English; next one …"))
    hint_zh = _text("required_attributes", "hint_zh", _("Hint, Chinese"))
    hint_en = _text("required_attributes", "hint_en", _("Hint, English"))

    @staticmethod
    def shown(entry: Mapping[str, Any]) -> dict[str, Any]:
        choices = "; ".join("=".join((one["value"], one["zh"], one["en"])) for one in entry.get("choices", ()))
        return {**entry, "choices": choices}

    def entry(self) -> dict[str, Any]:
        values = _said(self.cleaned_data)
        if written := values.pop("choices", ""):
            parts = [[part.strip() for part in one.split("=")] for one in written.replace("；", ";").split(";") if one.strip()]
            values["choices"] = [dict(zip(("value", "zh", "en"), one, strict=False)) for one in parts]
        return values


class CertificateRow(forms.Form):
    """One paper that is asked for."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), *CERTIFICATE_KINDS.items()], required=False)
    label_zh = _text("certificates", "label_zh", _("Chinese"))
    label_en = _text("certificates", "label_en", _("English"))
    required = forms.BooleanField(label=_("Nobody passes without it"), required=False)
    when_zh = _text("certificates", "when_zh", _("When, Chinese"))
    when_en = _text("certificates", "when_en", _("When, English"))

    @staticmethod
    def shown(entry: Mapping[str, Any]) -> dict[str, Any]:
        return dict(entry)

    def entry(self) -> dict[str, Any]:
        return _said(self.cleaned_data) | {"required": self.cleaned_data["required"]}


class TestRow(forms.Form):
    """One test that may be ordered."""

    __test__ = False
    code = _text("lab_tests", "code", _("Code"))
    label_zh = _text("lab_tests", "label_zh", _("Chinese"))
    label_en = _text("lab_tests", "label_en", _("English"))
    standard = _text("lab_tests", "standard", _("Standard"))

    @staticmethod
    def shown(entry: Mapping[str, Any]) -> dict[str, Any]:
        return dict(entry)

    def entry(self) -> dict[str, Any]:
        return _said(self.cleaned_data)


ROWS: Final[Mapping[str, type[forms.Form]]] = {
    "required_attributes": AttributeRow,
    "certificates": CertificateRow,
    "lab_tests": TestRow,
}
FIRST: Final = {"required_attributes": "key", "certificates": "kind", "lab_tests": "code"}


class Rows(forms.BaseFormSet):  # not subscriptable when it runs
    """One list of a version."""

    name: str

    def filled(self) -> list[Any]:
        """Return the rows that say something."""
        return [form for form in self.forms if any(value for name, value in form.cleaned_data.items() if name != "required")]

    def entries(self) -> list[dict[str, Any]]:
        kept = [form.entry() for form in self.filled()]
        if self.name == "certificates":
            self._keep_classes(kept)
        return kept

    def _keep_classes(self, kept: list[dict[str, Any]]) -> None:
        """A certificate's product class and first day have no fields of their own; they stay with its kind."""
        known = {one["kind"]: {name: one[name] for name in ("class", "from_date") if name in one} for one in self.initial or ()}
        for one in kept:
            one |= known.get(one.get("kind", ""), {})

    def object_to(self, place: int, column: str, sentence: str, code: str) -> None:
        """Write what is wrong beside its field."""
        form = self.filled()[place]
        form.add_error(column if column in form.fields else None, ValidationError(sentence, code=code))


def rows_of(name: str, entries: list[Mapping[str, Any]], data: QueryDict | None = None) -> Rows:
    """Return the rows of one list: what a version says, or what was sent."""
    made = forms.formset_factory(ROWS[name], formset=Rows, extra=ROOM, max_num=MOST_ENTRIES, absolute_max=MOST_ENTRIES)
    shown = [ROWS[name].shown(one) for one in entries]  # type: ignore[attr-defined]
    rows = cast(Rows, made(data, prefix=name, initial=shown))
    rows.name = name
    return rows


def sentence_of(code: str, given: str) -> str:
    return str(FLAWS[code]) % {"given": given}


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value and name != "required"}
