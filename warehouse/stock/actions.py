"""Move goods from one custody to another; nothing else writes the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import announce
from assurance.events.changes import first
from assurance.gates.actions import pass_gate
from assurance.refusals import Refused
from warehouse.stock.custody import NEXT, Custody
from warehouse.stock.models import CUSTODY_LABELS, Lot, StockMove
from warehouse.stock.queries import balance

if TYPE_CHECKING:
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


@transaction.atomic
def take_in(
    *, product: Product, warehouse_id: int, number: str, produced_date: date | None, expiry_date: date | None, actor: User, at: datetime
) -> Lot:
    """Return the lot of these goods, locked; write it down when it is new here. A date that is not given is not compared.

    :raises LotDiffers: if it is known with another date; the known one stays
    """
    made = Lot.objects.bulk_create(
        [
            Lot(
                merchant_id=product.merchant_id,
                warehouse_id=warehouse_id,
                product=product,
                number=number,
                produced_date=produced_date,
                expiry_date=expiry_date,
                first_received_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    lot = Lot.objects.select_for_update().get(warehouse_id=warehouse_id, product=product, number=number)
    for field, known, given in (
        ("expiry_date", lot.expiry_date, expiry_date),
        ("produced_date", lot.produced_date, produced_date),
    ):
        if given is not None and known != given:
            raise LotDiffers(field=field, lot=number, known=known or "–", given=given)
    if made[0].pk == lot.pk:
        changes = first(lot, "number", "product_id", "produced_date", "expiry_date")
        announce("warehouse.lot.first_received", actor=actor, at=at, subject=lot, changes=changes, lot_id=lot.pk)
    return lot


@transaction.atomic
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
    """Move units of a lot that the caller has locked (``lock_lot``). The same reference again returns the move it made.

    :raises NoSuchMove: if custody does not know this way
    :raises NotCleared: if goods were to be released without the clearance of their own lot
    :raises Stopped: if goods were to be released while a stop covers them; no stop comes in between
    :raises NotEnough: if fewer units stand there
    :raises MovedOtherwise: if the reference made another move
    """
    if target not in NEXT[source]:
        raise NoSuchMove(source=LABELS[source], target=LABELS[target])
    earlier = StockMove.objects.filter(lot=lot, reference=reference).first()
    if earlier:
        if (earlier.source, earlier.target, earlier.quantity) != (source, target, quantity):
            raise MovedOtherwise(lot=lot.number)
        return earlier
    if target == Custody.RELEASED:
        _check_release(lot, clearance, at=at)
    there = balance(lot, source)
    if source != Custody.ARRIVAL and there < quantity:
        raise NotEnough(lot=lot.number, source=LABELS[source], there=there, asked=quantity)
    moved = StockMove.objects.create(
        lot=lot,
        merchant_id=lot.merchant_id,
        source=source,
        target=target,
        quantity=quantity,
        at=at,
        actor=actor,
        because=because,
        reference=reference,
        clearance=clearance,
        clearance_kind=clearance.subject_kind if clearance else None,
        clearance_verdict=clearance.verdict if clearance else None,
    )
    changes = first(moved, "source", "target", "quantity", "because", "reference")
    announce("warehouse.stock.moved", actor=actor, at=at, subject=moved, changes=changes, lot_id=lot.pk, move_id=moved.pk)
    return moved


def _check_release(lot: Lot, clearance: Clearance | None, *, at: datetime) -> None:
    if clearance is None or (clearance.subject_kind, clearance.subject_id, clearance.verdict) != ("lot", lot.pk, "released"):
        raise NotCleared(lot=lot.number)
    if StockMove.objects.filter(clearance=clearance).exists():  # a verdict moves its own tranche, once
        raise NotCleared(lot=lot.number)
    pass_gate(merchant_id=lot.merchant_id, product_id=lot.product_id, warehouse_id=lot.warehouse_id, lot_id=lot.pk, at=at)
