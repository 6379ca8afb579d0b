"""Move goods from one custody to another; nothing else writes the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.gates.actions import Passing, pass_gates
from assurance.refusals import Refused, at_place
from warehouse.stock.custody import NEXT, Custody
from warehouse.stock.models import CUSTODY_LABELS, Lot, StockMove
from warehouse.stock.queries import available

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.gates.models import Clearance
    from assurance.products.models import Product

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


class LotDiffers(Refused):
    code = "lot_differs"
    message = _("Lot %(lot)s is recorded here with the date %(known)s, not %(given)s. Put the goods aside and ask the merchant.")


def lock_lot(lot_id: int) -> Lot:
    """Return the lot, held until the transaction ends. Whoever changes a lot's goods or inspections takes it first."""
    return Lot.objects.select_for_update(of=("self",)).select_related("product__category").get(pk=lot_id)


def lock_lots(lot_ids: Iterable[int]) -> dict[int, Lot]:
    """Return the lots by number, held until the transaction ends; everybody takes them in the same order."""
    found = Lot.objects.select_for_update(of=("self",)).select_related("product__category").filter(pk__in=set(lot_ids)).order_by("id")
    return {lot.pk: lot for lot in found}


@dataclass(frozen=True)
class Incoming:
    """Goods at the door. A date that is not given is not compared; ``source`` says who made the lot up."""

    product: Product
    warehouse_id: int
    number: str
    at: datetime
    produced_date: date | None = None
    expiry_date: date | None = None
    source: str = ""

    @property
    def key(self) -> tuple[int, int, str]:
        return self.warehouse_id, self.product.pk, self.number


@transaction.atomic
def take_in_all(incoming: Sequence[Incoming], *, actor: User) -> list[Lot]:
    """Return the lots of these goods, locked; write down those that are new here.

    :raises LotDiffers: if one is known with another date; the known one stays
    """
    wanted = {one.key: one for one in reversed(incoming)}
    before = _lots(wanted)
    new = [one for key, one in sorted(wanted.items()) if key not in before]
    Lot.objects.bulk_create(
        [
            Lot(
                merchant_id=one.product.merchant_id,
                warehouse_id=one.warehouse_id,
                product=one.product,
                number=one.number,
                produced_date=one.produced_date,
                expiry_date=one.expiry_date,
                first_received_at=one.at,
                source=one.source,
            )
            for one in new
        ],
        ignore_conflicts=True,  # somebody may be taking the same lot in: then his row stands and is compared
    )
    lots = before | _lots({one.key: one for one in new})
    for place, one in enumerate(incoming):
        with at_place(place):
            _check_known(lots[one.key], one)
    mine = [(one, lot) for one in new if (lot := lots[one.key]).first_received_at == one.at]
    announce_each(
        [
            News(
                "warehouse.lot.first_received",
                lot,
                first(lot, "number", "product_id", "produced_date", "expiry_date"),
                one.at,
                actor,
                {"lot_id": lot.pk},
            )
            for one, lot in mine
        ]
    )
    return [lots[one.key] for one in incoming]


def _lots(wanted: Mapping[tuple[int, int, str], Incoming]) -> dict[tuple[int, int, str], Lot]:
    """Return those of these lots that are there, locked in the order of their numbers here."""
    if not wanted:
        return {}
    rows = Lot.objects.select_for_update().filter(
        warehouse_id__in={one.warehouse_id for one in wanted.values()},
        product_id__in={one.product.pk for one in wanted.values()},
        number__in={one.number for one in wanted.values()},
    )
    found = {(lot.warehouse_id, lot.product_id, lot.number): lot for lot in rows.order_by("pk")}
    return {key: lot for key, lot in found.items() if key in wanted}


def _check_known(lot: Lot, one: Incoming) -> None:
    for field, known, given in (
        ("expiry_date", lot.expiry_date, one.expiry_date),
        ("produced_date", lot.produced_date, one.produced_date),
    ):
        if given is not None and known != given:
            raise LotDiffers(field=field, lot=one.number, known=known or "–", given=given)


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
