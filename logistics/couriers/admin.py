"""Couriers in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from logistics.couriers.models import CourierService, Origin, PriceBand, PriceVersion


class CourierServiceTable(back_office.Shown):
    noun, nouns = _("courier service"), _("courier services")
    columns = ("code", "name", "courier", "company_code", "adapter", "certified_until", "is_active")
    rows = ("name_en", "provinces", "created_at")
    search_fields = ("code", "name")


class PriceVersionTable(back_office.Shown):
    noun, nouns = _("price list"), _("price lists")
    columns = ("service", "name", "valid_from", "valid_until")


class PriceBandTable(back_office.Shown):
    noun, nouns = _("price of a zone"), _("prices by zone")
    columns = ("version", "zone", "first_weight_g", "first_fee", "step_weight_g", "step_fee", "days")


class OriginTable(back_office.Shown):
    noun, nouns = _("place of a warehouse"), _("places of warehouses")
    columns = ("warehouse", "province", "updated_at")


back_office.tables(
    [(CourierService, CourierServiceTable), (PriceVersion, PriceVersionTable), (PriceBand, PriceBandTable), (Origin, OriginTable)]
)
