"""The experiments on background work, with small counts; ``make proof`` runs the stated ones and the saboteurs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.experiments import jobs

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


class TestBackgroundWork:
    @pytest.mark.promise("G7")
    def test_loses_nothing_and_repeats_nothing_when_the_broker_is_emptied(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        found = jobs.lose_the_broker(tmp_path, database_url=committed_db.url, jobs=300, losses=1, worker_kills=1, seed=7)

        assert (found["lost"], found["repeated"], found["parked"]) == (0, 0, 0), found["logs"]
        assert found["blows_while_jobs_were_open"] == 2

    def test_keeps_its_connections_until_the_server_ends_them(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        """Two processes, so two connections before and two after; no job has noticed."""
        found = jobs.lose_the_connections(tmp_path, database_url=committed_db.url, jobs=20)

        assert found["attempts"] == {("done", 1): 20}, found["logs"]
        assert (found["restarts"], found["connections"]) in {(0, 2), (0, 3), (0, 4)}

    @pytest.mark.promise("G8")
    def test_parks_poison_after_five_attempts_and_does_everything_else(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        found = jobs.survive_poison(tmp_path, database_url=committed_db.url, healthy=20)

        assert found["poison"] == {
            "kills its worker": {"attempts": 5, "state": "parked"},
            "eats memory": {"attempts": 5, "state": "parked"},
            "never ends": {"attempts": 5, "state": "parked"},
        }, found["logs"]
        assert found["alerts"] == 3
        assert found["healthy_done_once"] == 20
