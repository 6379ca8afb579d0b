"""What people type about rounds, samples, results and laboratories."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import DayField, MoneyField, StrictCharField, StrictIntegerField
from qc.labs.actions import Found, ScopeTerms
from qc.labs.models import MARKS, LabTest
from qc.labs.queries import houses
from qc.labs.queries.pages import SCOPES

if TYPE_CHECKING:
    from qc.labs.queries.pages import SamplePage


class FilterForm(forms.Form):
    """What a list of samples is narrowed by; a scanned code leads to its sample."""

    scope = forms.ChoiceField(required=False, choices=list(SCOPES.items()))
    q = StrictCharField(
        label=_("Search or scan"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Sample, seal or lot"), "autocomplete": "off"}),
    )


class RoundForm(forms.Form):
    """How many lots to draw."""

    size = StrictIntegerField(label=_("Lots to draw"), most=500, initial=3)


class PlaceForm(forms.Form):
    """Where the goods stood."""

    place = StrictCharField(label=_("Taken from"), max_length=80, required=False, help_text=_("Shelf or pallet, if it matters."))


class SealForm(forms.Form):
    """Both seals, and where the counter-sample is kept."""

    seal_number = StrictCharField(label=_("Seal of the sample"), max_length=40)
    counter_seal_number = StrictCharField(label=_("Seal of the counter-sample"), max_length=40)
    counter_place = StrictCharField(label=_("Place of the counter-sample"), max_length=40)


class DispatchForm(forms.Form):
    """Which laboratory; the best one unless another is chosen."""

    lab = forms.ChoiceField(label=_("Laboratory"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("The best one")), *((str(one.pk), one.name) for one in houses.labs())]
        self.fields["lab"].choices = choices  # type: ignore[attr-defined]

    def lab_id(self) -> int | None:
        return int(self.cleaned_data["lab"]) if self.cleaned_data["lab"] else None


CONDITIONS = [("intact", _("Intact")), ("broken_seal", _("Broken seal")), ("damaged", _("Damaged"))]


class ReceiveForm(forms.Form):
    """The seal's number as it is read at the door, and what is seen."""

    seal_number = StrictCharField(label=_("Seal number as read"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    condition = forms.ChoiceField(label=_("Condition"), choices=CONDITIONS)
    note = StrictCharField(label=_("Note"), max_length=200, required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = StrictCharField(label=_("Reason"), max_length=200)


class VerifyForm(forms.Form):
    """Which results were seen, which of them go back, and why."""

    results = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput)
    returned = forms.MultipleChoiceField(required=False)
    reason = StrictCharField(label=_("What cannot be right"), max_length=200, required=False)

    def __init__(self, *args: Any, seen: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # numbers of results that are gone are let through: the action says that they changed
        for name in ("results", "returned"):
            self.fields[name].choices = [(str(pk), str(pk)) for pk in {*seen, *self._numbers(name)}]  # type: ignore[attr-defined]

    def _numbers(self, name: str) -> list[int]:
        given = self.data.getlist(name) if hasattr(self.data, "getlist") else []
        return [int(value) for value in given if value.isascii() and value.isdigit() and len(value) < 19]

    def ids(self, name: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self.cleaned_data[name])


def decimal_of(text: str, *, name: str) -> Decimal | None:
    """Return what a laboratory wrote into a field for one number.

    :raises ValidationError: if it is none
    """
    text = text.strip()
    if not text:
        return None
    if not text.replace(".", "", 1).isascii() or not text.replace(".", "", 1).isdigit() or len(text) > 16:
        raise ValidationError({name: _("A number like 0.005 is expected.")})
    return Decimal(text)


class ResultsForm(forms.Form):
    """One line for every test that is open: the result as reported, detection limit, uncertainty and, again, the reason."""

    def __init__(self, *args: Any, page: SamplePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in page.lines if line.is_open]
        for line in self.lines:
            code, hint = line.code, _("Limit %(limit)s") % {"limit": line.row.test.limit}
            self.fields[f"{code}-reported"] = StrictCharField(label=line.row.test.name, max_length=120, required=False, help_text=hint)
            self.fields[f"{code}-detection"] = StrictCharField(label=_("Detection limit"), max_length=16, required=False)
            self.fields[f"{code}-uncertainty"] = StrictCharField(label=_("Uncertainty ±"), max_length=16, required=False)
            if line.sent_back:
                self.fields[f"{code}-reason"] = StrictCharField(label=_("Why it is corrected"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for line in self.lines:
            for part in ("detection", "uncertainty"):
                name = f"{line.code}-{part}"
                cleaned[name] = decimal_of(cleaned.get(name, ""), name=name)
        if not any(cleaned.get(f"{line.code}-reported") for line in self.lines):
            raise ValidationError(_("Enter at least one result."), code="no_results")
        return cleaned

    def rows(self) -> list[list[Any]]:
        """Return the bound fields of every line, for the table."""
        names = ("reported", "detection", "uncertainty", "reason")
        return [[self[f"{line.code}-{part}"] for part in names if f"{line.code}-{part}" in self.fields] for line in self.lines]

    def found(self, sample_id: int) -> list[Found]:
        """Return what was entered; lines left empty are not meant."""
        given = self.cleaned_data
        return [
            Found(
                sample_id,
                line.code,
                given[f"{line.code}-reported"],
                detection_limit=given[f"{line.code}-detection"],
                uncertainty=given[f"{line.code}-uncertainty"],
                reason=given.get(f"{line.code}-reason", ""),
            )
            for line in self.lines
            if given.get(f"{line.code}-reported")
        ]

    def codes(self) -> list[str]:
        """Return the tests in the order they were handed to the action."""
        return [line.code for line in self.lines if self.cleaned_data.get(f"{line.code}-reported")]


class ScopeForm(forms.Form):
    """One line of an accreditation with its terms."""

    lab = forms.ChoiceField(label=_("Laboratory"))
    test = forms.ChoiceField(label=_("Test"))
    mark = forms.ChoiceField(label=_("Mark"), choices=MARKS)
    accreditation = StrictCharField(label=_("Accreditation number"), max_length=40)
    valid_from = DayField(label=_("Valid from"))
    valid_until = DayField(label=_("Valid until"))
    price = MoneyField(label=_("Price of one test"))
    turnaround_days = StrictIntegerField(label=_("Working days"), most=60)
    capacity_per_week = StrictIntegerField(label=_("Samples a week"), most=10_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tests = {row.code: row for row in LabTest.objects.order_by("position", "id")}
        self.fields["lab"].choices = [("", "–"), *((str(one.pk), one.name) for one in houses.labs())]  # type: ignore[attr-defined]
        named = [(code, f"{row.name} · {row.standard}") for code, row in tests.items()]
        self.fields["test"].choices = [("", "–"), *named]  # type: ignore[attr-defined]

    def terms(self) -> ScopeTerms:
        values = dict(self.cleaned_data)
        return ScopeTerms(lab_id=int(values.pop("lab")), **values)


class EndForm(forms.Form):
    """From when on an accreditation counts no more, and why."""

    valid_until = DayField(label=_("Last valid day"))
    reason = StrictCharField(label=_("Reason"), max_length=200)


class TieForm(forms.Form):
    """Who is close to whom, and how."""

    lab = forms.ChoiceField(label=_("Laboratory"))
    merchant = forms.ChoiceField(label=_("Merchant"))
    because = StrictCharField(label=_("How they are close"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lab"].choices = [("", "–"), *((str(one.pk), one.name) for one in houses.labs())]  # type: ignore[attr-defined]
        named = [(str(one.pk), one.name) for one in houses.merchants()]
        self.fields["merchant"].choices = [("", "–"), *named]  # type: ignore[attr-defined]
