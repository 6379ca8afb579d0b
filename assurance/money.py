"""Money is CNY with two decimals; it is rounded half up, once, at the line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

FEN: Final = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Round to the fen, half up (away from zero)."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def split(total: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Split a total by weights so that the parts add up to it, by largest remainder; ties go to the earlier part.

    :raises ValueError: if the total has more than two decimals, a weight is negative or all weights are zero
    """
    fen = total / FEN
    if fen != fen.to_integral_value():
        raise ValueError(f"{total} is not a whole number of fen")
    whole = sum(weights, Decimal(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative, and not all zero")
    exact = [abs(fen) * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: int(abs(fen)) - sum(parts)]:
        parts[i] += 1
    sign = -1 if total < 0 else 1
    return [sign * part * FEN for part in parts]
