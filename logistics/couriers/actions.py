"""Certify couriers' services, change what they cover, set their prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.database import constraint_of
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.refusals import Refused
from assurance.roles import Kind
from logistics.couriers.adapters import ADAPTERS
from logistics.couriers.billing import Band
from logistics.couriers.models import CourierService, Origin, PriceBand, PriceVersion
from logistics.couriers.zones import PROVINCES, UnknownProvince, Zone, province_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User


class NoSuchCourier(Refused):
    code = "no_such_courier"
    status = 422
    message = _("There is no such courier, or it is not active.")


class CodeTaken(Refused):
    code = "code_taken"
    status = 422
    message = _("The code %(given)s already belongs to another service.")


class NoSuchProgramme(Refused):
    code = "no_such_programme"
    status = 422
    message = _("There is no programme for %(given)s.")


class NoSuchProvince(Refused):
    code = "no_such_province"
    status = 422
    message = _("%(given)s is not a province.")


class NoSuchWarehouse(Refused):
    code = "no_such_warehouse"
    status = 422
    message = _("There is no such warehouse.")


class ZonesMissing(Refused):
    code = "zones_missing"
    status = 422
    message = _("Every zone needs a price once: %(zones)s.")


class PricesOverlap(Refused):
    code = "prices_overlap"
    message = _("Prices are already set from %(day)s or later.")


def _bands(*rows: tuple[Zone, str, str, int]) -> tuple[Band, ...]:
    return tuple(Band(zone, 1000, Decimal(head), 1000, Decimal(step), days) for zone, head, step, days in rows)


EXAMPLE_PRICES: Final[Mapping[str, tuple[Band, ...]]] = {
    "economy": _bands(
        (Zone.LOCAL, "3.50", "1.00", 2),
        (Zone.NEAR, "4.00", "1.50", 3),
        (Zone.MIDDLE, "5.00", "3.00", 4),
        (Zone.FAR, "7.00", "5.00", 5),
        (Zone.REMOTE, "15.00", "14.00", 8),
    ),
    "standard": _bands(
        (Zone.LOCAL, "4.50", "1.20", 1),
        (Zone.NEAR, "5.00", "2.00", 2),
        (Zone.MIDDLE, "6.50", "4.00", 3),
        (Zone.FAR, "9.00", "6.00", 4),
        (Zone.REMOTE, "18.00", "16.00", 7),
    ),
    "express": _bands(
        (Zone.LOCAL, "12.00", "2.00", 1),
        (Zone.NEAR, "14.00", "4.00", 1),
        (Zone.MIDDLE, "18.00", "8.00", 2),
        (Zone.FAR, "23.00", "13.00", 2),
        (Zone.REMOTE, "26.00", "21.00", 4),
    ),
}
"""Example prices (示例费率) of our own making, in CNY; no courier's contract."""


@dataclass(frozen=True)
class Terms:
    """What a service covers and until when it is trusted."""

    provinces: tuple[str, ...] = ()
    certified_until: date | None = None
    is_active: bool = True


@transaction.atomic
def add_service(
    *,
    courier_id: int,
    code: str,
    name: str,
    company_code: str,
    valid_from: date,
    actor: User,
    at: datetime,
    name_en: str = "",
    adapter: str = "simulated",
    provinces: Sequence[str] = (),
    certified_until: date | None = None,
    prices: Sequence[Band] = EXAMPLE_PRICES["standard"],
) -> CourierService:
    """Certify a service of a courier and set its first prices.

    :raises NoSuchCourier, CodeTaken, NoSuchProgramme, NoSuchProvince, ZonesMissing: it cannot be meant
    """
    if not Organisation.objects.of_kind(Kind.COURIER).filter(pk=courier_id, is_active=True).exists():
        raise NoSuchCourier(field="courier")
    if adapter not in ADAPTERS:
        raise NoSuchProgramme(field="adapter", given=adapter)
    _check_provinces(provinces)
    if CourierService.objects.filter(code=code).exists():
        raise CodeTaken(field="code", given=code)
    service = CourierService.objects.create(
        courier_id=courier_id,
        code=code,
        name=name,
        name_en=name_en,
        company_code=company_code,
        adapter=adapter,
        provinces=sorted(provinces),
        certified_until=certified_until,
        created_at=at,
    )
    shown = ("code", "name", "company_code", "adapter", "provinces", "certified_until")
    announce("logistics.service.added", actor=actor, at=at, subject=service, changes=first(service, *shown), organisation_id=courier_id)
    set_prices(service_id=service.pk, name=str(valid_from), bands=prices, valid_from=valid_from, actor=actor, at=at)
    return service


