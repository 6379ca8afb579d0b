"""What boards are narrowed by, and what is said of a corrective action."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import QuantityField, StrictCharField, StrictTextField
from qc.inspections.models import SEVERITIES

LONGEST = 2_000


class BoardForm(forms.Form):
    q = StrictCharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"placeholder": _("Product or SKU")})
    )
    severity = forms.ChoiceField(label=_("Severity"), required=False, choices=[("", _("All")), *SEVERITIES])


class FiguresForm(forms.Form):
    product = QuantityField(required=False, most=2_000_000_000)


class SubmitForm(forms.Form):
    cause = StrictTextField(label=_("Cause"), max_length=LONGEST, help_text=_("Why did so many lots fail?"))
    plan = StrictTextField(label=_("What was changed"), max_length=LONGEST, help_text=_("What prevents it from now on?"))


class DecideForm(forms.Form):
    answer = forms.ChoiceField(choices=[("approve", _("Approve")), ("send_back", _("Send back"))])
    reason = StrictCharField(label=_("Reason"), max_length=300, required=False)
