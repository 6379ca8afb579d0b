"""What is wrong with a product file, in words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from assurance.products.actions import CategoryIsGroup, ProductLocked
from assurance.products.wording import FINDINGS
from assurance.web.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

FILES: Final[Mapping[str, _StrPromise]] = {
    "not_a_workbook": _("This is neither a CSV file nor an XLSX workbook. Save it as “Excel workbook (.xlsx)” or as CSV."),
    "macros_not_allowed": _("Workbooks with macros are not accepted. Save it as “Excel workbook (.xlsx)”."),
    "archive_too_large": _("The workbook unpacks to more than %(max)s MB. Delete empty rows and pictures, or split it."),
    "archive_path": _("The workbook holds a part that leads outside of it. Save it again with your spreadsheet program."),
    "xml_not_allowed": _("The workbook holds a document type or entities, which no spreadsheet writes. Save it again."),
    "sheet_unreadable": _("The workbook is damaged. Open it in your spreadsheet program and save it again."),
    "sheet_encrypted": _("The workbook is protected by a password. Save it without one."),
    "csv_unreadable": _(
        "The CSV file cannot be read from line %(line)s on."
        " Separate the cells by commas, close every quotation mark, and save in UTF-8 or GB18030."
    ),
    "too_many_rows": _("At most %(max)s rows are accepted in one file. Split it."),
    "too_many_columns": _("At most %(max)s columns are accepted."),
    "too_much_text": _("The file holds more text than products need. Split it."),
    "no_rows": _("The file has no rows below its header."),
}
"""Why a file as a whole is refused."""

COLUMNS: Final[Mapping[str, _StrPromise]] = {
    "column_unknown": _("No product has such a column. Take the names from the template."),
    "column_twice": _("This column is there twice. Delete one of them."),
    "column_missing": _("This column is missing."),
    "column_without_name": _("This column has no name, but there is something in it."),
    "column_merged": _("The header is joined with its neighbour. Undo “merge cells”."),
    "column_not_allowed": _("Your role does not allow you to change this field."),
}

CELLS: Final[Mapping[str, _StrPromise]] = {
    "formula_without_value": _("This is a formula whose result was not saved. Replace it by its value."),
    "cell_error": _("The spreadsheet shows an error here: %(error)s."),
    "looks_damaged": _("The spreadsheet seems to have changed this value. Format the column as text and write it again."),
    "row_twice": _("Row %(row)s has this SKU already."),
    "category_unknown": _("There is no category of this name. Take its name or its code from the list of categories."),
    "category_ambiguous": _("Several categories have this name. Write the code."),
    "category_is_group": CategoryIsGroup.message,
    "product_locked": ProductLocked.message,
    "unknown_attribute": FINDINGS["unknown_field"],
    "required": _("Fill in this field."),
    "rate_format": _("Write the share like 20 % or 0.2."),
}

REMARKS: Final[Mapping[str, _StrPromise]] = {
    "hidden_sheet": _("The hidden sheet “%(name)s” was not read."),
    "other_sheet": _("Only the first sheet was read, not “%(name)s”."),
}


def of_cell(code: str, params: Mapping[str, object]) -> str:
    """Return what is wrong with a cell in the language that is active now."""
    known = CELLS.get(code) or FINDINGS.get(code)
    if known is None:
        return sentence(code, params)
    return str(known) % params if params else str(known)


def of_remark(code: str, name: str) -> str:
    return str(REMARKS[code]) % {"name": name}
