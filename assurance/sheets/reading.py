"""Read a file that somebody sent: in a process of its own, which may come to harm instead of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from assurance.sheets.child import SECONDS
from assurance.sheets.table import Row, Table, Unreadable

PACKAGE: Final = Path(__file__).resolve().parents[1]
START: Final = (
    "import sys, types; package = types.ModuleType('assurance'); package.__path__ = [sys.argv.pop(1)];"
    " sys.modules['assurance'] = package; from assurance.sheets import child; child.main()"
)
"""Without the rest of the platform: this package alone is found under its name."""
ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the files of Excel before 2007 begin, and encrypted ones of today."""
OTHERS: Final = (OLE, b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BM")


def form_of(data: bytes) -> str:
    """Return ``xlsx`` or ``csv`` by the first bytes, or nothing for what is neither.

    A CSV file has no head of its own; what begins like markup is none.
    """
    if data.startswith(ZIP):
        return "xlsx"
    if data.startswith(OTHERS) or data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b"{"):
        return ""
    return "csv"


def read(data: bytes) -> Table:
    """Return the rows of a file.

    :raises Unreadable: with the reason, for the file as a whole
    """
    form = form_of(data)
    if not form:
        raise Unreadable("not_a_workbook")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", START, str(PACKAGE), form],
            input=data,
            capture_output=True,
            timeout=2 * SECONDS,
            check=False,
            env={},
        )
        told = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Unreadable("sheet_unreadable") from None
    if "code" in told:
        raise Unreadable(told["code"], **told["params"])
    rows = [Row(number, [(kind, text) for kind, text in cells]) for number, cells in told["rows"]]
    return Table(form, rows, [tuple(one) for one in told["remarks"]], [tuple(one) for one in told["merged"]])
