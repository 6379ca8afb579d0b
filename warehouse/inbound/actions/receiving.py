"""Take goods in, once per message; what was announced is what is taken in, everything else is refused and put aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.database import update_each
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.products.completeness import is_gtin
from assurance.refusals import Refused, WrongState, at_place
from assurance.web.database import explain
from warehouse.inbound.arrival import Flaw, is_of, judge_dates, looks_like_gtin
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import Receipt, ShipmentLine, ShipmentNotice
from warehouse.stock.actions import Incoming, LotDiffers, Moving, move_all, take_in_all
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class Arrival:
    """Units of one announced lot at the door. ``code`` is the GTIN or SKU on the goods, ``message`` the scan's own key."""

    notice_id: int
    code: str
    lot_number: str
    quantity: int
    message: str
    at: datetime
    produced_date: date | None = None
    expiry_date: date | None = None


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
    arrival = Arrival(notice_id, code, lot_number, quantity, message, at, produced_date, expiry_date)
    return receive_all([arrival], actor=actor)[0]


@transaction.atomic
def receive_all(arrivals: Sequence[Arrival], *, actor: User) -> list[Received]:
    """Take in what arrived of many notices; as many statements for one as for hundreds.

    :raises Refused: what ``receive`` refuses, of the first that is refused; then nothing is taken in
    """
    door = _Door.of(arrivals, actor)
    fresh: list[tuple[Arrival, ShipmentLine, Incoming]] = []
    answers: list[Receipt | None] = []
    for place, arrival in enumerate(arrivals):
        with at_place(place):
            answers.append(door.earlier(arrival))
            if answers[-1] is None:
                fresh.append((arrival, *door.judge(arrival)))
    receipts = _take_in(fresh, actor) if fresh else []
    last: dict[int, datetime] = {}
    for arrival, _line_of, _goods in fresh:
        last[arrival.notice_id] = max(arrival.at, last.get(arrival.notice_id, arrival.at))
    _go_on(door, last, actor=actor)
    made = iter(receipts)
    return [Received(answer or next(made), is_new=answer is None) for answer in answers]


@dataclass
class _Door:
    """What must be known of the notices whose goods stand at the door; the notices are locked."""

    actor: User
    notices: dict[int, ShipmentNotice]
    lines: dict[int, list[ShipmentLine]]
    units: dict[int, int]
    receipts: dict[str, Receipt]

    @classmethod
    def of(cls, arrivals: Sequence[Arrival], actor: User) -> _Door:
        numbers = {arrival.notice_id for arrival in arrivals}
        notices = ShipmentNotice.objects.select_for_update().filter(pk__in=numbers).order_by("pk").in_bulk()
        if any(notice.warehouse_id != actor.organisation_id for notice in notices.values()):
            raise OtherWarehouse
        lines: dict[int, list[ShipmentLine]] = {number: [] for number in notices}
        for line in ShipmentLine.objects.filter(notice__in=numbers).select_related("product__category").order_by("id"):
            lines[line.notice_id].append(line)
        units = Receipt.objects.filter(line__notice__in=numbers).values_list("line").annotate(units=Sum("quantity"))
        earlier = Receipt.objects.filter(warehouse_id=actor.organisation_id, message__in={arrival.message for arrival in arrivals})
        receipts = {receipt.message: receipt for receipt in earlier.select_related("line__product", "lot")}
        return cls(actor, notices, lines, dict(units), receipts)

    def earlier(self, arrival: Arrival) -> Receipt | None:
        """Return the receipt that this message made before."""
        receipt = self.receipts.get(arrival.message)
        return _first_answer(receipt, arrival) if receipt else None

    def judge(self, arrival: Arrival) -> tuple[ShipmentLine, Incoming]:
        """Return the announced line and the goods as they will be known, if nothing speaks against them."""
        notice = self.notices[arrival.notice_id]
        if not notice.is_expected or self.missing(notice) == 0:
            raise WrongState(state=notice.get_state_display())
        line = _line(self.lines[notice.pk], arrival.code, arrival.lot_number)
        produced = arrival.produced_date or line.produced_date
        _check_dates(line, produced, arrival.expiry_date, at=arrival.at)
        self._check_quantity(line, arrival.quantity)
        self.units[line.pk] = self.units.get(line.pk, 0) + arrival.quantity
        goods = Incoming(
            line.product, notice.warehouse_id, line.lot_number, arrival.at, produced, arrival.expiry_date, source=notice.source
        )
        return line, goods

    def _check_quantity(self, line: ShipmentLine, quantity: int) -> None:
        received = self.units.get(line.pk, 0)
        if received + quantity > line.quantity:
            left = line.quantity - received
            raise TooMany(field="quantity", lot=line.lot_number, announced=line.quantity, received=received, left=left)

    def missing(self, notice: ShipmentNotice) -> int:
        """Return how many units of a notice are not in yet."""
        return sum(line.quantity - self.units.get(line.pk, 0) for line in self.lines[notice.pk])


