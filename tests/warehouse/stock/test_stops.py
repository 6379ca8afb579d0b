"""A lot on hold or recalled stays where it is, whichever door is tried (P5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction

from assurance.database import constraint_of
from assurance.gates.models import Stop
from assurance.notices.models import Notice
from assurance.refusals import OwnWork
from assurance.roles import Role
from tests import factories, goods, orders, waybills
from tests.factories import NOON
from tests.warehouse.doors import pages, send
from warehouse.orders import actions as parcels
from warehouse.orders.models import Allocation, Order, Parcel
from warehouse.orders.tasks import allocate_what_waits
from warehouse.stock import actions, tasks
from warehouse.stock.models import Lot, StockMove

if TYPE_CHECKING:
    from assurance.accounts.models import User

pytestmark = pytest.mark.django_db
STOPS = ("hold", "recall")


@dataclass
class Goods:
    """A lot with parcels at every step of their way."""

    lot: Lot
    to_pick: Parcel
    to_pack: Parcel
    to_check: Parcel
    to_ship: Parcel


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def goods_under_way(amal: User, eve: User, wei: User) -> Goods:
    lot = orders.stocked(amal, wei, quantity=10)
    product = lot.product
    waybills.service()
    waybills.stands_in(lot.warehouse)
    checked = orders.checked(orders.packed(eve, wei, (product, 1)))
    waybills.booked(wei, [checked])
    return Goods(
        lot,
        orders.allocated(eve, (product, 1)),
        orders.picked(eve, wei, (product, 1)),
        orders.packed(eve, wei, (product, 1)),
        checked,
    )


def stop(how: str, lot: Lot, eve: User) -> Stop:
    if how == "hold":
        return actions.hold([lot.pk], because="smells of solvent", actor=eve, at=NOON)[0]
    return actions.recall(lot.pk, because="wrong label", actor=eve, at=NOON)[0]


def as_it_was() -> tuple[list[Any], ...]:
    return (
        list(Parcel.objects.order_by("id").values_list("state", "picked_at")),
        list(Allocation.objects.order_by("id").values_list("state", "item__quantity")),
        list(StockMove.objects.order_by("id").values_list("target", "quantity")),
    )


@pytest.mark.row("P5.3")
class TestAStoppedLot:
    @pytest.mark.parametrize("how", STOPS)
    def test_gets_out_by_no_page_and_no_call_of_the_api(self, how: str, goods_under_way: Goods, wei: User, eve: User) -> None:
        lot, found = goods_under_way.lot, goods_under_way
        stop(how, lot, eve)
        before, browser = as_it_was(), pages(wei)
        scanned = {"code": lot.product.gtin, "lot_number": lot.number, "quantity": 1}

        tried = {
            "pick page": browser.post("/parcels/to-pick/", {"parcel": [found.to_pick.pk]}),
            "scan page": browser.post(f"/parcels/{found.to_pack.pk}/pack/", scanned),
            "seal page": browser.post(f"/parcels/{found.to_pack.pk}/seal/", {"measured_weight_g": 300}),
            "hand-over page": browser.post("/dispatch/hand-over/", {"code": found.to_ship.code}),
            "pick": send(wei, f"parcels/{found.to_pick.pk}/pick/"),
            "scan": send(wei, f"parcels/{found.to_pack.pk}/scan/", scanned),
            "pack": send(wei, f"parcels/{found.to_pack.pk}/pack/", {"scans": [scanned], "measured_weight_g": 300}),
            "hand-over": send(wei, "waybills/hand-over/", {"parcels": [found.to_ship.pk]}),
        }

        assert {name: answer.status_code for name, answer in tried.items() if "page" not in name} == dict.fromkeys(
            ("pick", "scan", "pack", "hand-over"), 409
        )
        assert {answer.json()["code"] for name, answer in tried.items() if "page" not in name} == {"stopped"}
        assert {answer.status_code for name, answer in tried.items() if "page" in name} <= {200, 409}
        assert as_it_was() == before

    @pytest.mark.parametrize("how", STOPS)
    def test_is_promised_to_nobody_who_orders_now(self, how: str, goods_under_way: Goods, eve: User) -> None:
        stop(how, goods_under_way.lot, eve)
        made = Parcel.objects.count()

        order = orders.taken(eve, (goods_under_way.lot.product, 1))
        allocate_what_waits()

        assert (Order.objects.get(pk=order.pk).state, Parcel.objects.count()) == ("short", made)

    def test_does_not_move_for_who_writes_sql(self, goods_under_way: Goods, wei: User, eve: User) -> None:
        found, lot = goods_under_way, goods_under_way.lot
        order = orders.taken(eve, (lot.product, 1))
        parcels.scan(parcel_id=found.to_pack.pk, code=lot.product.sku, lot_number=lot.number, actor=wei, at=NOON)
        stop("hold", lot, eve)
        before = as_it_was()
        clearance = Parcel.objects.get(pk=found.to_ship.pk).clearance_id
        promise = """WITH parcel AS (
                INSERT INTO warehouse_parcel (order_id, merchant_id, warehouse_id, state, ship_by, created_at)
                SELECT id, merchant_id, %(warehouse)s, 'picking', ship_by, now() FROM warehouse_order WHERE id = %(order)s RETURNING *)
            INSERT INTO warehouse_allocation
                (order_id, line_id, parcel_id, merchant_id, warehouse_id, product_id, lot_id, quantity, state, at)
            SELECT parcel.order_id, l.id, parcel.id, parcel.merchant_id, parcel.warehouse_id, l.product_id, %(lot)s, 1, 'open', now()
              FROM parcel JOIN warehouse_orderline l ON l.order_id = parcel.order_id"""
        ship = """INSERT INTO warehouse_stockmove (lot_id, merchant_id, source, target, quantity, at, actor_id, because, reference,
            clearance_id, clearance_kind, clearance_verdict, parcel_id)
            VALUES (%(lot)s, %(merchant)s, 'released', 'shipped', 1, now(), %(actor)s, 'shipped', 'attack',
            %(clearance)s, 'parcel', 'released', %(to_ship)s)"""
        for statement in (
            promise,
            ship,
            "UPDATE warehouse_allocation SET state = 'picked' WHERE parcel_id = %(to_pick)s",
            "UPDATE warehouse_parcel SET state = 'packed', packed_by_id = %(actor)s, packed_at = now() WHERE id = %(to_pack)s",
        ):
            values = {"lot": lot.pk, "merchant": lot.merchant_id, "actor": wei.pk, "clearance": clearance, "order": order.pk}
            values["warehouse"] = lot.warehouse_id
            numbers = {"to_pick": found.to_pick.pk, "to_pack": found.to_pack.pk, "to_ship": found.to_ship.pk}
            with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, values | numbers)
            assert constraint_of(caught.value) == "stopped_goods_stay", statement
        assert as_it_was() == before


class TestHolding:
    def test_is_ended_by_a_second_person_with_a_reason(self, amal: User, wei: User, bea: User, eve: User) -> None:
        lot = orders.stocked(amal, wei, quantity=5)
        assert pages(bea).post(f"/lots/{lot.pk}/hold/", {"reason": "leaks"}).status_code == 302
        assert pages(bea).post(f"/lots/{lot.pk}/hold/", {"reason": ""}).status_code == 422
        assert Stop.objects.open(NOON).filter(lot_id=lot.pk, code="lot_hold", because="leaks").count() == 1

        with pytest.raises(OwnWork):
            actions.let_go(lot.pk, code=actions.HOLD, reason="dry again", actor=bea, at=NOON)
        ended = send(eve, f"lots/{lot.pk}/let-go/", {"stop": "hold", "reason": "dry again"})

        assert (ended.status_code, Stop.objects.open(NOON).filter(lot_id=lot.pk).count()) == (200, 0)
        assert send(eve, f"lots/{lot.pk}/let-go/", {"stop": "hold", "reason": "again"}).json()["code"] == "others_stop"
        assert orders.allocated(eve, (lot.product, 1)).allocations.get().lot_id == lot.pk

    def test_tells_the_merchant_once(self, amal: User, wei: User, bea: User) -> None:
        lot = goods.lot(amal, wei)
        for _ in range(2):
            actions.hold([lot.pk], because="leaks", actor=bea, at=NOON)

        tasks.tell_of_hold(lot_id=lot.pk)

        assert [notice.kind for notice in Notice.objects.filter(recipient=amal)] == ["lot_on_hold"]


class TestRecalling:
    def test_stops_the_production_lot_in_every_warehouse_until_the_platform_ends_it(
        self, amal: User, wei: User, bob: User, bea: User, eve: User
    ) -> None:
        here = orders.stocked(amal, wei, quantity=5, lot="SAME")
        there = goods.lot(amal, factories.user(Role.WAREHOUSE_OPERATOR, bob.organisation), lot="SAME", product=here.product)
        other = goods.lot(amal, wei, lot="OTHER", product=here.product)

        stopped = send(eve, f"lots/{here.pk}/recall/", {"reason": "wrong label"}).json()["stops"]

        assert sorted(one["lot"] for one in stopped) == sorted([here.pk, there.pk])
        assert not Stop.objects.open(NOON).filter(lot_id=other.pk).exists()
        with pytest.raises(actions.RecallStays):
            actions.let_go(here.pk, code=actions.RECALL, reason="seems right", actor=bea, at=NOON)
        assert pages(eve).post(f"/lots/{there.pk}/let-go/", {"recall": "1", "reason": "checked"}).status_code == 302
        assert not Stop.objects.open(NOON).filter(code=actions.RECALL).exists()
