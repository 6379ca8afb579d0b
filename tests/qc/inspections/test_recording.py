"""Units are recorded by whoever claimed the inspection, each once, each as found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assurance.enrollment.models import Enrolment
from assurance.refusals import OwnWork, Refused
from qc.inspections import actions
from qc.inspections.actions import FoundUnit, claiming, recording
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import InspectedUnit, Inspection
from tests import factories, goods
from tests.factories import NOON
from warehouse.inbound.models import Receipt

if TYPE_CHECKING:
    from assurance.accounts.models import User


@pytest.fixture
def inspection(amal: User, wei: User) -> Inspection:
    return goods.inspection(amal, wei)


@pytest.fixture
def claimed(inspection: Inspection, bo: User) -> Inspection:
    return actions.claim(inspection_id=inspection.pk, actor=bo, at=NOON)


def claim(inspection: Inspection, actor: User) -> Inspection:
    return actions.claim(inspection_id=inspection.pk, actor=actor, at=NOON)


def state_of(inspection: Inspection) -> tuple[str, int | None]:
    return Inspection.objects.values_list("state", "inspector_id").get(pk=inspection.pk)


class TestClaiming:
    def test_gives_the_inspection_to_one(self, inspection: Inspection, bo: User) -> None:
        claimed = claim(inspection, bo)

        assert (claimed.state, claimed.inspector, claimed.claimed_at) == (InspectionState.CLAIMED, bo, NOON)

    def test_again_changes_nothing(self, claimed: Inspection, bo: User) -> None:
        assert claim(claimed, bo).claimed_at == NOON

    def test_is_refused_to_the_second_with_the_state_of_things(self, claimed: Inspection, bo: User, bea: User) -> None:
        with pytest.raises(claiming.AlreadyClaimed) as refused:
            claim(claimed, bea)

        assert (refused.value.status, refused.value.params["who"]) == (409, "Bo")
        assert state_of(claimed) == ("claimed", bo.pk)

    def test_is_for_the_inspectors_of_that_warehouse(self, inspection: Inspection, bob: User) -> None:
        with pytest.raises(claiming.OtherWarehouse):
            claim(inspection, bob)

    @pytest.mark.row("P22.3")
    def test_is_refused_to_who_received_the_goods(self, inspection: Inspection, wei: User) -> None:
        assert Receipt.objects.get().received_by == wei

        with pytest.raises(OwnWork):
            claim(inspection, wei)

        assert state_of(inspection) == ("open", None)

    @pytest.mark.row("P22.3")
    @pytest.mark.parametrize("part", ["created_by", "submitted_by"])
    def test_is_refused_to_who_enrolled_the_product(self, inspection: Inspection, bo: User, part: str) -> None:
        Enrolment.objects.update(**{part: bo})

        with pytest.raises(OwnWork):
            claim(inspection, bo)

    def test_can_be_undone(self, claimed: Inspection, bo: User, bea: User) -> None:
        actions.give_back(inspection_id=claimed.pk, actor=bo, at=NOON)

        assert state_of(claimed) == ("open", None)
        assert claim(claimed, bea).inspector == bea

    def test_can_be_undone_by_the_lead_but_by_no_colleague(self, claimed: Inspection, bea: User, wei: User) -> None:
        colleague = factories.user(wei.role, wei.organisation)
        with pytest.raises(claiming.AlreadyClaimed):
            actions.give_back(inspection_id=claimed.pk, actor=colleague, at=NOON)

        assert actions.give_back(inspection_id=claimed.pk, actor=bea, at=NOON).state == InspectionState.OPEN

    def test_cannot_be_undone_twice(self, inspection: Inspection, bo: User) -> None:
        with pytest.raises(claiming.NotClaimed):
            actions.give_back(inspection_id=inspection.pk, actor=bo, at=NOON)


class TestRecording:
    def test_keeps_what_was_found(self, claimed: Inspection, bo: User) -> None:
        units = [FoundUnit(2, is_conforming=True), FoundUnit(1, is_conforming=False, defects=("print-flaw", "deformed"))]

        recorded = actions.record_units(inspection_id=claimed.pk, units=units, actor=bo, at=NOON)

        assert recorded.decision.verdict == "undecided"
        assert list(InspectedUnit.objects.order_by("number").values_list("number", "is_conforming", "defects", "recorded_by")) == [
            (1, False, ["deformed", "print-flaw"], bo.pk),
            (2, True, [], bo.pk),
        ]

    @pytest.mark.parametrize(
        ("unit", "refusal"),
        [
            (FoundUnit(0, is_conforming=True), recording.NoSuchUnit),
            (FoundUnit(81, is_conforming=True), recording.NoSuchUnit),
            (FoundUnit(1, is_conforming=True), recording.UnitTwice),
            (FoundUnit(2, is_conforming=True, defects=("leaking",)), recording.UnitUnclear),
            (FoundUnit(2, is_conforming=False), recording.UnitUnclear),
            (FoundUnit(2, is_conforming=False, defects=("melted",)), recording.UnknownDefect),
            (FoundUnit(2, is_conforming=False, defects=("food-spoiled",)), recording.UnknownDefect),
        ],
    )
    def test_takes_all_units_of_a_list_or_none(self, claimed: Inspection, bo: User, unit: FoundUnit, refusal: type[Refused]) -> None:
        goods.record(claimed, bo, [1])

        with pytest.raises(refusal) as refused:
            actions.record_units(inspection_id=claimed.pk, units=[FoundUnit(3, is_conforming=True), unit], actor=bo, at=NOON)

        assert str(refused.value.field).startswith("units.1.")
        assert list(InspectedUnit.objects.values_list("number", flat=True)) == [1]

    def test_needs_something_to_record(self, claimed: Inspection, bo: User) -> None:
        with pytest.raises(recording.NoUnits):
            goods.record(claimed, bo, [])

    def test_needs_a_claim_first(self, inspection: Inspection, bo: User) -> None:
        with pytest.raises(claiming.NotClaimed):
            goods.record(inspection, bo, [1])

    def test_is_for_the_one_who_claimed(self, claimed: Inspection, bea: User) -> None:
        with pytest.raises(claiming.AlreadyClaimed):
            goods.record(claimed, bea, [1])

        assert InspectedUnit.objects.count() == 0

    @pytest.mark.row("P22.3")
    def test_stops_who_received_some_of_it_meanwhile(self, amal: User, wei: User, bo: User) -> None:
        goods.catalogue()
        notice = goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation)))
        lot = goods.receive(notice, wei, quantity=500).receipt.lot
        claimed = claim(actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON), bo)
        goods.receive(notice, bo, quantity=1)

        with pytest.raises(OwnWork):
            goods.record(claimed, bo, [1])

    def test_lets_a_slip_be_taken_back_without_losing_it(self, claimed: Inspection, bo: User) -> None:
        goods.record(claimed, bo, [1], "leaking")

        taken = actions.take_back_unit(inspection_id=claimed.pk, actor=bo, at=NOON)
        goods.record(claimed, bo, [1])

        assert (taken.number, taken.withdrawn_by) == (1, bo)
        assert list(claimed.units.order_by("id").values_list("is_conforming", "withdrawn_by")) == [(False, bo.pk), (True, None)]
        assert list(claimed.units.standing().values_list("is_conforming", flat=True)) == [True]

    def test_takes_back_nothing_twice(self, claimed: Inspection, bo: User) -> None:
        with pytest.raises(recording.NothingToTakeBack):
            actions.take_back_unit(inspection_id=claimed.pk, actor=bo, at=NOON)
