"""Yuan and fen: amounts are ``Decimal``, rounded half up once where they are written down, and split without losing a fen."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Final

FEN: Final = Decimal("0.01")
NOTHING: Final = Decimal("0.00")
LARGEST: Final = Decimal("999999999999.99")
"""What a column of ``numeric(14,2)`` holds."""


class TooMuch(ValueError):
    """The amount does not fit its column."""


def fen(amount: Decimal | int) -> Decimal:
    """Return an amount rounded half up to the fen, away from zero: 0.005 is 0.01, -0.005 is -0.01.

    :raises TypeError: for a float, which has lost the fen already
    :raises TooMuch: if no amount can be that large
    """
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int):
        raise TypeError(f"{type(amount).__name__} is no amount of money")
    exact = Decimal(amount)
    if not exact.is_finite() or abs(exact) > LARGEST:
        raise TooMuch(str(amount))
    return exact.quantize(FEN, ROUND_HALF_UP)


def split(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Return the total in parts as the weights stand to each other, to the fen, by largest remainder.

    The parts add up to the total; equal weights differ by one fen at most. Of equal remainders the larger weight comes first, then the
    earlier one.

    :raises ValueError: if there is no weight above zero, one below it, or the total is no amount in fen
    """
    shares = [Fraction(weight) for weight in weights]
    if not shares or min(shares) < 0 or sum(shares) == 0:
        raise ValueError(f"nothing can be split by {list(weights)}")
    if total != fen(total):
        raise ValueError(f"{total} is not in fen")
    sign, units, whole = (-1 if total < 0 else 1), int(abs(total) / FEN), sum(shares)
    exact = [units * share / whole for share in shares]
    parts = [floor(part) for part in exact]
    order = sorted(range(len(shares)), key=lambda place: (parts[place] - exact[place], -shares[place], place))
    for place in order[: units - sum(parts)]:
        parts[place] += 1
    return [sign * part * FEN for part in parts]
