"""Product files as merchants send them, and the worker that reads them."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
from django.utils import timezone

from assurance.events.actions import lease_due_jobs
from assurance.events.worker import run_job
from assurance.files import vault
from assurance.imports import actions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile
    from assurance.imports.models import ProductImport

HEAD = ["sku", "name", "category", "gtin", "specification", "shelf_life_days", "price"]
GTIN = "6901234567892"


def row(number: int, **given: str) -> list[str]:
    """Return a good row of skin care."""
    values = {
        "sku": f"HJ-{number:04}",
        "name": f"氨基酸洁面乳 {number}",
        "category": "skincare",
        "gtin": GTIN,
        "specification": "120 g",
        "shelf_life_days": "1095",
        "price": "59.90",
    } | given
    return list(values.values())


def as_csv(rows: Iterable[Sequence[Any]], *, encoding: str = "utf-8", head: Sequence[str] = HEAD) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    return out.getvalue().encode(encoding)


def as_workbook(rows: Iterable[Sequence[Any]], *, head: Sequence[str] = HEAD) -> bytes:
    """Return what a spreadsheet program writes, with numbers and dates as such."""
    book = openpyxl.Workbook()
    for line in (head, *rows):
        book.active.append(list(line))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent(actor: User, data: bytes, *, name: str = "products.csv") -> ProductImport:
    return actions.take_in(data=data, name=name, actor=actor, at=timezone.now())


def work_off(*, most: int = 100) -> None:
    """Do what relay and worker would do, in so many rounds of one job a queue."""
    for _ in range(most):
        leased = lease_due_jobs(at=timezone.now(), most=1)
        if not leased:
            return
        for one in leased:
            run_job(one.job_id, one.attempt)


def checked(actor: User, data: bytes, *, name: str = "products.csv") -> ProductImport:
    """Return a file whose rows have been checked."""
    found = sent(actor, data, name=name)
    work_off()
    found.refresh_from_db()
    return found


def imported(actor: User, data: bytes, *, name: str = "products.csv") -> ProductImport:
    """Return a file whose good rows have been imported."""
    found = checked(actor, data, name=name)
    actions.bring_in(import_id=found.pk, actor=actor, at=timezone.now())
    work_off()
    found.refresh_from_db()
    return found


def counts(found: ProductImport) -> tuple[int, int, int, int]:
    """Return how many rows are new, changed, unchanged and wrong."""
    return found.created, found.changed, found.unchanged, found.flawed


def bytes_of(stored: StoredFile) -> bytes:
    return vault.place(stored.served_sha256).read_bytes()


def rows_of(data: bytes) -> list[list[str]]:
    """Return the rows of a file of ours, read by somebody else's reader."""
    if data.startswith(b"PK"):
        sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
        return [["" if cell is None else str(cell) for cell in line] for line in sheet.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


JANUARY = date(2026, 1, 5)
