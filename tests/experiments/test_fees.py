"""The experiment on fee runs with small counts; ``make proof`` runs the stated ones and the saboteurs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.experiments import fees

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


class TestAFeeRun:
    @pytest.mark.long
    @pytest.mark.promise("G1")
    @pytest.mark.row("P15.6")
    def test_rates_everything_exactly_once_whatever_dies(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        found = fees.survive_kills(tmp_path, database=committed_db, operations=400, kills=2, seed=7, merchants=6)

        assert fees.holds(found), found.pop("logs") + repr(found)
        assert found["late"] > 0
