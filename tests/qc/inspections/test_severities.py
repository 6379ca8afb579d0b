"""Severity follows the verdicts by itself, and every switch names the lots that caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection

from assurance.events.models import Event, Job
from qc.inspections import actions
from qc.inspections.actions.severities import InspectionSuspended, NothingChanges
from qc.inspections.models import ClassSeverity, Inspection
from qc.inspections.queries import severity_board
from qc.inspections.queries.severities import with_switches
from tests import goods
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.products.models import Product


@pytest.fixture
def product(amal: User) -> Product:
    goods.catalogue()
    return goods.enrolled(amal.organisation)


class Way:
    """Lots of one product, one after another: each with the defects of its first units."""

    def __init__(self, amal: User, wei: User, bo: User, product: Product) -> None:
        self.amal, self.wei, self.bo, self.product = amal, wei, bo, product
        self.lots = 0

    def lot(self, *defects: str, quantity: int = 20, **given: object) -> Inspection:
        """Bring a lot to its verdict: with these defects on the first unit, or accepted. Level II, 2.5: D, so Ac 0."""
        self.lots += 1
        lot = goods.lot(self.amal, self.wei, product=self.product, lot=f"L{self.lots:03}", quantity=quantity)
        found = actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON, **given)  # type: ignore[arg-type]
        actions.claim(inspection_id=found.pk, actor=self.bo, at=NOON)
        if defects:
            return goods.record(found, self.bo, [1], *defects).inspection
        return goods.record(found, self.bo, range(1, found.sample_size + 1)).inspection

    def major(self) -> ClassSeverity:
        return ClassSeverity.objects.get(product=self.product, defect_class="major")

    def force(self, severity: str, **standing: object) -> ClassSeverity:
        """Bring both classes there with a switch of Bo's."""
        goods.put_severity(self.product, severity, self.bo, **standing)
        return self.major()


@pytest.fixture
def way(amal: User, wei: User, bo: User, product: Product) -> Way:
    return Way(amal, wei, bo, product)


MAJOR = "leaking"


