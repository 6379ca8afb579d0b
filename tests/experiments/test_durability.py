"""Submissions while PostgreSQL is killed, in small numbers; ``make proof`` runs the stated ones and the saboteur."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.experiments import durability

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


class TestAnAcknowledgedInspection:
    @pytest.mark.long
    @pytest.mark.promise("G11")
    def test_stands_whenever_the_database_is_killed(self, committed_db: CommittedDatabase) -> None:
        found = durability.survive_kills(database=committed_db, inspections=40, kills=3, seed=11)

        assert durability.holds(found), found
