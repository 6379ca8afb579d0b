"""G21, G23, G24: parts of the suite as experiments, so that a defect of access control is seen to turn them red."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.harness import session

ROOT = Path(__file__).resolve().parents[2]
FAILURE = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
SUMMARY = re.compile(r"(\d+) (passed|failed|error|errors)")


def run(paths: list[str], *, chosen: str = "", marked: str = "", sabotage: str = "") -> dict[str, object]:
    """Run these tests in a session of their own; return how many passed and failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *paths]
    if chosen:
        command += ["-k", chosen]
    if marked:
        command += ["-m", marked]
    if sabotage:
        command += ["-p", "tests.experiments.sabotaged"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WUYOU_TEST")}
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env=inherited | {"SUITE_SABOTAGE": sabotage} | {session.EXHAUSTIVE: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    last = ended.stdout.strip().splitlines()[-1] if ended.stdout.strip() else ""
    counts = {word.rstrip("s") if word.startswith("error") else word: int(number) for number, word in SUMMARY.findall(last)}
    return {
        "tests": paths,
        "passed": counts.get("passed", 0),
        "failed": counts.get("failed", 0) + counts.get("error", 0),
        "failures": FAILURE.findall(ended.stdout),
        "logs": ended.stdout[-2000:],
    }


def holds(found: dict[str, object]) -> bool:
    """Everything ran and nothing failed."""
    return found["failed"] == 0 and int(str(found["passed"])) > 0
