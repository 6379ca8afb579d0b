"""What follows without anybody asking."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assurance.fees import actions
from assurance.reference import DATA, reference

if TYPE_CHECKING:
    from datetime import datetime


@reference("rates")
def load_rates(at: datetime) -> int:
    """Load every version of the rate card that is shipped."""
    return actions.load_rate_cards(
        cards=[json.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "rates").glob("*.json"))], at=at
    )
