"""When a paper is in force, when people are warned of its end, and what it leaves without a paper."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

WARNED_AT: Final = (30, 7, 0)
"""Days before the last day on which people are told (P1.4)."""
SOON: Final = WARNED_AT[0]


class Scope(StrEnum):
    """What a paper covers of what its merchant sells."""

    SHOP = "shop"
    CATEGORIES = "categories"
    PRODUCTS = "products"


class Term(StrEnum):
    """Where a day lies to a paper's dates."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    SOON = "soon"
    OVER = "over"


@dataclass(frozen=True)
class Good:
    """A product, with the codes of its category and of all groups above it."""

    product_id: int
    categories: frozenset[str]


@dataclass(frozen=True)
class Held:
    """A verified paper: what it is, what it covers, and its days; the last one belongs to it. Without a last day it has no end."""

    paper_id: int
    kind: str
    number: str
    brand: str
    scope: str
    categories: frozenset[str]
    products: frozenset[int]
    from_date: date
    until_date: date | None

    def covers(self, good: Good) -> bool:
        if self.scope == Scope.SHOP:
            return True
        return good.product_id in self.products if self.scope == Scope.PRODUCTS else bool(self.categories & good.categories)

    def replaces(self, other: Held) -> bool:
        """Say whether this one may stand for the other: of the same kind and brand."""
        return (self.kind, self.brand.casefold()) == (other.kind, other.brand.casefold())

    def is_in_force(self, day: date) -> bool:
        return term(self.from_date, self.until_date, day) in (Term.IN_FORCE, Term.SOON)

    def is_over(self, day: date) -> bool:
        return term(self.from_date, self.until_date, day) == Term.OVER


def term(from_date: date, until_date: date | None, day: date) -> Term:
    """Say where a day lies; the last day still counts."""
    if day < from_date:
        return Term.NOT_YET
    if until_date is None:
        return Term.IN_FORCE
    if day > until_date:
        return Term.OVER
    return Term.SOON if (until_date - day).days <= SOON else Term.IN_FORCE


def warnings_due(until_date: date, day: date, *, told: Collection[int]) -> list[int]:
    """Return the thresholds that are reached and were not told yet, the nearest to the end last.

    After an interruption several are due at once. Only the last of them is worth a notice; the others are ticked off with it.
    """
    left = (until_date - day).days
    return [days for days in WARNED_AT if left <= days and days not in told]


def lapsed(held: Iterable[Held], good: Good, day: date) -> list[Held]:
    """Return the papers that covered a product, are over, and have none of their kind and brand in force for it; the oldest end first."""
    covering = [one for one in held if one.covers(good)]
    standing = [one for one in covering if one.is_in_force(day)]
    over = [one for one in covering if one.is_over(day) and not any(other.replaces(one) for other in standing)]
    return sorted(over, key=lambda one: (one.until_date or day, one.paper_id))


def lapsed_for_all(held: Iterable[Held], day: date) -> list[Held]:
    """Return the papers of the whole shop that are over without a successor for the whole shop."""
    of_shop = [one for one in held if one.scope == Scope.SHOP]
    return lapsed(of_shop, Good(0, frozenset()), day)


def missing(demanded: Iterable[tuple[str, Collection[str]]], held: Collection[Held], good: Good, day: date) -> list[str]:
    """Return the kinds that are demanded of a product and that no paper in force covers.

    ``demanded`` are kinds with the categories they are demanded for; none means every product.
    """
    wanted = [kind for kind, categories in demanded if not categories or good.categories & set(categories)]
    there = {one.kind for one in held if one.covers(good) and one.is_in_force(day)}
    return [kind for kind in wanted if kind not in there]
