"""What the platform enters about couriers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.roles import Kind
from assurance.web.fields import DayField, StrictCharField
from logistics.couriers.actions import EXAMPLE_PRICES, Terms
from logistics.couriers.adapters import ADAPTERS
from logistics.couriers.zones import PROVINCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.couriers.billing import Band

PRICES = [("economy", _("Economy (example rates)")), ("standard", _("Standard (example rates)")), ("express", _("Express (example rates)"))]


class PriceForm(forms.Form):
    """From when on which price list holds."""

    prices = forms.ChoiceField(label=_("Price list"), choices=PRICES, initial="standard")
    valid_from = DayField(label=_("Valid from"))

    def bands(self) -> Sequence[Band]:
        return EXAMPLE_PRICES[self.cleaned_data["prices"]]


class TermsForm(forms.Form):
    """Where a service goes and until when it is certified."""

    provinces = forms.MultipleChoiceField(
        label=_("Provinces"), required=False, choices=list(PROVINCES.items()), help_text=_("None ticked: all of China.")
    )
    certified_until = DayField(label=_("Certified until"), required=False)
    in_use = forms.ChoiceField(label=_("In use"), choices=[("yes", _("yes")), ("no", _("no"))])

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(tuple(given["provinces"]), given["certified_until"], given["in_use"] == "yes")


class ServiceForm(PriceForm):
    """A service to certify."""

    courier = forms.ChoiceField(label=_("Courier"))
    code = StrictCharField(label=_("Code"), max_length=24)
    name = StrictCharField(label=_("Name"), max_length=60)
    name_en = StrictCharField(label=_("English name"), max_length=60, required=False)
    company_code = StrictCharField(label=_("Kuaidi100 code"), max_length=32, help_text=_("For example zhongtong or yuantong."))
    adapter = forms.ChoiceField(label=_("Programme"), choices=[(name, name) for name in ADAPTERS])
    certified_until = DayField(label=_("Certified until"), required=False)
    field_order = ("courier", "code", "name", "name_en", "company_code", "adapter", "certified_until", "prices", "valid_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        couriers = Organisation.objects.of_kind(Kind.COURIER).filter(is_active=True).order_by("name", "id")
        self.fields["courier"].choices = [("", _("Choose a courier")), *((str(one.pk), one.name) for one in couriers)]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        courier_id = int(given.pop("courier"))
        return {**given, "courier_id": courier_id, "prices": self.bands()}


class OriginForm(forms.Form):
    """In which province a warehouse stands."""

    warehouse = forms.ChoiceField(label=_("Warehouse"))
    province = forms.ChoiceField(label=_("Province"), choices=list(PROVINCES.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        warehouses = Organisation.objects.of_kind(Kind.WAREHOUSE).order_by("name", "id")
        self.fields["warehouse"].choices = [(str(one.pk), one.name) for one in warehouses]  # type: ignore[attr-defined]
