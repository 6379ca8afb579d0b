"""``make rows``: print every row and promise in force with the tests that prove it; fail when one has none.

Standard library only: reads ``docs/features.md`` and the marks in ``tests/``.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IN_FORCE = re.compile(r"^- \*\*([PAG]\d+(?:\.\d+)?)\*\* (.*)$", re.MULTILINE)
MARKS = {"row", "promise"}


def marks_of(decorators: list[ast.expr]) -> list[str]:
    """Return the ids in ``@pytest.mark.row(…)`` and ``@pytest.mark.promise(…)``."""
    return [
        argument.value
        for decorator in decorators
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr in MARKS
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def tests_in(path: Path) -> list[tuple[str, str]]:
    """Return ``(id, test)`` for every marked test of a file; marks of a class and of the module count for its tests."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = str(path.relative_to(ROOT))
    everywhere: list[str] = []
    found: list[tuple[str, str]] = []
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            values = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            everywhere = marks_of(values)
    for part in ast.walk(tree):
        if isinstance(part, ast.ClassDef):
            shared = marks_of(part.decorator_list)
            found += [
                (mark, f"{name}::{part.name}::{test.name}")
                for test in part.body
                if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
                for mark in {*shared, *everywhere, *marks_of(test.decorator_list)}
            ]
    found += [
        (mark, f"{name}::{test.name}")
        for test in tree.body
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        for mark in {*everywhere, *marks_of(test.decorator_list)}
    ]
    return found


def main() -> int:
    """Print the list and return how many rows in force have no test."""
    proven: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for mark, test in tests_in(path):
            proven[mark].append(test)
    in_force = IN_FORCE.findall((ROOT / "docs" / "features.md").read_text(encoding="utf-8"))
    missing = 0
    for row, sentence in in_force:
        print(f"{row:6} {sentence}")
        for test in sorted(set(proven[row])):
            print(f"         {test}")
        if not proven[row]:
            missing += 1
            print("         no test yet")
    print(f"{len(in_force) - missing} of {len(in_force)} rows and promises in force are proven by a marked test.")
    return missing


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
