"""What a case keeps of what was written, and where its states lead."""

from __future__ import annotations

import pytest

from aftersales.cases.lifecycle import DECISION_NEXT, NEXT, REMEDIES_OF, REMEDY_NEXT, CaseState, Outcome, asks_for_money
from aftersales.cases.privacy import tail_of, without_persons


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ("打 13812345678", "打 138******78"),
            ("+86 138 1234 5678 找我", "138******78 找我"),
            ("身份证 33010919900307051X", "身份证 ***"),
            ("mail xiao.min@example.com please", "mail ***@example.com please"),
            ("order 202611200173 from the 20th", "order 202611200173 from the 20th"),
            ("运单 75301234567890123", "运单 75301234567890123"),
        ],
    )
    def test_hides_numbers_that_reach_a_person(self, written: str, kept: str) -> None:
        assert without_persons(written) == kept

    def test_takes_the_last_digits_of_a_telephone_number(self) -> None:
        assert (tail_of("+86 138-1234-5678"), tail_of("12")) == ("5678", "")


class TestStates:
    def test_all_lead_on_or_can_be_taken_up_again(self) -> None:
        assert all(NEXT[state] for state in CaseState)
        assert set().union(*NEXT.values()) == set(CaseState)

    def test_end_for_decisions_and_remedies(self) -> None:
        assert [state for state, after in DECISION_NEXT.items() if not after] == ["decided", "sent_back"]
        assert [state for state, after in REMEDY_NEXT.items() if not after] == ["done", "cancelled"]

    def test_know_what_every_outcome_needs(self) -> None:
        assert {outcome: asks_for_money(outcome) for outcome in Outcome} == {
            "none": False,
            "refund": True,
            "return_refund": True,
            "replacement": False,
            "credit": True,
        }
        assert set(REMEDIES_OF) == set(Outcome)
