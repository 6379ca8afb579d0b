"""What is asked about events and jobs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance.events.subjects import SUBJECTS
from assurance.events.wording import WORDS, families
from assurance.web.fields import DayField, StrictCharField, StrictIntegerField

BIGGEST: Final = 2**63 - 1
FAMILIES: Final = {
    "aftersales": _("Cases"),
    "accounts": _("Accounts"),
    "events": _("Jobs"),
    "notices": _("Notices"),
    "files": _("Files"),
    "runs": _("Imports and exports"),
    "products": _("Products"),
    "imports": _("Imports"),
    "categories": _("Categories"),
    "enrollment": _("Enrolment"),
    "claims": _("Claims"),
    "certificates": _("Certificates"),
    "evidence": _("Evidence"),
    "gates": _("Clearances and stops"),
    "badges": _("Badges"),
    "catalog": _("Catalogue"),
    "warehouse": _("Goods"),
    "qc": _("Inspections"),
    "logistics": _("Couriers"),
    "fees": _("Fees"),
    "qualification": _("Papers and entry"),
}


class RestartForm(forms.Form):
    """Why a parked job may be tried again."""

    reason = StrictCharField(label=_("Reason"), max_length=200, help_text=_("What was mended, so that it will work now?"))


class TrailForm(forms.Form):
    """What the trail is narrowed by. Days are days in the reader's zone, both included."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    actor = StrictIntegerField(required=False, most=BIGGEST, widget=forms.HiddenInput)
    about = StrictCharField(required=False, max_length=80, widget=forms.HiddenInput)
    before = StrictIntegerField(required=False, most=BIGGEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(FAMILIES[family], kinds) for family, kinds in families().items()]
        self.fields["kind"].choices = [("", _("Everything")), *groups]  # type: ignore[attr-defined]

    def clean_kind(self) -> str:
        kind = str(self.cleaned_data["kind"])
        return kind if kind in WORDS else ""

    def clean_about(self) -> tuple[str, int] | None:
        label, _colon, number = str(self.cleaned_data["about"]).rpartition(":")
        return (label, int(number)) if label in SUBJECTS and number.isascii() and number.isdigit() and len(number) <= 18 else None

    def narrowed(self) -> dict[str, Any]:
        """Return what ``queries.trail`` narrows by; what makes no sense narrows nothing."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        for name, days in (("since", 0), ("until", 1)):
            if name in given:
                given[name] = start_of(given[name] + timedelta(days=days))
        return given


def start_of(day: date) -> datetime:
    """Return the first moment of a day in the reader's zone."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())
