"""What people type about claims."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.certificates.lifecycle import CertificateState
from assurance.certificates.queries import attached_to
from assurance.claims.kinds import Basis
from assurance.claims.models import BASES, GRADES, KINDS, MEASURED, SAID_BY, SOURCES
from assurance.web.fields import DayField, RateField, StrictCharField

if TYPE_CHECKING:
    from assurance.certificates.models import Certificate
    from assurance.refusals import Refused

MOST: Final = Decimal(999_999_999)
PAPERS: Final = ("image/jpeg", "image/png", "image/webp", "application/pdf")
BY_HAND: Final = [(code, word) for code, word in BASES if code != Basis.LAB]


class Refusable(forms.Form):
    """A form that shows beside its fields what an action refused."""

    def add_refusal(self, refused: Refused) -> None:
        for field, _code, words in refused.points() or [("", refused.code, str(refused))]:
            self.add_error(field if field in self.fields else None, words)


class ClaimForm(Refusable):
    """One claim, word for word as it is printed or said."""

    kind = forms.ChoiceField(label=_("Kind of claim"), choices=KINDS)
    said_by = forms.ChoiceField(label=_("Where it is said"), choices=SAID_BY)
    text = StrictCharField(label=_("Claim, word for word"), max_length=200)
    measured = forms.ChoiceField(label=_("What is measured"), choices=[("", _("Nothing is measured")), *MEASURED], required=False)
    component = StrictCharField(
        label=_("Of what"), max_length=20, required=False, help_text=_("The fibre or filling, as the laboratory names it.")
    )
    value = RateField(label=_("Value"), most=MOST, required=False)
    unit = StrictCharField(label=_("Unit of the value"), max_length=12, required=False)
    declared = forms.BooleanField(label=_("I state that it is so, and my organisation answers for it."), required=False)


class EvidenceForm(Refusable):
    """A statement or a paper under a claim."""

    basis = forms.ChoiceField(label=_("Kind of evidence"), choices=BY_HAND)
    certificate = forms.ChoiceField(
        label=_("Certificate"), required=False, help_text=_("Only those of this product that a reviewer has verified can be chosen.")
    )
    file = forms.FileField(label=_("Paper as picture or PDF"), required=False)
    words = StrictCharField(label=_("What it shows"), max_length=200, required=False)
    from_date = DayField(label=_("Valid from"), required=False)
    until_date = DayField(label=_("Valid until"), required=False)

    def __init__(self, *args: Any, product_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attached = attached_to([product_id]).get(product_id, [])
        self.certificates = {str(one.pk): one for one in attached if one.state == CertificateState.VERIFIED}
        chosen = [(number, one.number) for number, one in self.certificates.items()]
        self.fields["certificate"].choices = [("", _("None")), *chosen]  # type: ignore[attr-defined]

    def clean_certificate(self) -> Certificate | None:
        return self.certificates.get(self.cleaned_data["certificate"])


class FindingForm(Refusable):
    """What was found about a claim."""

    grade = forms.ChoiceField(label=_("Finding"), choices=GRADES)
    source = forms.ChoiceField(label=_("Source"), choices=SOURCES)
    words = StrictCharField(label=_("What was found"), max_length=300)
    reference = StrictCharField(label=_("Document or address"), max_length=200, required=False)
    found_date = DayField(label=_("Found on"))
