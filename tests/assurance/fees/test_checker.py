"""The offline checker agrees with the platform, and sees a changed fen."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from assurance.fees import actions
from tests.charges import charged, told
from tests.factories import NOON

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.usefixtures("prices"), pytest.mark.row("P15.3")]


def checked(bundle: dict[str, Any], folder: Path) -> tuple[int, str]:
    """Run the checker as a program of its own that can import nothing of ours."""
    file = folder / "bundle.json"
    file.write_text(json.dumps(bundle), encoding="utf-8")
    alone = [sys.executable, "-I", str(ROOT / "tools" / "check_statements.py"), str(file)]
    found = subprocess.run(alone, capture_output=True, text=True, cwd=folder, env={}, check=False)
    return found.returncode, found.stdout + found.stderr


@pytest.fixture
def bundle(hejian, amal, fay, other_merchant, tmp_path) -> dict[str, Any]:
    """Every method, two cards, a late line, a credit note, a month that is open."""
    lines = charged(
        told(hejian.pk, "outbound_operation", quantity=3),
        told(hejian.pk, "service"),
        told(hejian.pk, "inbound_check", quantity=1250),
        told(hejian.pk, "lab_test", measures={"cost": "12.345"}),
        told(hejian.pk, "lab_test", measures={"cost": "0.00"}),
        told(hejian.pk, "forward_delivery", measures={"to_province": "650100", "weight_g": 820, "volume_mm3": 12_060_000}),
        told(hejian.pk, "forward_delivery", measures={"to_province": "33", "length_mm": 300, "width_mm": 200, "height_mm": 201}),
        told(other_merchant.pk, "return_check", quantity=2, at=datetime(2017, 5, 1, tzinfo=UTC)),
    )
    actions.finalise([lines[0].statement, lines[-1].statement], actor=fay, at=NOON)
    opened = actions.dispute([lines[0]], reason="只有\n一件", actor=amal, at=NOON)
    actions.decide(opened, accept=True, answer="是", actor=fay, at=NOON)
    charged(told(hejian.pk))
    call_command("export_statements", tmp_path / "all.json", verbosity=0)
    found: dict[str, Any] = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    return found


def late_line(bundle: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in bundle["statements"] if one["month"] == "2026-10")
    return found


class TestTheChecker:
    def test_agrees_to_the_fen(self, bundle, tmp_path):
        code, text = checked(bundle, tmp_path)

        assert (code, text) == (0, "3 statements, 9 lines, 452.95: no problems\n")

    @pytest.mark.parametrize(
        ("sabotage", "said"),
        [
            (lambda s: s["lines"][0].update(amount="2.91"), "charged 2.91, but it comes to 2.90"),
            (lambda s: s["lines"][0]["postings"][0].update(amount="2.91"), "booked as"),
            (lambda s: s["lines"][0]["postings"].pop(), "booked as"),
            (lambda s: s.update(total="445.56"), "the lines come to"),
            (lambda s: s["lines"].pop(), "the lines come to"),
            (lambda s: s["lines"].append(copy.deepcopy(s["lines"][0])), "was charged in"),
            (lambda s: s["lines"][0].update(version="2016-01"), "2026-01 was in force"),
            (lambda s: s["lines"][0].update(quantity=4), "but it comes to 3.25"),
            (lambda s: s["lines"][0].update(formula="2.90"), "fingerprint"),
            (lambda s: s["lines"][0].update(amount="2.905"), "no amount in fen"),
        ],
    )
    def test_sees_what_was_changed(self, bundle, tmp_path, sabotage: Callable[[dict[str, Any]], Any], said):
        sabotage(late_line(bundle))

        code, text = checked(bundle, tmp_path)

        assert code == 1
        assert said in text

    def test_sees_a_changed_price(self, bundle, tmp_path):
        next(rate for rate in bundle["rates"] if rate["kind"] == "service" and rate["version"] == "2026-01")["terms"]["price"] = "0.61"

        code, text = checked(bundle, tmp_path)

        assert code == 1
        assert "it comes to 0.61" in text

    def test_imports_nothing_but_the_standard_library(self):
        import ast

        tree = ast.parse((ROOT / "tools" / "check_statements.py").read_text(encoding="utf-8"))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        assert names <= set(sys.stdlib_module_names)
