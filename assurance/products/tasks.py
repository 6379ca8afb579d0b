"""What follows without anybody asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.products import actions
from assurance.reference import newest, reference

if TYPE_CHECKING:
    from datetime import datetime


@reference("categories")
def load_categories(at: datetime) -> int:
    """Load the newest version of the categories."""
    return actions.load_categories(data=newest("categories"), at=at)
