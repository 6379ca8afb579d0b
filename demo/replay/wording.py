"""Why a row was not taken, in words; and the file of bad rows that is handed back."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.replay.table import Flaw

REASONS: Final = {
    "missing": _("The cell is empty"),
    "too_long": _("The text is too long"),
    "control_character": _("It holds characters that cannot be printed"),
    "blank_inside": _("There is a blank inside"),
    "unknown_word": _("This word is not known here"),
    "not_a_whole_number": _("Not a whole number"),
    "out_of_range": _("Outside of what is possible"),
    "not_an_amount": _("Not an amount with at most two places"),
    "not_a_measure": _("Not a weight or length"),
    "not_a_moment": _("Not a date and time such as 2018-08-15 15:28:00"),
    "not_a_credit_code": _("Not a valid social credit code"),
    "unknown_province": _("No province that a parcel can be sent to"),
    "column_missing": _("The column is missing"),
    "column_twice": _("The column is there twice"),
    "cells_too_few": _("Fewer cells than the first row"),
    "cells_too_many": _("More cells than the first row"),
    "not_csv": _("The row cannot be read as CSV"),
    "twice": _("The same entry is there before"),
    "unknown_merchant": _("No such merchant among the good rows"),
    "unknown_product": _("No such product among the good rows"),
    "unknown_order": _("No such order among the good rows"),
    "differs_from_first_line": _("Differs from the first line of the order"),
}
HEADER: Final = ("file", "row", "column", "value", "reason")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def bad_rows(flaws: Sequence[Flaw]) -> str:
    """Return the CSV file of what was not taken, in the reader's language; without a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for flaw in flaws:
        writer.writerow([flaw.file, flaw.row, flaw.column, harmless(flaw.value), str(REASONS[flaw.reason])])
    return text.getvalue()


def harmless(value: str) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value
