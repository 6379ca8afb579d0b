"""Which services could take parcels, at what price and how punctual they were: read once for a whole set of parcels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from assurance.evidence.models import Fact
from assurance.refusals import Refused
from logistics.couriers import billing
from logistics.couriers.choosing import Candidate, Unfit
from logistics.couriers.models import ZONES, CourierService, Origin, PriceBand
from logistics.couriers.zones import PROVINCES, UnknownProvince, province_code, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from logistics.couriers.billing import Band
    from logistics.couriers.zones import Zone

ON_TIME: Final = "on_time"
SERVICE: Final = "courier_service"


@dataclass(frozen=True)
class Fit:
    """Who could take one parcel, and why the others could not."""

    zone: Zone
    candidates: list[Candidate]
    unfit: dict[str, Unfit]


@dataclass
class Market:
    """All services with their prices and punctuality; three queries, however many parcels are asked about."""

    services: list[CourierService]
    prices: dict[int, list[tuple[date, date | None, dict[str, Band]]]] = field(default_factory=dict)
    punctuality: dict[int, Fact] = field(default_factory=dict)

    def fit(self, *, origin: str, destination: str, billed_g: int, day: date) -> Fit:
        """Return who could take a parcel between two provinces on a day.

        :raises UnknownProvince: if one of them is none
        """
        zone = zone_of(origin, destination)
        fit = Fit(zone, [], {})
        for service in self.services:
            band = self._band(service, zone, day)
            wrong = _unfit(service, destination, day) or (None if band else Unfit.NO_PRICE)
            if wrong or band is None:
                fit.unfit[service.code] = wrong or Unfit.NO_PRICE
            else:
                fit.candidates.append(self._candidate(service, band, billed_g))
        return fit

    def by_code(self) -> dict[str, CourierService]:
        return {service.code: service for service in self.services}

    def _band(self, service: CourierService, zone: str, day: date) -> Band | None:
        for begin, end, bands in self.prices.get(service.pk, ()):
            if begin <= day and (end is None or day < end):
                return bands.get(zone)
        return None

    def _candidate(self, service: CourierService, band: Band, billed_g: int) -> Candidate:
        fact = self.punctuality.get(service.pk)
        fee = billing.fee(band, billed_g)
        return Candidate(service.code, service.name, fee, band.days, fact.value if fact else None, (fact.sample_size or 0) if fact else 0)


def market() -> Market:
    """Read every service."""
    services = list(CourierService.objects.order_by("code"))
    prices: dict[int, dict[int, tuple[date, date | None, dict[str, Band]]]] = defaultdict(dict)
    for row in PriceBand.objects.select_related("version").order_by("id"):
        version = row.version
        _, _, bands = prices[version.service_id].setdefault(version.pk, (version.valid_from, version.valid_until, {}))
        bands[row.zone] = row.band
    facts = Fact.objects.filter(name=ON_TIME, subject_kind=SERVICE).latest_of_each()
    return Market(
        services, {service: list(versions.values()) for service, versions in prices.items()}, {fact.subject_id: fact for fact in facts}
    )


def _unfit(service: CourierService, destination: str, day: date) -> Unfit | None:
    if not service.is_active:
        return Unfit.INACTIVE
    if service.certified_until and service.certified_until < day:
        return Unfit.NOT_CERTIFIED
    return None if service.goes_to(destination) else Unfit.NOT_COVERED


def current_bands(services: Iterable[CourierService], *, day: date) -> dict[int, list[PriceBand]]:
    """Return the prices of a day by service, in the order of the zones. One query."""
    found: dict[int, list[PriceBand]] = defaultdict(list)
    rows = PriceBand.objects.filter(version__service__in=list(services), version__valid_from__lte=day).exclude(
        version__valid_until__lte=day
    )
    for band in rows.select_related("version").order_by("id"):
        found[band.version.service_id].append(band)
    return found


@dataclass(frozen=True)
class Rated:
    """A service with its measured punctuality."""

    service: CourierService
    on_time: Fact | None

    @property
    def percent(self) -> Decimal | None:
        return self.on_time.value * 100 if self.on_time else None


def with_facts(services: Iterable[CourierService]) -> list[Rated]:
    """Return services with how punctual they were. One query."""
    rows = list(services)
    facts = Fact.objects.filter(name=ON_TIME, subject_kind=SERVICE, subject_id__in=[one.pk for one in rows]).latest_of_each()
    found = {fact.subject_id: fact for fact in facts}
    return [Rated(service, found.get(service.pk)) for service in rows]


def lanes_of(service: CourierService) -> list[dict[str, object]]:
    """Return the measured days of a service by zone. One query."""
    facts = Fact.objects.filter(name__startswith="lane_days.", subject_kind=SERVICE, subject_id=service.pk).latest_of_each()
    words = dict(ZONES)
    by_zone = {fact.name.removeprefix("lane_days."): fact for fact in facts}
    return [{"zone": words[zone], "days": by_zone[zone].value, "sample": by_zone[zone].sample_size} for zone in words if zone in by_zone]


def origins() -> list[Origin]:
    """Return where the warehouses stand."""
    return list(Origin.objects.select_related("warehouse").order_by("warehouse__name", "id"))


def named(provinces: Iterable[str]) -> list[str]:
    """Return provinces by name."""
    return [PROVINCES[code] for code in provinces if code in PROVINCES]


class NoSuchProvince(Refused):
    code = "no_such_province"
    status = 422
    message = _("%(given)s is not a province.")


@dataclass(frozen=True)
class Quote:
    """What one service would ask."""

    service: str
    name: str
    zone: str
    fee: Decimal
    days: int


def quote(*, origin: str, destination: str, weight_g: int, day: date) -> list[Quote]:
    """Return what each service that could take it would ask, the cheapest first. Three queries.

    :raises NoSuchProvince: if one of the two is none
    """
    codes = {}
    for end, given in (("origin", origin), ("destination", destination)):
        try:
            codes[end] = province_code(given)
        except UnknownProvince:
            raise NoSuchProvince(field=end, given=given) from None
    fit = market().fit(**codes, billed_g=weight_g, day=day)
    found = [Quote(one.code, one.name, fit.zone, one.fee, one.days) for one in fit.candidates]
    return sorted(found, key=lambda one: (one.fee, one.days, one.service))
