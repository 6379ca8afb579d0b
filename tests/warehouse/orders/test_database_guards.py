"""Whoever speaks SQL to the database as the application meets the same rules about orders and parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, connection, transaction

from assurance.database import constraint_of
from tests import goods, orders
from warehouse.orders.models import Allocation, OrderLine, Parcel, ParcelItem
from warehouse.stock.models import StockBalance, StockMove

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.products.models import Product
    from warehouse.stock.models import Lot

ALLOCATE = """
INSERT INTO warehouse_allocation (order_id, line_id, parcel_id, merchant_id, warehouse_id, product_id, lot_id, quantity, state, at)
SELECT p.order_id, l.id, p.id, p.merchant_id, p.warehouse_id, l.product_id, %(lot)s, %(quantity)s, 'open', now()
  FROM warehouse_parcel p JOIN warehouse_orderline l ON l.order_id = p.order_id WHERE p.id = %(parcel)s
"""
PARCEL = """
INSERT INTO warehouse_parcel (order_id, merchant_id, warehouse_id, state, ship_by, created_at)
SELECT id, merchant_id, %(warehouse)s, 'picking', ship_by, now() FROM warehouse_order WHERE id = %(order)s RETURNING id
"""
SHIP = """
INSERT INTO warehouse_stockmove (lot_id, merchant_id, source, target, quantity, at, actor_id, because, reference,
                                 clearance_id, clearance_kind, clearance_verdict, parcel_id)
VALUES (%(lot)s, %(merchant)s, 'released', 'shipped', %(quantity)s, now(), %(actor)s, 'shipped', 'attack',
        %(clearance)s, %(kind)s, %(verdict)s, %(parcel)s)
"""
CLEAR = """
UPDATE warehouse_parcel
   SET state = %(state)s, clearance_id = %(clearance)s, clearance_kind = %(kind)s, clearance_verdict = %(verdict)s WHERE id = %(parcel)s
