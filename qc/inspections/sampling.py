"""Find the single-sampling plan for a lot: how many units to inspect, how many may fail.

Source: GB/T 2828.1-2012, tables 1, 2-A, 2-B and 2-C (see docs/rules/sampling.md). The tables are
data, read once from ``data/gbt2828``; another edition is passed in as ``tables``.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "gbt2828" / "single_sampling_2012.json"

UP, UNPRINTED = "↑", "·"  # every other mark that is no number leads down


class DefectClass(StrEnum):
    """How bad a defect is: 重大, 严重, 轻微. Listed from the worst."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


# Critical has no AQL in the standard: "0" is the trade's way to write Ac 0.
DEFAULT_AQLS: Mapping[DefectClass, str] = {
    DefectClass.CRITICAL: "0",
    DefectClass.MAJOR: "2.5",
    DefectClass.MINOR: "4.0",
}


@dataclass(frozen=True)
class Dispute:
    """The other reading of a cell on which the known transcriptions differ."""

    id: str
    plan_letter: str
    sample_size: int
    accept: int
    reject: int
    why: str


@dataclass(frozen=True)
class Plan:
    """What to inspect of one lot for one class of defects, and when to stop.

    ``code_letter`` is where table 1 enters, ``plan_letter`` where the arrows lead.
    ``table_size`` is the printed n; ``sample_size`` is the same, or the lot if that is smaller.
    """

    lot_size: int
    level: str
    aql: str
    severity: str
    code_letter: str
    plan_letter: str
    table_size: int
    sample_size: int
    accept: int
    reject: int
    full_inspection: bool
    edition: str
    dispute: Dispute | None = None

    @property
    def counts_units(self) -> bool:
        """Whether Ac counts failing units; above AQL 10 it counts defects, many in one unit."""
        return counts_units(self.aql)


@dataclass(frozen=True)
class ClassPlans:
    """The plans of the three classes for one lot. One sample serves them all."""

    critical: Plan
    major: Plan
    minor: Plan

    @property
    def sample_size(self) -> int:
        """Units to draw: the largest of the three."""
        return self.critical.sample_size

    def of(self, defect_class: DefectClass) -> Plan:
        plan: Plan = getattr(self, defect_class.value)
        return plan

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, to be kept with the inspection; :meth:`from_dict` reads them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> ClassPlans:
        """:raises ValueError: if this is not what :meth:`as_dict` wrote"""
        try:
            return cls(**{name: _read_plan(kept) for name, kept in stored.items()})
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"not the plans of a lot: {stored!r}") from error

    def items(self) -> Iterator[tuple[DefectClass, Plan]]:
        """Yield class and plan, the worst class first."""
        return ((defect_class, self.of(defect_class)) for defect_class in DefectClass)


@dataclass(frozen=True)
class Cell:
    """A printed plan: its letter, its n and its Ac."""

    letter: str
    size: int
    accept: int


@dataclass(frozen=True)
class Tables:
    """One edition of the standard. Cells are keyed (severity, code letter, AQL), arrows followed."""

    edition: str
    levels: tuple[str, ...]
    aqls: tuple[str, ...]
    severities: tuple[str, ...]
    lots_from: tuple[int, ...]
    letters: tuple[tuple[str, ...], ...]
    cells: Mapping[tuple[str, str, str], Cell]
    disputes: Mapping[tuple[str, str, str], Dispute]

    def code_letter(self, *, lot_size: int, level: str) -> str:
        row = bisect_right(self.lots_from, lot_size) - 1
        return self.letters[row][self.levels.index(level)]


def find_plan(
    *,
    lot_size: int,
    level: str = "II",
    aql: str,
    severity: str = "normal",
    tables: Tables | None = None,
) -> Plan:
    """Return the plan for a lot.

    :param aql: as printed at the head of the column: ``"2.5"``, ``"4.0"``, ``"10"``
    :raises ValueError: for a lot below 2 or not whole, or an unknown level, AQL or severity
    """
    tables = tables or shipped_tables()
    _check_lot_size(lot_size, smallest=tables.lots_from[0])
    _check_known("inspection level", level, tables.levels)
    _check_known("AQL", aql, tables.aqls)
    _check_known("severity", severity, tables.severities)
    code_letter = tables.code_letter(lot_size=lot_size, level=level)
    cell = tables.cells[severity, code_letter, aql]
    return Plan(
        lot_size=lot_size,
        level=level,
        aql=aql,
        severity=severity,
        code_letter=code_letter,
        plan_letter=cell.letter,
        table_size=cell.size,
        sample_size=min(cell.size, lot_size),
        accept=cell.accept,
        reject=cell.accept + 1,
        full_inspection=cell.size >= lot_size,
        edition=tables.edition,
        dispute=tables.disputes.get((severity, code_letter, aql)),
    )


