"""The experiment on product files with small counts; ``make proof`` runs the stated ones and the saboteur."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.experiments import imports

if TYPE_CHECKING:
    from pathlib import Path

    from tests.harness.databases import CommittedDatabase


class TestAProductFile:
    @pytest.mark.promise("G27")
    @pytest.mark.row("P18.2")
    def test_goes_in_by_whole_batches_whatever_dies(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        found = imports.survive_kills(tmp_path, database=committed_db, rows=1500, wrong=15, kills=2, seed=7)

        assert imports.holds(found), found.pop("logs") + repr(found)
