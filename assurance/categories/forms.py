"""What an administrator types about a new version of a category's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assurance.categories.actions import Wording
from assurance.categories.rows import ROWS, Rows, rows_of, sentence_of
from assurance.categories.wording import FIELDS, in_language
from assurance.products.content import AQLS, LEVELS, MOST_DAYS, flaws
from assurance.reference import newest
from assurance.web.fields import DayField, StrictCharField, StrictIntegerField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from assurance.products.content import Content
    from assurance.refusals import Refused

SEEN: Final = ("0.65", "1.0", "1.5", "2.5", "4.0", "6.5", "10")
"""The part of the series that is offered; the API takes all of it."""
AQL_CHOICES: Final = [(one, one) for one in AQLS if one in SEEN]


class AcceptForm(forms.Form):
    """That somebody has read who would fail, and goes on."""

    digest = StrictCharField(max_length=64, widget=forms.HiddenInput)
    accepts = forms.BooleanField(label=_("I have read this list and accept it."))


class HeadForm(forms.Form):
    """Everything of a version that is no list of rows."""

    revision = StrictIntegerField(widget=forms.HiddenInput, required=False)
    effective_from = DayField(label=_("In force from"), help_text=_("A day in China. What was judged before stays judged."))
    note = StrictCharField(label=_("Why it changes"), max_length=200, required=False)
    is_perishable = forms.BooleanField(label=FIELDS["is_perishable"], required=False)
    inspection_level = forms.ChoiceField(label=FIELDS["inspection_level"], choices=[(one, one) for one in LEVELS])
    aql_major = forms.ChoiceField(label=FIELDS["aql_major"], choices=AQL_CHOICES)
    aql_minor = forms.ChoiceField(label=FIELDS["aql_minor"], choices=AQL_CHOICES)
    badge_days = StrictIntegerField(label=FIELDS["badge_days"], most=MOST_DAYS)
    badge_warning_days = StrictIntegerField(
        label=FIELDS["badge_warning_days"], least=0, most=MOST_DAYS, help_text=_("When safety fails there is no warning.")
    )
    lab_result_days = StrictIntegerField(
        label=FIELDS["lab_result_days"], least=0, most=MOST_DAYS, help_text=_("0: the badge waits for no laboratory.")
    )
    risk_prior = StrictCharField(label=FIELDS["risk_prior"], max_length=4, help_text=_("From 0 to 1, like 0.25."))
    risk_reason_zh = StrictCharField(label=FIELDS["risk_reason_zh"], max_length=60)
    risk_reason_en = StrictCharField(label=FIELDS["risk_reason_en"], max_length=80)
    shelf_life = forms.ChoiceField(label=FIELDS["shelf_life"], required=False)
    labels = forms.MultipleChoiceField(label=FIELDS["labels"], required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, base: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = newest("categories")["shared"]
        self.rules = {one["code"]: one for one in (*shared["shelf_life"].values(), *filter(None, [base["shelf_life"]]))}
        self.lists = {one["code"]: one for one in (*shared["labels"].values(), *base["labels"])}
        self.fields["shelf_life"].choices = [("", _("No limit")), *((code, in_language(one)) for code, one in self.rules.items())]  # type: ignore[attr-defined]
        self.fields["labels"].choices = [  # type: ignore[attr-defined]
            (code, f"{in_language(one)} · {one['standard']}") for code, one in self.lists.items()
        ]
        for name in ("aql_major", "aql_minor"):
            if base[name] not in SEEN:
                self.fields[name].choices = [(base[name], base[name]), *AQL_CHOICES]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """Return the content without its lists of rows."""
        got = dict(self.cleaned_data)
        for name in ("revision", "effective_from", "note"):
            got.pop(name)
        got["shelf_life"] = self.rules.get(got["shelf_life"], {})
        got["labels"] = [self.lists[code] for code in got["labels"]]
        return got


class VersionForm:
    """A whole version: its head, and its lists as rows. ``base`` is what it starts from."""

    def __init__(self, base: Content, initial: Mapping[str, Any], data: QueryDict | None = None) -> None:
        shown = {**base, **initial, "shelf_life": base["shelf_life"].get("code", ""), "labels": [one["code"] for one in base["labels"]]}
        self.head = HeadForm(data, base=base, initial=shown)
        self.rows: dict[str, Rows] = {name: rows_of(name, base[name], data) for name in ROWS}

    def is_valid(self) -> bool:
        """Say whether all of it can be kept, and write what cannot beside its field."""
        whole = all([self.head.is_valid(), *(rows.is_valid() for rows in self.rows.values())])
        if not whole:
            return False
        found = flaws(self.wording().content)
        for one in found:
            self.object_to(one.field, sentence_of(one.code, one.given), one.code)
        return not found

    def wording(self) -> Wording:
        content = self.head.said() | {name: rows.entries() for name, rows in self.rows.items()}
        return Wording(content, self.head.cleaned_data["effective_from"], self.head.cleaned_data["note"])

    def object_to(self, field: str, sentence: str, code: str) -> None:
        name, *rest = field.split(".")
        if name in self.rows and rest:
            self.rows[name].object_to(int(rest[0]), rest[1] if len(rest) > 1 else "", sentence, code)
        else:
            label = f"{FIELDS[name]}: " if name in self.rows else ""
            self.head.add_error(name if name in self.head.fields else None, ValidationError(label + sentence, code=code))

    def add_refusal(self, refused: Refused) -> bool:
        """Put what an action refused beside its fields; say whether it knew any."""
        points = refused.points()
        for field, code, sentence in points:
            self.object_to(field, sentence, code)
        return bool(points)

    def take_over(self, revision: int) -> None:
        """Let saving once more replace the change that somebody made meanwhile, knowingly."""
        self.head.data = {**{name: self.head.data.getlist(name) for name in self.head.data}, "revision": str(revision)}  # type: ignore[attr-defined]
