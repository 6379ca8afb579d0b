"""How many passwords may be tried, and where from.

Three budgets over a quarter of an hour. The one that locks is that of *account and place*, so that nobody can lock
the owner out from elsewhere. The budget of the account alone slows an attack from many places; a place from which this person has
signed in before does not draw on it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

WINDOW: Final = timedelta(minutes=15)
FAMILIAR_FOR: Final = timedelta(days=90)
"""How long a place stays known after a sign-in; attempts are kept as long."""
PER_ACCOUNT_AND_PLACE: Final = 5
PER_ACCOUNT: Final = 10
PER_PLACE: Final = 50


@dataclass(frozen=True)
class Tried:
    """What failed, or is being checked right now, in the last quarter of an hour."""

    by_account_and_place: int
    by_account: int
    by_place: int


def exhausted(tried: Tried, *, is_familiar: bool) -> str:
    """Return the budget that is used up – ``pair``, ``place`` or ``account`` – or nothing when one more may be checked."""
    if tried.by_account_and_place >= PER_ACCOUNT_AND_PLACE:
        return "pair"
    if tried.by_place >= PER_PLACE:
        return "place"
    if tried.by_account >= PER_ACCOUNT and not is_familiar:
        return "account"
    return ""
