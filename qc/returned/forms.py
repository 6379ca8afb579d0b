"""What inspectors decide about returned units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import StrictCharField
from qc.returned.actions import Disposal
from warehouse.returns.grades import Disposition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assurance.accounts.models import User

SCOPES = {"todo": _("To inspect"), "decide": _("To decide"), "all": _("All")}


class FilterForm(forms.Form):
    """What the list of units is narrowed by; the number on a unit's bag opens it."""

    scope = forms.ChoiceField(required=False, choices=list(SCOPES.items()))
    code = StrictCharField(max_length=80, required=False)


class DecideForm(forms.Form):
    """What becomes of one unit; only what its grade allows is offered. To destroy needs a reason and somebody who sees it."""

    disposition = forms.ChoiceField(label=_("What becomes of it"), widget=forms.RadioSelect)
    reason = StrictCharField(label=_("Reason"), max_length=200, required=False, help_text=_("Needed to destroy."))
    witness = forms.ChoiceField(label=_("Who sees it destroyed"), required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, Any]], people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disposition"].choices = list(choices)  # type: ignore[attr-defined]
        self.fields["witness"].choices = [("", _("Choose a person")), *((str(one.pk), one.name) for one in people)]  # type: ignore[attr-defined]

    def disposal(self, unit_id: int) -> Disposal:
        given = self.cleaned_data
        witness = given["witness"]
        return Disposal(unit_id, Disposition(given["disposition"]), given["reason"], int(witness) if witness else None)