def plan_for_classes(
    *,
    lot_size: int,
    level: str = "II",
    aqls: Mapping[DefectClass, str] | None = None,
    severities: Mapping[DefectClass, str] | None = None,
    tables: Tables | None = None,
) -> ClassPlans:
    """Return one plan per defect class; what is not named takes the default AQL, normal severity.

    Critical is Ac 0 on the largest sample of the other classes and has no severity of its own.

    :raises ValueError: as :func:`find_plan`; also for an unknown class, a critical AQL other than
        ``"0"``, a critical severity, or an AQL above 10 (those count defects, verdicts count units)
    """
    chosen = {**DEFAULT_AQLS, **_by_class(aqls)}
    severity_of = _by_class(severities)
    if chosen.pop(DefectClass.CRITICAL) != "0":
        raise ValueError('the AQL of critical defects is always "0"')
    if DefectClass.CRITICAL in severity_of:
        raise ValueError("critical defects have no severity: their limit is always 0")
    plans = {}
    for defect_class, aql in chosen.items():
        severity = severity_of.get(defect_class, "normal")
        plan = find_plan(lot_size=lot_size, level=level, aql=aql, severity=severity, tables=tables)
        if not plan.counts_units:
            raise ValueError(f"AQL {aql} counts defects, not units: it cannot judge a class")
        plans[defect_class] = plan
    largest = max(plans.values(), key=lambda plan: plan.table_size)
    critical = replace(largest, aql="0", accept=0, reject=1, dispute=None)
    return ClassPlans(critical=critical, major=plans[DefectClass.MAJOR], minor=plans[DefectClass.MINOR])


def counts_units(aql: str) -> bool:
    """Whether an AQL may be read as a percentage of failing units (10 and below)."""
    return float(aql) <= 10


@cache
def shipped_tables() -> Tables:
    """Return the edition that ships with the platform, read once."""
    return load_tables(SHIPPED)


def load_tables(path: Path) -> Tables:
    """Read one edition from a file shaped like the shipped one.

    :raises ValueError: if a row is not as long as the head, or an arrow leads nowhere
    """
    book = json.loads(path.read_text(encoding="utf-8"))
    aqls = tuple(book["aqls"])
    lots = book["code_letters"]["rows"]
    cells = {
        (severity, *place): cell for severity, table in book["plans"].items() for place, cell in _follow_arrows(table["rows"], aqls).items()
    }
    sizes = {(severity, row["letter"]): row["size"] for severity, table in book["plans"].items() for row in table["rows"]}
    return Tables(
        edition=book["edition"],
        levels=tuple(book["levels"]),
        aqls=aqls,
        severities=tuple(book["plans"]),
        lots_from=tuple(row["from"] for row in lots),
        letters=tuple(tuple(row["letters"].split()) for row in lots),
        cells=cells,
        disputes=_read_disputes(book["disputed"], sizes),
    )


def _follow_arrows(rows: list[dict[str, Any]], aqls: tuple[str, ...]) -> dict[tuple[str, str], Cell]:
    """Resolve each printed cell to the plan it leads to, which brings its own sample size."""
    printed = [row["cells"].split() for row in rows]
    if any(len(cells) != len(aqls) for cells in printed):
        raise ValueError(f"a row of the tables does not have {len(aqls)} cells")
    resolved: dict[tuple[str, str], Cell] = {}
    for index, row in enumerate(rows):
        for column, aql in enumerate(aqls):
            mark = printed[index][column]
            if mark == UNPRINTED:
                continue
            way = range(index, -1, -1) if mark == UP else range(index, len(rows))
            end = next((at for at in way if printed[at][column].isdigit()), None)
            if end is None:
                raise ValueError(f"the arrow at {row['letter']}, AQL {aql} leads nowhere")
            resolved[row["letter"], aql] = Cell(rows[end]["letter"], rows[end]["size"], int(printed[end][column]))
    return resolved


def _read_plan(kept: Mapping[str, Any]) -> Plan:
    dispute = kept["dispute"] and Dispute(**kept["dispute"])
    return Plan(**{**kept, "dispute": dispute})


def _read_disputes(groups: list[dict[str, Any]], sizes: Mapping[tuple[str, str], int]) -> dict[tuple[str, str, str], Dispute]:
    disputes = {}
    for group in groups:
        for name in group["cells"].split():
            letter, aql = name.split("@")
            plan_letter = group["other_letter"] or letter
            disputes[group["severity"], letter, aql] = Dispute(
                id=group["id"],
                plan_letter=plan_letter,
                sample_size=sizes[group["severity"], plan_letter],
                accept=group["other_accept"],
                reject=group["other_accept"] + 1,
                why=group["why"],
            )
    return disputes


def _by_class(given: Mapping[DefectClass, str] | None) -> dict[DefectClass, str]:
    """Return the mapping with real classes as keys; DefectClass() raises ValueError otherwise."""
    return {DefectClass(name): value for name, value in (given or {}).items()}


def _check_lot_size(lot_size: object, *, smallest: int) -> None:
    # True is an int to Python; a lot of True units is a slip.
    if isinstance(lot_size, bool) or not isinstance(lot_size, int) or lot_size < smallest:
        raise ValueError(f"a lot is a whole number of at least {smallest} units, not {lot_size!r}")


def _check_known(what: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"unknown {what}: {value!r}")
