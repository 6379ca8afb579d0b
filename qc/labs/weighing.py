"""How risky a lot is, in tickets for the draw, with the reasons. A lot of little risk is no candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

FROM: Final = 2
"""From so many tickets on a lot is of high risk and may be drawn."""
MANY_DEFECTS: Final = Decimal("0.02")
BY_CATEGORY: Final[Mapping[str, int]] = {
    "infant": 3,
    "food": 2,
    "cosmetics": 2,
    "toys": 2,
    "textile": 1,
    "shoes": 1,
    "appliance": 1,
    "household": 1,
}
"""Tickets by the topmost category: what is eaten, put on the skin or worn by infants comes first."""


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


REASONS: Final[Mapping[str, str]] = {
    "category": gettext_noop("Kind of goods with risk for health"),
    "never_tested": gettext_noop("No laboratory result of this product yet"),
    "failed_before": gettext_noop("A lot of this product failed in the laboratory"),
    "new_seller": gettext_noop("First lots of this merchant"),
    "defects": gettext_noop("More than one unit in fifty was defective at inspection"),
    "chance": gettext_noop("Ordinary lot, one ticket"),
}


@dataclass(frozen=True)
class Known:
    """What is known of a lot when the round is opened."""

    category: str
    tested_lots: int
    failed_lots: int
    lots_of_merchant: int
    defect_rate: Decimal


@dataclass(frozen=True)
class Weight:
    """Tickets and the codes of the reasons for them."""

    tickets: int
    reasons: tuple[str, ...]

    @property
    def is_high(self) -> bool:
        return self.tickets >= FROM


def weigh(known: Known) -> Weight:
    """Add up the tickets of a lot."""
    parts = {
        "category": BY_CATEGORY.get(known.category, 1) - 1,
        "never_tested": 2 if not known.tested_lots else 0,
        "failed_before": 4 if known.failed_lots else 0,
        "new_seller": 1 if known.lots_of_merchant <= 3 else 0,
        "defects": 2 if known.defect_rate > MANY_DEFECTS else 0,
    }
    reasons = tuple(code for code, tickets in parts.items() if tickets)
    return Weight(1 + sum(parts.values()), reasons or ("chance",))
