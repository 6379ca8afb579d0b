"""Goods come in by scan: counted once per message, added up, and only as they were announced."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assurance.events.models import Event
from assurance.refusals import Refused, WrongState
from tests import goods
from tests.factories import NOON
from warehouse.inbound.actions import close_receiving, door
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import Receipt, ShipmentNotice
from warehouse.stock.actions import LotDiffers
from warehouse.stock.custody import Custody
from warehouse.stock.models import Lot, StockMove
from warehouse.stock.queries import balance

if TYPE_CHECKING:
    from assurance.accounts.models import User


@pytest.fixture
def notice(amal: User, wei: User) -> ShipmentNotice:
    return goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation, gtin="6901234567892"), quantity=1000))


def refused(refusal: type[Refused], notice: ShipmentNotice, wei: User, **given: Any) -> Refused:
    """Try to receive and prove that nothing changed."""
    before = (Receipt.objects.count(), StockMove.objects.count(), Lot.objects.count())
    with pytest.raises(refusal) as caught:
        goods.receive(notice, wei, **given)
    assert (Receipt.objects.count(), StockMove.objects.count(), Lot.objects.count()) == before
    return caught.value


class TestReceiving:
    @pytest.mark.row("P3.2")
    def test_puts_goods_into_pending_and_nowhere_else(self, notice: ShipmentNotice, wei: User) -> None:
        receipt = goods.receive(notice, wei).receipt

        lot = receipt.lot
        assert (lot.number, lot.expiry_date, lot.merchant_id, lot.warehouse_id) == (
            "HJ261105B",
            goods.EXPIRES,
            notice.merchant_id,
            notice.warehouse_id,
        )
        assert {custody: balance(lot, custody) for custody in Custody if balance(lot, custody)} == {
            Custody.ARRIVAL: -1000,
            Custody.PENDING: 1000,
        }
        event = Event.objects.get(kind="warehouse.receipt.recorded")
        assert (event.ids["lot_id"], event.organisation_id) == (lot.pk, notice.merchant_id)

    def test_adds_partial_receipts_up_and_is_done_with_the_last_unit(self, notice: ShipmentNotice, wei: User) -> None:
        states = []
        for units in (400, 599, 1):
            goods.receive(notice, wei, quantity=units)
            notice.refresh_from_db()
            states.append(notice.state)

        assert states == [NoticeState.RECEIVING, NoticeState.RECEIVING, NoticeState.RECEIVED]
        assert (notice.closed_at, balance(Lot.objects.get(), Custody.PENDING)) == (NOON, 1000)
        refused(WrongState, notice, wei, quantity=1)

    @pytest.mark.row("P3.5")
    def test_counts_the_same_message_once_and_answers_as_at_first(self, notice: ShipmentNotice, wei: User) -> None:
        first = goods.receive(notice, wei, quantity=400, message="gate-1")

        again = goods.receive(notice, wei, quantity=400, message="gate-1")

        assert (again.receipt, first.is_new, again.is_new) == (first.receipt, True, False)
        assert (Receipt.objects.count(), balance(first.receipt.lot, Custody.PENDING)) == (1, 400)

    @pytest.mark.row("P3.5")
    def test_answers_a_late_repetition_although_the_notice_is_closed(self, notice: ShipmentNotice, wei: User) -> None:
        first = goods.receive(notice, wei, message="gate-1")

        assert goods.receive(notice, wei, message="gate-1").receipt == first.receipt

    def test_refuses_a_message_that_means_something_else_now(self, notice: ShipmentNotice, wei: User) -> None:
        goods.receive(notice, wei, quantity=400, message="gate-1")

        refused(door.MessageReused, notice, wei, quantity=401, message="gate-1")

    @pytest.mark.parametrize("code", ["6901234567892", "06901234567892", "HJ-SKU"])
    def test_knows_the_goods_by_gtin_or_sku(self, amal: User, wei: User, code: str) -> None:
        product = goods.enrolled(amal.organisation, sku="HJ-SKU", gtin="6901234567892")
        notice = goods.announced(amal, wei.organisation, goods.line(product))

        assert goods.receive(notice, wei, code=code).is_new

    def test_refuses_a_scan_of_another_product(self, notice: ShipmentNotice, amal: User, wei: User) -> None:
        other = goods.enrolled(amal.organisation, gtin="6921234567890")

        assert refused(door.NotOnNotice, notice, wei, code=other.gtin).field == "code"

    def test_refuses_a_gtin_with_a_wrong_digit(self, notice: ShipmentNotice, wei: User) -> None:
        refused(door.WrongCheckDigit, notice, wei, code="6901234567893")

    def test_refuses_a_lot_that_was_not_announced(self, notice: ShipmentNotice, wei: User) -> None:
        refused(door.LotNotOnNotice, notice, wei, lot_number="HJ261105C")

    def test_refuses_more_than_was_announced(self, notice: ShipmentNotice, wei: User) -> None:
        goods.receive(notice, wei, quantity=999)

        over = refused(door.TooMany, notice, wei, quantity=2)

        assert (over.params["left"], over.field) == (1, "quantity")

    def test_refuses_another_expiry_than_announced(self, notice: ShipmentNotice, wei: User) -> None:
        refused(LotDiffers, notice, wei, expiry_date=goods.EXPIRES + timedelta(days=1))

    def test_refuses_a_known_lot_with_another_expiry_without_changing_it(self, notice: ShipmentNotice, amal: User, wei: User) -> None:
        goods.receive(notice, wei)
        product = notice.lines.get().product
        later = goods.announced(amal, wei.organisation, goods.line(product, expiry_date=goods.EXPIRES + timedelta(days=1)))

        refused(LotDiffers, later, wei)

        assert Lot.objects.get().expiry_date == goods.EXPIRES

    @pytest.mark.parametrize(
        ("produced", "expiry", "refusal"),
        [
            (None, goods.TODAY - timedelta(days=1), door.Expired),
            (goods.TODAY + timedelta(days=1), goods.EXPIRES, door.FromTheFuture),
            (goods.EXPIRES, goods.EXPIRES, door.FromTheFuture),
            (goods.MADE, goods.MADE, door.Inconsistent),
            (goods.MADE, None, door.ExpiryMissing),
        ],
    )
    def test_refuses_goods_by_their_dates(
        self, notice: ShipmentNotice, wei: User, produced: date | None, expiry: date | None, refusal: type[Refused]
    ) -> None:
        refused(refusal, notice, wei, produced_date=produced, expiry_date=expiry)

    def test_is_for_the_people_of_that_warehouse(self, notice: ShipmentNotice, bob: User) -> None:
        refused(door.OtherWarehouse, notice, bob)

    def test_ends_short_with_a_reason_that_says_how_many_are_missing(self, notice: ShipmentNotice, wei: User) -> None:
        goods.receive(notice, wei, quantity=990)

        close_receiving(notice_id=notice.pk, reason="ten were never loaded", actor=wei, at=NOON)

        notice.refresh_from_db()
        event = Event.objects.get(kind="warehouse.shipment.received")
        assert (notice.state, event.changes["missing_units"], event.reason) == (NoticeState.RECEIVED, [None, 10], "ten were never loaded")

    def test_does_not_end_before_it_began(self, notice: ShipmentNotice, wei: User) -> None:
        with pytest.raises(WrongState):
            close_receiving(notice_id=notice.pk, reason="nothing came", actor=wei, at=NOON)
