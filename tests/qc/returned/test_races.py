"""Two people on the same parcel or the same return at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qc.checks.actions.checking import NotPacked
from qc.checks.models import OutboundCheck
from qc.returned.models import ReturnDisposition, ReturnInspection
from tests import checks, orders
from tests.warehouse.at_once import at_once
from warehouse.returns.actions.receiving import BeyondShipped
from warehouse.returns.models import ReturnParcel, ReturnUnit
from warehouse.stock.custody import Custody
from warehouse.stock.queries import balance, differences

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase
    from warehouse.stock.models import Lot


@pytest.fixture
def lot(committed_db: CommittedDatabase, amal: User, wei: User) -> Lot:
    checks.lists()
    return orders.stocked(amal, wei)


class TestTwoInspectorsOnOneParcel:
    def test_make_one_check(self, lot: Lot, amal: User, wei: User, bo: User, bea: User) -> None:
        parcel = checks.packed(amal, wei, lot)

        answers = at_once(lambda: checks.check(parcel, bo), lambda: checks.check(parcel, bea))

        assert sorted(type(answer).__name__ for answer in answers) == ["NotPacked", "OutboundCheck"]
        assert NotPacked.status == 409
        assert OutboundCheck.objects.filter(parcel=parcel).count() == 1


class TestTwoDesksWithOneParcel:
    @pytest.mark.row("P8.4")
    def test_never_take_in_more_than_was_shipped(self, lot: Lot, amal: User, wei: User, bo: User) -> None:
        parcel = checks.shipped(amal, wei, bo, lot, 3)

        answers = at_once(*[lambda: checks.back(parcel, lot, wei, 2)] * 3)

        assert sorted(type(answer).__name__ for answer in answers) == ["BeyondShipped", "BeyondShipped", "ReturnParcel"]
        assert BeyondShipped.status == 409
        assert (balance(lot, Custody.PENDING), balance(lot, Custody.SHIPPED), differences()) == (2, 1, [])


class TestTwoPeopleWithTheLastTwoUnits:
    def test_leave_no_return_behind(self, lot: Lot, amal: User, wei: User, bo: User, bea: User) -> None:
        parcel = checks.shipped(amal, wei, bo, lot, 2)
        units = list(checks.back(parcel, lot, wei, 2).units.order_by("id"))

        graded = at_once(lambda: checks.inspect(units[0], bo), lambda: checks.inspect(units[1], bea))

        assert [type(one) for one in graded] == [ReturnInspection] * 2
        assert ReturnParcel.objects.get().state == "inspected"

    def test_decide_once_on_a_unit(self, lot: Lot, amal: User, wei: User, bo: User, bea: User) -> None:
        unit = checks.unit(checks.shipped(amal, wei, bo, lot), lot, wei)
        checks.inspect(unit, bo)

        at_once(*[lambda who=who: checks.decide(unit, who, "restock") for who in (bo, bea)])  # type: ignore[misc]

        assert ReturnDisposition.objects.count() == 1
        assert (ReturnUnit.objects.get().state, balance(lot, Custody.RELEASED), differences()) == ("restocked", 100, [])
