"""Write a workbook: text stays text, whatever it begins with. Standard library only."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from assurance.sheets.escaping import LIVE, kept
from assurance.sheets.table import NUMBER, Cell, column_name

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
BY_HAND: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
STAMP: Final = (1980, 1, 1, 0, 0, 0)
"""Of every entry, so that the same rows are the same bytes."""
PLAIN, QUOTED, BOLD = 1, 2, 3
"""Styles: text; text that begins like a formula; a heading."""
STYLES: Final = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True)
class Sheet:
    """Rows under a name, the first one in bold. A value is text; a cell that was a number goes back as one.

    ``choices`` offers values for a column, by its place, in the next thousand rows.
    """

    name: str
    rows: Iterable[Sequence[str | Cell]]
    widths: Sequence[int] = ()
    choices: dict[int, Sequence[str]] | None = None


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return an XLSX file."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name[:31])} sheetId="{n}" r:id="rId{n}"/>' for n, sheet in zip(numbers, sheets, strict=True)
    )
    related = "".join(f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
    related += f'<Relationship Id="rId{len(sheets) + 1}" Type="{OFFICE}/styles" Target="styles.xml"/>'
    typed = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPES}.worksheet+xml"/>' for n in numbers)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>{typed}'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        "xl/styles.xml": STYLES.removeprefix(HEAD),
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": _sheet(sheet) for n, sheet in zip(numbers, sheets, strict=True)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name, STAMP)
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, HEAD + xml, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _sheet(sheet: Sheet) -> str:
    rows = "".join(_row(number, row) for number, row in enumerate(sheet.rows, 1))
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" style="{PLAIN}" customWidth="1"/>' for place, width in enumerate(sheet.widths, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>{rows}</sheetData>{_choices(sheet.choices or {})}</worksheet>"
    )


def _row(number: int, row: Sequence[str | Cell]) -> str:
    cells = "".join(_cell(f"{column_name(place)}{number}", value, number == 1) for place, value in enumerate(row) if value != "")
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, value: str | Cell, is_heading: bool) -> str:
    if isinstance(value, tuple):
        kind, value = value
        if kind == NUMBER:
            return f'<c r="{place}"><v>{value}</v></c>'
    style = BOLD if is_heading else QUOTED if value.startswith(LIVE) else PLAIN
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'


def _text(value: str) -> str:
    return escape(UNWRITABLE.sub("\ufffd", BY_HAND.sub("_x005F_", kept(value))), {"\r": "_x000D_", "\t": "_x0009_"})


def _choices(choices: dict[int, Sequence[str]]) -> str:
    """Return the lists that a spreadsheet offers in a cell; one that is too long for it is left out."""
    lists = {place: ",".join(offered) for place, offered in choices.items() if not any("," in one or '"' in one for one in offered)}
    found = [
        f'<dataValidation type="list" allowBlank="1" sqref="{column_name(place)}2:{column_name(place)}1001">'
        f"<formula1>{escape(chr(34) + joined + chr(34))}</formula1></dataValidation>"
        for place, joined in lists.items()
        if len(joined) <= 250
    ]
    return f'<dataValidations count="{len(found)}">{"".join(found)}</dataValidations>' if found else ""
