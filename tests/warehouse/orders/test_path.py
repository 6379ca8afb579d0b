"""An order from its payment to its buyer, step by step and in sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assurance.events.models import Event
from assurance.refusals import WrongState
from tests import goods, orders
from tests.factories import NOON
from tests.harness import session
from warehouse.orders import actions, queries
from warehouse.orders.actions import Packing, Step
from warehouse.orders.actions.packing import Incomplete, NotPicked, WrongLot, WrongProduct, WrongQuantity
from warehouse.orders.models import Allocation, Order, Parcel
from warehouse.stock.custody import Custody
from warehouse.stock.queries import available, balance, differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import User
    from assurance.products.models import Product
    from warehouse.stock.models import Lot


@pytest.fixture
def lot(amal: User, wei: User) -> Lot:
    return orders.stocked(amal, wei, quantity=100)


@pytest.fixture
def product(lot: Lot) -> Product:
    return lot.product


class TestAnOrder:
    def test_goes_from_payment_to_its_buyer(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.shipped(eve, wei, (product, 2))
        actions.mark_delivered([Step(parcel.pk)], actor=None, at=NOON)

        order = Order.objects.get()
        told = list(
            Event.objects.filter(kind__startswith="warehouse.")
            .exclude(kind__contains=".shipment.")
            .order_by("id")
            .values_list("kind", flat=True)
        )
        assert order.state == "delivered"
        assert [kind.removeprefix("warehouse.") for kind in told[told.index("warehouse.order.taken") :]] == [
            "order.taken",
            "parcel.created",
            "order.allocated",
            "parcel.picked",
            "parcel.packed",
            "order.packed",
            "parcel.checked",
            "stock.shipped",
            "parcel.handed_over",
            "order.shipped",
            "parcel.delivered",
            "order.delivered",
        ]
        assert (balance(lot, Custody.RELEASED), balance(lot, Custody.SHIPPED)) == (98, 2)
        assert (differences(), queries.reserved_differences()) == ([], [])

    def test_of_two_merchants_leaves_in_a_parcel_each(self, lot: Lot, product: Product, chidi: User, eve: User, wei: User) -> None:
        other = orders.stocked(chidi, wei, quantity=10).product
        order = orders.taken(eve, (product, 1), (other, 1))

        actions.allocate([order.pk], actor=None, at=NOON)
        first, second = order.parcels.order_by("id")
        actions.pick([Step(first.pk), Step(second.pk)], actor=wei, at=NOON)
        orders.pack_all([first], wei)

        assert (first.merchant_id, second.merchant_id) == (product.merchant_id, other.merchant_id)
        assert Order.objects.get().state == "allocated"
        orders.pack_all([second], wei)
        assert Order.objects.get().state == "packed"
        actions.ship([Step(one.pk) for one in orders.check_all([first, second])], actor=wei, at=NOON)
        assert Order.objects.get().state == "shipped"
        actions.mark_delivered([Step(first.pk)], actor=None, at=NOON)
        assert Order.objects.get().state == "shipped"

    def test_of_two_merchants_waits_for_the_one_and_packs_the_other(self, lot: Lot, product: Product, chidi: User, eve: User) -> None:
        other = goods.enrolled(chidi.organisation)
        order = orders.taken(eve, (product, 1), (other, 1))

        actions.allocate([order.pk], actor=None, at=NOON)

        assert (Order.objects.get().state, Parcel.objects.get().merchant_id) == ("short", product.merchant_id)


class TestPacking:
    @pytest.mark.row("P7.1")
    @pytest.mark.parametrize(
        ("scan", "refusal"),
        [
            ({"code": "6990000000003"}, WrongProduct),
            ({"lot_number": "OTHER"}, WrongLot),
            ({"quantity": 3}, WrongQuantity),
        ],
    )
    def test_refuses_what_does_not_belong(
        self, lot: Lot, product: Product, eve: User, wei: User, scan: dict[str, Any], refusal: type[Exception]
    ) -> None:
        parcel = orders.picked(eve, wei, (product, 2))

        with pytest.raises(refusal):
            actions.scan(parcel_id=parcel.pk, actor=wei, at=NOON, **({"code": product.gtin, "lot_number": lot.number} | scan))

        assert not parcel.items.exists()

    @pytest.mark.row("P7.1")
    def test_counts_scan_by_scan_and_closes_when_whole(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.picked(eve, wei, (product, 2))
        actions.scan(parcel_id=parcel.pk, code=product.gtin, lot_number=lot.number, actor=wei, at=NOON)

        with pytest.raises(Incomplete):
            actions.pack([Packing(parcel.pk)], actor=wei, at=NOON)
        actions.scan(parcel_id=parcel.pk, code=product.sku, lot_number=lot.number, actor=wei, at=NOON)
        with pytest.raises(WrongQuantity):
            actions.scan(parcel_id=parcel.pk, code=product.sku, lot_number=lot.number, actor=wei, at=NOON)
        packed = actions.pack([Packing(parcel.pk, measured_weight_g=300)], actor=wei, at=NOON)[0]

        assert (packed.state, packed.measured_weight_g, packed.items.get().quantity) == ("packed", 300, 2)

    def test_needs_picking_first(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.allocated(eve, (product, 1))

        with pytest.raises(NotPicked):
            actions.scan(parcel_id=parcel.pk, code=product.gtin, lot_number=lot.number, actor=wei, at=NOON)

    def test_of_one_wrong_parcel_closes_none(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcels = [orders.picked(eve, wei, (product, 1)) for _ in range(2)]
        scans = queries.scans_of([parcels[0].pk])[parcels[0].pk]

        with pytest.raises(Incomplete) as refused:
            actions.pack([Packing(parcels[0].pk, scans), Packing(parcels[1].pk)], actor=wei, at=NOON)

        assert refused.value.place == 1
        assert set(Parcel.objects.values_list("state", flat=True)) == {"picking"}

    def test_undone_frees_nothing_and_needs_a_new_check(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.checked(orders.packed(eve, wei, (product, 2)))

        actions.unpack([Step(parcel.pk)], reason="外箱破损", actor=wei, at=NOON)

        parcel = Parcel.objects.get()
        assert (parcel.state, parcel.clearance_id, parcel.items.get().quantity, Order.objects.get().state) == (
            "picking",
            None,
            0,
            "allocated",
        )
        orders.pack_all([parcel], wei)
        actions.ship([Step(orders.checked(parcel, tranche=2).pk)], actor=wei, at=NOON)
        assert balance(lot, Custody.SHIPPED) == 2


class TestShipping:
    def test_needs_the_check(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.packed(eve, wei, (product, 1))

        with pytest.raises(WrongState):
            actions.ship([Step(parcel.pk)], actor=wei, at=NOON)

    def test_happens_once(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.shipped(eve, wei, (product, 1))

        with pytest.raises(WrongState):
            actions.ship([Step(parcel.pk)], actor=wei, at=NOON)
        assert balance(lot, Custody.SHIPPED) == 1

    @pytest.mark.promise("G1")
    def test_is_metered_once_a_parcel(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        from assurance.fees.models import Operation

        parcel = orders.shipped(eve, wei, (product, 3))

        metered = set(Operation.objects.filter(source_kind="warehouse.parcel").values_list("kind", "source_id", "quantity", "merchant_id"))
        assert metered == {
            ("outbound_operation", parcel.pk, 3, product.merchant_id),
            ("service", parcel.pk, 1, product.merchant_id),
        }


class TestCancelling:
    def test_frees_the_goods(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.packed(eve, wei, (product, 3))
        before = available([lot.pk])[lot.pk, "released"]

        actions.cancel([Step(parcel.order_id)], reason="买家不要了", actor=eve, at=NOON)

        assert (before, available([lot.pk])[lot.pk, "released"]) == (97, 100)
        assert (Order.objects.get().state, Parcel.objects.get().state, Allocation.objects.get().state) == (
            "cancelled",
            "cancelled",
            "freed",
        )
        assert queries.reserved_differences() == []

    def test_comes_too_late_for_what_left(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.shipped(eve, wei, (product, 1))

        with pytest.raises(actions.ending.AlreadyLeft):
            actions.cancel([Step(parcel.order_id)], reason="太晚", actor=eve, at=NOON)

    def test_of_a_merchant_does_not_reach_others_goods(self, lot: Lot, product: Product, chidi: User, amal: User, eve: User) -> None:
        order = orders.taken(eve, (product, 1), (goods.enrolled(chidi.organisation), 1))

        with pytest.raises(actions.ending.OthersGoods):
            actions.cancel([Step(order.pk)], reason="缺货", actor=amal, at=NOON)

    def test_of_a_parcel_lets_the_order_wait_again(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.packed(eve, wei, (product, 3))

        actions.cancel_parcels([Step(parcel.pk)], reason="批次停用", actor=wei, at=NOON)
        again = actions.allocate([parcel.order_id], actor=None, at=NOON)[0]

        assert (again.state, again.parcels.exclude(pk=parcel.pk).get().state) == ("allocated", "picking")


class TestSets:
    """As many queries for many as for one."""

    @pytest.mark.sampled
    def test_walk_in_constant_queries(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        assert self.walk(product, eve, wei, 1) == self.walk(product, eve, wei, session.many(50))

        assert set(Order.objects.values_list("state", flat=True)) == {"delivered"}
        assert (balance(lot, Custody.SHIPPED), differences(), queries.reserved_differences()) == (session.many(50) + 1, [], [])

    def walk(self, product: Product, eve: User, wei: User, count: int) -> dict[str, int]:
        asked: dict[str, int] = {}

        def counted(name: str, deed: Callable[[], Any]) -> Any:
            with CaptureQueriesContext(connection) as captured:
                answer = deed()
            asked[name] = len(captured)
            return answer

        found = counted("take", lambda: orders.take(eve, [orders.paid((product, 1)) for _ in range(count)]))
        counted("allocate", lambda: actions.allocate([order.pk for order in found], actor=None, at=NOON))
        parcels = list(Parcel.objects.filter(order__in=found).order_by("id"))
        steps = [Step(parcel.pk) for parcel in parcels]
        counted("start", lambda: actions.start_picking(steps, actor=wei, at=NOON))
        counted("pick", lambda: actions.pick(steps, actor=wei, at=NOON))
        scans = queries.scans_of([parcel.pk for parcel in parcels])
        counted("pack", lambda: actions.pack([Packing(pk, scans[pk]) for pk in scans], actor=wei, at=NOON))
        counted("check", lambda: orders.check_all(parcels))
        counted("ship", lambda: actions.ship(steps, actor=wei, at=NOON))
        counted("deliver", lambda: actions.mark_delivered(steps, actor=None, at=NOON))
        assert max(asked.values()) <= 34, asked
        return asked
