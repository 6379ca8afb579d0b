"""What a round of picking is made of, in the order somebody walks it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, F, Prefetch, Q

from warehouse.orders.lifecycle import AllocationState, ParcelState, WaveState
from warehouse.orders.models import Allocation, Parcel, Wave
from warehouse.stock.models import WAITING, BinBalance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assurance.accounts.models import User
    from assurance.products.models import Product
    from warehouse.orders.models.floor import WaveQuerySet
    from warehouse.stock.models import Lot


PICKED_AT_ONCE: Final = 20
"""Parcels on one pick list: what a trolley carries."""


@dataclass(frozen=True)
class Stop:
    """Where a round stops: so many units of one lot, and for which parcels."""

    lot: Lot
    product: Product
    units: int
    parcels: list[Parcel]
    is_fetched: bool
    bins: list[tuple[str, int]]
    """The bins with how many units of it come from each, as they are emptied; what is missing in them stands on the floor."""

    @property
    def place(self) -> str:
        """The bin that is fetched from first; empty on the floor."""
        return self.bins[0][0] if self.bins else ""

    @property
    def on_the_floor(self) -> int:
        return self.units - sum(units for _, units in self.bins)


@dataclass(frozen=True)
class PickList:
    """What a warehouse's person fetches next in one go, in walking order, and for which parcels."""

    parcels: list[Parcel]
    stops: list[Stop]

    @property
    def units(self) -> int:
        return sum(one.units for one in self.stops)


@dataclass(frozen=True)
class Round:
    """A wave with its stops in walking order."""

    wave: Wave
    parcels: list[Parcel]
    stops: list[Stop]

    @property
    def units(self) -> int:
        return sum(one.units for one in self.stops)

    @property
    def fetched(self) -> int:
        return sum(one.units for one in self.stops if one.is_fetched)

    @property
    def next(self) -> Stop | None:
        return next((one for one in self.stops if not one.is_fetched), None)

    @property
    def is_planned(self) -> bool:
        return self.wave.state == WaveState.PLANNED

    @property
    def is_picking(self) -> bool:
        return self.wave.state == WaveState.PICKING


def find(user: User, *, state: str = "") -> WaveQuerySet:
    """Return the waves a user sees, the newest first, with how many parcels they hold."""
    found = Wave.objects.visible_to(user).select_related("warehouse", "picker", "planned_by")
    found = found.filter(state=state) if state else found
    return found.annotate(size=Count("parcels", filter=~Q(parcels__state=ParcelState.CANCELLED))).order_by("-id")


def pick_list(user: User) -> PickList:
    """Return the parcels the user has begun to pick, filled up with the most urgent ones nobody has begun; six queries."""
    open_ones = Parcel.objects.visible_to(user).filter(state=ParcelState.PICKING, picked_at=None, wave=None)
    free = (
        open_ones.filter(Q(picker=None) | Q(picker=user))
        .select_related("order")
        .order_by(F("picker").asc(nulls_last=True), "ship_by", "id")
    )
    parcels = list(free.prefetch_related(_goods())[:PICKED_AT_ONCE])
    return PickList(parcels, stops_of(parcels))


def with_stops(found: WaveQuerySet) -> WaveQuerySet:
    """Load what ``round_of`` shows: four queries, whatever the number of waves."""
    parcels = Parcel.objects.exclude(state=ParcelState.CANCELLED).select_related("order").order_by("id")
    return found.prefetch_related(Prefetch("parcels", parcels.prefetch_related(_goods())))


def _goods() -> Prefetch[str, Any, Any]:
    """What parcels want, each lot with its bins of released goods as they are emptied."""
    bins = BinBalance.objects.filter(quantity__gt=0).exclude(bin__kind=WAITING).select_related("bin")
    places = Prefetch("lot__bin_balances", bins.order_by("bin__kind", "bin__code", "id"), to_attr="places")
    goods = Allocation.objects.standing().select_related("lot", "product").order_by("lot_id", "id")
    return Prefetch("allocations", goods.prefetch_related(places), to_attr="goods")


def round_of(wave: Wave) -> Round:
    """Return a wave's stops; ``wave`` comes from ``with_stops``."""
    parcels = list(wave.parcels.all())
    return Round(wave, parcels, stops_of(parcels))


def stops_of(parcels: Iterable[Parcel]) -> list[Stop]:
    """Return what is to be fetched for these parcels, lot by lot, in walking order."""
    by_lot: dict[int, list[tuple[Allocation, Parcel]]] = defaultdict(list)
    for parcel in parcels:
        for one in parcel.goods:  # type: ignore[attr-defined]
            by_lot[one.lot_id].append((one, parcel))
    stops = [
        Stop(
            ones[0][0].lot,
            ones[0][0].product,
            sum(one.quantity for one, _ in ones),
            list({parcel.pk: parcel for _, parcel in ones}.values()),
            all(one.state != AllocationState.OPEN for one, _ in ones),
            _bins(ones[0][0].lot, sum(one.quantity for one, _ in ones)),
        )
        for ones in by_lot.values()
    ]
    return sorted(stops, key=_way)


def _bins(lot: Lot, missing: int) -> list[tuple[str, int]]:
    found = []
    for place in lot.places:  # type: ignore[attr-defined]  # by _goods
        if missing > 0:
            found.append((place.bin.code, min(missing, place.quantity)))
            missing -= place.quantity
    return found


def _way(one: Stop) -> tuple[object, ...]:
    """Bins by their labels, then what stands on the floor, there by goods and by lots that expire first."""
    return not one.place, one.place, one.product.sku, one.lot.expiry_date is None, one.lot.expiry_date, one.lot.pk
