"""What may become of goods that failed an inspection, by when, and what happens if nobody decides. Standard library only.

The numbers are ours: the official rule names the classes of defects, not the days.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What becomes of units on hold."""

    SORT = "sort"
    REWORK = "rework"
    RELABEL = "relabel"
    USE_AS_IS = "use_as_is"
    RETURN = "return_to_merchant"
    DOWNGRADE = "downgrade"
    DESTROY = "destroy"


class Severity(StrEnum):
    """The worst class of what was found."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


TARGETS: Final[Mapping[Kind, str]] = {
    Kind.SORT: "released",
    Kind.REWORK: "pending",
    Kind.RELABEL: "pending",
    Kind.USE_AS_IS: "released",
    Kind.RETURN: "returned",
    Kind.DOWNGRADE: "returned",
    Kind.DESTROY: "destroyed",
}
"""Where units on hold go. What is downgraded leaves the programme: the merchant takes it back as second choice."""

BECAUSE: Final[Mapping[Kind, str]] = {
    Kind.SORT: "sorted_good",
    Kind.REWORK: "resubmitted",
    Kind.RELABEL: "resubmitted",
    Kind.USE_AS_IS: "used_as_is",
    Kind.RETURN: "sent_back",
    Kind.DOWNGRADE: "downgraded",
    Kind.DESTROY: "destroyed",
}
"""The reason of the stock move."""

RESUBMITTED: Final = frozenset({Kind.REWORK, Kind.RELABEL})
"""What is inspected once more, as a resubmitted lot: switching takes no notice of it."""
RELEASING: Final = frozenset({Kind.SORT, Kind.USE_AS_IS})
NEVER_WITH_CRITICAL: Final = frozenset({Kind.USE_AS_IS, Kind.DOWNGRADE})
"""Nobody gets a unit with a critical defect because somebody agreed to it."""

DAYS: Final[Mapping[Severity, int]] = {Severity.CRITICAL: 2, Severity.MAJOR: 5, Severity.MINOR: 7}
"""Days until the default takes effect."""
LEAST_TO_PACK_AGAIN: Final = timedelta(hours=4)
"""A parcel that failed has this long, and longer if its order may wait longer."""
DEFAULT: Final = Kind.RETURN
"""What becomes of units that nobody decided on in time."""


def offered(severity: str) -> tuple[Kind, ...]:
    """Return what may be decided on units that failed so."""
    barred = NEVER_WITH_CRITICAL if severity == Severity.CRITICAL else frozenset()
    return tuple(kind for kind in Kind if kind not in barred)


def worst(classes: Collection[str]) -> Severity:
    """Return the worst of these classes; without any, major: what fails by no class of its own is no trifle."""
    return next((one for one in Severity if one in classes), Severity.MAJOR)


def due(opened_at: datetime, severity: str) -> datetime:
    """Return by when somebody must have decided."""
    return opened_at + timedelta(days=DAYS[Severity(severity)])
