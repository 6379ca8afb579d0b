"""Draw the units of a sample by a seed that nobody could choose: published algorithm, replayable with SHA-256 alone.

Pick ``i = 1, 2, 3 …`` is the unit ``SHA-256("<seed>:<i>") mod <units of the lot> + 1``; a unit that was picked before is passed over. The
SHA-256 of the seed is on record before anybody counts a unit, the seed when the lot is judged. See docs/rules/drawing.md.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

ALGORITHM: Final = "picks-1"
"""Its name in the record; another way to draw is another name."""
SKIP_ONE_OF: Final = 3
"""Under skip-lot one lot of so many is inspected by its full plan."""


def commitment_of(seed: str) -> str:
    """Return what is published before the draw: the SHA-256 of the seed's bytes, in hexadecimal.

    :raises ValueError: if the seed is not 64 hexadecimal digits
    """
    if len(seed) != 64:
        raise ValueError("a seed is 64 hexadecimal digits")
    return sha256(bytes.fromhex(seed)).hexdigest()


def pick_units(seed: str, *, lot_size: int, sample_size: int) -> list[int]:
    """Return which units of a lot make its sample, in the order of the draw; all of them in their order if it is the whole lot.

    :raises ValueError: for no units, or a sample larger than its lot
    """
    if not 1 <= sample_size <= lot_size:
        raise ValueError(f"a sample of {sample_size} of {lot_size} units")
    if sample_size == lot_size:
        return list(range(1, lot_size + 1))
    picked: dict[int, None] = {}
    turn = 0
    while len(picked) < sample_size:
        turn += 1
        picked.setdefault(_number(f"{seed}:{turn}") % lot_size + 1)
    return list(picked)


def is_full_turn(seed: str) -> bool:
    """Say whether a lot under skip-lot is one of those inspected by their full plan; nobody knows before its seed is there."""
    return _number(f"{seed}:skip") % SKIP_ONE_OF == 0


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest(), "big")
