"""The grades of a returned unit and what each allows to be done with it. Standard library only."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Grade(StrEnum):
    """The worse, the later in the alphabet."""

    AS_NEW = "a"
    OPENED = "b"
    DAMAGED = "c"
    UNSELLABLE = "d"


class Disposition(StrEnum):
    """What becomes of a returned unit."""

    RESTOCK = "restock"
    HOLD = "hold"
    RETURN = "return_to_merchant"
    DESTROY = "destroy"


ALLOWED: Final[Mapping[Grade, frozenset[Disposition]]] = {
    Grade.AS_NEW: frozenset(Disposition),
    Grade.OPENED: frozenset({Disposition.HOLD, Disposition.RETURN, Disposition.DESTROY}),
    Grade.DAMAGED: frozenset({Disposition.HOLD, Disposition.RETURN, Disposition.DESTROY}),
    Grade.UNSELLABLE: frozenset({Disposition.RETURN, Disposition.DESTROY}),
}
"""Only what is as new is ever sold again; what can never be sold is not kept waiting (P8.2)."""