"""
NOW = "SET CONSTRAINTS ALL IMMEDIATE"


def run(*statements: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run statements in a savepoint of their own, with everything that is checked at the end checked."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values or None)
        rows = cursor.fetchall() if cursor.description else []
        cursor.execute(NOW)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return rows


def refused_by(*statements: str, **values: Any) -> str:
    with pytest.raises(DatabaseError) as refused:
        run(*statements, **values)
    return constraint_of(refused.value) or str(refused.value).split("\n")[0]


@pytest.fixture
def lot(amal: User, wei: User) -> Lot:
    return orders.stocked(amal, wei, quantity=10)


@pytest.fixture
def product(lot: Lot) -> Product:
    return lot.product


@pytest.fixture
def parcel(lot: Lot, product: Product, eve: User) -> Parcel:
    """An order of twelve in an empty parcel."""
    order = orders.taken(eve, (product, 12))
    number = run(PARCEL, order=order.pk, warehouse=lot.warehouse_id)[0][0]
    return Parcel.objects.get(pk=number)


class TestPromises:
    @pytest.mark.promise("G4")
    @pytest.mark.row("P6.3")
    def test_never_exceed_what_is_released(self, parcel: Parcel, lot: Lot) -> None:
        assert refused_by(ALLOCATE, parcel=parcel.pk, lot=lot.pk, quantity=11) == "balance_is_not_oversold"

        run(ALLOCATE, parcel=parcel.pk, lot=lot.pk, quantity=10)
        assert StockBalance.objects.get(lot=lot, custody="released").reserved == 10

    def test_of_a_lot_that_was_never_released_do_not_exist(self, parcel: Parcel, amal: User, wei: User, product: Product) -> None:
        other = goods.lot(amal, wei, product=product, lot="PENDING", quantity=10)

        assert refused_by(ALLOCATE, parcel=parcel.pk, lot=other.pk, quantity=1) == "balance_is_not_oversold"

    def test_never_exceed_what_was_ordered(self, lot: Lot, product: Product, eve: User) -> None:
        order = orders.taken(eve, (product, 2))
        number = run(PARCEL, order=order.pk, warehouse=lot.warehouse_id)[0][0]

        assert refused_by(ALLOCATE, parcel=number, lot=lot.pk, quantity=3) == "order_line_allocates_no_more"

    def test_are_of_the_lines_own_product_and_owner(self, parcel: Parcel, amal: User, chidi: User, wei: User) -> None:
        other, foreign = orders.stocked(amal, wei), orders.stocked(chidi, wei)

        for lot in (other, foreign):
            assert refused_by(ALLOCATE, parcel=parcel.pk, lot=lot.pk, quantity=1) == "warehouse_allocation_lot_same_owner"

    def test_keep_their_goods(self, lot: Lot, product: Product, eve: User) -> None:
        orders.allocated(eve, (product, 2))

        assert "permission denied" in refused_by("UPDATE warehouse_allocation SET quantity = 1")
        assert "permission denied" in refused_by("DELETE FROM warehouse_allocation")
        assert "permission denied" in refused_by("UPDATE warehouse_stockbalance SET reserved = 0")
        assert "permission denied" in refused_by("UPDATE warehouse_orderline SET allocated = 0")

    @pytest.mark.parametrize(("state", "rule"), [("freed", "allocation_freed_is_replaced"), ("shipped", "allocation_follows_parcel")])
    def test_end_only_with_their_parcel_or_by_another_lot(
        self, lot: Lot, product: Product, eve: User, wei: User, state: str, rule: str
    ) -> None:
        orders.picked(eve, wei, (product, 2))

        assert refused_by("UPDATE warehouse_allocation SET state = %(state)s", state=state) == rule


class TestPackedParcels:
    def test_hold_what_was_allocated(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.picked(eve, wei, (product, 2))

        closing = "UPDATE warehouse_parcel SET state = 'packed', packed_by_id = %(who)s, packed_at = now()"
        assert refused_by(closing, who=wei.pk) == "parcel_is_whole"
        assert parcel.items.count() == 0

    def test_take_nothing_more(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        orders.packed(eve, wei, (product, 2))

        assert refused_by("UPDATE warehouse_parcelitem SET quantity = 1") == "parcel_item_fits"
        assert "permission denied" in refused_by("DELETE FROM warehouse_parcelitem")

    def test_never_take_more_than_allocated(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.picked(eve, wei, (product, 2))
        one = Allocation.objects.get()
        given = {name: getattr(one, name) for name in ("parcel_id", "merchant_id", "warehouse_id", "product_id", "lot_id")}

        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            ParcelItem.objects.create(allocation=one, quantity=3, scanned_at=parcel.created_at, **given)
        assert constraint_of(refused.value) == "parcel_item_fits"


class TestLeaving:
    def test_needs_a_clearance(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        orders.packed(eve, wei, (product, 2))

        assert refused_by("UPDATE warehouse_parcel SET state = 'checked'") == "parcel_goes_out_with_clearance"

    @pytest.mark.row("P7.2")
    def test_is_sealed_after_its_check_and_before_it_leaves(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.packed(eve, wei, (product, 2))

        assert refused_by("UPDATE warehouse_parcel SET sealed_at = now()") == "parcel_sealed_after_its_check"
        orders.checked(parcel)
        assert refused_by("UPDATE warehouse_parcel SET state = 'handed_over', handed_over_at = now()") == "parcel_leaves_sealed"

    def test_needs_the_clearance_of_that_same_parcel(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        mine, other = orders.packed(eve, wei, (product, 2)), orders.packed(eve, wei, (product, 1))
        clearance = orders.judge([other])[0]

        given = {"parcel": mine.pk, "state": "checked", "clearance": clearance.pk, "kind": "parcel"}
        assert refused_by(CLEAR, verdict="released", **given) == "parcel_carries_clearance"
        assert refused_by(CLEAR, verdict="refused", **given) == "parcel_clearance_is_its_own"
        assert refused_by(CLEAR, verdict=None, **given) == "parcel_clearance_is_its_own"

    def test_moves_goods_only_with_their_parcel(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.checked(orders.packed(eve, wei, (product, 2)))
        given = {"lot": lot.pk, "merchant": lot.merchant_id, "actor": wei.pk, "kind": "parcel", "verdict": "released"}

        assert (
            refused_by(SHIP, quantity=2, parcel=None, clearance=None, **given | {"kind": None, "verdict": None})
            == "move_to_shipped_needs_parcel"
        )
        assert refused_by(SHIP, quantity=2, parcel=parcel.pk + 1, clearance=parcel.clearance_id, **given) == "move_carries_clearance"
        assert refused_by(SHIP, quantity=2, parcel=parcel.pk, clearance=parcel.clearance_id, **given) == "parcel_adds_up"

    def test_moves_exactly_what_was_packed(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        parcel = orders.checked(orders.packed(eve, wei, (product, 2)))
        hand_over = "UPDATE warehouse_parcel SET state = 'handed_over', handed_over_at = now(), sealed_at = now()"
        shipped = "UPDATE warehouse_allocation SET state = 'shipped'"
        given = {"lot": lot.pk, "merchant": lot.merchant_id, "actor": wei.pk, "parcel": parcel.pk, "clearance": parcel.clearance_id}
        given |= {"kind": "parcel", "verdict": "released"}

        assert refused_by(hand_over) == "parcel_adds_up"
        assert refused_by(hand_over, shipped) == "parcel_adds_up"
        assert refused_by(hand_over, shipped, SHIP, quantity=1, **given) == "parcel_adds_up"
        run(hand_over, shipped, SHIP, quantity=2, **given)
        assert StockMove.objects.get(parcel_id=parcel.pk).quantity == 2

    def test_is_for_ever(self, lot: Lot, product: Product, eve: User, wei: User) -> None:
        orders.shipped(eve, wei, (product, 2))

        assert refused_by("UPDATE warehouse_parcel SET state = 'picking', handed_over_at = NULL") == "warehouse_parcel_state_edges"
        assert "permission denied" in refused_by("DELETE FROM warehouse_parcel")


class TestOrders:
    def test_keep_what_was_paid(self, lot: Lot, product: Product, eve: User) -> None:
        orders.taken(eve, (product, 2))

        for attack in (
            "UPDATE warehouse_orderline SET unit_price = 0",
            "UPDATE warehouse_order SET number = 'x'",
            "DELETE FROM warehouse_orderline",
            "DELETE FROM warehouse_order",
            "DELETE FROM warehouse_recipient",
        ):
            assert "permission denied" in refused_by(attack)
        assert OrderLine.objects.get().quantity == 2
