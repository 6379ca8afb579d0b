"""Does a merchant meet the entry metrics? Pass, fail or unknown, with every number the answer stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

ORDERS: Final = "paid_to_pickup_24h"
"""The metric whose sample is the merchant's orders."""


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105  a verdict
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Demand:
    """One metric: the fact it is read from, its floor, from how many it says something besides the least number of orders, and over how
    many days it is taken."""

    fact: str
    at_least: Decimal
    least_sample: int
    window_days: int
    label_zh: str
    label_en: str
    formula_zh: str
    formula_en: str

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_zh

    def formula(self, language: str) -> str:
        return self.formula_en if language.startswith("en") else self.formula_zh


@dataclass(frozen=True)
class Terms:
    """A version of the entry rules."""

    version: str
    least_orders: int
    metrics: tuple[Demand, ...]
    cool_down_months: tuple[int, ...]
    most_entries: int
    papers: tuple[tuple[str, tuple[str, ...]], ...]
    papers_block: bool


@dataclass(frozen=True)
class Measured:
    """What was measured of the merchant: a share, of how many, as of when."""

    share: Decimal
    sample: int
    as_of: datetime


@dataclass(frozen=True)
class Line:
    """One metric judged. ``because`` is ``met``, ``below``, ``few_orders``, ``few_answers`` or ``not_measured``."""

    demand: Demand
    verdict: Verdict
    because: str
    measured: Measured | None


@dataclass(frozen=True)
class EntryOutcome:
    """The answer with its lines, the number of orders behind it, and the version of the rules."""

    verdict: Verdict
    lines: tuple[Line, ...]
    orders: int
    least_orders: int
    version: str

    @property
    def has_few_orders(self) -> bool:
        """Whether there are too few orders to say anything at all."""
        return self.orders < self.least_orders

    def numbers(self) -> dict[str, Any]:
        """Return what the answer stood on, to be kept beside a decision."""
        return {
            "verdict": str(self.verdict),
            "version": self.version,
            "orders": self.orders,
            "metrics": {
                line.demand.fact: {
                    "verdict": str(line.verdict),
                    "because": line.because,
                    "at_least": str(line.demand.at_least),
                    "share": str(line.measured.share) if line.measured else None,
                    "sample": line.measured.sample if line.measured else 0,
                }
                for line in self.lines
            },
        }


def judge(terms: Terms, measured: Mapping[str, Measured]) -> EntryOutcome:
    """Judge a merchant by his own numbers.

    Below the least number of orders nothing is known: neither pass nor fail. Then one metric below its floor is a fail, one that
    says too little leaves the whole unknown, and only all of them together are a pass.
    """
    orders = measured[ORDERS].sample if ORDERS in measured else 0
    lines = tuple(_line(demand, measured.get(demand.fact), orders=orders, least=terms.least_orders) for demand in terms.metrics)
    verdicts = {line.verdict for line in lines}
    if Verdict.FAIL in verdicts:
        verdict = Verdict.FAIL
    elif Verdict.UNKNOWN in verdicts or not lines:
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.PASS
    return EntryOutcome(verdict, lines, orders, terms.least_orders, terms.version)


def _line(demand: Demand, measured: Measured | None, *, orders: int, least: int) -> Line:
    if orders < least:
        return Line(demand, Verdict.UNKNOWN, "few_orders", measured)
    if measured is None:
        return Line(demand, Verdict.UNKNOWN, "not_measured", None)
    if measured.sample < demand.least_sample:
        return Line(demand, Verdict.UNKNOWN, "few_answers", measured)
    met = measured.share >= demand.at_least
    return Line(demand, Verdict.PASS if met else Verdict.FAIL, "met" if met else "below", measured)


def return_date(terms: Terms, *, cleared_on: date, times: int) -> date | None:
    """Return the first day on which one may apply again after being cleared out for the ``times``-th time; nothing: never."""
    if times >= terms.most_entries:
        return None
    months = terms.cool_down_months[min(times, len(terms.cool_down_months)) - 1]
    return months_after(cleared_on, months)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def read_terms(version: str, told: Mapping[str, Any]) -> Terms:
    """Read a version of the rules as it is kept.

    :raises KeyError, ValueError, ArithmeticError: if something is missing or is no number
    """
    return Terms(
        version=version,
        least_orders=int(told["least_orders"]),
        metrics=tuple(_demand(one) for one in told["metrics"]),
        cool_down_months=tuple(int(one) for one in told["cool_down_months"]),
        most_entries=int(told["most_entries"]),
        papers=tuple((one["kind"], tuple(one["categories"])) for one in told["papers"]),
        papers_block=bool(told["papers_block"]),
    )


def _demand(told: Mapping[str, Any]) -> Demand:
    words = {name: str(told[name]) for name in ("label_zh", "label_en", "formula_zh", "formula_en")}
    return Demand(
        fact=str(told["fact"]),
        at_least=Decimal(told["at_least"]),
        least_sample=int(told["least_sample"]),
        window_days=int(told["window_days"]),
        **words,
    )


def with_changes(told: Mapping[str, Any], floors: Mapping[str, Decimal], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms of a new version: those of another one with other floors and other numbers."""
    metrics: Sequence[Mapping[str, Any]] = told["metrics"]
    return {**told, **changed, "metrics": [{**one, "at_least": str(floors.get(one["fact"], one["at_least"]))} for one in metrics]}
