"""``make replay`` says what it lacks before it starts any server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class TestMakeReplay:
    @pytest.mark.parametrize("folder", ["", "/no/such/folder"])
    def test_wants_a_folder_that_is_there(self, folder: str, tmp_path: Path) -> None:
        asked = os.environ | {"DIR": folder, "JSON": "", "VAR_DIR": str(tmp_path / "var")}

        said = subprocess.run(
            [sys.executable, "-m", "deploy.replay"], cwd=ROOT, env=asked, capture_output=True, text=True, check=False, timeout=60
        )

        assert said.returncode == 1
        assert said.stderr.startswith("DIR: must name the folder")
        assert not (tmp_path / "var").exists()
