"""The races on state machines, with small counts; ``make proof`` runs a hundred rounds of every edge with eight racers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.experiments import edges, oversell, races, saboteurs

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase

ROUNDS, RACERS = 1, 4


class TestStateMachines:
    @pytest.mark.promise("G5")
    def test_let_exactly_one_take_every_edge(self, committed_db: CommittedDatabase) -> None:
        """Here those that no other edge contradicts: the others are raced against each other in the next test, and alone in the proof."""
        every = edges.all_edges()
        assert edges.uncovered(every) == []
        ways = Counter((edge.machine, edge.source) for edge in every)
        every = [edge for edge in every if ways[edge.machine, edge.source] == 1 or edge.machine == "assurance.job.state"]

        assert races.race_edges(every, rounds=ROUNDS, racers=RACERS) == {edge.name: {"one winner": ROUNDS, "errors": 0} for edge in every}

    @pytest.mark.promise("G5")
    def test_are_left_once_although_contradictory_steps_are_tried_at_once(self, committed_db: CommittedDatabase) -> None:
        every = [edge for edge in edges.all_edges() if edge.machine != "assurance.job.state"]

        found = races.race_contradictions(every, rounds=ROUNDS, racers=RACERS)

        assert found == {state: {"left once": ROUNDS} for state in found}
        assert len(found) == sum(
            len(exits) > 1 for machine, table in edges.MACHINES.items() if machine != "assurance.job.state" for exits in table.values()
        )

    @pytest.mark.exhaustive
    def test_are_seen_to_fail_without_locks(self, committed_db: CommittedDatabase) -> None:
        with saboteurs.at_work("no_lock"):
            every = edges.all_edges()
            found = races.race_edges([edge for edge in every if edge.machine == "assurance.run.state"], rounds=3)

        assert any(seen.get("one winner") != 3 for seen in found.values())


class TestTheLastUnits:
    @pytest.mark.row("P6.3")
    @pytest.mark.promise("G4")
    def test_are_promised_to_one_buyer_each(self, committed_db: CommittedDatabase) -> None:
        found = oversell.sell_out(buyers=24, units=10, processes=4)

        expected = {"allocated": 10, "short": 14, "errors": 0, "promised": 10, "reserved": 10, "oversold": 0, "differences": 0}
        assert found == expected

    @pytest.mark.promise("G4")
    def test_are_refused_by_the_database_when_nobody_locks(self, committed_db: CommittedDatabase) -> None:
        found = oversell.sell_out(buyers=40, units=20, processes=4, sabotage="no_lock")

        assert (found["reserved"], found["oversold"], found["differences"]) == (found["promised"], 0, 0)

    @pytest.mark.exhaustive
    def test_are_seen_to_be_sold_twice_without_lock_and_guard(self, committed_db: CommittedDatabase) -> None:
        url = committed_db.owner_url
        found = oversell.sell_out(buyers=60, units=20, processes=4, sabotage="read_then_write", owner_url=url)

        assert found["oversold"] > 0, found
