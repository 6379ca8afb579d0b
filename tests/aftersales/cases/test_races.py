"""Eight at once on one case: exactly one wins every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.experiments import races
from tests.experiments.case_edges import case_edges
from tests.experiments.edges import Cast

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


@pytest.mark.long
class TestACase:
    @pytest.mark.promise("G5")
    def test_lets_one_of_eight_take_every_step(self, committed_db: CommittedDatabase) -> None:
        every = case_edges(Cast())

        assert races.race_edges(every, rounds=1) == {edge.name: {"one winner": 1, "errors": 0} for edge in every}

    @pytest.mark.promise("G5")
    def test_leaves_a_state_once(self, committed_db: CommittedDatabase) -> None:
        found = races.race_contradictions(case_edges(Cast()), rounds=1)

        assert found == {state: {"left once": 1} for state in found}
        assert len(found) == 5
