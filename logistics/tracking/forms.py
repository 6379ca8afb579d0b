"""What a courier types and scans."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import StrictCharField
from logistics.couriers.statuses import PROBLEMS, Status
from logistics.dispatch.models import INCIDENTS, STATES
from logistics.tracking.models import STATUSES


class FilterForm(forms.Form):
    """What a list of waybills is narrowed by."""

    q = StrictCharField(
        label=_("Search"), max_length=40, required=False, widget=forms.TextInput(attrs={"placeholder": _("Waybill or order number")})
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *STATES])


class EventForm(forms.Form):
    """One scan by a courier. ``message`` is made with the form, so that a second press records nothing twice."""

    message = StrictCharField(max_length=60, widget=forms.HiddenInput)
    number = StrictCharField(label=_("Waybill number"), max_length=40, widget=forms.TextInput(attrs={"id": "scan"}))
    status = forms.ChoiceField(
        label=_("What happened"), choices=[choice for choice in STATUSES if choice[0] != Status.UNKNOWN], initial=Status.PICKED_UP
    )
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", _("None")), *INCIDENTS])
    place = StrictCharField(label=_("Place"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"message": f"page:{secrets.token_hex(12)}"} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name in ("status", "reason", "place"):  # what stays the same from scan to scan stands below the field
            self.fields[name].widget.attrs["form"] = "scanning"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("status") in PROBLEMS and not given.get("reason"):
            self.add_error("reason", _("Say what is wrong."))
        return given
