"""What the database refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, transaction

from aftersales.cases import actions
from aftersales.cases.models import Case, CaseAppeal, CaseDecision, CaseLink, CaseMessage, CaseRating, Remedy
from aftersales.signals.models import SignalFinding
from assurance.database import constraint_of
from tests import cases
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation, User
    from warehouse.orders.models import Parcel


@contextmanager
def refused(constraint: str = "") -> Iterator[None]:
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        yield
    if constraint:
        assert constraint_of(raised.value) == constraint


@pytest.fixture
def case(parcel: Parcel, cai: User, rui: User, amal: User) -> Case:
    """A case with a row in every table."""
    case = cases.taken(parcel, cai)
    actions.write([actions.Said(case.pk, "Hello", to_buyer=True)], actor=cai, at=NOON)
    cases.decided(case, cai, rui)
    CaseRating.objects.create(case=case, merchant_id=case.merchant_id, score=5, rated_at=NOON)
    actions.appeal([actions.Appeal(case.pk, "merchant", "No.")], actor=amal, at=NOON)
    case.refresh_from_db()
    return case


class TestWhatWasSaid:
    @pytest.mark.parametrize(
        "change",
        [
            lambda: CaseMessage.objects.update(body="something else"),
            lambda: CaseMessage.objects.all().delete(),
            lambda: CaseLink.objects.update(subject_id=1),
            lambda: CaseLink.objects.all().delete(),
            lambda: CaseAppeal.objects.update(reason="never mind"),
            lambda: CaseRating.objects.update(score=1),
            lambda: SignalFinding.objects.update(score=1),
            lambda: CaseDecision.objects.update(reason="something else"),
            lambda: CaseDecision.objects.update(evidence=[1]),
            lambda: Remedy.objects.update(amount="0.01"),
            lambda: Case.objects.update(summary="something else"),
            lambda: Case.objects.update(merchant_id=1),
        ],
    )
    def test_stays(self, case: Case, change: Callable[[], Any]) -> None:
        with refused():
            change()


@pytest.mark.row("P14.7")
class TestADecision:
    def make(self, case: Case, **given: Any) -> CaseDecision:
        values = {
            "case": case,
            "merchant_id": case.merchant_id,
            "round": 9,
            "liability": "courier",
            "is_confirmed": True,
            "outcome": "none",
            "reason": "Because",
            "evidence": [1],
            "proposed_by": case.agent,
            "proposed_at": NOON,
        } | given
        return CaseDecision.objects.create(**values)

    @pytest.mark.parametrize(
        ("constraint", "given"),
        [
            ("case_decision_has_a_reason", {"reason": " \n"}),
            ("case_decision_has_evidence", {"evidence": []}),
            ("case_decision_amount_fits", {"outcome": "refund"}),
            ("case_decision_amount_fits", {"amount": "5.00"}),
            ("case_decision_liability_is_known", {"liability": "weather"}),
            ("case_decision_once_per_round", {"round": 1}),
        ],
    )
    def test_is_whole(self, case: Case, constraint: str, given: dict[str, Any]) -> None:
        with refused(constraint):
            self.make(case, **given)

    def test_is_not_decided_by_who_proposed_it(self, case: Case) -> None:
        one = self.make(case)
        with refused("case_decision_by_another_person"):
            CaseDecision.objects.filter(pk=one.pk).update(state="decided", decided_by=case.agent, decided_at=NOON)

    def test_stands_beside_no_second_proposal(self, case: Case) -> None:
        self.make(case)
        with refused("case_decision_one_proposal"):
            self.make(case, round=10)

    def test_belongs_to_the_merchant_of_its_case(self, case: Case, other_merchant: Organisation) -> None:
        from django.db import connection

        with refused("aftersales_casedecision_case_same_owner"):
            self.make(case, merchant_id=other_merchant.pk)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestACase:
    def test_is_appealed_once_a_side(self, case: Case) -> None:
        first = CaseAppeal.objects.get()
        with refused("case_appeal_once_per_side"):
            CaseAppeal.objects.create(
                case=case, merchant_id=case.merchant_id, decision=first.decision, side="merchant", reason="Again", appealed_at=NOON
            )
        with refused("case_appeal_by_a_party"):
            CaseAppeal.objects.create(
                case=case, merchant_id=case.merchant_id, decision=first.decision, side="platform", reason="We", appealed_at=NOON
            )

    def test_is_judged_with_a_liability(self, parcel: Parcel, cai: User) -> None:
        proposed = cases.proposed(cases.taken(parcel, cai), cai).case_id
        with refused("case_judged_with_a_liability"):
            Case.objects.filter(pk=proposed).update(state="decided")

    def test_follows_its_edges(self, case: Case) -> None:
        with refused("aftersales_case_state_edges"):
            Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOON)

    def test_of_a_rule_is_open_once_a_subject(self, parcel: Parcel) -> None:
        case = cases.opened(parcel, origin="signal", rule="silent_parcel")
        case.pk = None
        with refused("case_one_open_per_rule_and_subject"):
            case.save(force_insert=True)
