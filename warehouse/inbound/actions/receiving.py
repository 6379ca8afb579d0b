"""Take goods in, once per message; what was announced is what is taken in, everything else is refused and put aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.products.completeness import is_gtin
from assurance.refusals import Refused, WrongState
from assurance.web.database import explain
from warehouse.inbound.arrival import Flaw, is_of, judge_dates, looks_like_gtin
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import Receipt, ShipmentLine, ShipmentNotice
from warehouse.stock.actions import LotDiffers, move, take_in
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from datetime import date, datetime

    from assurance.accounts.models import User


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("These goods were announced to another warehouse.")


class WrongCheckDigit(Refused):
    code = "wrong_check_digit"
    status = 422
    message = _("%(code)s is not a GTIN: its last digit does not fit. Scan again.")


class NotOnNotice(Refused):
    code = "not_on_notice"
    message = _("%(code)s is not on this notice. Put the goods aside; do not take them in.")


class LotNotOnNotice(Refused):
    code = "lot_not_on_notice"
    message = _("Lot %(lot)s is not on this notice. Announced: %(announced)s. Put the goods aside; do not take them in.")


class NotFit(Refused):
    """The dates on the package keep the goods out."""

    status = 422


class ExpiryMissing(NotFit):
    code = "expiry_missing"
    message = _("These goods can expire: enter the expiry date printed on them.")


class FromTheFuture(NotFit):
    code = "dates_inconsistent"
    message = _("The production date lies in the future. Read it again.")


class Inconsistent(NotFit):
    code = "dates_inconsistent"
    message = _("The expiry date is not after the production date. Read both again.")


class Expired(NotFit):
    code = "expired"
    status = 409
    message = _("These goods have expired. Put them aside; do not take them in.")


FLAWS: Final = {
    Flaw.EXPIRY_MISSING: ExpiryMissing,
    Flaw.FROM_THE_FUTURE: FromTheFuture,
    Flaw.INCONSISTENT: Inconsistent,
    Flaw.EXPIRED: Expired,
}


class TooMany(Refused):
    code = "too_many_units"
    message = _("Lot %(lot)s: %(announced)s units were announced and %(received)s are in. At most %(left)s more can be taken in.")


class MessageReused(Refused):
    code = "message_reused"
    message = _("This message was already used for another receipt. Send a new one.")


explain("receipt_once_per_message", code=MessageReused.code, message=MessageReused.message)


@dataclass(frozen=True)
class Received:
    """The receipt of one message; ``is_new`` is false when the message came again."""

    receipt: Receipt
    is_new: bool


@transaction.atomic
def receive(
    *,
    notice_id: int,
    code: str,
    lot_number: str,
    quantity: int,
    message: str,
    actor: User,
    at: datetime,
    produced_date: date | None = None,
    expiry_date: date | None = None,
) -> Received:
    """Take units of one announced lot in. ``code`` is the GTIN or SKU on the goods, ``message`` the scan's own key.

    Partial receipts add up; with the last unit the notice is received. The same message again answers with the first receipt.

    :raises OtherWarehouse, WrongState, MessageReused: this is not the place or time
    :raises WrongCheckDigit, NotOnNotice, LotNotOnNotice, TooMany: these goods were not announced
    :raises NotFit, LotDiffers: the dates are wrong, or not those that are known
    """
    notice = ShipmentNotice.objects.select_for_update().get(pk=notice_id)
    if notice.warehouse_id != actor.organisation_id:
        raise OtherWarehouse
    earlier = Receipt.objects.select_related("line__product", "lot").filter(warehouse_id=notice.warehouse_id, message=message).first()
    if earlier:
        return Received(_first_answer(earlier, notice, code, lot_number, quantity), is_new=False)
    if not notice.is_expected:
        raise WrongState(state=notice.get_state_display())
    line = _line(notice, code, lot_number)
    produced_date = produced_date or line.produced_date
    _check_dates(line, produced_date, expiry_date, at=at)
    _check_quantity(line, quantity)
    lot = take_in(
        product=line.product,
        warehouse_id=notice.warehouse_id,
        number=line.lot_number,
        produced_date=produced_date,
        expiry_date=expiry_date,
        actor=actor,
        at=at,
    )
    receipt = Receipt.objects.create(
        line=line,
        merchant_id=notice.merchant_id,
        warehouse_id=notice.warehouse_id,
        product_id=line.product_id,
        lot=lot,
        quantity=quantity,
        message=message,
        received_by=actor,
        received_at=at,
    )
    move(
        lot=lot,
        source=Custody.ARRIVAL,
        target=Custody.PENDING,
        quantity=quantity,
        because="received",
        reference=f"receipt:{receipt.pk}",
        actor=actor,
        at=at,
    )
    _tell(receipt, notice, actor=actor, at=at)
    _go_on(notice, actor=actor, at=at)
    return Received(receipt, is_new=True)


@transaction.atomic
def close_receiving(*, notice_id: int, reason: str, actor: User, at: datetime) -> ShipmentNotice:
    """End the receiving of a notice of which not everything came. How much is missing stands in the audit row.

    :raises OtherWarehouse: if it was announced to another
    :raises WrongState: if nothing has arrived yet, or it is over
    """
    notice = ShipmentNotice.objects.select_for_update().get(pk=notice_id)
    if notice.warehouse_id != actor.organisation_id:
        raise OtherWarehouse
    if notice.state != NoticeState.RECEIVING:
        raise WrongState(state=notice.get_state_display())
    changes = change(notice, state=NoticeState.RECEIVED, closed_at=at, close_reason=reason)
    notice.save(update_fields=["state", "closed_at", "close_reason"])
    changes["missing_units"] = [None, _missing(notice)]
    announce("warehouse.shipment.received", actor=actor, at=at, subject=notice, changes=changes, reason=reason, notice_id=notice.pk)
    return notice


def _first_answer(earlier: Receipt, notice: ShipmentNotice, code: str, lot_number: str, quantity: int) -> Receipt:
    product = earlier.line.product
    same_goods = is_of(code, sku=product.sku, gtin=product.gtin) and earlier.line.lot_number == lot_number
    if earlier.line.notice_id != notice.pk or not same_goods or earlier.quantity != quantity:
        raise MessageReused(field="message")
    return earlier


def _line(notice: ShipmentNotice, code: str, lot_number: str) -> ShipmentLine:
    lines = list(notice.lines.select_related("product__category").order_by("id"))
    of_product = [line for line in lines if is_of(code, sku=line.product.sku, gtin=line.product.gtin)]
    if not of_product and looks_like_gtin(code) and not is_gtin(code):
        raise WrongCheckDigit(field="code", code=code)
    if not of_product:
        raise NotOnNotice(field="code", code=code)
    found = next((line for line in of_product if line.lot_number == lot_number), None)
    if found is None:
        announced = ", ".join(line.lot_number for line in of_product)
        raise LotNotOnNotice(field="lot_number", lot=lot_number, announced=announced)
    return found


def _check_dates(line: ShipmentLine, produced: date | None, expiry: date | None, *, at: datetime) -> None:
    needs_expiry = line.product.category.is_perishable or line.expiry_date is not None
    found = judge_dates(produced=produced, expiry=expiry, needs_expiry=needs_expiry, day=at.astimezone(SHANGHAI).date())
    if found:
        raise FLAWS[found.flaw](field=found.field)
    for field, known, given in (("expiry_date", line.expiry_date, expiry), ("produced_date", line.produced_date, produced)):
        if known and given != known:
            raise LotDiffers(field=field, lot=line.lot_number, known=known, given=given)


def _check_quantity(line: ShipmentLine, quantity: int) -> None:
    received = line.receipts.aggregate(units=Sum("quantity"))["units"] or 0
    if received + quantity > line.quantity:
        left = line.quantity - received
        raise TooMany(field="quantity", lot=line.lot_number, announced=line.quantity, received=received, left=left)


def _missing(notice: ShipmentNotice) -> int:
    announced = notice.lines.aggregate(units=Sum("quantity"))["units"] or 0
    received = Receipt.objects.filter(line__notice=notice).aggregate(units=Sum("quantity"))["units"] or 0
    return int(announced - received)


def _tell(receipt: Receipt, notice: ShipmentNotice, *, actor: User, at: datetime) -> None:
    announce(
        "warehouse.receipt.recorded",
        actor=actor,
        at=at,
        subject=receipt,
        changes=first(receipt, "line_id", "lot_id", "quantity", "message"),
        receipt_id=receipt.pk,
        notice_id=notice.pk,
        lot_id=receipt.lot_id,
        product_id=receipt.product_id,
    )


def _go_on(notice: ShipmentNotice, *, actor: User, at: datetime) -> None:
    """Receiving begins with the first unit and ends with the last."""
    if notice.state == NoticeState.ANNOUNCED:
        changes = change(notice, state=NoticeState.RECEIVING)
        notice.save(update_fields=["state"])
        announce("warehouse.shipment.arrived", actor=actor, at=at, subject=notice, changes=changes, notice_id=notice.pk)
    if _missing(notice) == 0:
        changes = change(notice, state=NoticeState.RECEIVED, closed_at=at)
        notice.save(update_fields=["state", "closed_at"])
        announce("warehouse.shipment.received", actor=actor, at=at, subject=notice, changes=changes, notice_id=notice.pk)
