"""Another lot than the one proposed: a later one needs a reason, a worse one is refused (P6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction

from assurance.database import constraint_of
from tests import goods, orders
from tests.factories import NOON
from tests.warehouse.doors import pages, send
from warehouse.orders import actions
from warehouse.orders.actions import swapping
from warehouse.orders.models import Allocation, Parcel
from warehouse.orders.queries import reserved_differences, scans_of
from warehouse.stock import actions as stock
from warehouse.stock.models import Lot
from warehouse.stock.queries import available

if TYPE_CHECKING:
    from assurance.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.row("P6.4")]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@dataclass
class Proposal:
    """A parcel of three units for which the early lot was proposed, and a later one beside it."""

    parcel: Parcel
    early: Lot
    late: Lot

    @property
    def allocation(self) -> Allocation:
        return self.parcel.allocations.standing().get(lot=self.early)  # type: ignore[attr-defined]

    def swap(self, actor: User, **given: Any) -> Parcel:
        if "allocation_id" not in given:
            given["allocation_id"] = self.allocation.pk
        values = {"parcel_id": self.parcel.pk, "lot_id": self.late.pk, "at": NOON} | given
        return actions.take_other_lot(actor=actor, **values)

    def holds(self) -> dict[str, int]:
        """Return the units by lot; what is reserved is what is promised."""
        assert reserved_differences() == []
        return dict(self.parcel.allocations.standing().values_list("lot__number", "quantity"))  # type: ignore[attr-defined]


@pytest.fixture
def proposal(amal: User, eve: User, wei: User) -> Proposal:
    product = goods.enrolled(amal.organisation)
    early = orders.stocked(amal, wei, quantity=5, product=product, lot="EARLY", expiry_date=goods.EXPIRES - timedelta(days=90))
    late = orders.stocked(amal, wei, quantity=5, product=product, lot="LATE")
    return Proposal(orders.allocated(eve, (product, 3)), early, late)


class TestTakingAnotherLot:
    def test_that_expires_later_needs_a_reason(self, proposal: Proposal, wei: User) -> None:
        with pytest.raises(swapping.ReasonNeeded):
            proposal.swap(wei)
        assert proposal.holds() == {"EARLY": 3}

        proposal.swap(wei, reason="not_found", quantity=2)

        assert proposal.holds() == {"EARLY": 1, "LATE": 2}
        kept = proposal.parcel.allocations.get(lot=proposal.late)
        assert (kept.swap_reason, kept.replaces.lot, kept.replaces.state) == ("not_found", proposal.early, "freed")

    def test_and_back_to_the_earlier_one_needs_none(self, proposal: Proposal, wei: User) -> None:
        proposal.swap(wei, reason="blocked")
        late = proposal.parcel.allocations.standing().get()

        proposal.swap(wei, allocation_id=late.pk, lot_id=proposal.early.pk)

        assert proposal.holds() == {"EARLY": 3}

    def test_is_packed_and_shipped_like_any(self, proposal: Proposal, wei: User) -> None:
        actions.pick([actions.Step(proposal.parcel.pk)], actor=wei, at=NOON)
        proposal.swap(wei, reason="damaged")

        with pytest.raises(actions.packing.WrongLot):
            actions.scan(parcel_id=proposal.parcel.pk, code=proposal.early.product.sku, lot_number="EARLY", actor=wei, at=NOON)
        orders.checked(orders.pack_all([proposal.parcel], wei)[0])
        actions.ship([actions.Step(proposal.parcel.pk)], actor=wei, at=NOON)

        free = available([proposal.early.pk, proposal.late.pk])
        assert (free[proposal.early.pk, "released"], free[proposal.late.pk, "released"]) == (5, 2)

    def test_is_refused_when_it_is_worse(self, proposal: Proposal, amal: User, wei: User, eve: User) -> None:
        product = proposal.early.product
        nearly_over = {"produced_date": date(2024, 1, 1), "expiry_date": (NOON + timedelta(days=20)).date()}
        short = orders.stocked(amal, wei, product=product, lot="SHORT", **nearly_over)
        held, other = orders.stocked(amal, wei, product=product, lot="HELD"), orders.stocked(amal, wei)
        stock.hold([held.pk], because="leaks", actor=eve, at=NOON)

        for lot, units, code in (
            (short, 3, "too_short_lived"),
            (held, 3, "stopped"),
            (other, 3, "other_goods"),
            (proposal.early, 3, "other_goods"),
            (proposal.late, 4, "not_free"),
        ):
            sent = {"allocation": proposal.allocation.pk, "lot": lot.pk, "quantity": units, "reason": "damaged"}
            assert send(wei, f"parcels/{proposal.parcel.pk}/other-lot/", sent).json()["code"] == code
        actions.pick([actions.Step(proposal.parcel.pk)], actor=wei, at=NOON)
        actions.scan(parcel_id=proposal.parcel.pk, code=product.sku, lot_number="EARLY", actor=wei, at=NOON)
        with pytest.raises(swapping.PackedAlready):
            proposal.swap(wei, reason="damaged")
        assert proposal.holds() == {"EARLY": 3}

    def test_is_chosen_on_the_page_from_those_that_may_be_taken(self, proposal: Proposal, wei: User) -> None:
        path = f"/parcels/{proposal.parcel.pk}/other-lot/{proposal.allocation.pk}/"
        offered = pages(wei).get(path)
        assert [lot.number for lot, _units in offered.context["lots"]] == ["LATE"]

        without = pages(wei).post(path, {"lot": proposal.late.pk, "quantity": 3, "reason": ""})
        assert (without.status_code, proposal.holds()) == (422, {"EARLY": 3})
        assert pages(wei).post(path, {"lot": proposal.late.pk, "quantity": 3, "reason": "blocked"}).status_code == 302
        assert proposal.holds() == {"LATE": 3}


class TestWhoeverWritesSql:
    @pytest.mark.parametrize(
        ("statements", "rule"),
        [
            ("{free}; {insert}", "later_lot_needs_reason"),
            ("{insert}", "allocation_replaces_its_own"),
            ("{free}; SET CONSTRAINTS ALL IMMEDIATE", "allocation_freed_is_replaced"),
        ],
    )
    def test_meets_the_same_rules(self, proposal: Proposal, statements: str, rule: str) -> None:
        free = f"UPDATE warehouse_allocation SET state = 'freed' WHERE id = {proposal.allocation.pk}"
        insert = f"""INSERT INTO warehouse_allocation
                (order_id, line_id, parcel_id, merchant_id, warehouse_id, product_id, lot_id, quantity, state, at, replaces_id, swap_reason)
            SELECT order_id, line_id, parcel_id, merchant_id, warehouse_id, product_id, {proposal.late.pk}, quantity, 'open', at, id, ''
              FROM warehouse_allocation WHERE id = {proposal.allocation.pk}"""

        with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements.format(free=free, insert=insert))

        assert constraint_of(caught.value) == rule
        assert scans_of([proposal.parcel.pk])[proposal.parcel.pk][0].lot_number == "EARLY"