def _take_in(fresh: Sequence[tuple[Arrival, ShipmentLine, Incoming]], actor: User) -> list[Receipt]:
    """Write receipts and moves of what was judged."""
    lots = take_in_all([goods for _arrival, _line, goods in fresh], actor=actor)
    receipts = Receipt.objects.bulk_create(
        Receipt(
            line=line,
            merchant_id=line.merchant_id,
            warehouse_id=line.warehouse_id,
            product_id=line.product_id,
            lot=lot,
            quantity=arrival.quantity,
            message=arrival.message,
            received_by=actor,
            received_at=arrival.at,
        )
        for (arrival, line, _goods), lot in zip(fresh, lots, strict=True)
    )
    moves = [
        Moving(one.lot, Custody.ARRIVAL, Custody.PENDING, one.quantity, "received", f"receipt:{one.pk}", at=one.received_at)
        for one in receipts
    ]
    move_all(moves, actor=actor, at=receipts[0].received_at)
    announce_each([_news(receipt, line.notice_id, actor) for receipt, (_arrival, line, _goods) in zip(receipts, fresh, strict=True)])
    return receipts


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


def _first_answer(earlier: Receipt, arrival: Arrival) -> Receipt:
    product = earlier.line.product
    same_goods = is_of(arrival.code, sku=product.sku, gtin=product.gtin) and earlier.line.lot_number == arrival.lot_number
    if earlier.line.notice_id != arrival.notice_id or not same_goods or earlier.quantity != arrival.quantity:
        raise MessageReused(field="message")
    return earlier


def _line(lines: Sequence[ShipmentLine], code: str, lot_number: str) -> ShipmentLine:
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


def _missing(notice: ShipmentNotice) -> int:
    announced = notice.lines.aggregate(units=Sum("quantity"))["units"] or 0
    received = Receipt.objects.filter(line__notice=notice).aggregate(units=Sum("quantity"))["units"] or 0
    return int(announced - received)


def _news(receipt: Receipt, notice_id: int, actor: User) -> News:
    ids = {"receipt_id": receipt.pk, "notice_id": notice_id, "lot_id": receipt.lot_id, "product_id": receipt.product_id}
    changes = first(receipt, "line_id", "lot_id", "quantity", "message")
    return News("warehouse.receipt.recorded", receipt, changes, receipt.received_at, actor, ids)


def _go_on(door: _Door, last: Mapping[int, datetime], *, actor: User) -> None:
    """Receiving begins with the first unit and ends with the last; ``last`` says when goods of a notice came last."""
    begun = [notice for number in last if (notice := door.notices[number]).state == NoticeState.ANNOUNCED]
    complete = [notice for number in last if door.missing(notice := door.notices[number]) == 0]
    _bring(begun, NoticeState.RECEIVING, "warehouse.shipment.arrived", last, actor=actor)
    _bring(complete, NoticeState.RECEIVED, "warehouse.shipment.received", last, actor=actor)


def _bring(notices: Sequence[ShipmentNotice], state: NoticeState, kind: str, last: Mapping[int, datetime], *, actor: User) -> None:
    news = []
    for notice in notices:
        at = last[notice.pk]
        changes = change(notice, state=state, **({"closed_at": at} if state == NoticeState.RECEIVED else {}))
        news.append(News(kind, notice, changes, at, actor, {"notice_id": notice.pk}))
    if news:
        update_each(notices, ["state", "closed_at"])
        announce_each(news)
