"""``make proof``: every experiment at its stated counts, and every saboteur; writes ``docs/proof/<experiment>.json``.

An experiment passes when it is green without sabotage and red with every sabotage: one that cannot fail proves nothing.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "docs" / "proof"


def main(names: list[str]) -> int:
    """Run the named experiments, or all; return the number that did not hold."""
    from tests.harness import session

    session.begin()
    from django.test.utils import setup_test_environment

    setup_test_environment()  # as pytest does: Django's own client is a host that may ask, mail stays here
    from tests.proof.experiments import EXPERIMENTS

    failed = 0
    for name, experiment in EXPERIMENTS.items():
        if names and name not in names:
            continue
        began = time.monotonic()
        report = experiment.prove()
        report |= {"seconds": round(time.monotonic() - began, 1), "machine": machine()}
        REPORTS.mkdir(parents=True, exist_ok=True)
        (REPORTS / f"{name}.json").write_text(json.dumps(report, indent=2, ensure_ascii=False, default=str) + "\n")
        print(f"{'ok  ' if report['holds'] else 'FAIL'} {name} ({report['seconds']} s)", flush=True)
        failed += not report["holds"]
    session.end()
    return failed


def machine() -> dict[str, Any]:
    """Return what the figures were taken on, without naming the machine."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return {"python": platform.python_version(), "cores": os.cpu_count(), "commit": commit.stdout.strip()}


if __name__ == "__main__":
    tempfile.tempdir = None
    sys.exit(main(sys.argv[1:]))
