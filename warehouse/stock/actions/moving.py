"""Move goods from one custody to another; nothing else writes the ledger. Bins follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.gates.actions import Passing, pass_gates
from assurance.refusals import Refused, at_place
from warehouse.stock.actions.binning import follow_stock
from warehouse.stock.custody import NEXT, ON_HAND, Custody
from warehouse.stock.models import CUSTODY_LABELS, StockMove
from warehouse.stock.queries import available

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.gates.models import Clearance
    from warehouse.stock.models import Lot

LABELS = dict(CUSTODY_LABELS)


class NoSuchMove(Refused):
    code = "no_such_move"
    message = _("Goods do not go from “%(source)s” to “%(target)s”.")


class NotEnough(Refused):
    code = "not_enough_units"
    message = _("Only %(there)s units of lot %(lot)s stand under “%(source)s”, %(asked)s were asked for.")


class NotCleared(Refused):
    code = "not_cleared"
    message = _("Lot %(lot)s has no clearance for this: goods are released by the verdict of their own inspection only.")


class MovedOtherwise(Refused):
    code = "moved_otherwise"
    message = _("Lot %(lot)s was already moved under this reference, but not in this way.")


@dataclass(frozen=True)
class Moving:
    """So many units of a lot from one custody to another. ``at`` and ``actor``, where given, stand instead of the call's."""

    lot: Lot
    source: Custody
    target: Custody
    quantity: int
    because: str
    reference: str
    clearance: Clearance | None = None
    parcel_id: int | None = None
    at: datetime | None = None
    actor: User | None = None


def move(
    *,
    lot: Lot,
    source: Custody,
    target: Custody,
    quantity: int,
    because: str,
    reference: str,
    actor: User,
    at: datetime,
    clearance: Clearance | None = None,
) -> StockMove:
    """Move units of one lot; see ``move_all``."""
    return move_all([Moving(lot, source, target, quantity, because, reference, clearance)], actor=actor, at=at)[0]


@transaction.atomic
def move_all(movings: Sequence[Moving], *, actor: User, at: datetime) -> list[StockMove]:
    """Move units of lots that the caller has locked (``lock_lots``), one after the other, all or none.

    The same reference again returns the move it made. A handful of queries, whatever the number.

    :raises NoSuchMove: if custody does not know this way
    :raises NotCleared: if goods were to be released without the clearance of their own lot, or shipped without their parcel's
    :raises Stopped: if goods were to be released or shipped while a stop covers them; no stop comes in between
    :raises NotEnough: if fewer units stand there that are promised to nobody else
    :raises MovedOtherwise: if the reference made another move
    """
    for place, one in enumerate(movings):
        if one.target not in NEXT[one.source]:
            with at_place(place):
                raise NoSuchMove(source=LABELS[one.source], target=LABELS[one.target])
    lots = {one.lot.pk for one in movings}
    known = {
        (row.lot_id, row.reference): row
        for row in StockMove.objects.filter(lot_id__in=lots, reference__in={one.reference for one in movings})
    }
    _check_clearances(movings, known, at=at)
    _check_units(movings, known, available(lots))
    fresh = {(one.lot.pk, one.reference): _row(one, actor=actor, at=at) for one in movings if (one.lot.pk, one.reference) not in known}
    made = StockMove.objects.bulk_create(fresh.values())
    follow_stock([row for row in made if row.source in ON_HAND])
    announce_each([_news(row) for row in made])
    known |= fresh
    return [known[one.lot.pk, one.reference] for one in movings]


def _row(one: Moving, *, actor: User, at: datetime) -> StockMove:
    return StockMove(
        lot=one.lot,
        merchant_id=one.lot.merchant_id,
        source=one.source,
        target=one.target,
        quantity=one.quantity,
        at=one.at or at,
        actor=one.actor or actor,
        because=one.because,
        reference=one.reference,
        clearance=one.clearance,
        clearance_kind=one.clearance.subject_kind if one.clearance else None,
        clearance_verdict=one.clearance.verdict if one.clearance else None,
        parcel_id=one.parcel_id,
    )


def _news(row: StockMove) -> News:
    """What leaves the house is told by another name: who waits for goods need not wake up for it."""
    kind = "warehouse.stock.shipped" if row.target == Custody.SHIPPED else "warehouse.stock.moved"
    changes = first(row, "source", "target", "quantity", "because", "reference")
    ids = {"lot_id": row.lot_id, "move_id": row.pk}
    return News(kind, row, changes, row.at, row.actor, ids)


def _check_units(movings: Sequence[Moving], known: Mapping[tuple[int, str], StockMove], there: dict[tuple[int, str], int]) -> None:
    """Go through the moves in order; goods that one brings the next may take."""
    said: dict[tuple[int, str], tuple[str, str, int]] = {key: (row.source, row.target, row.quantity) for key, row in known.items()}
    for place, one in enumerate(movings):
        key, now = (one.lot.pk, one.reference), (one.source, one.target, one.quantity)
        if key in said:
            if said[key] != now:
                with at_place(place):
                    raise MovedOtherwise(lot=one.lot.number)
            continue
        said[key] = now
        units = there.get((one.lot.pk, one.source), 0)
        if one.source != Custody.ARRIVAL and units < one.quantity:
            with at_place(place):
                raise NotEnough(lot=one.lot.number, source=LABELS[one.source], there=units, asked=one.quantity)
        there[one.lot.pk, one.source] = units - one.quantity
        there[one.lot.pk, one.target] = there.get((one.lot.pk, one.target), 0) + one.quantity


def _check_clearances(movings: Sequence[Moving], known: Mapping[tuple[int, str], StockMove], *, at: datetime) -> None:
    """A verdict moves its own tranche, once; a parcel's clearance moves what lies in that parcel."""
    gated = [
        (place, one)
        for place, one in enumerate(movings)
        if one.target in (Custody.RELEASED, Custody.SHIPPED) and (one.lot.pk, one.reference) not in known
    ]
    if not gated:
        return
    given = {one.clearance.pk for _, one in gated if one.clearance}
    used = set(StockMove.objects.filter(clearance_id__in=given).values_list("clearance_id", "lot_id"))
    for place, one in gated:
        subject = ("parcel", one.parcel_id) if one.target == Custody.SHIPPED else ("lot", one.lot.pk)
        clearance = one.clearance
        with at_place(place):
            if clearance is None or (clearance.subject_kind, clearance.subject_id, clearance.verdict) != (*subject, "released"):
                raise NotCleared(lot=one.lot.number)
            if (clearance.pk, one.lot.pk) in used:
                raise NotCleared(lot=one.lot.number)
            used.add((clearance.pk, one.lot.pk))
    lots = [one.lot for _, one in gated]
    try:
        pass_gates([Passing(lot.merchant_id, lot.product_id, lot.warehouse_id, lot.pk) for lot in lots], at=at)
    except Refused as refused:
        refused.place = gated[refused.place or 0][0]
        raise
