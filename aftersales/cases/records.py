"""What belongs to one order, parcel, lot, sample or return: the records a case shows, as they were found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Record:
    """One row that belongs to a case: how it is related, its table and number."""

    relation: str
    kind: str
    pk: int


@dataclass
class Records:
    """Everything found about one thing. ``about`` is the number people call it by."""

    about: str
    merchant_id: int
    product_ids: set[int] = field(default_factory=set)
    lot_ids: set[int] = field(default_factory=set)
    order_id: int | None = None
    parcel_ids: set[int] = field(default_factory=set)
    found: dict[Record, None] = field(default_factory=dict)

    def add(self, relation: str, kind: str, pk: int) -> None:
        """Note a row once, in the order of finding."""
        self.found[Record(relation, kind, pk)] = None

    @property
    def all(self) -> list[Record]:
        return list(self.found)

    @property
    def product_id(self) -> int | None:
        """The product, where all of it is one product."""
        return next(iter(self.product_ids)) if len(self.product_ids) == 1 else None

    @property
    def lot_id(self) -> int | None:
        """The lot, where all of it is one lot."""
        return next(iter(self.lot_ids)) if len(self.lot_ids) == 1 else None
