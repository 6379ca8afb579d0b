"""What is chosen and scanned at the dispatch desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.web.fields import StrictCharField
from logistics.couriers.choosing import Rule
from logistics.couriers.models import CourierService
from logistics.dispatch.actions import Booking
from logistics.dispatch.models import RULES
from logistics.dispatch.queries import TO_BOOK, TO_HAND_OVER

MOST_AT_ONCE = 200


class DeskForm(forms.Form):
    """What the desk's list is narrowed by."""

    step = forms.ChoiceField(
        label=_("Next step"),
        required=False,
        choices=[("", _("All parcels")), (TO_BOOK, _("Choose a courier")), (TO_HAND_OVER, _("Hand over"))],
    )


class BookForm(forms.Form):
    """Parcels, and the rule that chooses their couriers."""

    parcels = forms.TypedMultipleChoiceField(coerce=int, choices=())
    rule = forms.ChoiceField(label=_("Rule"), choices=RULES, initial=Rule.CHEAPEST)
    service = forms.ChoiceField(label=_("Service"), required=False)

    def __init__(self, *args: Any, parcels: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parcels"].choices = [(str(pk), str(pk)) for pk in parcels]  # type: ignore[attr-defined]
        services = CourierService.objects.filter(is_active=True).order_by("name", "id")
        self.fields["service"].choices = [("", _("Any")), *((one.code, one.name) for one in services)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("rule") == Rule.FIXED and not given.get("service"):
            self.add_error("service", _("Choose the service."))
        return given

    def bookings(self) -> list[Booking]:
        given = self.cleaned_data
        return [Booking(pk, rule=given["rule"], service_code=given["service"]) for pk in given["parcels"]]


class ScanForm(forms.Form):
    """The code on a label, or on a pick list."""

    code = StrictCharField(max_length=40)


class ReasonForm(forms.Form):
    """Why a waybill is called off."""

    reason = StrictCharField(label=_("Reason"), max_length=200)
