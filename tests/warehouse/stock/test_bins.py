"""Goods lie in bins: what stands in each is the sum of its moves, and all bins together hold no more than is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from assurance.database import constraint_of
from tests import goods, orders
from tests.factories import NOON
from tests.warehouse.doors import ask, pages, send
from warehouse.orders import actions as parcels
from warehouse.orders.actions import Step
from warehouse.orders.queries import waves
from warehouse.stock import actions
from warehouse.stock.actions import NewBin, Placing
from warehouse.stock.actions.binning import NotApart, PlacedOtherwise, SameBin
from warehouse.stock.custody import Custody
from warehouse.stock.models import Bin, BinMove, Lot
from warehouse.stock.queries import bin_differences, differences, places_of

if TYPE_CHECKING:
    from assurance.accounts.models import User

pytestmark = pytest.mark.django_db
MOVE = """
INSERT INTO warehouse_binmove
       (lot_id, merchant_id, warehouse_id, product_id, source_id, target_id, quantity, at, actor_id, because, reference)
SELECT id, merchant_id, warehouse_id, product_id, %s, %s, %s, now(), %s, 'moved', 'attack' FROM warehouse_lot WHERE id = %s
"""


@pytest.fixture
def lot(amal: User, wei: User) -> Lot:
    """Released, on the floor."""
    found = orders.stocked(amal, wei, quantity=100)
    wanted = [NewBin("S-01"), NewBin("P-02", "picking"), NewBin("P-01", "picking"), NewBin("W-01", "waiting")]
    actions.add_bins(wanted, warehouse_id=wei.organisation_id, actor=wei, at=NOON)
    return found


def put(lot: Lot, actor: User, source: str, target: str, quantity: int, reference: str = "") -> BinMove:
    placing = Placing(lot.pk, source, target, quantity, reference or f"{source}>{target}:{quantity}")
    return actions.place([placing], actor=actor, at=NOON)[0]


def moved(lot: Lot, actor: User, source: Custody, target: Custody, units: int) -> None:
    way = {"source": source, "target": target, "because": "put_aside", "reference": f"{source}>{target}"}
    with transaction.atomic():
        actions.move(lot=actions.lock_lot(lot.pk), quantity=units, actor=actor, at=NOON, **way)


def lies(lot: Lot) -> dict[str, int]:
    """Return the units by bin, the floor without a name; both ledgers keep what they say."""
    assert (differences(), bin_differences()) == ([], [])
    return {place.code: place.units for place in places_of(lot)}


@pytest.mark.row("P6.3")
class TestPlacing:
    def test_keeps_every_unit_and_the_sum_of_the_entries(self, lot: Lot, wei: User) -> None:
        put(lot, wei, "", "S-01", 70)
        put(lot, wei, "S-01", "P-01", 20)
        put(lot, wei, "P-01", "", 5)

        assert lies(lot) == {"P-01": 15, "S-01": 50, "": 35}
        assert [move.because for move in BinMove.objects.order_by("id")] == ["put_away", "moved", "taken_out"]

    def test_of_the_same_reference_moves_once(self, lot: Lot, wei: User) -> None:
        first = put(lot, wei, "", "S-01", 30, "scan")

        assert put(lot, wei, "", "S-01", 30, "scan") == first
        with pytest.raises(PlacedOtherwise):
            put(lot, wei, "", "S-01", 31, "scan")
        assert lies(lot) == {"S-01": 30, "": 70}

    def test_refuses_what_is_not_there_and_bins_that_are_not(self, lot: Lot, wei: User, bob: User) -> None:
        actions.add_bins([NewBin("X-01")], warehouse_id=bob.organisation_id, actor=bob, at=NOON)
        for source, target, units, refusal in (
            ("", "S-01", 101, actions.NotInBin),
            ("S-01", "P-01", 1, actions.NotInBin),
            ("", "X-01", 1, actions.NoSuchBin),
            ("S-01", "S-01", 1, SameBin),
        ):
            with pytest.raises(refusal):
                put(lot, wei, source, target, units)
        assert lies(lot) == {"": 100}


class TestWhatLeaves:
    def test_is_fetched_from_picking_bins_first_then_from_storage(self, amal: User, wei: User, lot: Lot) -> None:
        put(lot, wei, "", "S-01", 60)
        put(lot, wei, "", "P-02", 2)
        put(lot, wei, "", "P-01", 2)
        parcel = orders.allocated(amal, (lot.product, 7))

        parcels.pick([Step(parcel.pk)], actor=wei, at=NOON)

        assert lies(lot) == {"S-01": 57, "": 43}
        assert set(BinMove.objects.filter(because="picked").values_list("source__code", "quantity")) == {
            ("P-01", 2),
            ("P-02", 2),
            ("S-01", 3),
        }

    def test_leaves_its_bin_when_the_floor_is_empty(self, wei: User, lot: Lot) -> None:
        put(lot, wei, "", "S-01", 90)

        moved(lot, wei, Custody.RELEASED, Custody.SAMPLED, 12)

        assert lies(lot) == {"S-01": 88}


class TestReleasedGoods:
    def test_stand_apart_from_others(self, amal: User, wei: User, lot: Lot) -> None:
        other = goods.lot(amal, wei, quantity=100, product=lot.product)
        for one, label in ((other, "S-01"), (lot, "W-01")):
            with pytest.raises(NotApart):
                put(one, wei, "", label, 1)
        put(other, wei, "", "W-01", 100)

        orders.released(other, wei, quantity=60)
        put(other, wei, "", "S-01", 60)
        moved(other, wei, Custody.RELEASED, Custody.HELD, 10)

        assert lies(other) == {"S-01": 50, "W-01": 40, "": 10}
        assert [(row.source.code, row.quantity, row.because) for row in BinMove.objects.filter(lot=other, target=None).order_by("id")] == [
            ("W-01", 60, "taken_out"),
            ("S-01", 10, "taken_out"),
        ]

    def test_are_fetched_where_the_list_says(self, amal: User, wei: User, lot: Lot) -> None:
        for label, units in (("P-02", 2), ("S-01", 60), ("P-01", 2)):
            put(lot, wei, "", label, units)
        first = orders.stocked(amal, wei, product=goods.enrolled(amal.organisation, sku="AA-001"))
        orders.allocated(amal, (lot.product, 7))
        orders.allocated(amal, (first.product, 1))

        shown = waves.pick_list(wei).stops

        assert [(stop.lot, stop.bins, stop.on_the_floor) for stop in shown] == [
            (lot, [("P-01", 2), ("P-02", 2), ("S-01", 3)], 0),
            (first, [], 1),
        ]
        page = pages(wei).get("/parcels/to-pick/").content.decode()
        assert page.index("P-01") < page.index("AA-001")


class TestWhoeverWritesSql:
    def attack(self, lot: Lot, actor: User, *, source: Bin | None, target: Bin | None, units: int) -> str:
        statements = f"{MOVE}; SET CONSTRAINTS ALL IMMEDIATE"
        with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements, [source and source.pk, target and target.pk, units, actor.pk, lot.pk])
        assert lies(lot) == {"": 100}
        return constraint_of(caught.value)

    @pytest.mark.row("P6.3")
    def test_meets_the_same_rules(self, lot: Lot, wei: User, bob: User) -> None:
        bins = {one.code: one for one in Bin.objects.all()}
        other = Bin.objects.create(warehouse_id=bob.organisation_id, code="O-01", kind="storage", created_at=NOON, created_by=bob)

        assert self.attack(lot, wei, source=bins["S-01"], target=bins["P-01"], units=1) == "bin_balance_is_not_negative"
        assert self.attack(lot, wei, source=None, target=bins["S-01"], units=101) == "bins_hold_what_is_there"
        assert self.attack(lot, wei, source=None, target=bins["W-01"], units=1) == "bins_keep_released_goods_apart"
        assert self.attack(lot, wei, source=None, target=other, units=1) == "warehouse_binmove_target_same_owner"
        assert self.attack(lot, wei, source=None, target=None, units=1) == "bin_move_names_a_bin"
        assert self.attack(lot, wei, source=bins["S-01"], target=bins["S-01"], units=1) == "bin_move_goes_somewhere"

    def test_changes_neither_moves_nor_balances(self, lot: Lot, wei: User) -> None:
        put(lot, wei, "", "S-01", 30)

        for statement in (
            "UPDATE warehouse_binmove SET quantity = 31",
            "DELETE FROM warehouse_binmove",
            "UPDATE warehouse_binbalance SET quantity = 31",
            "DELETE FROM warehouse_binbalance",
            "UPDATE warehouse_bin SET code = 'Z'",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert lies(lot) == {"S-01": 30, "": 70}


class TestPagesAndApi:
    def test_put_goods_away_and_say_where_they_lie(self, lot: Lot, wei: User, bo: User, amal: User) -> None:
        sent: dict[str, Any] = {"source": "", "target": "S-01", "quantity": 40, "reference": "r-1"}
        page = pages(wei)

        assert page.post(f"/lots/{lot.pk}/place/", sent).status_code == 302
        wrong = page.post(f"/lots/{lot.pk}/place/", sent | {"quantity": 99, "reference": "r-2"})
        assert (wrong.status_code, "60" in str(wrong.context["place_form"].errors["quantity"])) == (409, True)
        told = send(wei, f"lots/{lot.pk}/place/", sent | {"target": "P-01", "quantity": 10, "reference": "r-3"})
        assert (told.status_code, told.json()["target"], told.json()["because"]) == (200, "P-01", "put_away")

        assert lies(lot) == {"P-01": 10, "S-01": 40, "": 50}
        assert "S-01" in pages(bo).get(f"/lots/{lot.pk}/").content.decode()
        assert "S-01" not in pages(amal).get(f"/lots/{lot.pk}/").content.decode()
        found = ask(bo, "bins/", code="S-01").json()["results"]
        assert [(one["code"], one["contents"]) for one in found] == [("S-01", [{"lot": lot.pk, "lot_number": lot.number, "quantity": 40}])]

    def test_label_bins_of_the_own_warehouse(self, lot: Lot, wei: User, bo: User) -> None:
        assert pages(wei).post("/lots/bins/", {"code": "Q-01", "kind": "storage"}).status_code == 302
        assert send(wei, "bins/", {"code": "Q-01", "kind": "picking"}).json()["kind"] == "storage"

        listed = pages(bo).get("/lots/bins/?q=Q-").context["page"].object_list
        assert [(one.code, one.warehouse_id) for one in listed] == [("Q-01", wei.organisation_id)]