@transaction.atomic
def change_terms(*, service_id: int, terms: Terms, actor: User, at: datetime) -> CourierService:
    """Change where a service goes, until when it is certified, and whether it is used at all.

    :raises NoSuchProvince: if one is none
    """
    _check_provinces(terms.provinces)
    service = CourierService.objects.select_for_update().get(pk=service_id)
    new: dict[str, Any] = {
        "provinces": sorted(terms.provinces),
        "certified_until": terms.certified_until,
        "is_active": terms.is_active,
    }
    changes = change(service, **new)
    if changes:
        service.save(update_fields=list(new))
        announce("logistics.service.changed", actor=actor, at=at, subject=service, changes=changes, organisation_id=service.courier_id)
    return service


@transaction.atomic
def set_origin(*, warehouse_id: int, province: str, actor: User, at: datetime) -> Origin:
    """Say in which province a warehouse stands.

    :raises NoSuchProvince, NoSuchWarehouse: it cannot be meant
    """
    if not Organisation.objects.of_kind(Kind.WAREHOUSE).filter(pk=warehouse_id).exists():
        raise NoSuchWarehouse(field="warehouse")
    try:
        code = province_code(province)
    except UnknownProvince:
        raise NoSuchProvince(field="province", given=province) from None
    before = Origin.objects.select_for_update().filter(warehouse_id=warehouse_id).first()
    if before is None:
        origin = Origin.objects.create(warehouse_id=warehouse_id, province=code, updated_at=at)
        changes = first(origin, "warehouse_id", "province")
    else:
        origin, changes = before, change(before, province=code)
        if not changes:
            return origin
        origin.updated_at = at
        origin.save(update_fields=["province", "updated_at"])
    announce("logistics.origin.set", actor=actor, at=at, subject=origin, changes=changes, organisation_id=warehouse_id)
    return origin


@transaction.atomic
def set_prices(*, service_id: int, name: str, bands: Sequence[Band], valid_from: date, actor: User, at: datetime) -> PriceVersion:
    """Set the prices of a service from a day on; the version before ends there.

    :raises ZonesMissing: if a zone has no price, or two
    :raises PricesOverlap: if a version begins on that day or later
    """
    if sorted(band.zone for band in bands) != sorted(Zone):
        raise ZonesMissing(field="bands", zones=", ".join(Zone))
    service = CourierService.objects.select_for_update().get(pk=service_id)
    PriceVersion.objects.filter(service=service, valid_from__lt=valid_from, valid_until=None).update(valid_until=valid_from)
    try:
        with transaction.atomic():
            version = PriceVersion.objects.create(service=service, name=name, valid_from=valid_from)
    except IntegrityError as error:
        if constraint_of(error) != "prices_of_one_day_are_one":
            raise
        raise PricesOverlap(field="valid_from", day=valid_from) from None
    PriceBand.objects.bulk_create(
        PriceBand(
            version=version,
            zone=band.zone,
            first_weight_g=band.first_weight_g,
            first_fee=band.first_fee,
            step_weight_g=band.step_weight_g,
            step_fee=band.step_fee,
            days=band.days,
        )
        for band in bands
    )
    told = {"prices": [None, [f"{band.zone} {band.first_fee} + {band.step_fee}" for band in bands]]}
    announce(
        "logistics.prices.set",
        actor=actor,
        at=at,
        subject=version,
        changes=first(version, "service_id", "valid_from") | told,
        organisation_id=service.courier_id,
    )
    return version


def _check_provinces(provinces: Sequence[str]) -> None:
    for given in provinces:
        if given not in PROVINCES:
            raise NoSuchProvince(field="provinces", given=given)
