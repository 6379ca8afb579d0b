"""Announce shipments by a file: every notice in it, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.files.actions import EmptyFile, FileTooLarge
from assurance.imports.actions import FileRefused, HeaderInvalid
from assurance.imports.header import HeaderFlaws
from assurance.products.models import Product
from assurance.refusals import Refused
from assurance.roles import Kind
from assurance.sheets import reading
from assurance.sheets.table import Unreadable
from assurance.web.wording import sentence
from warehouse.inbound.actions.announcing import AnnouncedLine, NewNotice, announce_shipments
from warehouse.inbound.sheet import CellFlaw, Entry, read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from warehouse.inbound.models import ShipmentNotice

MOST_FLAWS: Final = 50
OF_NOTICE: Final = ("warehouse", "expected_date")


class RowsRefused(Refused):
    """Nothing is announced; every bad cell is named by its row."""

    code = "rows_refused"
    status = 422
    message = _("%(count)s cells of the file cannot be meant. Nothing was announced.")
    places = "column"

    def __init__(self, found: Sequence[tuple[int, str, str, str]]) -> None:
        super().__init__(count=len(found))
        self.found = found

    def points(self) -> list[tuple[str, str, str]]:
        return [(f"{row} · {column}" if column else str(row), code, words) for row, column, code, words in self.found[:MOST_FLAWS]]


def announce_file(*, data: bytes, actor: User, at: datetime) -> list[ShipmentNotice]:
    """Announce what a CSV file or workbook says. What is announced already with the same content is returned as it stands.

    :raises EmptyFile, FileTooLarge, FileRefused, HeaderInvalid: the file cannot be read
    :raises RowsRefused: rows cannot be meant, or may not be announced; then none is
    """
    entries = _entries(data)
    together: dict[str, list[Entry]] = {}
    for entry in entries:
        together.setdefault(entry.values["reference"], []).append(entry)
    _check_heads(together)
    warehouses = _warehouses({entry.values["warehouse"] for entry in entries})
    products = dict(Product.objects.visible_to(actor).filter(sku__in={entry.values["sku"] for entry in entries}).values_list("sku", "pk"))
    wanted = [
        NewNotice(
            actor=actor,
            warehouse_id=warehouses.get(rows[0].values["warehouse"], 0),
            reference=reference,
            expected_date=rows[0].values["expected_date"],
            lines=[_line(entry, products) for entry in rows],
            at=at,
        )
        for reference, rows in together.items()
    ]
    try:
        with transaction.atomic():
            return announce_shipments(wanted)
    except Refused as refused:
        raise _of_rows(refused, list(together.values())) from None


def _entries(data: bytes) -> list[Entry]:
    if not data:
        raise EmptyFile(field="file")
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge(field="file", max=settings.UPLOAD_MAX_BYTES // 2**20)
    try:
        table = reading.read(data)
        if len(table.rows) < 2:
            raise Unreadable("no_rows")
        entries, flaws = read(table)
    except Unreadable as refused:
        raise FileRefused(refused.code, **refused.params) from None
    except HeaderFlaws as refused:
        raise HeaderInvalid(refused.flaws) from None
    if flaws:
        raise RowsRefused([_told(flaw) for flaw in flaws])
    return entries


def _told(flaw: CellFlaw) -> tuple[int, str, str, str]:
    return flaw.row, flaw.column, flaw.code, sentence(flaw.code, flaw.params)


def _check_heads(together: dict[str, list[Entry]]) -> None:
    """Rows of one reference go to one warehouse on one day."""
    words = gettext("Rows of one reference go to one warehouse on one day.")
    found = [
        (entry.row, name, "rows_disagree", words)
        for rows in together.values()
        for entry in rows[1:]
        for name in OF_NOTICE
        if entry.values[name] != rows[0].values[name]
    ]
    if found:
        raise RowsRefused(found)


def _warehouses(codes: set[str]) -> dict[str, int]:
    return dict(Organisation.objects.of_kind(Kind.WAREHOUSE).filter(is_active=True, code__in=codes).values_list("code", "pk"))


def _line(entry: Entry, products: dict[str, int]) -> AnnouncedLine:
    given: dict[str, Any] = {name: entry.values.get(name) for name in ("produced_date", "expiry_date", "cartons")}
    said = entry.values
    return AnnouncedLine(
        product_id=products.get(said["sku"], 0),
        lot_number=said["lot_number"],
        quantity=said["quantity"],
        is_gift=said.get("is_gift", False),
        **given,
    )


def _of_rows(refused: Refused, notices: list[list[Entry]]) -> RowsRefused:
    """Say of which row an announcement was refused."""
    rows = notices[refused.place or 0]
    parts = (refused.field or "").split(".")
    is_line = len(parts) == 3 and parts[0] == "lines"
    entry = rows[int(parts[1])] if is_line else rows[0]
    return RowsRefused([(entry.row, parts[2] if is_line else refused.field or "", refused.code, str(refused))])
