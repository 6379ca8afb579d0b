"""What statements come to, what stands in them, and what they would come to now."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from assurance.events.subjects import Rows
from assurance.fees.canonical import Row
from assurance.fees.lifecycle import StatementState
from assurance.fees.models import CreditNote, FeeKind, FeeLine, Posting, Rate, RatingDue, Statement
from assurance.fees.months import day_of, month_of, next_month
from assurance.fees.queries.prices import Cards
from assurance.fees.rating import Unratable, charge
from assurance.money import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.fees.models.billing import StatementQuerySet
    from assurance.fees.models.charges import FeeLineQuerySet

SOURCE: Final = ("source_kind", "source_id", "quantity")
MOST_DIGITS: Final = 18


def canonical_rows(statements: Iterable[Statement]) -> list[tuple[Statement, list[Row]]]:
    """Return each statement with its lines and credit notes as their digest is taken of them. Two queries."""
    found: dict[int, list[Row]] = {one.pk: [] for one in statements}
    lines = FeeLine.objects.filter(statement__in=found).values_list(
        "statement_id", "pk", "kind", *(f"operation__{name}" for name in SOURCE), "at", "rate__card__version", "formula", "amount"
    )
    for statement_id, *values in lines.iterator(chunk_size=5000):
        found[statement_id].append(Row("line", *values))
    source = [f"line__operation__{name}" for name in SOURCE]
    notes = CreditNote.objects.filter(statement__in=found).values_list(
        "statement_id", "pk", "line__kind", *source, "issued_at", "line__rate__card__version", "reason", "amount"
    )
    for statement_id, *values in notes:
        found[statement_id].append(Row("credit", *values))
    return [(one, found[one.pk]) for one in statements]


def with_sums(statements: StatementQuerySet) -> StatementQuerySet:
    """Add what the lines and the credit notes of each come to now, and how many lines there are: subqueries, whatever the length."""

    def sum_of(model: Any, what: Any) -> Subquery:
        rows = model.objects.filter(statement=OuterRef("pk")).order_by().values("statement")
        return Subquery(rows.annotate(n=what).values("n"))

    return statements.annotate(
        charged=Coalesce(sum_of(FeeLine, Sum("amount")), NOTHING),
        credited=Coalesce(sum_of(CreditNote, Sum("amount")), NOTHING),
        lines_now=Coalesce(sum_of(FeeLine, Count("pk")), 0),
    )


def find(user: User, *, q: str = "", state: str = "", month: date | None = None) -> StatementQuerySet:
    """Return the statements a user sees with their sums, the newest month first; ``q`` is a number or a merchant's name."""
    found = Statement.objects.visible_to(user).select_related("merchant")
    if q:
        named = Q(merchant__name__icontains=q) | Q(merchant__name_en__icontains=q) | Q(merchant__code__istartswith=q)
        number = q.upper().removeprefix("ZD-")
        if number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
            named |= Q(pk=int(number))
        found = found.filter(named)
    if state:
        found = found.filter(state=state)
    if month:
        found = found.filter(month=month)
    return with_sums(found).order_by("-month", "-id")


def lines_of(statement: Statement, *, kind: str = "") -> FeeLineQuerySet:
    """Return the lines of a statement in the order in which things were done."""
    lines = FeeLine.objects.filter(statement=statement).select_related("operation", "rate__card", "credit_note")
    found = lines.order_by("at", "id")
    return found.filter(kind=kind) if kind else found


@dataclass(frozen=True)
class KindSum:
    """What one fee came to in a month."""

    kind: str
    count: int
    amount: Decimal

    @property
    def label(self) -> str:
        return str(FeeKind(self.kind).label)


def by_kind(lines: FeeLineQuerySet) -> list[KindSum]:
    """Return what each fee came to, in the order of the card. One query."""
    sums = lines.order_by().values("kind").annotate(count=Count("pk"), total=Sum("amount"))
    found = {row["kind"]: KindSum(row["kind"], row["count"], row["total"]) for row in sums}
    return [found[kind] for kind in FeeKind.values if kind in found]


def sources_of(lines: Iterable[FeeLine], reader: User) -> list[tuple[FeeLine, str, str, str]]:
    """Return each line with its source: the noun, what it is called, and its page if the reader may open it. One query a table."""
    lines = list(lines)
    rows = Rows.at({(line.operation.source_kind, line.operation.source_id) for line in lines}, reader)
    return [(line, rows.noun(key), rows.name(key), rows.url(key)) for line in lines for key in [source_key(line)]]


def source_key(line: FeeLine) -> tuple[str, int]:
    return line.operation.source_kind, line.operation.source_id


@dataclass(frozen=True)
class PreviewLine:
    """An operation that has no line yet, with the price it would get."""

    kind: str
    at: datetime
    amount: Decimal | None
    formula: str
    source: tuple[str, int]
    because: str = ""

    @property
    def label(self) -> str:
        return str(FeeKind(self.kind).label)


