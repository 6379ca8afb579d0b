"""Goods move along known ways, never below nothing, and are released only by the verdict on themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from assurance.events.models import Event
from assurance.gates.actions import Stopped, clear, open_stop
from tests import goods
from tests.factories import NOON
from warehouse.stock import actions
from warehouse.stock.actions import lock_lot, move
from warehouse.stock.custody import INSIDE, NEXT, Custody
from warehouse.stock.models import Lot, StockBalance, StockMove
from warehouse.stock.queries import balance, differences, stand_of

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.gates.models import Clearance


@pytest.fixture
def lot(amal: User, wei: User) -> Lot:
    return goods.lot(amal, wei, quantity=100)


def cleared(lot: Lot, *, verdict: str = "released", tranche: int = 1) -> Clearance:
    return clear(
        subject_kind="lot",
        subject_id=lot.pk,
        stage="inbound",
        verdict=verdict,
        organisation_id=lot.merchant_id,
        because="judged",
        tranche=tranche,
        actor=None,
        at=NOON,
    )


def go(lot: Lot, source: Custody, target: Custody, quantity: int, actor: User, **given: Any) -> StockMove:
    values = {"because": "accepted", "reference": f"{source}-{target}-{quantity}", "at": NOON} | given
    return move(lot=lock_lot(lot.pk), source=source, target=target, quantity=quantity, actor=actor, **values)


class TestMoving:
    def test_keeps_the_sum(self, lot: Lot, wei: User) -> None:
        go(lot, Custody.PENDING, Custody.RELEASED, 60, wei, clearance=cleared(lot))
        go(lot, Custody.PENDING, Custody.HELD, 30, wei)
        go(lot, Custody.HELD, Custody.RETURNED, 10, wei)

        stand = stand_of(lot)
        assert {share.custody: share.units for share in stand.shares} == {
            Custody.PENDING: 10,
            Custody.RELEASED: 60,
            Custody.HELD: 20,
            Custody.RETURNED: 10,
        }
        assert (stand.received, sum(balance(lot, inside) for inside in INSIDE)) == (100, 100)
        assert sum(share.percent for share in stand.shares) == 100

    @pytest.mark.row("P6.3")
    def test_leaves_balances_that_are_the_sum_of_the_moves(self, lot: Lot, wei: User) -> None:
        go(lot, Custody.PENDING, Custody.HELD, 30, wei)

        assert differences() == []
        assert dict(StockBalance.objects.filter(lot=lot).values_list("custody", "quantity")) == {"arrival": -100, "pending": 70, "held": 30}

    def test_tells_of_every_move(self, lot: Lot, wei: User) -> None:
        moved = go(lot, Custody.PENDING, Custody.HELD, 30, wei)

        event = Event.objects.filter(kind="warehouse.stock.moved").latest("id")
        assert (event.subject_id, event.changes["quantity"], event.organisation_id) == (moved.pk, [None, 30], lot.merchant_id)

    @pytest.mark.row("P6.3")
    def test_never_takes_more_than_there_is(self, lot: Lot, wei: User) -> None:
        with pytest.raises(actions.NotEnough) as refused:
            go(lot, Custody.PENDING, Custody.HELD, 101, wei)

        assert (refused.value.params["there"], balance(lot, Custody.PENDING)) == (100, 100)

    def test_of_the_same_reference_moves_once(self, lot: Lot, wei: User) -> None:
        first = go(lot, Custody.PENDING, Custody.HELD, 30, wei, reference="scan")

        assert go(lot, Custody.PENDING, Custody.HELD, 30, wei, reference="scan") == first
        assert balance(lot, Custody.HELD) == 30
        with pytest.raises(actions.MovedOtherwise):
            go(lot, Custody.PENDING, Custody.HELD, 31, wei, reference="scan")

    @pytest.mark.parametrize(
        ("source", "target"), [(source, target) for source in Custody for target in Custody if target not in NEXT[source]]
    )
    def test_knows_no_other_way(self, lot: Lot, wei: User, source: Custody, target: Custody) -> None:
        with pytest.raises(actions.NoSuchMove):
            go(lot, source, target, 1, wei)


class TestReleasing:
    @pytest.mark.row("P4.6")
    def test_needs_a_clearance(self, lot: Lot, wei: User) -> None:
        with pytest.raises(actions.NotCleared):
            go(lot, Custody.PENDING, Custody.RELEASED, 100, wei)

        assert balance(lot, Custody.RELEASED) == 0

    @pytest.mark.row("P4.6")
    def test_needs_a_clearance_that_says_yes(self, lot: Lot, wei: User) -> None:
        with pytest.raises(actions.NotCleared):
            go(lot, Custody.PENDING, Custody.RELEASED, 100, wei, clearance=cleared(lot, verdict="refused"))

    @pytest.mark.row("P4.6")
    def test_needs_the_clearance_of_that_same_lot(self, lot: Lot, amal: User, wei: User) -> None:
        other = goods.lot(amal, wei, quantity=100)

        with pytest.raises(actions.NotCleared):
            go(lot, Custody.PENDING, Custody.RELEASED, 100, wei, clearance=cleared(other))

    @pytest.mark.row("P5.3")
    @pytest.mark.parametrize("covers", [(), ("product_id",), ("warehouse_id",), ("lot_id",)])
    def test_is_refused_while_a_stop_covers_the_lot(self, lot: Lot, wei: User, covers: tuple[str, ...]) -> None:
        where = {"product_id": lot.product_id, "warehouse_id": lot.warehouse_id, "lot_id": lot.pk}
        open_stop(
            merchant_id=lot.merchant_id, code="lab", because="lead found", actor=None, at=NOON, **{name: where[name] for name in covers}
        )

        with pytest.raises(Stopped, match="lead found"):
            go(lot, Custody.PENDING, Custody.RELEASED, 100, wei, clearance=cleared(lot))

        assert balance(lot, Custody.PENDING) == 100
