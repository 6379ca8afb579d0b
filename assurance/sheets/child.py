"""The process that reads a file from outside: little memory, little time, nothing of the platform in it.

It reads the bytes from its input, writes one JSON document, and ends. ``reading.read`` starts it.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any, Final

from assurance.sheets import delimited, workbook
from assurance.sheets.table import Unreadable

MEMORY: Final = 512 * 2**20
SECONDS: Final = 10


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    reader = workbook.read if sys.argv[1] == "xlsx" else delimited.read
    data = sys.stdin.buffer.read()
    told: dict[str, Any]
    try:
        table = reader(data)
    except Unreadable as refused:
        told = {"code": refused.code, "params": refused.params}
    except (MemoryError, RecursionError):
        told = {"code": "sheet_unreadable", "params": {}}
    else:
        told = {"rows": [[row.number, row.cells] for row in table.rows], "remarks": table.remarks, "merged": table.merged}
    json.dump(told, sys.stdout, ensure_ascii=True, separators=(",", ":"))
