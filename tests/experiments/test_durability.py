"""Submissions and dispositions while PostgreSQL is killed, in small numbers; ``make proof`` runs the stated ones and the saboteurs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.experiments import durability

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


class TestWhatWasAcknowledged:
    @pytest.mark.long
    @pytest.mark.row("P5.2")
    @pytest.mark.promise("G11")
    def test_stands_whenever_the_database_is_killed(self, committed_db: CommittedDatabase) -> None:
        found = durability.survive_kills(database=committed_db, inspections=40, dispositions=24, kills=4, seed=11)

        assert durability.holds(found), found