@dataclass(frozen=True)
class Preview:
    """What a merchant's month comes to if it were closed now. Nothing of it is stored (P15.4)."""

    month: date
    statement: Statement | None
    sums: list[KindSum]
    waiting: list[PreviewLine]
    charged: Decimal
    credited: Decimal
    expected: Decimal

    @property
    def total(self) -> Decimal:
        return self.charged - self.credited + self.expected


def preview(user: User, *, at: datetime, month: date | None = None) -> Preview:
    """Work out what a month comes to so far for the user's own merchant, with what has no line yet priced by the cards of now.

    What belongs to a closed month is expected in the one after it, as rating will do.
    """
    month = month or month_of(at)
    merchant_id = user.organisation_id
    statement = with_sums(Statement.objects.filter(merchant_id=merchant_id, month=month)).first()
    sums = by_kind(FeeLine.objects.filter(statement=statement)) if statement else []
    waiting = [] if statement and statement.is_final else _waiting(merchant_id, month)
    return Preview(
        month=month,
        statement=statement,
        sums=sums,
        waiting=waiting,
        charged=statement.charged if statement else NOTHING,  # type: ignore[attr-defined]
        credited=statement.credited if statement else NOTHING,  # type: ignore[attr-defined]
        expected=sum((line.amount for line in waiting if line.amount is not None), NOTHING),
    )


def _waiting(merchant_id: int, month: date) -> list[PreviewLine]:
    """Return what of the merchant's has no line and would go into this month."""
    closed = set(Statement.objects.filter(merchant_id=merchant_id, state=StatementState.FINAL).values_list("month", flat=True))
    cards, found = Cards(), []
    for due in RatingDue.objects.filter(merchant_id=merchant_id).select_related("operation").order_by("operation__at", "pk"):
        place = month_of(due.operation.at)
        while place in closed:
            place = next_month(place)
        if place == month:
            found.append(_preview_line(due, cards))
    return found


def _preview_line(due: RatingDue, cards: Cards) -> PreviewLine:
    operation = due.operation
    source = (operation.source_kind, operation.source_id)
    try:
        price = cards.price(operation.kind, day_of(operation.at))
        found = charge(price, quantity=operation.quantity, measures=operation.measures)
    except Unratable as refused:
        return PreviewLine(operation.kind, operation.at, None, "", source, refused.because)
    return PreviewLine(operation.kind, operation.at, found.amount, found.formula, source)


def statements_total() -> Decimal:
    """Return what all statements come to: their lines less their credit notes."""
    charged = FeeLine.objects.aggregate(n=Sum("amount"))["n"] or NOTHING
    return charged - (CreditNote.objects.aggregate(n=Sum("amount"))["n"] or NOTHING)


def bundle(statements: Sequence[Statement]) -> dict[str, Any]:
    """Return statements with everything they were worked out from, for ``tools/check_statements.py``. Five queries."""
    legs: dict[tuple[str, int], list[dict[str, str]]] = {}
    for leg in Posting.objects.filter(statement__in=statements).order_by("pk"):
        key = ("line", leg.line_id) if leg.line_id else ("credit", leg.credit_note_id)
        legs.setdefault(key, []).append({"account": leg.account, "amount": f"{leg.amount:.2f}"})  # type: ignore[arg-type]
    measures = dict(FeeLine.objects.filter(statement__in=statements).values_list("pk", "operation__measures"))
    lines_of_notes = dict(CreditNote.objects.filter(statement__in=statements).values_list("pk", "line_id"))
    told = []
    for statement, rows in canonical_rows(statements):
        own = statement.total if statement.is_final else sum((row.signed for row in rows), NOTHING)
        entries = [_entry(row, legs.get((row.word, row.number), []), measures, lines_of_notes) for row in rows]
        told.append(
            {
                "merchant": statement.merchant.code,
                "month": f"{statement.month:%Y-%m}",
                "state": statement.state,
                "total": f"{own:.2f}",
                "digest": statement.digest,
                "lines": [entry for entry in entries if "measures" in entry],
                "credit_notes": [entry for entry in entries if "measures" not in entry],
            }
        )
    return {"format": "wuyou-statements-1", "rates": _all_rates(), "statements": told}


def _entry(row: Row, legs: list[dict[str, str]], measures: dict[int, Any], lines_of_notes: dict[int, int]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": row.number,
        "kind": row.kind,
        "source_kind": row.source_kind,
        "source_id": row.source_id,
        "quantity": row.quantity,
        "at": row.moment,
        "version": row.version,
        "amount": f"{row.amount:.2f}",
        "postings": legs,
    }
    if row.word == "line":
        return entry | {"formula": row.formula, "measures": measures[row.number]}
    return entry | {"line": lines_of_notes[row.number], "reason": row.formula}


def _all_rates() -> list[dict[str, Any]]:
    return [
        {
            "version": rate.card.version,
            "kind": rate.kind,
            "method": rate.method,
            "terms": rate.terms,
            "from_date": rate.from_date.isoformat(),
            "until_date": rate.until_date and rate.until_date.isoformat(),
        }
        for rate in Rate.objects.select_related("card").order_by("pk")
    ]
