"""Chance that comes out the same every time: a number from a seed and a name. Standard library only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, TypeVar

SEED: Final = "wuyou-replay-1"
WIDTH: Final = 2**64

T = TypeVar("T")


def share(*names: object) -> float:
    """Return a number from 0 (included) to 1 (not) that belongs to these names."""
    told = hashlib.blake2b("\0".join([SEED, *map(str, names)]).encode(), digest_size=8).digest()
    return int.from_bytes(told) / WIDTH


def between(least: int, most: int, *names: object) -> int:
    """Return a whole number from ``least`` to ``most``, both included."""
    return least + int(share(*names) * (most - least + 1))


def choice(of: Sequence[T], *names: object) -> T:
    """Return one of several."""
    return of[between(0, len(of) - 1, *names)]
