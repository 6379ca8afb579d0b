"""Which certificates a category demands, and what stands in for one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

INSTEAD: Final[Mapping[str, frozenset[str]]] = {"sc": frozenset({"customs"})}
"""Imported food shows its entry papers instead of a Chinese production licence."""


@dataclass(frozen=True)
class Demand:
    """One kind of certificate that a category asks for."""

    kind: str
    is_required: bool
    product_class: str = ""
    from_date: date | None = None
    """The first day on which nobody passes without it."""


def read(given: Sequence[Mapping[str, Any]]) -> tuple[Demand, ...]:
    """Return what a category says of certificates: a list of ``{kind, required, class, from_date}``."""
    return tuple(
        Demand(
            one["kind"],
            bool(one.get("required", True)),
            str(one.get("class", "")),
            date.fromisoformat(one["from_date"]) if one.get("from_date") else None,
        )
        for one in given
    )


def missing(demanded: Sequence[Demand], there: Collection[str], day: date) -> list[str]:
    """Return the kinds that are required on that day and neither there nor replaced by what is."""
    known = set(there)
    wanted = [one.kind for one in demanded if one.is_required and (one.from_date is None or one.from_date <= day)]
    return [kind for kind in wanted if not ({kind} | INSTEAD.get(kind, frozenset())) & known]
