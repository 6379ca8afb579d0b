"""Two inspectors, two openings, a stop in the very moment of release: one wins, and what is on record agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assurance.events.models import Event
from assurance.gates.actions import open_stop
from assurance.gates.models import Clearance, Stop
from qc.inspections import actions
from qc.inspections.actions import Recorded, claiming, recording
from qc.inspections.actions.opening import NothingToInspect
from qc.inspections.models import InspectedUnit, Inspection
from tests import factories, goods
from tests.factories import NOON
from tests.warehouse.at_once import at_once
from warehouse.stock.custody import Custody
from warehouse.stock.models import StockMove
from warehouse.stock.queries import balance

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase

ROUNDS = 3


@pytest.fixture
def inspection(committed_db: CommittedDatabase, amal: User, wei: User) -> Inspection:
    return goods.inspection(amal, wei, quantity=1000)


@pytest.fixture
def claimed(inspection: Inspection, bo: User) -> Inspection:
    return actions.claim(inspection_id=inspection.pk, actor=bo, at=NOON)


class TestOpeningOneInspectionTwice:
    @pytest.mark.row("P4.8")
    @pytest.mark.promise("G5")
    def test_opens_one(self, committed_db: CommittedDatabase, amal: User, wei: User) -> None:
        goods.catalogue()
        for n in range(ROUNDS):
            lot = goods.lot(amal, wei, lot=f"L{n}", quantity=100)

            opened = at_once(*[lambda lot=lot: actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)] * 4)

            assert [isinstance(one, NothingToInspect) for one in opened].count(False) == 1
            assert list(Inspection.objects.filter(lot=lot).values_list("tranche", "lot_size")) == [(1, 100)]

    @pytest.mark.row("P4.8")
    def test_while_more_arrives_covers_every_unit_once(self, committed_db: CommittedDatabase, amal: User, wei: User) -> None:
        goods.catalogue()
        notice = goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation), quantity=400))
        lot = goods.receive(notice, wei, quantity=100).receipt.lot

        def arrive(n: int) -> object:
            goods.receive(notice, wei, quantity=100, message=f"m{n}")
            return actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)

        at_once(*[lambda n=n: arrive(n) for n in range(3)])

        assert sum(Inspection.objects.filter(lot=lot).values_list("lot_size", flat=True)) == balance(lot, Custody.PENDING) == 400
        assert Inspection.objects.filter(lot=lot).count() == 1


class TestTwoInspectors:
    @pytest.mark.promise("G5")
    def test_get_one_inspection_once(self, inspection: Inspection, wei: User, bo: User, bea: User) -> None:
        answers = at_once(*[lambda who=who: actions.claim(inspection_id=inspection.pk, actor=who, at=NOON) for who in (bo, bea)])

        assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyClaimed", "Inspection"]
        assert Event.objects.filter(kind="qc.inspection.claimed").count() == 1

    @pytest.mark.promise("G5")
    def test_record_one_unit_once(self, claimed: Inspection, bo: User) -> None:
        answers = at_once(*[lambda: goods.record(claimed, bo, [1])] * 4)

        assert [isinstance(answer, recording.UnitTwice) for answer in answers].count(False) == 1
        assert InspectedUnit.objects.count() == 1

    @pytest.mark.promise("G5")
    def test_give_one_verdict(self, claimed: Inspection, bo: User) -> None:
        goods.record(claimed, bo, range(1, 80))

        answers = at_once(lambda: goods.record(claimed, bo, [80]), lambda: goods.record(claimed, bo, [80], "odd-workmanship"))

        assert [type(answer) for answer in answers].count(Recorded) == 1
        assert {type(answer) for answer in answers} == {Recorded, claiming.AlreadyDecided}
        claimed.refresh_from_db()
        verdict = {"accepted": "released", "rejected": "refused"}[claimed.state]
        custody = {"accepted": "released", "rejected": "held"}[claimed.state]
        assert (Clearance.objects.get().verdict, StockMove.objects.exclude(source="arrival").get().target) == (verdict, custody)

    def test_of_two_tranches_of_one_lot_do_not_wait_for_ever(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, bea: User
    ) -> None:
        goods.catalogue()
        notice = goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation), quantity=6))
        tranches = []
        for inspector in (bo, bea):
            lot = goods.receive(notice, wei, quantity=3).receipt.lot
            tranches.append(actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON))
            actions.claim(inspection_id=tranches[-1].pk, actor=inspector, at=NOON)

        at_once(lambda: goods.record(tranches[0], bo, [1, 2, 3]), lambda: goods.record(tranches[1], bea, [1, 2, 3]))

        assert balance(tranches[0].lot, Custody.RELEASED) == 6


class TestAStopInTheMomentOfRelease:
    @pytest.mark.row("P5.3")
    @pytest.mark.promise("G5")
    def test_either_comes_after_it_or_holds_the_goods(self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User) -> None:
        goods.catalogue()
        for n in range(ROUNDS):
            found = actions.open_inspection(lot_id=goods.lot(amal, wei, lot=f"L{n}", quantity=3).pk, actor=None, at=NOON)
            actions.claim(inspection_id=found.pk, actor=bo, at=NOON)

            def stop(found: Inspection = found) -> object:
                return open_stop(
                    merchant_id=found.merchant_id, product_id=found.product_id, code="lab", because="lead found", actor=None, at=NOON
                )

            recorded, stopped = at_once(lambda found=found: goods.record(found, bo, [1, 2, 3]), stop)

            assert (type(recorded), type(stopped)) == (Recorded, Stop)
            moved = StockMove.objects.get(lot=found.lot_id, source="pending")
            opened = Event.objects.get(kind="gates.stop.opened", subject_id=stopped.pk)  # type: ignore[attr-defined]
            told = Event.objects.get(kind="warehouse.stock.moved", subject_id=moved.pk)
            assert moved.target == ("released" if told.pk < opened.pk else "held")

    def test_waits_until_the_release_is_done(self, claimed: Inspection, bo: User) -> None:
        """Nothing is left half done by whichever came second."""
        factories.user(bo.role, bo.organisation)
        goods.record(claimed, bo, range(1, 80))

        at_once(
            lambda: goods.record(claimed, bo, [80]),
            lambda: open_stop(merchant_id=claimed.merchant_id, code="lab", because="lead found", actor=None, at=NOON),
        )

        claimed.refresh_from_db()
        assert claimed.state == "accepted"
        assert balance(claimed.lot, Custody.RELEASED) + balance(claimed.lot, Custody.HELD) == 1000
