"""Put goods away, move them from bin to bin, fetch them. Released goods stand apart from others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.refusals import Refused, at_place
from warehouse.stock.actions.locking import lock_lots
from warehouse.stock.custody import GONE, Custody
from warehouse.stock.models import WAITING, Bin, BinMove
from warehouse.stock.queries import custodies, in_bins, units_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from warehouse.stock.models import Lot, StockMove
    from warehouse.stock.queries import Place

FLOOR = _("the floor")


class NoSuchBin(Refused):
    code = "no_such_bin"
    status = 422
    message = _("Warehouse %(warehouse)s has no bin %(bin)s.")


class SameBin(Refused):
    code = "same_bin"
    status = 422
    message = _("The goods stand there already.")


class NotInBin(Refused):
    code = "not_in_bin"
    message = _("Only %(there)s units of lot %(lot)s stand in %(bin)s, %(asked)s were asked for.")


class NotApart(Refused):
    code = "not_apart"
    message = _("Lot %(lot)s: %(released)s units are released, %(others)s are not. They stand in bins of their own kind.")


class PlacedOtherwise(Refused):
    code = "placed_otherwise"
    message = _("Lot %(lot)s was already moved under this reference, but not in this way.")


@dataclass(frozen=True, slots=True)
class NewBin:
    """A label and what the bin is for (``picking`` or ``storage``)."""

    code: str
    kind: str = "storage"


@dataclass(frozen=True, slots=True)
class Placing:
    """So many units of a lot from one bin to another, by their labels; an empty label is the floor."""

    lot_id: int
    source: str
    target: str
    quantity: int
    reference: str


@transaction.atomic
def add_bins(wanted: Sequence[NewBin], *, warehouse_id: int, actor: User, at: datetime) -> list[Bin]:
    """Label bins of a warehouse and return them in the order given; one that is labelled already stays as it is."""
    codes = {one.code: one for one in reversed(wanted)}
    known = set(Bin.objects.filter(warehouse_id=warehouse_id, code__in=codes).values_list("code", flat=True))
    new = [one for code, one in sorted(codes.items()) if code not in known]
    Bin.objects.bulk_create(
        [Bin(warehouse_id=warehouse_id, code=one.code, kind=one.kind, created_at=at, created_by=actor) for one in new],
        ignore_conflicts=True,  # somebody may be labelling the same bin: then it is his
    )
    bins = {one.code: one for one in Bin.objects.filter(warehouse_id=warehouse_id, code__in=codes)}
    made = [bins[one.code] for one in new if bins[one.code].created_at == at]
    announce_each(
        [
            News("warehouse.bin.added", one, first(one, "code", "kind"), at, actor, {"bin_id": one.pk}, organisation_id=warehouse_id)
            for one in made
        ]
    )
    return [bins[one.code] for one in wanted]


@transaction.atomic
def place(placings: Sequence[Placing], *, actor: User, at: datetime) -> list[BinMove]:
    """Put goods into bins, from one into another, or back on the floor; all or none. The same reference again changes nothing.

    Each lot moves in its own warehouse. A handful of queries, whatever the number.

    :raises NoSuchBin: if the lot's warehouse has no bin of that label
    :raises SameBin: if source and target are the same
    :raises NotInBin: if fewer units stand there
    :raises NotApart: if released goods would stand where others do, or the other way round
    :raises PlacedOtherwise: if the reference made another move
    """
    lots = lock_lots(one.lot_id for one in placings)
    bins = _bins(lots, {code for one in placings for code in (one.source, one.target) if code})
    known = {
        (row.lot_id, row.reference): row
        for row in BinMove.objects.filter(lot_id__in=lots, reference__in={one.reference for one in placings})
    }
    there = units_at(lots)
    rows: list[BinMove] = []
    for n, one in enumerate(placings):
        with at_place(n):
            row = _row_of(lots[one.lot_id], one, bins, actor=actor, at=at)
            if before := known.get((one.lot_id, one.reference)):
                _check_same(before, row)
                rows.append(before)
                continue
            _take(there, row)
        known[one.lot_id, one.reference] = row
        rows.append(row)
    fresh = [row for row in rows if row.pk is None]
    _check_apart(fresh, lots)
    _write(fresh)
    return rows


def fetch_from_bins(wanted: Mapping[int, int], *, reference: str, actor: User, at: datetime) -> None:
    """Take so many units of each lot to the floor, as far as bins of released goods hold them; one query where nothing stands in bins.

    For who picks: what is fetched stands on the packing floor from now on.
    """
    if in_bins(wanted):
        lots = lock_lots(wanted)
        places = in_bins(lots)
        rows = [
            row
            for lot_id, units in wanted.items()
            for row in _drawn(lots[lot_id], places.get(lot_id, ()), units, because="picked", reference=reference, actor=actor, at=at)
        ]
        _write(rows)


def follow_stock(moved: Sequence[StockMove]) -> None:
    """Take out of bins what left the stock as far as it did not stand on the floor, and what was released or is no more.

    What lay released in a bin and is put on hold stands on the floor then, and the other way round. The caller holds the lots.
    """
    binned = in_bins({row.lot_id for row in moved})
    if not binned:
        return
    there = custodies(binned)
    rows: list[BinMove] = []
    for lot_id, places in binned.items():
        last = next(row for row in reversed(moved) if row.lot_id == lot_id)
        because = "gone" if last.target in GONE else "taken_out"
        released = there.get((lot_id, Custody.RELEASED), 0)
        others = there.get((lot_id, Custody.PENDING), 0) + there.get((lot_id, Custody.HELD), 0)
        for is_waiting, most in ((False, released), (True, others)):
            excess = sum(place.units for place in places if place.is_waiting is is_waiting) - most
            given: dict[str, Any] = {"because": because, "reference": f"gone:{last.reference}", "actor": last.actor, "at": last.at}
            rows += _drawn(last.lot, places, excess, is_waiting=is_waiting, **given)
    _write(rows)


def _drawn(
    lot: Lot,
    places: Iterable[Place],
    missing: int,
    *,
    because: str,
    reference: str,
    actor: User,
    at: datetime,
    is_waiting: bool = False,
) -> Iterator[BinMove]:
    for found in places:
        if missing > 0 and found.bin is not None and found.is_waiting is is_waiting:
            row = _row(lot, found.bin, None, min(missing, found.units), because, f"{reference}:{found.bin.pk}", actor=actor, at=at)
            missing -= row.quantity
            yield row


def _bins(lots: Mapping[int, Lot], codes: set[str]) -> dict[tuple[int, str], Bin]:
    found = Bin.objects.filter(warehouse_id__in={lot.warehouse_id for lot in lots.values()}, code__in=codes)
    return {(one.warehouse_id, one.code): one for one in found}


def _row_of(lot: Lot, one: Placing, bins: Mapping[tuple[int, str], Bin], *, actor: User, at: datetime) -> BinMove:
    if one.source == one.target:
        raise SameBin(field="target")
    ends = []
    for field, code in (("source", one.source), ("target", one.target)):
        if code and (lot.warehouse_id, code) not in bins:
            raise NoSuchBin(field=field, warehouse=lot.warehouse.code, bin=code)
        ends.append(bins[lot.warehouse_id, code] if code else None)
    because = "taken_out" if not one.target else "moved" if one.source else "put_away"
    return _row(lot, ends[0], ends[1], one.quantity, because, one.reference, actor=actor, at=at)


def _row(
    lot: Lot, source: Bin | None, target: Bin | None, units: int, because: str, reference: str, *, actor: User, at: datetime
) -> BinMove:
    return BinMove(
        lot=lot,
        merchant_id=lot.merchant_id,
        warehouse_id=lot.warehouse_id,
        product_id=lot.product_id,
        source=source,
        target=target,
        quantity=units,
        at=at,
        actor=actor,
        because=because,
        reference=reference,
    )


def _check_same(before: BinMove, now: BinMove) -> None:
    if (before.source_id, before.target_id, before.quantity) != (now.source_id, now.target_id, now.quantity):
        raise PlacedOtherwise(lot=now.lot.number)


def _take(there: dict[tuple[int, int | None], int], row: BinMove) -> None:
    units = there[row.lot_id, row.source_id]
    if units < row.quantity:
        raise NotInBin(field="quantity", there=units, lot=row.lot.number, bin=row.source or FLOOR, asked=row.quantity)
    there[row.lot_id, row.source_id] -= row.quantity
    there[row.lot_id, row.target_id] += row.quantity


def _check_apart(rows: Sequence[BinMove], lots: Mapping[int, Lot]) -> None:
    """Refuse what ``bins_keep_released_goods_apart`` would; nothing is asked where everything goes to the floor."""
    filled = {row.lot_id for row in rows if row.target is not None}
    if not filled:
        return
    there, binned = custodies(filled), in_bins(filled)
    for lot_id in filled:
        stands: Counter[bool] = Counter()
        for place in binned.get(lot_id, ()):
            stands[place.is_waiting] += place.units
        for row in rows:
            if row.lot_id == lot_id:
                for bin_, units in ((row.source, -row.quantity), (row.target, row.quantity)):
                    if bin_ is not None:
                        stands[bin_.kind == WAITING] += units
        released = there.get((lot_id, Custody.RELEASED), 0)
        others = there.get((lot_id, Custody.PENDING), 0) + there.get((lot_id, Custody.HELD), 0)
        if stands[False] > released or stands[True] > others:
            raise NotApart(field="target", lot=lots[lot_id].number, released=released, others=others)


def _write(rows: Sequence[BinMove]) -> None:
    made = BinMove.objects.bulk_create(rows)
    told = ("quantity", "because", "reference")
    announce_each(
        [
            News(
                "warehouse.bin.moved",
                row,
                first(row, *told) | {"bin": [row.source.code if row.source else "", row.target.code if row.target else ""]},
                row.at,
                row.actor,
                {"lot_id": row.lot_id, "bin_move_id": row.pk},
            )
            for row in made
        ]
    )


def put_found(lot: Lot, where: Bin | None, units: int, *, reference: str, actor: User, at: datetime) -> None:
    """Lay units that a count found where they were, from a bin of released goods onto the floor: nobody has inspected them.

    The caller holds the lot and has brought them in.
    """
    if where is not None and where.kind == WAITING:
        _write([_row(lot, None, where, units, "counted", reference, actor=actor, at=at)])


def take_lost(lot: Lot, where: Bin | None, units: int, *, reference: str, actor: User, at: datetime) -> None:
    """Take units that a count missed out of their bin; the caller holds the lot and writes them off.

    :raises NotInBin: if fewer are there by now
    """
    if where is not None:
        row = _row(lot, where, None, units, "counted", reference, actor=actor, at=at)
        _take(units_at([lot.pk]), row)
        _write([row])
