"""How a retest is done and how its result and the first one combine: fixed by version before the first result (A9.1).

A sample keeps the version that was in force when it was scheduled. There is no other way to a second result: another sample of the lot
is another draw with a result of its own, and never enters here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PASS, WARNING, FAIL = "pass", "warning", "fail"
WORST_FIRST: Final = (FAIL, WARNING, PASS)


@dataclass(frozen=True)
class Rule:
    """``most`` retests of one sample, on its counter-sample, in another laboratory; what is not repeatable is never tested again.

    ``decides``: whether the retest's result replaces the first one of a test that is no matter of safety. Of a safety test the worst
    result always stands.
    """

    version: str
    most: int
    decides: bool


RULES: Final[Mapping[str, Rule]] = {"2026-11": Rule("2026-11", most=1, decides=True)}
IN_FORCE: Final = "2026-11"


@dataclass(frozen=True)
class Pair:
    """One test's verdict in the first sample and in its retest, as far as it was retested."""

    first: str
    retest: str
    is_safety: bool


def worst(verdicts: list[str]) -> str:
    """Return the worst of some verdicts.

    :raises ValueError: without any: nothing is passed by default
    """
    return WORST_FIRST[min(WORST_FIRST.index(verdict) for verdict in verdicts)]


def combine(rule: Rule, pairs: list[Pair]) -> str:
    """Return what a sample and its retest say together."""
    return worst([_of_pair(rule, pair) for pair in pairs])


def _of_pair(rule: Rule, pair: Pair) -> str:
    if not pair.retest:
        return pair.first
    if pair.is_safety or not rule.decides:
        return worst([pair.first, pair.retest])
    return pair.retest
