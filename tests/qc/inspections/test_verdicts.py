"""The verdict follows from the plan alone, and everything that follows from it happens in the same moment."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from assurance.badges.models import Badge
from assurance.events.actions import run_job
from assurance.events.models import Event, Job
from assurance.evidence.models import EvidenceEntry, Fact
from assurance.gates.actions import Stopped, open_stop
from assurance.gates.models import Clearance, Stop
from assurance.gates.queries import stop_covering
from assurance.notices.models import Notice
from qc.inspections import actions
from qc.inspections.actions import FoundUnit, claiming
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import Inspection
from tests import goods
from tests.factories import NOON
from warehouse.stock.actions import NotCleared, lock_lot, move
from warehouse.stock.custody import Custody
from warehouse.stock.models import StockMove
from warehouse.stock.queries import balance, differences

if TYPE_CHECKING:
    from assurance.accounts.models import User


@pytest.fixture
def claimed(amal: User, wei: User, bo: User) -> Inspection:
    """1,000 units, level II: 80 to inspect; major Ac 5 Re 6, minor Ac 7 Re 8, critical Ac 0 Re 1."""
    inspection = goods.inspection(amal, wei, quantity=1000)
    return actions.claim(inspection_id=inspection.pk, actor=bo, at=NOON)


def stands(inspection: Inspection) -> dict[str, int]:
    return {str(custody): balance(inspection.lot, custody) for custody in Custody if balance(inspection.lot, custody) > 0}


def stop(inspection: Inspection) -> None:
    open_stop(merchant_id=inspection.merchant_id, product_id=inspection.product_id, code="lab", because="lead found", actor=None, at=NOON)


class TestAnAcceptedLot:
    @pytest.mark.row("P4.5")
    def test_is_released_with_the_last_unit_of_a_good_sample(self, claimed: Inspection, bo: User) -> None:
        goods.record(claimed, bo, range(1, 6), "leaking")
        goods.record(claimed, bo, range(6, 80))
        assert stands(claimed) == {"pending": 1000}

        decided = goods.record(claimed, bo, [80]).inspection

        assert (decided.state, decided.decided_at, decided.inspected, decided.nonconforming) == (InspectionState.ACCEPTED, NOON, 80, 5)
        assert stands(decided) == {"released": 1000}
        assert differences() == []

    def test_has_its_clearance_and_the_move_carries_it(self, claimed: Inspection, bo: User) -> None:
        decided = goods.record(claimed, bo, range(1, 81)).inspection

        clearance = Clearance.objects.get()
        assert (clearance.subject_kind, clearance.subject_id, clearance.stage, clearance.verdict) == (
            "lot",
            decided.lot_id,
            "inbound",
            "released",
        )
        moved = StockMove.objects.get(target="released")
        assert (moved.clearance, decided.clearance, moved.quantity) == (clearance, clearance, 1000)

    def test_is_on_record_with_all_that_a_badge_must_say(self, claimed: Inspection, bo: User) -> None:
        goods.record(claimed, bo, range(1, 3), "print-flaw")
        decided = goods.record(claimed, bo, range(3, 81)).inspection

        entry = EvidenceEntry.objects.get(kind="inspection_verdict")
        says = json.loads(bytes(entry.body))["says"]
        expected = {
            "lot_number": "HJ261105B",
            "lot_size": 1000,
            "inspected": 80,
            "defective": 2,
            "verdict": "accept",
            "expiry_date": "2029-11-04",
            "warehouse_id": decided.warehouse_id,
        }
        assert {name: says[name] for name in expected} == expected
        assert says["plan"] == decided.plan
        assert [(one["class"], one["nonconforming"], one["accept"]) for one in says["classes"]] == [
            ("critical", 0, 0),
            ("major", 0, 5),
            ("minor", 2, 7),
        ]
        assert (entry.lot_id, entry.product_id, entry.organisation_id) == (decided.lot_id, decided.product_id, decided.merchant_id)
        assert decided.evidence_entry_id == entry.pk

    def test_reports_its_defect_rate_with_the_size_of_the_sample(self, claimed: Inspection, bo: User) -> None:
        goods.record(claimed, bo, range(1, 3), "print-flaw")
        goods.record(claimed, bo, range(3, 81))

        assert set(Fact.objects.values_list("name", "subject_kind", "subject_id", "value", "sample_size")) == {
            ("defect_rate", "lot", claimed.lot_id, Decimal("0.025000"), 80),
            ("defect_rate", "product", claimed.product_id, Decimal("0.025000"), 80),
        }

    def test_tells_of_it_with_the_ids_a_badge_needs(self, claimed: Inspection, bo: User) -> None:
        decided = goods.record(claimed, bo, range(1, 81)).inspection

        ids = {
            "inspection_id": decided.pk,
            "lot_id": decided.lot_id,
            "product_id": decided.product_id,
            "clearance_id": decided.clearance_id,
            "evidence_entry_id": decided.evidence_entry_id,
        }
        assert Event.objects.get(kind="qc.lot.released").ids == ids
        assert Event.objects.get(kind="qc.inspection.decided").ids == ids

    def test_gets_its_badge_and_its_merchant_is_told(self, claimed: Inspection, bo: User, amal: User) -> None:
        goods.record(claimed, bo, range(1, 81))
        for job in Job.objects.filter(event__kind__in=["qc.lot.released", "qc.inspection.decided"]).order_by("id"):
            Job.objects.filter(pk=job.pk).update(state="sent")
            run_job(job_id=job.pk, at=NOON)

        badge = Badge.objects.get()
        assert (badge.lot_id, badge.received, badge.inspected, badge.defective) == (claimed.lot_id, 1000, 80, 0)
        assert list(Notice.objects.filter(kind="lot_released").values_list("recipient", flat=True)) == [amal.pk]


class TestALotThatIsNotAccepted:
    @pytest.mark.row("P4.5")
    @pytest.mark.parametrize(
        ("defect", "units", "name"), [("odd-workmanship", 1, "critical"), ("leaking", 6, "major"), ("deformed", 8, "minor")]
    )
    def test_is_held_as_soon_as_a_class_reaches_its_limit(self, claimed: Inspection, bo: User, defect: str, units: int, name: str) -> None:
        if units > 1:
            before = goods.record(claimed, bo, range(1, units), defect)
            assert before.decision.verdict == "undecided"

        decided = goods.record(claimed, bo, [units], defect).inspection

        assert (decided.state, decided.inspected, decided.nonconforming) == (InspectionState.REJECTED, units, units)
        assert [one["class"] for one in decided.because["classes"] if one["verdict"] == "reject"] == [name]
        assert stands(decided) == {"held": 1000}

    def test_is_stopped_and_refused(self, claimed: Inspection, bo: User) -> None:
        decided = goods.record(claimed, bo, [1], "odd-workmanship").inspection

        assert Clearance.objects.get().verdict == "refused"
        standing = stop_covering(
            merchant_id=decided.merchant_id, product_id=decided.product_id, warehouse_id=decided.warehouse_id, lot_id=decided.lot_id
        )
        assert standing is not None
        assert (standing.code, standing.lot_id) == ("inspection_rejected", decided.lot_id)
        assert stop_covering(merchant_id=decided.merchant_id, product_id=decided.product_id) is None
        assert not Event.objects.filter(kind="qc.lot.released").exists()

    @pytest.mark.row("P5.3")
    def test_cannot_be_released_by_any_clearance_there_is(self, claimed: Inspection, bo: User) -> None:
        decided = goods.record(claimed, bo, [1], "odd-workmanship").inspection

        with pytest.raises(NotCleared):
            move(
                lot=lock_lot(decided.lot_id),
                source=Custody.PENDING,
                target=Custody.RELEASED,
                quantity=1,
                because="accepted",
                reference="by hand",
                clearance=Clearance.objects.get(),
                actor=bo,
                at=NOON,
            )

    def test_counts_a_unit_once_under_its_worst_defect(self, claimed: Inspection, bo: User) -> None:
        goods.record(claimed, bo, range(1, 6), "leaking", "deformed", "print-flaw")

        recorded = goods.record(claimed, bo, range(6, 13), "deformed")

        assert recorded.decision.verdict == "undecided"
        assert [(one.defect_class, one.nonconforming) for one in recorded.decision.classes] == [("critical", 0), ("major", 5), ("minor", 7)]

    def test_keeps_what_was_looked_at_after_the_deciding_unit(self, claimed: Inspection, bo: User) -> None:
        units = [FoundUnit(1, is_conforming=False, defects=("odd-workmanship",)), FoundUnit(2, is_conforming=True)]

        decided = actions.record_units(inspection_id=claimed.pk, units=units, actor=bo, at=NOON).inspection

        assert (decided.state, decided.inspected, decided.nonconforming) == (InspectionState.REJECTED, 2, 1)


class TestAStop:
    @pytest.mark.row("P5.3")
    def test_keeps_accepted_goods_on_hold(self, claimed: Inspection, bo: User) -> None:
        stop(claimed)

        decided = goods.record(claimed, bo, range(1, 81)).inspection

        assert (decided.state, stands(decided)) == (InspectionState.ACCEPTED, {"held": 1000})
        assert StockMove.objects.get(target="held").because == "stopped"
        assert (Event.objects.filter(kind="qc.lot.released").count(), Event.objects.get(kind="qc.lot.held").reason) == (0, "stopped")

    @pytest.mark.row("P5.3")
    def test_leaves_no_clearance_to_release_other_units_with(self, claimed: Inspection, amal: User, wei: User, bo: User) -> None:
        more = goods.announced(amal, wei.organisation, goods.line(claimed.product, quantity=1))
        stop(claimed)
        goods.record(claimed, bo, range(1, 81))
        goods.receive(more, wei)
        Stop.objects.update(lifted_at=NOON, lift_reason="lifted")

        with pytest.raises(NotCleared):
            release_by_hand(Inspection.objects.get(), bo)


def release_by_hand(inspection: Inspection, actor: User) -> StockMove:
    return move(
        lot=lock_lot(inspection.lot_id),
        source=Custody.PENDING,
        target=Custody.RELEASED,
        quantity=1,
        because="accepted",
        reference="by hand",
        clearance=inspection.clearance,
        actor=actor,
        at=NOON,
    )


class TestAVerdict:
    @pytest.mark.row("P4.6")
    @pytest.mark.parametrize("recorded", [0, 1, 79])
    def test_that_is_missing_releases_nothing(self, claimed: Inspection, bo: User, recorded: int) -> None:
        if recorded:
            goods.record(claimed, bo, range(1, recorded + 1))

        assert stands(claimed) == {"pending": 1000}
        with pytest.raises(NotCleared):
            release_by_hand(Inspection.objects.get(), bo)

    def test_is_given_once(self, claimed: Inspection, bo: User) -> None:
        goods.record(claimed, bo, [1], "odd-workmanship")

        for attempt in (
            lambda: goods.record(claimed, bo, [2]),
            lambda: actions.take_back_unit(inspection_id=claimed.pk, actor=bo, at=NOON),
            lambda: actions.give_back(inspection_id=claimed.pk, actor=bo, at=NOON),
            lambda: actions.claim(inspection_id=claimed.pk, actor=bo, at=NOON),
        ):
            with pytest.raises(claiming.AlreadyDecided) as refused:
                attempt()
            assert (refused.value.code, refused.value.status) == ("already_decided", 409)
        assert Clearance.objects.count() == 1

    def test_happens_as_a_whole_or_not_at_all(self, claimed: Inspection, bo: User, monkeypatch: pytest.MonkeyPatch) -> None:
        """The last of its parts fails: nothing of it may stay, the unit neither."""
        goods.record(claimed, bo, range(1, 80))

        def broken(*_: object, **__: object) -> None:
            raise Stopped(because="broken")

        monkeypatch.setattr("qc.inspections.actions.concluding._whereabouts", broken)
        stop(claimed)
        with pytest.raises(Stopped):
            goods.record(claimed, bo, [80])

        claimed.refresh_from_db()
        assert (claimed.state, claimed.units.standing().count(), stands(claimed)) == (InspectionState.CLAIMED, 79, {"pending": 1000})
        assert (Clearance.objects.count(), EvidenceEntry.objects.count(), Fact.objects.count()) == (0, 0, 0)

    @pytest.mark.row("P4.4")
    def test_moves_its_own_tranche_only(self, amal: User, wei: User, bo: User) -> None:
        goods.catalogue()
        notice = goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation), quantity=1000))
        lot = goods.receive(notice, wei, quantity=3).receipt.lot
        first = actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)
        actions.claim(inspection_id=first.pk, actor=bo, at=NOON)
        goods.receive(notice, wei, quantity=997)
        second = actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)

        goods.record(first, bo, range(1, 4))
        assert stands(first) == {"pending": 997, "released": 3}

        actions.claim(inspection_id=second.pk, actor=bo, at=NOON)
        goods.record(second, bo, [1], "odd-workmanship")
        assert stands(first) == {"released": 3, "held": 997}
        assert Fact.objects.filter(subject_kind="lot").latest("id").value == Decimal("0.250000")
