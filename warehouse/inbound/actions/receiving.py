"""Take goods in, once per message; what was announced is what is taken in, everything else is refused and put aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from assurance.database import update_each
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.refusals import WrongState, at_place
from assurance.web.database import explain
from warehouse.inbound.actions.differing import record_short
from warehouse.inbound.actions.door import Arrival, Door, Fit, MessageReused, OtherWarehouse
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import Receipt, ShipmentLine, ShipmentNotice
from warehouse.stock.actions import Moving, move_all, take_in_all
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User
    from warehouse.stock.models import Lot

explain("receipt_once_per_message", code=MessageReused.code, message=MessageReused.message)


@dataclass(frozen=True)
class Received:
    """The receipt of one message; ``is_new`` is false when the message came again."""

    receipt: Receipt
    is_new: bool


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
    door = Door.of(arrivals, actor)
    fresh: list[tuple[Arrival, Fit]] = []
    answers: list[Receipt | None] = []
    for place, arrival in enumerate(arrivals):
        with at_place(place):
            answers.append(door.earlier(arrival))
            if answers[-1] is None:
                fresh.append((arrival, door.judge(arrival)))
    receipts = _take_in(fresh, actor) if fresh else []
    last: dict[int, datetime] = {}
    for arrival, _fit in fresh:
        last[arrival.notice_id] = max(arrival.at, last.get(arrival.notice_id, arrival.at))
    _go_on(door, last, actor=actor)
    made = iter(receipts)
    return [Received(answer or next(made), is_new=answer is None) for answer in answers]


def _take_in(fresh: Sequence[tuple[Arrival, Fit]], actor: User) -> list[Receipt]:
    """Write receipts and moves of what was judged."""
    lots = take_in_all([fit.goods for _arrival, fit in fresh], actor=actor)
    receipts = Receipt.objects.bulk_create(_receipt(arrival, fit, lot, actor) for (arrival, fit), lot in zip(fresh, lots, strict=True))
    moves = [
        Moving(one.lot, Custody.ARRIVAL, Custody.PENDING, one.quantity, "received", f"receipt:{one.pk}", at=one.received_at)
        for one in receipts
    ]
    move_all(moves, actor=actor, at=receipts[0].received_at)
    announce_each([_news(receipt, arrival.notice_id, actor) for receipt, (arrival, _fit) in zip(receipts, fresh, strict=True)])
    return receipts


def _receipt(arrival: Arrival, fit: Fit, lot: Lot, actor: User) -> Receipt:
    line, admission = fit.line, fit.admission
    return Receipt(
        line=line,
        merchant_id=line.merchant_id,
        warehouse_id=line.warehouse_id,
        product_id=line.product_id,
        lot=lot,
        quantity=arrival.quantity,
        message=arrival.message,
        age=fit.age,
        admitted_under=admission,
        admitted_by_id=admission.settled_by_id if admission else None,
        admitted_because=admission.reason if admission else "",
        received_by=actor,
        received_at=arrival.at,
    )


@transaction.atomic
def close_receiving(*, notice_id: int, reason: str, actor: User, at: datetime) -> ShipmentNotice:
    """End the receiving of a notice of which not everything came. What is missing of each line becomes a discrepancy.

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
    missing = _missing(notice)
    changes["missing_units"] = [None, sum(missing.values())]
    announce("warehouse.shipment.received", actor=actor, at=at, subject=notice, changes=changes, reason=reason, notice_id=notice.pk)
    record_short(notice, missing, note=reason, actor=actor, at=at)
    return notice


def _missing(notice: ShipmentNotice) -> dict[ShipmentLine, int]:
    """Return the lines of which something is missing, and how much."""
    lines = notice.lines.with_received().order_by("id")
    return {line: missing for line in lines if (missing := line.quantity - line.received_units) > 0}  # type: ignore[attr-defined]  # annotated


def _news(receipt: Receipt, notice_id: int, actor: User) -> News:
    ids = {"receipt_id": receipt.pk, "notice_id": notice_id, "lot_id": receipt.lot_id, "product_id": receipt.product_id}
    changes = first(receipt, "line_id", "lot_id", "quantity", "message")
    return News("warehouse.receipt.recorded", receipt, changes, receipt.received_at, actor, ids)


def _go_on(door: Door, last: Mapping[int, datetime], *, actor: User) -> None:
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
