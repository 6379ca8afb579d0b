"""What PostgreSQL itself refuses of inspections, whoever writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from assurance.database import constraint_of
from qc.inspections import actions
from qc.inspections.models import Inspection
from tests import goods
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import User

UNIT = """
INSERT INTO qc_inspectedunit (inspection_id, merchant_id, number, is_conforming, defects, liability, recorded_by_id, recorded_at)
VALUES (%(inspection)s, %(merchant)s, %(number)s, %(conforming)s, %(defects)s, '', %(actor)s, now())
"""


def run(*statements: str, **values: object) -> None:
    """Run statements in a savepoint of their own, deferred rules included."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values or None)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused(*statements: str, **values: object) -> str:
    with pytest.raises(DatabaseError) as caught:
        run(*statements, **values)
    return constraint_of(caught.value)


@pytest.fixture
def inspection(amal: User, wei: User) -> Inspection:
    return goods.inspection(amal, wei)


@pytest.fixture
def claimed(inspection: Inspection, bo: User) -> Inspection:
    return actions.claim(inspection_id=inspection.pk, actor=bo, at=NOON)


def unit(inspection: Inspection, actor: User, **given: object) -> dict[str, object]:
    values = {"inspection": inspection.pk, "merchant": inspection.merchant_id, "number": 1, "conforming": True, "defects": []}
    return values | {"actor": actor.pk} | given


class TestAnInspection:
    @pytest.mark.row("P4.8")
    def test_is_open_once_per_tranche(self, inspection: Inspection) -> None:
        """Peers' bug 8: two inspections of one lot cannot both be open, whoever writes them."""
        columns = "merchant_id, warehouse_id, product_id, lot_id, stage, tranche, lot_size, plan, catalogue, state"
        columns += ", opened_at, due_at, because, source, is_original, is_skipped, commitment, seed, doubts"

        copied = f"INSERT INTO qc_inspection ({columns}) SELECT {columns} FROM qc_inspection"

        assert refused(copied) == "inspection_one_open_per_tranche"

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ("state = 'accepted', inspector_id = %(bo)s, claimed_at = now(), decided_at = now()", "qc_inspection_state_edges"),
            ("state = 'claimed'", "inspection_claimed_by_somebody"),
            ("state = 'claimed', inspector_id = %(bob)s, claimed_at = now()", "qc_inspection_inspector_same_owner"),
            ("lot_size = 0", "inspection_covers_something"),
        ],
    )
    def test_cannot_skip_a_step(self, inspection: Inspection, bo: User, bob: User, change: str, rule: str) -> None:
        assert refused(f"UPDATE qc_inspection SET {change}", bo=bo.pk, bob=bob.pk) == rule

    @pytest.mark.row("P4.6")
    def test_cannot_be_accepted_without_clearance_and_evidence(self, claimed: Inspection) -> None:
        typed = "UPDATE qc_inspection SET state = 'accepted', decided_at = now(), inspected = 80, nonconforming = 0"

        assert refused(typed) == "inspection_decided_by_somebody"

    @pytest.mark.parametrize("change", ["state = 'claimed', decided_at = NULL", "nonconforming = 0", "because = '{}'"])
    def test_keeps_its_verdict_for_ever(self, claimed: Inspection, bo: User, change: str) -> None:
        goods.record(claimed, bo, [1], "odd-workmanship")

        assert refused(f"UPDATE qc_inspection SET {change}") == "qc_inspection_is_decided_once"

    @pytest.mark.parametrize(
        "attempt", ["UPDATE qc_inspection SET lot_id = lot_id", "DELETE FROM qc_inspection", "TRUNCATE qc_inspection CASCADE"]
    )
    def test_keeps_what_it_is_about(self, inspection: Inspection, attempt: str) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(attempt)


class TestAUnit:
    def test_belongs_to_an_inspection_that_is_claimed(self, inspection: Inspection, bo: User) -> None:
        assert refused(UNIT, **unit(inspection, bo)) == "unit_of_a_claimed_inspection"

    def test_cannot_come_after_the_verdict(self, claimed: Inspection, bo: User) -> None:
        goods.record(claimed, bo, [1], "odd-workmanship")

        assert refused(UNIT, **unit(claimed, bo, number=2)) == "unit_of_a_claimed_inspection"

    def test_is_one_of_the_sample(self, claimed: Inspection, bo: User) -> None:
        assert refused(UNIT, **unit(claimed, bo, number=81)) == "unit_of_a_claimed_inspection"

    def test_is_recorded_once(self, claimed: Inspection, bo: User) -> None:
        goods.record(claimed, bo, [1])

        assert refused(UNIT, **unit(claimed, bo)) == "unit_once_per_inspection"

    @pytest.mark.parametrize(("conforming", "defects"), [(True, ["leaking"]), (False, [])])
    def test_fails_by_a_defect(self, claimed: Inspection, bo: User, conforming: bool, defects: list[str]) -> None:
        assert refused(UNIT, **unit(claimed, bo, conforming=conforming, defects=defects)) == "unit_fails_by_a_defect"

    def test_has_the_owner_of_its_inspection(self, claimed: Inspection, bo: User, chidi: User) -> None:
        assert refused(UNIT, **unit(claimed, bo, merchant=chidi.organisation_id)) == "qc_inspectedunit_inspection_same_owner"

    @pytest.mark.parametrize("attempt", ["UPDATE qc_inspectedunit SET is_conforming = true", "DELETE FROM qc_inspectedunit"])
    def test_stays_as_it_was_found(self, claimed: Inspection, bo: User, attempt: str) -> None:
        goods.record(claimed, bo, [1], "leaking")

        with pytest.raises(ProgrammingError, match="permission denied"):
            run(attempt)


class TestTheCatalogue:
    @pytest.mark.parametrize("attempt", ["UPDATE qc_defectkind SET defect_class = 'minor'", "DELETE FROM qc_defectkind"])
    def test_never_changes(self, inspection: Inspection, attempt: str) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(attempt)
