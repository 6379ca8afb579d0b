"""Take product files in, check their rows, import the good ones and hand the others back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.files.actions import EmptyFile, FileTooLarge
from assurance.files.naming import shown_name
from assurance.files.sniffing import CSV, XLSX
from assurance.imports import header, queries
from assurance.imports.cells import NEEDED
from assurance.imports.lifecycle import NEXT, ImportState
from assurance.imports.models import ImportFlaw, ImportPart, ProductImport
from assurance.imports.rows import Judged, Outcome, judged, twins
from assurance.imports.wording import COLUMNS, FILES
from assurance.products import actions as products
from assurance.products.models import Category, Product
from assurance.refusals import Refused, WrongState
from assurance.runs.actions import start_run
from assurance.runs.kinds import Batch
from assurance.sheets import reading
from assurance.sheets.delimited import BYTE_ORDER_MARK, lines
from assurance.sheets.table import Table, Unreadable
from assurance.sheets.workbook_writing import Sheet, workbook
from assurance.web.text import clip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.runs.models import Run
    from assurance.sheets.table import Row

ROWS_PER_BATCH: Final = 500
MEDIA: Final = {"csv": CSV, "xlsx": XLSX}
KINDS: Final = {
    ImportState.UPLOADED: "imports.import.uploaded",
    ImportState.CHECKED: "imports.import.checked",
    ImportState.IMPORTING: "imports.import.importing",
    ImportState.IMPORTED: "imports.import.imported",
    ImportState.STOPPED: "imports.import.stopped",
}
"""What is announced when a file comes into a state."""
STATUS: Final = {"not_a_workbook": 415, "macros_not_allowed": 415}


class FileRefused(Refused):
    """A file that cannot be read as a whole. The code is the reason's own."""

    status = 422
    code: ClassVar[str] = "sheet_unreadable"

    def __init__(self, reason: str, **params: object) -> None:
        super().__init__(field="file", **params)
        self.code, self.message = reason, FILES[reason]  # type: ignore[misc]
        self.status = STATUS.get(reason, 422)  # type: ignore[misc]


class HeaderInvalid(Refused):
    code = "header_invalid"
    status = 422
    message = _("The first row does not name the columns as expected: %(columns)s.")
    places = "column"

    def __init__(self, flaws: list[tuple[str, str]]) -> None:
        super().__init__(columns=", ".join(dict.fromkeys(clip(column, 40) for column, _code in flaws[:10])))
        self.flaws = flaws

    def points(self) -> list[tuple[str, str, str]]:
        return [(clip(column), code, str(COLUMNS[code])) for column, code in self.flaws[:50]]


