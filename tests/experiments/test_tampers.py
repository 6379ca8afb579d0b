"""The experiment on tampering with small counts; ``make proof`` runs the stated ones (docs/proof/tampers.json)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.experiments import tampers

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase

SABOTAGES = {
    "believes_hashes": {"one_byte_of_a_body"},
    "asks_no_witness": {"the_last_rows_are_gone", "everything_from_a_row_on_is_rewritten"},
    "looks_at_the_log_only": {"a_verdict_in_its_table", "a_file_on_the_disk_is_another", "two_files_are_swapped"},
}


@pytest.mark.promise("G15")
@pytest.mark.row("A22.1")
class TestTampering:
    def test_is_found_and_its_first_place_named_whichever_of_twelve_kinds(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        found = tampers.run(database=committed_db, folder=tmp_path, places=3, clean=20, seed=7, turns=24)

        assert tampers.holds(found), found
        assert len(found["tampers"]) == 12

    @pytest.mark.exhaustive
    @pytest.mark.parametrize("sabotage", SABOTAGES)
    def test_is_missed_by_a_weakened_verifier(self, committed_db: CommittedDatabase, tmp_path: Path, sabotage: str) -> None:
        found = tampers.run(database=committed_db, folder=tmp_path, places=4, clean=0, seed=7, turns=24, sabotage=sabotage)

        assert not tampers.holds(found)
        assert {name for name, seen in found["tampers"].items() if "missed" in seen} >= SABOTAGES[sabotage]