@pytest.mark.row("A4.1")
class TestSwitching:
    def test_tightens_after_two_of_five_and_names_both_lots(self, way: Way, amal: User, bo: User) -> None:
        first, _good, second = way.lot(MAJOR), way.lot(), way.lot(MAJOR)

        row = way.major()
        switch = row.history.get()
        assert (row.severity, row.state.score, row.run) == ("tightened", None, 0)
        assert (switch.before, switch.after, switch.inspections, switch.inspection) == (
            "normal",
            "tightened",
            [first.pk, second.pk],
            second,
        )
        assert switch.reason == "2 of 3 lots in a row were not accepted on normal inspection."
        told = Event.objects.get(kind="qc.severity.switched")
        assert (told.subject_id, told.changes["severity"], told.actor_id) == (row.pk, ["normal", "tightened"], bo.pk)
        assert {name: told.ids[name] for name in ("severity_id", "inspection_id", "before", "after")} == {
            "severity_id": row.pk,
            "inspection_id": second.pk,
            "before": "normal",
            "after": "tightened",
        }
        assert ClassSeverity.objects.get(product=way.product, defect_class="minor").severity == "normal"
        (seen,) = [one for one in with_switches(severity_board(amal)) if one.switches]
        assert [one.lot.number for one in seen.switches[0].causes] == ["L001", "L003"]

    def test_finds_the_next_plan_by_the_severity_of_each_class(self, way: Way) -> None:
        for _ in range(2):
            way.lot(MAJOR)

        lot = way.lot()

        assert (lot.plans.major.severity, lot.plans.minor.severity) == ("tightened", "normal")
        assert (lot.plans.major.sample_size, lot.plans.minor.sample_size) == (8, 3)

    def test_does_not_count_what_is_put_up_again(self, way: Way) -> None:
        way.lot(MAJOR)
        again = way.lot(MAJOR, is_original=False)

        assert (again.is_original, way.major().severity) == (False, "normal")

    def test_does_not_count_what_was_sampled_at_another_severity(self, way: Way, amal: User, wei: User) -> None:
        waiting = [goods.lot(amal, wei, product=way.product, lot=f"W{n}", quantity=20) for n in range(2)]
        opened = [actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON) for lot in waiting]
        way.lot(MAJOR), way.lot(MAJOR)

        for one in opened:
            actions.claim(inspection_id=one.pk, actor=way.bo, at=NOON)
            goods.record(one, way.bo, [1], MAJOR)

        assert way.major().standing["outcomes"] == []

    def test_leaves_a_single_unit_alone(self, way: Way) -> None:
        way.lot(quantity=1)

        assert (way.major().state.score, way.major().run) == (0, 0)

    def test_suspends_and_opens_nothing_until_the_action_is_effective(self, way: Way, wei: User, bea: User) -> None:
        way.lot()
        outcomes = [[None, False]] * 4
        way.force("tightened", outcomes=outcomes)
        last = way.lot(MAJOR)
        row = way.major()
        assert (row.severity, row.history.order_by("-number")[0].inspections) == ("suspended", [last.pk])
        lot = goods.lot(way.amal, wei, product=way.product, lot="WAITS", quantity=20)
        with pytest.raises(InspectionSuspended):
            actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)
        assert not Inspection.objects.filter(lot=lot).exists()

        actions.change_conditions(severity_id=row.pk, action_effective=True, actor=bea, at=NOON, reason="new supplier of pumps")

        switch = way.major().history.order_by("-number")[0]
        assert (switch.after, switch.decided_by, switch.inspection) == ("tightened", bea, None)
        assert Job.objects.filter(handler__endswith="inspect_what_waited").count() == 2
        assert [one.lot for one in actions.open_waiting(severity_id=row.pk, at=NOON)] == [lot]

    def test_reduces_when_the_score_is_there_and_somebody_agrees(self, way: Way, bea: User) -> None:
        way.lot()
        row = way.major()
        row.standing |= {"score": 30, "scored": [[str(Inspection.objects.get().pk), True]]}
        row.save(update_fields=["standing"])

        actions.change_conditions(severity_id=row.pk, authority_agrees=True, actor=bea, at=NOON)

        assert (way.major().severity, way.major().history.get().inspections) == ("reduced", [Inspection.objects.get().pk])
        told = Event.objects.filter(kind="qc.severity.conditions_changed").values_list("changes", flat=True)
        assert list(told) == [{"authority_agrees": [False, True]}] * 2
        with pytest.raises(NothingChanges):
            actions.change_conditions(severity_id=row.pk, authority_agrees=True, actor=bea, at=NOON)

    def test_ends_reduced_inspection_with_a_critical_defect(self, way: Way, bea: User) -> None:
        way.lot()
        way.force("reduced", authority_agrees=True)

        found = way.lot("batch-mismatch")

        rows = ClassSeverity.objects.filter(product=way.product)
        assert {(row.severity, row.state.production_steady) for row in rows} == {("normal", False)}
        assert {tuple(row.history.order_by("-number")[0].inspections) for row in rows} == {(found.pk,)}


class TestTheDatabase:
    def test_refuses_a_switch_without_its_cause(self, way: Way) -> None:
        way.lot()
        row = way.major()
        row.severity, row.standing = "tightened", row.standing | {"severity": "tightened"}
        row.save(update_fields=["severity", "standing"])

        with pytest.raises(IntegrityError, match="record of what caused it"), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_keeps_column_and_standing_together(self, way: Way) -> None:
        way.lot()
        row = way.major()
        row.standing |= {"severity": "tightened"}

        with pytest.raises(IntegrityError, match="class_severity_is_its_standing"):
            row.save(update_fields=["standing"])


class TestTheBoard:
    def test_shows_a_warehouse_and_a_merchant_their_own(self, way: Way, chidi: User, wei: User, bob: User) -> None:
        way.lot()

        assert [severity_board(user).count() for user in (way.amal, wei, chidi, bob)] == [2, 2, 0, 0]
