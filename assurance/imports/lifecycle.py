"""The states of a product file that was sent in."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    """Its rows are being checked."""
    CHECKED = "checked"
    IMPORTING = "importing"
    IMPORTED = "imported"
    STOPPED = "stopped"
    """Cancelled, or given up after a fault; what was imported stays."""


NEXT: Final[Mapping[ImportState, frozenset[ImportState]]] = {
    ImportState.UPLOADED: frozenset({ImportState.CHECKED, ImportState.STOPPED}),
    ImportState.CHECKED: frozenset({ImportState.IMPORTING}),
    ImportState.IMPORTING: frozenset({ImportState.IMPORTED, ImportState.STOPPED}),
    ImportState.IMPORTED: frozenset(),
    ImportState.STOPPED: frozenset({ImportState.UPLOADED}),
}
OPEN: Final = frozenset({ImportState.UPLOADED, ImportState.IMPORTING})
