"""What pages and other packages ask about fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from assurance.fees.canonical import Row
from assurance.fees.models import CreditNote, FeeLine, Rate, Statement
from assurance.fees.rating import Charge, Price, Unratable, charge
from assurance.money import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from assurance.fees.models.billing import StatementQuerySet


class Cards:
    """The prices of every kind over time, read once; the day decides which one counts."""

    def __init__(self) -> None:
        self.rates: dict[str, list[Rate]] = {}
        for rate in Rate.objects.select_related("card").order_by("kind", "from_date"):
            self.rates.setdefault(rate.kind, []).append(rate)
        self.prices = {rate.pk: rate.price() for rates in self.rates.values() for rate in rates}

    def price(self, kind: str, day: date) -> Price:
        """Return the price of a kind on a day.

        :raises Unratable: if there is none
        """
        for rate in self.rates.get(kind, ()):
            if rate.from_date <= day and (rate.until_date is None or day < rate.until_date):
                return self.prices[rate.pk]
        raise Unratable("no_rate")


def card_rates(day: date) -> dict[str, Price]:
    """Return the price of every kind that has one on a day. One query."""
    covering = Rate.objects.filter(Q(until_date=None) | Q(until_date__gt=day), from_date__lte=day).select_related("card")
    return {rate.kind: rate.price() for rate in covering}


def quote(
    kind: str, *, day: date, quantity: int = 1, measures: Mapping[str, int | str] | None = None, prices: Mapping[str, Price] | None = None
) -> Charge:
    """Return what an operation would cost on a day; ``prices`` of ``card_rates`` saves its query.

    :raises Unratable: if there is no rate, or it asks for a measure that is not told
    """
    known = prices if prices is not None else card_rates(day)
    if kind not in known:
        raise Unratable("no_rate")
    return charge(known[kind], quantity=quantity, measures=measures or {})


def canonical_rows(statements: Iterable[Statement]) -> list[tuple[Statement, list[Row]]]:
    """Return each statement with its lines and credit notes as their digest is taken of them. Two queries."""
    found: dict[int, list[Row]] = {one.pk: [] for one in statements}
    source = ("source_kind", "source_id", "quantity")
    lines = FeeLine.objects.filter(statement__in=found).values_list(
        "statement_id", "pk", "kind", *(f"operation__{name}" for name in source), "at", "rate__card__version", "formula", "amount"
    )
    for statement_id, *values in lines.iterator(chunk_size=5000):
        found[statement_id].append(Row("line", *values))
    notes = CreditNote.objects.filter(statement__in=found).values_list(
        "statement_id",
        "pk",
        "line__kind",
        *(f"line__operation__{name}" for name in source),
        "issued_at",
        "line__rate__card__version",
        "reason",
        "amount",
    )
    for statement_id, *values in notes:
        found[statement_id].append(Row("credit", *values))
    return [(one, found[one.pk]) for one in statements]


def with_sums(statements: StatementQuerySet) -> StatementQuerySet:
    """Add what the lines and the credit notes of each come to now, and how many lines there are: subqueries, whatever the length."""

    def sum_of(rows: object, what: object) -> Subquery:
        return Subquery(rows.filter(statement=OuterRef("pk")).order_by().values("statement").annotate(n=what).values("n"))  # type: ignore[attr-defined]

    return statements.annotate(
        charged=Coalesce(sum_of(FeeLine.objects, Sum("amount")), NOTHING),
        credited=Coalesce(sum_of(CreditNote.objects, Sum("amount")), NOTHING),
        lines_now=Coalesce(sum_of(FeeLine.objects, Count("pk")), 0),
    )
