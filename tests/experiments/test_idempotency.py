"""The experiment on repeated requests, with small counts; ``make proof`` runs the stated ones and the saboteurs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.experiments import idempotency

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


@pytest.mark.promise("G6")
@pytest.mark.row("P19.3")
class TestARepeatedRequest:
    def test_has_its_effect_once_although_the_web_is_killed(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        found = idempotency.run(folder=tmp_path, database_url=committed_db.url, keys=50, sends=10, kills=5, seed=7)

        assert idempotency.holds(found), found

    @pytest.mark.exhaustive
    def test_is_seen_to_fail_when_the_key_is_committed_before_the_work(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        found = idempotency.run(
            folder=tmp_path, database_url=committed_db.url, keys=30, sends=10, kills=6, seed=7, sabotage="key_before_effect"
        )

        assert not idempotency.holds(found)
        assert found["missing"] > 0 or found["unlike_answers"] > 0, found
