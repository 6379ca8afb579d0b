"""Two people at the gate at the same moment: nothing is counted twice, nothing too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from tests import goods
from tests.factories import NOON
from tests.warehouse.at_once import at_once
from warehouse.inbound.actions import Received, announcing, cancel_shipment, door
from warehouse.inbound.models import Receipt, ShipmentNotice
from warehouse.stock.actions import NotEnough, lock_lot, move
from warehouse.stock.custody import Custody
from warehouse.stock.models import Lot
from warehouse.stock.queries import balance, differences

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase

ROUNDS = 3


@pytest.fixture
def notice(committed_db: CommittedDatabase, amal: User, wei: User) -> ShipmentNotice:
    return goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation), quantity=1000))


class TestTheSameMessageFromTwoScanners:
    @pytest.mark.row("P3.5")
    @pytest.mark.promise("G4")
    def test_is_one_receipt_and_both_get_it(self, notice: ShipmentNotice, wei: User) -> None:
        for n in range(ROUNDS):
            answers = at_once(*[lambda n=n: goods.receive(notice, wei, quantity=100, message=f"gate-{n}")] * 4)

            receipts = [answer.receipt for answer in answers if isinstance(answer, Received)]
            assert (len(receipts), len(set(receipts)), sum(one.is_new for one in answers)) == (4, 1, 1)  # type: ignore[attr-defined]
        assert (Receipt.objects.count(), balance(Lot.objects.get(), Custody.PENDING)) == (ROUNDS, 100 * ROUNDS)


class TestDifferentMessages:
    @pytest.mark.promise("G4")
    def test_never_take_in_more_than_was_announced(self, notice: ShipmentNotice, wei: User) -> None:
        answers = at_once(*[lambda n=n: goods.receive(notice, wei, quantity=300, message=f"m{n}") for n in range(6)])

        assert [type(answer) for answer in answers].count(Received) == 3
        assert {type(answer) for answer in answers} == {Received, door.TooMany}
        assert (balance(Lot.objects.get(), Custody.PENDING), differences()) == (900, [])

    def test_of_two_notices_make_one_lot(self, notice: ShipmentNotice, amal: User, wei: User) -> None:
        other = goods.announced(amal, wei.organisation, goods.line(notice.lines.get().product, quantity=500))

        answers = at_once(lambda: goods.receive(notice, wei), lambda: goods.receive(other, wei))

        assert [type(answer) for answer in answers] == [Received, Received]
        assert (Lot.objects.count(), balance(Lot.objects.get(), Custody.PENDING)) == (1, 1500)


class TestTheSameReferenceTwice:
    def test_is_one_notice(self, committed_db: CommittedDatabase, amal: User, wei: User) -> None:
        line = goods.line(goods.enrolled(amal.organisation))

        made = at_once(*[lambda: goods.announced(amal, wei.organisation, line, reference="PO-1")] * 4)

        assert len({notice.pk for notice in made}) == 1  # type: ignore[attr-defined]
        assert ShipmentNotice.objects.count() == 1

    def test_with_another_content_is_a_conflict_for_all_but_one(self, committed_db: CommittedDatabase, amal: User, wei: User) -> None:
        product = goods.enrolled(amal.organisation)

        made = at_once(
            *[lambda n=n: goods.announced(amal, wei.organisation, goods.line(product, quantity=n), reference="PO-1") for n in (1, 2, 3)]
        )

        assert sorted(type(one).__name__ for one in made) == ["ReferenceTaken", "ReferenceTaken", "ShipmentNotice"]
        assert announcing.ReferenceTaken.status == 409


class TestCancellingWhileTheTruckArrives:
    @pytest.mark.promise("G5")
    def test_one_of_both_happens(self, notice: ShipmentNotice, amal: User, wei: User) -> None:
        at_once(lambda: cancel_shipment(notice_id=notice.pk, actor=amal, at=NOON), lambda: goods.receive(notice, wei, quantity=1))

        notice.refresh_from_db()
        assert (notice.state, Receipt.objects.count()) in {("cancelled", 0), ("receiving", 1)}


class TestTheLastUnits:
    @pytest.mark.row("P6.3")
    @pytest.mark.promise("G4")
    def test_are_taken_once(self, notice: ShipmentNotice, wei: User) -> None:
        lot = goods.receive(notice, wei, quantity=100).receipt.lot

        def hold(n: int) -> object:
            with transaction.atomic():
                return move(
                    lot=lock_lot(lot.pk),
                    source=Custody.PENDING,
                    target=Custody.HELD,
                    quantity=30,
                    because="rejected",
                    reference=f"race-{n}",
                    actor=wei,
                    at=NOON,
                )

        moved = at_once(*[lambda n=n: hold(n) for n in range(6)])

        assert [isinstance(one, NotEnough) for one in moved].count(False) == 3
        assert (balance(lot, Custody.PENDING), balance(lot, Custody.HELD), differences()) == (10, 90, [])