def take_in(*, data: bytes, name: str, actor: User, at: datetime) -> ProductImport:
    """Read a file and have its rows checked; nothing is imported yet.

    :raises FileRefused, HeaderInvalid, EmptyFile, FileTooLarge: nothing is kept
    """
    if not data:
        raise EmptyFile(field="file")
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(field="file", max=settings.UPLOAD_MAX_BYTES // 2**20)
    table, columns = _read(data, actor)
    rows = table.rows[1:]
    with transaction.atomic():
        found = ProductImport.objects.create(
            merchant_id=actor.organisation_id,
            file_name=shown_name(name, MEDIA[table.form]),
            form=table.form,
            sha256=hashlib.sha256(data).hexdigest(),
            columns=columns.names,
            fields=columns.fields,
            twins=twins(rows, columns.fields.index("sku")),
            remarks=table.remarks,
            total=len(rows),
            created_by=actor,
            created_at=at,
        )
        ImportPart.objects.bulk_create(
            ImportPart(
                product_import=found,
                merchant_id=found.merchant_id,
                begins_at=begin,
                rows=queries.stored(rows[begin : begin + ROWS_PER_BATCH]),
            )
            for begin in range(0, len(rows), ROWS_PER_BATCH)
        )
        announce(
            "imports.import.uploaded",
            actor=actor,
            at=at,
            subject=found,
            changes=first(found, "file_name", "sha256", "total", "state"),
        )
        _start("products_check", found, actor=actor, at=at)
    return found


def _read(data: bytes, actor: User) -> tuple[Table, header.Columns]:
    try:
        table = reading.read(data)
        if not table.rows:
            raise Unreadable("no_rows")
        columns = header.read(table, queries.known_columns(actor), NEEDED)
    except Unreadable as refused:
        raise FileRefused(refused.code, **refused.params) from None
    except header.HeaderFlaws as refused:
        raise HeaderInvalid(refused.flaws) from None
    if len(table.rows) == 1:
        raise FileRefused("no_rows")
    return table, columns


@transaction.atomic
def bring_in(*, import_id: int, actor: User, at: datetime) -> ProductImport:
    """Import the rows that are good; the others are handed back in a file.

    :raises WrongState: unless the file has been checked
    """
    found = _locked(import_id)
    _move(found, ImportState.IMPORTING, actor=actor, at=at)
    _start("products_import", found, actor=actor, at=at)
    return found


@transaction.atomic
def check_again(*, import_id: int, actor: User, at: datetime) -> ProductImport:
    """Check the rows of a file that was stopped once more; what was imported already will be found unchanged.

    :raises WrongState: unless it was stopped
    """
    found = _locked(import_id)
    _move(found, ImportState.UPLOADED, actor=actor, at=at)
    _start("products_check", found, actor=actor, at=at)
    return found


@transaction.atomic
def stop(*, run_id: int, at: datetime) -> None:
    """Note that the run of a file ended before its last row: somebody cancelled it, or it failed."""
    found = ProductImport.objects.select_for_update(of=("self",)).filter(run_id=run_id).first()
    if found and found.is_open:
        _move(found, ImportState.STOPPED, actor=None, at=at)


def check_batch(run: Run) -> Batch:
    """Check the rows from ``run.done`` on; write nothing but what is wrong with them."""
    found = _of_run(run)
    rows = _part(found, run)
    results = _judge(found, rows, is_final=False)
    return _noted(found, run, results, ends_as=ImportState.CHECKED)


def import_batch(run: Run) -> Batch:
    """Import the good rows from ``run.done`` on. The batch commits as a whole, or not at all."""
    found = _of_run(run)
    rows = _part(found, run)
    results = _judge(found, rows, is_final=True)
    at = run.started_at or run.created_at
    categories = Category.objects.in_bulk({one.values["category"] for one in results if one.values})
    new = [one for one in results if one.outcome == Outcome.NEW]
    old = [one for one in results if one.outcome == Outcome.CHANGED]
    if new:
        products.create_all([products.NewProduct(_values(one, categories), run.started_by, at) for one in new])
    if old:
        products.update_all([products.ChangedProduct(one.product or 0, _values(one, categories), run.started_by, at) for one in old])
    return _noted(found, run, results, ends_as=ImportState.IMPORTED)


def file_of(run: Run, _text: str) -> tuple[str, bytes] | None:
    """Return the rows that were refused as a file of the form they came in, what is wrong with them in the last column."""
    found = ProductImport.objects.get(pk=run.given["import_id"])
    with override(run.started_by.language):
        rows = list(queries.handed_back(found)) if found.run_id == run.pk else []
        if not rows:
            return None
        names = [name for name in found.columns if name]
        kept = [place for place, name in enumerate(found.columns) if name and found.fields[place]]
        heading = [found.columns[place] for place in kept] + [now("What is wrong")]
        stem = found.file_name.rpartition(".")[0] or names[0]
        body = [[*(row.cells[place] if place < len(row.cells) else ("t", "") for place in kept), ("t", wrong)] for row, wrong in rows]
        if found.form == "xlsx":
            return f"{stem}-{now('corrections')}.xlsx", workbook([Sheet(now("Products"), [heading, *body], [18] * len(kept) + [60])])
        text = lines([heading, *([said for _kind, said in row] for row in body)])
        return f"{stem}-{now('corrections')}.csv", (BYTE_ORDER_MARK + text).encode()


def _values(one: Judged, categories: dict[int, Category]) -> dict[str, Any]:
    """Return a row's values as the products' actions take them; an empty cell of text is empty text."""
    return one.values | {"category": categories[one.values["category"]]}


def _judge(found: ProductImport, rows: Sequence[Row], *, is_final: bool) -> list[Judged]:
    """Return what becomes of the rows, by the products that stand now; they stand still if this is final."""
    place = found.fields.index("sku")
    skus = {row.cells[place][1].strip() for row in rows if place < len(row.cells)}
    standing = Product.objects.filter(merchant_id=found.merchant_id, sku__in=skus).order_by("pk")
    if is_final:
        standing = standing.select_for_update()
    around = queries.around(found, standing)
    return [judged(row, around) for row in rows]


def _noted(found: ProductImport, run: Run, results: Sequence[Judged], *, ends_as: ImportState) -> Batch:
    """Count what became of the rows, keep what is wrong, and end the last batch."""
    ImportFlaw.objects.bulk_create(
        ImportFlaw(
            product_import=found,
            merchant_id=found.merchant_id,
            run=run,
            row=one.row.number,
            place=flaw.place,
            column=clip(found.columns[flaw.place]),
            value=clip(one.row.cells[flaw.place][1]) if flaw.place < len(one.row.cells) else "",
            code=flaw.code,
            params=dict(flaw.params),
        )
        for one in results
        for flaw in one.flaws
    )
    counts = {outcome: sum(one.outcome == outcome for one in results) for outcome in Outcome}
    found.created += counts[Outcome.NEW]
    found.changed += counts[Outcome.CHANGED]
    found.unchanged += counts[Outcome.SAME]
    found.flawed += counts[Outcome.FLAWED]
    found.save(update_fields=["created", "changed", "unchanged", "flawed"])
    is_last = run.done + len(results) >= found.total
    if is_last:
        _move(found, ends_as, actor=run.started_by, at=run.started_at or run.created_at)
    return Batch(done=len(results), errors=counts[Outcome.FLAWED], is_last=is_last)


def _start(kind: str, found: ProductImport, *, actor: User, at: datetime) -> None:
    """Begin a run over all rows; the counts begin anew."""
    run = start_run(kind, actor=actor, at=at, total=found.total, import_id=found.pk)
    found.run = run
    found.created = found.changed = found.unchanged = found.flawed = 0
    found.save(update_fields=["run", "created", "changed", "unchanged", "flawed"])


def _locked(import_id: int) -> ProductImport:
    return ProductImport.objects.select_for_update(of=("self",)).get(pk=import_id)


def _of_run(run: Run) -> ProductImport:
    return _locked(run.given["import_id"])


def _part(found: ProductImport, run: Run) -> list[Row]:
    return queries.rows_of(ImportPart.objects.get(product_import=found, begins_at=run.done))


def _move(found: ProductImport, to: ImportState, *, actor: User | None, at: datetime) -> None:
    """:raises WrongState: if there is no such step"""
    if to not in NEXT[ImportState(found.state)]:
        raise WrongState(state=found.get_state_display())
    changes = change(found, state=to)
    found.save(update_fields=["state"])
    announce(KINDS[to], actor=actor, at=at, subject=found, changes=changes, import_id=found.pk)
