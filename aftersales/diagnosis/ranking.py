"""Who probably bears it, from what the records say: points for and against each party, as shares of a hundred (A14.2).

The points are ours, version 1; how often the first cause was the one that was decided is measured (``queries.hits``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

VERSION: Final = 1
Party = str

BASE: Final[Mapping[str, Mapping[Party, int]]] = {
    "not_arrived": {"courier": 40, "warehouse": 10, "consumer": 10},
    "late": {"courier": 40, "warehouse": 20},
    "damaged": {"courier": 25, "warehouse": 15, "merchant": 10},
    "wrong_item": {"warehouse": 40, "consumer": 10},
    "missing_item": {"warehouse": 30, "merchant": 15, "courier": 10},
    "quality": {"merchant": 35, "consumer": 10, "warehouse": 5},
    "safety": {"merchant": 45, "consumer": 5},
    "lab_failure": {"merchant": 50, "lab": 10},
    "returns": {"merchant": 30, "courier": 10},
    "other": {"merchant": 10, "warehouse": 10, "courier": 10, "consumer": 10},
}
"""Where a kind of case usually comes from, before any record was looked at."""

INCIDENT: Final = "The courier reported an incident: %(incident)s"
NO_INCIDENT: Final = "Delivered in time, and the courier reported no incident"
LATE: Final = "Days beyond the promise: %(days)s"
HANDED_OVER_LATE: Final = "Hours it left the warehouse too late: %(hours)s"
CHECKED: Final = "The outbound check passed"
CHECK_FAILED: Final = "The outbound check failed before it passed"
NOT_CHECKED: Final = "No outbound check is recorded"
FOUND_ON_ARRIVAL: Final = "On arrival %(failing)s of %(inspected)s inspected units had defects"
CLEAN_ON_ARRIVAL: Final = "On arrival none of %(inspected)s inspected units had a defect"
LAB_FAILED: Final = "A laboratory test of the lot failed"
LAB_PASSED: Final = "The laboratory tests of the lot passed"
SAME_LOT: Final = "Other cases about the same lot: %(cases)s"
ONLY_ONE: Final = "No other case about the same lot"
CAME_BACK: Final = "What came back was graded %(grade)s, and its inspection points here"
CAME_BACK_AS_NEW: Final = "What came back was as new"


@dataclass(frozen=True)
class Facts:
    """What the linked records of a case say; None where there is no such record."""

    kind: str
    incident: str = ""
    incident_party: Party = ""
    is_delivered_in_time: bool = False
    days_late: int = 0
    hours_handed_over_late: int = 0
    outbound: str | None = None
    inspected: int | None = None
    failing: int = 0
    lab_failed: bool | None = None
    cases_of_lot: int | None = None
    return_grade: str = ""
    return_party: Party = ""


@dataclass(frozen=True)
class Reason:
    """One piece of evidence for or against a party: a sentence with its places."""

    party: Party
    points: int
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def speaks_for(self) -> bool:
        return self.points > 0


@dataclass(frozen=True)
class Cause:
    """A party that may bear it, how probable that is in per cent, and what speaks for and against."""

    liable: Party
    share: int
    speaks_for: tuple[Reason, ...]
    speaks_against: tuple[Reason, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"liable": self.liable, "share": self.share} | {
            name: [{"message": one.message, "params": dict(one.params)} for one in reasons]
            for name, reasons in (("for", self.speaks_for), ("against", self.speaks_against))
        }


def rank(facts: Facts) -> list[Cause]:
    """Return the probable causes, the likeliest first; their shares add up to a hundred.

    :raises ValueError: for a kind of case the rules do not know
    """
    if facts.kind not in BASE:
        raise ValueError(f"no rules for cases of {facts.kind}")
    reasons = list(weigh(facts))
    points = dict(BASE[facts.kind])
    for reason in reasons:
        points[reason.party] = points.get(reason.party, 0) + reason.points
    standing = {party: number for party, number in points.items() if number > 0} or {"nobody": 1}
    shares = hundredths(standing)
    return [
        Cause(
            party,
            shares[party],
            tuple(one for one in reasons if one.party == party and one.speaks_for),
            tuple(one for one in reasons if one.party == party and not one.speaks_for),
        )
        for party in sorted(shares, key=lambda party: (-shares[party], party))
    ]


def weigh(facts: Facts) -> Iterator[Reason]:
    """Yield what the records say for and against each party."""
    yield from _on_the_way(facts)
    yield from _in_the_warehouse(facts)
    yield from _of_the_lot(facts)
    if facts.return_grade == "a":
        yield Reason("consumer", 20, CAME_BACK_AS_NEW)
        yield Reason("merchant", -15, CAME_BACK_AS_NEW)
    elif facts.return_grade and facts.return_party:
        yield Reason(facts.return_party, 40, CAME_BACK, {"grade": facts.return_grade.upper()})


def _on_the_way(facts: Facts) -> Iterator[Reason]:
    if facts.incident_party:
        yield Reason(facts.incident_party, 40, INCIDENT, {"incident": facts.incident})
    elif facts.is_delivered_in_time:
        yield Reason("courier", -20, NO_INCIDENT)
    if facts.days_late > 0:
        yield Reason("courier", min(10 * facts.days_late, 40), LATE, {"days": facts.days_late})
    if facts.hours_handed_over_late > 0:
        yield Reason("warehouse", 30, HANDED_OVER_LATE, {"hours": facts.hours_handed_over_late})


def _in_the_warehouse(facts: Facts) -> Iterator[Reason]:
    if facts.outbound == "passed":
        yield Reason("warehouse", -15, CHECKED)
    elif facts.outbound == "failed":
        yield Reason("warehouse", 20, CHECK_FAILED)
    elif facts.outbound == "missing":
        yield Reason("warehouse", 10, NOT_CHECKED)


def _of_the_lot(facts: Facts) -> Iterator[Reason]:
    if facts.inspected:
        counts = {"failing": facts.failing, "inspected": facts.inspected}
        share = 100 * facts.failing // facts.inspected
        yield (
            Reason("merchant", min(10 + share, 30), FOUND_ON_ARRIVAL, counts)
            if facts.failing
            else Reason("merchant", -5, CLEAN_ON_ARRIVAL, counts)
        )
    if facts.lab_failed is not None:
        yield Reason("merchant", 40, LAB_FAILED) if facts.lab_failed else Reason("merchant", -10, LAB_PASSED)
    if facts.cases_of_lot:
        yield Reason("merchant", min(10 * facts.cases_of_lot, 40), SAME_LOT, {"cases": facts.cases_of_lot})
    elif facts.cases_of_lot == 0:
        yield Reason("merchant", -5, ONLY_ONE)


def hundredths(points: Mapping[Party, int]) -> dict[Party, int]:
    """Split a hundred by points, by largest remainder, so that the shares add up."""
    total = sum(points.values())
    shares = {party: 100 * number // total for party, number in points.items()}
    left = 100 - sum(shares.values())
    by_remainder = sorted(points, key=lambda party: (-(100 * points[party] % total), party))
    return {party: share + (party in by_remainder[:left]) for party, share in shares.items()}
