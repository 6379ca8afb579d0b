"""Which certificates a category demands, and what stands in for one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

INSTEAD: Final[Mapping[str, frozenset[str]]] = {"sc": frozenset({"customs"})}
"""Imported food shows its entry papers instead of a Chinese production licence."""


@dataclass(frozen=True)
class Demand:
    """One kind of certificate that a category asks for."""

    kind: str
    is_required: bool
    product_class: str = ""


def read(given: Sequence[Mapping[str, Any]]) -> tuple[Demand, ...]:
    """Return what a category says of certificates: a list of ``{kind, required, class}``."""
    return tuple(Demand(one["kind"], bool(one.get("required", True)), str(one.get("class", ""))) for one in given)


def missing(demanded: Sequence[Demand], there: Collection[str]) -> list[str]:
    """Return the kinds that are required and neither there nor replaced by what is."""
    return [
        one.kind for one in demanded if one.is_required and one.kind not in there and not INSTEAD.get(one.kind, frozenset()) & set(there)
    ]
