"""Made-up requests to every twelfth operation, in small numbers; ``make proof`` asks all in the stated ones and runs the saboteur."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.experiments import fuzzing

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


@pytest.mark.promise("G25")
class TestMadeUpRequests:
    def test_get_described_answers_and_never_a_server_error(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        found = fuzzing.run(folder=tmp_path, database_url=committed_db.url, count=2, seed=20261122, step=12)

        assert found["failures"] == {}
        assert fuzzing.holds(found, slowest=5), found
