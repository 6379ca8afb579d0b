"""Turn what was scanned and typed into goods at the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assurance.refusals import Refused
from warehouse.inbound.actions.door import Arrival, WrongCheckDigit
from warehouse.stock.gs1 import Scanned, Unreadable, read

if TYPE_CHECKING:
    from datetime import date, datetime


class CodeUnreadable(Refused):
    code = "code_unreadable"
    status = 422
    message = _("This code cannot be read. Scan it again, or type GTIN or SKU.")


class ScanDiffers(Refused):
    code = "scan_differs"
    status = 422
    message = _("The code says %(scanned)s, but %(given)s was typed. Look at the package again.")


class NotScanned(Refused):
    code = "required"
    status = 400
    message = _("The code does not say this: enter it.")


def read_scan(code: str) -> Scanned:
    """Return what a code says.

    :raises WrongCheckDigit, CodeUnreadable: if it is GS1 and wrong
    """
    try:
        return read(code)
    except Unreadable as found:
        if found.gtin:
            raise WrongCheckDigit(field="code", code=found.gtin) from None
        raise CodeUnreadable(field="code") from None


def scanned_arrival(
    *,
    notice_id: int,
    code: str,
    message: str,
    at: datetime,
    lot_number: str = "",
    quantity: int | None = None,
    produced_date: date | None = None,
    expiry_date: date | None = None,
) -> Arrival:
    """Return the goods at the door: what the code says, and what was typed where it says nothing. Fewer units than it says may be typed.

    :raises WrongCheckDigit, CodeUnreadable: if the code is wrong
    :raises ScanDiffers: if something else was typed than the code says
    :raises NotScanned: if nobody says which lot, or how many units
    """
    said = read_scan(code)
    for field, scanned, given in (
        ("lot_number", said.lot_number, lot_number),
        ("produced_date", said.produced, produced_date),
        ("expiry_date", said.expires, expiry_date),
    ):
        if scanned and given and scanned != given:
            raise ScanDiffers(field=field, scanned=str(scanned), given=str(given))
    lot, units = lot_number or said.lot_number, quantity or said.quantity
    if not lot:
        raise NotScanned(field="lot_number")
    if not units:
        raise NotScanned(field="quantity")
    return Arrival(notice_id, said.code, lot, units, message, at, produced_date or said.produced, expiry_date or said.expires)
