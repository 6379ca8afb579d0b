"""What people ask for, decide and carry out about goods that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import DayField, QuantityField, StrictCharField
from qc.nonconformance.queries import SCOPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assurance.accounts.models import User

ANSWERS = [("approve", _("Approve")), ("refuse", _("Refuse")), ("withdraw", _("Take back")), ("end", _("End"))]


class FilterForm(forms.Form):
    """What the list is narrowed by."""

    scope = forms.ChoiceField(required=False, choices=list(SCOPES.items()))
    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Lot or product")})
    )


class RequestForm(forms.Form):
    """What should become of some units; only what the defects allow is offered."""

    kind = forms.ChoiceField(label=_("What becomes of it"), widget=forms.RadioSelect)
    quantity = QuantityField(label=_("Units"))
    ends_date = DayField(
        label=_("Last day"), required=False, help_text=_("Only to use goods as they are: a concession is for a while, 180 days at most.")
    )
    reason = StrictCharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """The answer to a request, or the end of a decision."""

    answer = forms.ChoiceField(choices=ANSWERS)
    reason = StrictCharField(label=_("Reason"), max_length=200, required=False)


class CarryForm(forms.Form):
    """How many units went; of a sorting the good ones and the others; of destroying who saw it, the picture and the certificate."""

    quantity = QuantityField(label=_("Units"), least=0)
    sorted_out = QuantityField(label=_("Units not in order"), least=0, required=False)
    witness = forms.ChoiceField(label=_("Who sees it destroyed"), required=False)
    photo = forms.FileField(
        label=_("Photograph"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"})
    )
    certificate_number = StrictCharField(label=_("Number of the certificate"), max_length=60, required=False)

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["witness"].choices = [("", _("Choose a person")), *((str(one.pk), one.name) for one in people)]  # type: ignore[attr-defined]
