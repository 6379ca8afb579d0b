"""The bytes of a statement: what its digest is taken of, so that anybody can see that it is still the same.

One row a line and a credit note, in the order of their numbers, fields between tabs, amounts with two places, moments in UTC. Nothing
of it can change later: no name of a merchant, a product or a zone of time stands in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class Row:
    """A line (``word`` is ``line``) or a credit note (``credit``, its amount above zero) of a statement."""

    word: str
    number: int
    kind: str
    source_kind: str
    source_id: int
    quantity: int
    at: datetime
    version: str
    formula: str
    amount: Decimal

    @property
    def moment(self) -> str:
        return self.at.astimezone(UTC).isoformat(timespec="microseconds")

    @property
    def signed(self) -> Decimal:
        """What it adds to the total."""
        return self.amount if self.word == "line" else -self.amount

    def text(self) -> str:
        source, units = f"{self.source_kind}:{self.source_id}", str(self.quantity)
        why = self.formula.replace("\t", " ").replace("\n", " ")
        return "\t".join((self.word, str(self.number), self.kind, source, units, self.moment, self.version, why, f"{self.amount:.2f}"))


def body(merchant_code: str, month: date, total: Decimal, rows: Iterable[Row]) -> str:
    """Return a statement's text; the merchant is named by its code, which never changes."""
    ordered = sorted(rows, key=lambda row: (row.word == "credit", row.number))
    return "\n".join((f"statement\t{merchant_code}\t{month:%Y-%m}\t{total:.2f}", *(row.text() for row in ordered), ""))


def digest(text: str) -> str:
    """Return the SHA-256 of a statement's text."""
    return hashlib.sha256(text.encode()).hexdigest()
