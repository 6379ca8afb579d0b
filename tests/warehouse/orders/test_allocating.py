"""Orders get the lot that expires first, none that is stopped or too old, nothing that is promised already."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assurance.gates.actions import Stopped, lift_stop, open_stop
from assurance.notices.models import Notice
from tests import goods, orders
from tests.factories import NOON
from warehouse.orders import actions, queries, tasks
from warehouse.orders.actions import Step, choosing
from warehouse.orders.models import Allocation, Order
from warehouse.stock.actions import NotEnough, lock_lot, move
from warehouse.stock.custody import Custody
from warehouse.stock.models import StockMove
from warehouse.stock.queries import available

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.products.models import Product


@pytest.fixture
def product(amal: User) -> Product:
    return goods.enrolled(amal.organisation)


def lots_of(order: Order) -> list[tuple[str, int]]:
    return list(Allocation.objects.filter(order=order).order_by("id").values_list("lot__number", "quantity"))


class TestAllocating:
    @pytest.mark.row("P6.1")
    def test_takes_the_earliest_expiry_first(self, product: Product, amal: User, eve: User, wei: User) -> None:
        orders.stocked(amal, wei, product=product, lot="LATE", expiry_date=date(2029, 1, 1), quantity=5)
        orders.stocked(amal, wei, product=product, lot="EARLY", expiry_date=date(2028, 1, 1), quantity=5)

        parcel = orders.allocated(eve, (product, 7))

        assert lots_of(parcel.order) == [("EARLY", 5), ("LATE", 2)]

    @pytest.mark.row("P6.1")
    def test_leaves_what_is_too_old_on_the_promised_day(self, product: Product, amal: User, eve: User, wei: User) -> None:
        orders.stocked(amal, wei, product=product, lot="SHORT", produced_date=date(2024, 12, 1), expiry_date=date(2026, 12, 31), quantity=5)
        orders.stocked(amal, wei, product=product, lot="FRESH", expiry_date=date(2029, 1, 1), quantity=5)

        assert lots_of(orders.allocated(eve, (product, 1)).order) == [("FRESH", 1)]

    @pytest.mark.row("P6.1")
    @pytest.mark.row("P5.3")
    def test_leaves_what_is_stopped_until_the_stop_is_lifted(self, product: Product, amal: User, eve: User, wei: User) -> None:
        lot = orders.stocked(amal, wei, product=product, quantity=5)
        stop = open_stop(merchant_id=lot.merchant_id, lot_id=lot.pk, code="lab", because="lead found", actor=None, at=NOON)
        order = orders.taken(eve, (product, 1))

        assert actions.allocate([order.pk], actor=None, at=NOON)[0].state == "short"
        lift_stop(stop_id=stop.pk, actor=eve, at=NOON, reason="retested")
        tasks.allocate_what_is_stopped_no_more(subject_id=stop.pk)
        assert Order.objects.get().state == "allocated"

    def test_makes_an_order_wait_and_tells_the_merchant_once(self, product: Product, amal: User, eve: User, wei: User) -> None:
        order = orders.taken(eve, (product, 1))

        for _ in range(2):
            actions.allocate([order.pk], actor=None, at=NOON)
            tasks.tell_of_shortage(order_id=order.pk)

        told = Notice.objects.get(recipient=amal, kind="order_short")
        assert (told.params["order"], told.params["product"], told.params["count"]) == (order.number, product.name, 1)

    def test_follows_a_release(self, product: Product, amal: User, eve: User, wei: User) -> None:
        first, second = orders.taken(eve, (product, 3)), orders.taken(eve, (product, 3), paid_at=NOON - timedelta(days=1))
        actions.allocate([first.pk, second.pk], actor=None, at=NOON)

        orders.stocked(amal, wei, product=product, quantity=5)
        for move_id in StockMove.objects.filter(lot__product=product).values_list("pk", flat=True):
            tasks.allocate_what_was_released(move_id=move_id)

        assert dict(Order.objects.values_list("pk", "state")) == {first.pk: "short", second.pk: "allocated"}  # who paid first comes first

    def test_of_what_was_taken_is_a_job(self, product: Product, amal: User, eve: User, wei: User) -> None:
        orders.stocked(amal, wei, product=product, quantity=5)
        found = orders.take(eve, [orders.paid((product, 1)) for _ in range(3)])

        tasks.allocate_what_was_taken(order_ids=[order.pk for order in found])
        tasks.allocate_what_was_taken(order_ids=[order.pk for order in found])

        assert (set(Order.objects.values_list("state", flat=True)), Allocation.objects.count()) == ({"allocated"}, 3)

    @pytest.mark.promise("G4")
    def test_promises_no_unit_twice(self, product: Product, amal: User, eve: User, wei: User) -> None:
        lot = orders.stocked(amal, wei, product=product, quantity=5)
        found = orders.take(eve, [orders.paid((product, 2)) for _ in range(4)])

        states = [order.state for order in actions.allocate([order.pk for order in found], actor=None, at=NOON)]

        assert sorted(states) == ["allocated", "allocated", "short", "short"]
        assert (available([lot.pk])[lot.pk, "released"], queries.reserved_differences()) == (1, [])

    @pytest.mark.promise("G4")
    def test_holds_the_lots_it_takes_and_no_others(self, product: Product, amal: User, eve: User, wei: User) -> None:
        orders.stocked(amal, wei, product=product, lot="LATE", expiry_date=date(2029, 1, 1), quantity=5)
        early = orders.stocked(amal, wei, product=product, lot="EARLY", expiry_date=date(2028, 1, 1), quantity=5)
        order = orders.taken(eve, (product, 1))

        with CaptureQueriesContext(connection) as asked:
            actions.allocate([order.pk], actor=None, at=NOON)

        held = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"] and "warehouse_lot" in one["sql"]]
        assert [f"IN ({early.pk})" in sql for sql in held] == [True]

    @pytest.mark.row("P6.1")
    def test_chooses_the_same_whether_it_looked_at_some_lots_or_at_all(
        self, product: Product, amal: User, eve: User, wei: User, bob: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of two warehouses the one with the earliest lot fills what it can fill, though not from the lots that were looked at first."""
        for keeper, lot, year in ((wei, "W1", 2028), (bob, "B1", 2029), (bob, "B2", 2030), (wei, "W2", 2031)):
            orders.stocked(amal, keeper, product=product, lot=lot, expiry_date=date(year, 1, 1), quantity=5)
        monkeypatch.setattr(choosing, "LOOKED_AT", 3)

        found = orders.take(eve, [orders.paid((product, units)) for units in (7, 9, 1, 2, 2)])
        actions.allocate([order.pk for order in found], actor=None, at=NOON)

        assert [lots_of(order) for order in found] == [
            [("W1", 5), ("W2", 2)],
            [("B1", 5), ("B2", 4)],
            [("B2", 1)],
            [("W2", 2)],
            [],
        ]

    @pytest.mark.promise("G4")
    def test_holds_all_when_others_were_always_faster(
        self, product: Product, amal: User, eve: User, wei: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        orders.stocked(amal, wei, product=product, lot="LATE", expiry_date=date(2029, 1, 1), quantity=5)
        orders.stocked(amal, wei, product=product, lot="EARLY", expiry_date=date(2028, 1, 1), quantity=5)
        monkeypatch.setattr(choosing, "TRIES", 0)

        assert lots_of(orders.allocated(eve, (product, 7)).order) == [("EARLY", 5), ("LATE", 2)]


class TestPromisedUnits:
    def test_cannot_be_put_on_hold_under_the_orders_feet(self, product: Product, amal: User, eve: User, wei: User) -> None:
        lot = orders.stocked(amal, wei, product=product, quantity=5)
        orders.allocated(eve, (product, 3))
        way = {"source": Custody.RELEASED, "target": Custody.HELD, "because": "put_aside", "reference": "aside"}

        with pytest.raises(NotEnough):
            move(lot=lock_lot(lot.pk), quantity=3, actor=wei, at=NOON, **way)
        assert move(lot=lock_lot(lot.pk), quantity=2, actor=wei, at=NOON, **way).quantity == 2


class TestAStoppedLot:
    @pytest.mark.row("P5.3")
    def test_is_neither_picked_nor_packed_nor_shipped(self, product: Product, amal: User, eve: User, wei: User) -> None:
        lot = orders.stocked(amal, wei, product=product, quantity=5)
        to_pick, to_pack = orders.allocated(eve, (product, 1)), orders.picked(eve, wei, (product, 1))
        to_ship = orders.checked(orders.packed(eve, wei, (product, 1)))
        open_stop(merchant_id=lot.merchant_id, lot_id=lot.pk, code="lab", because="lead found", actor=None, at=NOON)

        with pytest.raises(Stopped):
            actions.pick([Step(to_pick.pk)], actor=wei, at=NOON)
        with pytest.raises(Stopped):
            actions.scan(parcel_id=to_pack.pk, code=product.gtin, lot_number=lot.number, actor=wei, at=NOON)
        with pytest.raises(Stopped):
            orders.pack_all([to_pack], wei)
        with pytest.raises(Stopped):
            actions.ship([Step(to_ship.pk)], actor=wei, at=NOON)
