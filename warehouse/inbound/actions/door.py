"""What is asked of goods at the door: were they announced like this, are they the lot that is known, are they fresh enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.products.completeness import is_gtin
from assurance.refusals import Refused, WrongState
from warehouse.inbound.arrival import Flaw, is_of, judge_dates, looks_like_gtin
from warehouse.inbound.lifecycle import Age, Kind, Resolution
from warehouse.inbound.models import Discrepancy, Receipt, ShipmentLine, ShipmentNotice
from warehouse.stock.actions import Incoming, LotDiffers
from warehouse.stock.freshness import Because, admit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("These goods were announced to another warehouse.")


class WrongCheckDigit(Refused):
    code = "wrong_check_digit"
    status = 422
    message = _("%(code)s is not a GTIN: its last digit does not fit. Scan again.")


class NotOnNotice(Refused):
    code = "not_on_notice"
    message = _("%(code)s is not on this notice. Put the goods aside; do not take them in.")


class LotNotOnNotice(Refused):
    code = "lot_not_on_notice"
    message = _("Lot %(lot)s is not on this notice. Announced: %(announced)s. Put the goods aside; do not take them in.")


class NotFit(Refused):
    """The dates on the package keep the goods out."""

    status = 422


class ExpiryMissing(NotFit):
    code = "expiry_missing"
    message = _("These goods can expire: enter the expiry date printed on them.")


class FromTheFuture(NotFit):
    code = "dates_inconsistent"
    message = _("The production date lies in the future. Read it again.")


class Inconsistent(NotFit):
    code = "dates_inconsistent"
    message = _("The expiry date is not after the production date. Read both again.")


class Expired(NotFit):
    code = "expired"
    status = 409
    message = _("These goods have expired. Put them aside; do not take them in.")


FLAWS: Final = {Flaw.EXPIRY_MISSING: ExpiryMissing, Flaw.FROM_THE_FUTURE: FromTheFuture, Flaw.INCONSISTENT: Inconsistent}


class TooOld(Refused):
    code = "too_old"
    message = _("These goods are %(age)s days old; at most %(most)s days are allowed on arrival. Put them aside; a lead may admit them.")


class AgeUnknown(NotFit):
    code = "age_unknown"
    message = _("Nobody states how long these goods keep: enter the production date printed on them.")


class TooMany(Refused):
    code = "too_many_units"
    message = _("Lot %(lot)s: %(announced)s units were announced and %(received)s are in. At most %(left)s more can be taken in.")


class MessageReused(Refused):
    code = "message_reused"
    message = _("This message was already used for another receipt. Send a new one.")


@dataclass(frozen=True)
class Arrival:
    """Units of one announced lot at the door. ``code`` is the GTIN or SKU on the goods, ``message`` the scan's own key."""

    notice_id: int
    code: str
    lot_number: str
    quantity: int
    message: str
    at: datetime
    produced_date: date | None = None
    expiry_date: date | None = None


ASIDE: Final[dict[type[Refused], Kind]] = {
    TooMany: Kind.OVER,
    NotOnNotice: Kind.WRONG,
    LotNotOnNotice: Kind.WRONG,
    LotDiffers: Kind.DATES,
    TooOld: Kind.STALE,
    Expired: Kind.STALE,
}
"""Refusals after which goods stand aside. All others ask to scan or type again."""


@dataclass(frozen=True)
class Fit:
    """Goods that may come in: their line, how they will be known, and under which admission if they are too old."""

    line: ShipmentLine
    goods: Incoming
    age: Age = Age.YOUNG
    admission: Discrepancy | None = None


@dataclass
class Door:
    """What must be known of the notices whose goods stand at the door; the notices are locked."""

    actor: User
    notices: dict[int, ShipmentNotice]
    lines: dict[int, list[ShipmentLine]]
    units: dict[int, int]
    receipts: dict[str, Receipt]
    admissions: list[Discrepancy]
    admitted: dict[int, int]

    @classmethod
    def of(cls, arrivals: Sequence[Arrival], actor: User) -> Door:
        numbers = {arrival.notice_id for arrival in arrivals}
        notices = ShipmentNotice.objects.select_for_update().filter(pk__in=numbers).order_by("pk").in_bulk()
        if any(notice.warehouse_id != actor.organisation_id for notice in notices.values()):
            raise OtherWarehouse
        lines: dict[int, list[ShipmentLine]] = {number: [] for number in notices}
        for line in ShipmentLine.objects.filter(notice__in=numbers).select_related("product__category").order_by("id"):
            lines[line.notice_id].append(line)
        units = Receipt.objects.filter(line__notice__in=numbers).values_list("line").annotate(units=Sum("quantity"))
        earlier = Receipt.objects.filter(warehouse_id=actor.organisation_id, message__in={arrival.message for arrival in arrivals})
        receipts = {receipt.message: receipt for receipt in earlier.select_related("line__product", "lot")}
        admissions = list(Discrepancy.objects.filter(notice__in=numbers, resolution=Resolution.ADMITTED).order_by("id"))
        used = Receipt.objects.filter(admitted_under__in=admissions).values_list("admitted_under").annotate(units=Sum("quantity"))
        return cls(actor, notices, lines, dict(units), receipts, admissions, dict(used) if admissions else {})

    def earlier(self, arrival: Arrival) -> Receipt | None:
        """Return the receipt that this message made before."""
        receipt = self.receipts.get(arrival.message)
        return _first_answer(receipt, arrival) if receipt else None

    def judge(self, arrival: Arrival) -> Fit:
        """Return the announced line and the goods as they will be known, if nothing speaks against them."""
        notice = self.notices[arrival.notice_id]
        if not notice.is_expected or self.missing(notice) == 0:
            raise WrongState(state=notice.get_state_display())
        line = line_of(self.lines[notice.pk], arrival.code, arrival.lot_number)
        produced = arrival.produced_date or line.produced_date
        _check_dates(line, produced, arrival.expiry_date, at=arrival.at)
        self._check_quantity(line, arrival.quantity)
        age, admission = self._age(line, produced, arrival)
        self.units[line.pk] = self.units.get(line.pk, 0) + arrival.quantity
        if admission:
            self.admitted[admission.pk] = self.admitted.get(admission.pk, 0) + arrival.quantity
        goods = Incoming(
            line.product, notice.warehouse_id, line.lot_number, arrival.at, produced, arrival.expiry_date, source=notice.source
        )
        return Fit(line, goods, age, admission)

    def _age(self, line: ShipmentLine, produced: date | None, arrival: Arrival) -> tuple[Age, Discrepancy | None]:
        """Say how old goods are at the door. Too old ones need an admission with units left."""
        product = line.product
        found = admit(
            produced=produced,
            expires=arrival.expiry_date,
            on=arrival.at.astimezone(SHANGHAI).date(),
            rules=product.category.shelf_life,
            is_gift=line.is_gift,
            life_days=product.shelf_life_days,
        )
        if found.is_admitted:
            return Age.YOUNG, None
        if found.because == Because.LIFE_UNKNOWN:
            raise AgeUnknown(field="produced_date")
        if admission := self._admission(line, produced, arrival):
            return (Age.EXPIRED if found.because == Because.PAST_EXPIRY else Age.TOO_OLD), admission
        if found.because == Because.PAST_EXPIRY:
            raise Expired(field="expiry_date")
        raise TooOld(field="expiry_date", age=found.age_days, most=found.most_days)

    def _admission(self, line: ShipmentLine, produced: date | None, arrival: Arrival) -> Discrepancy | None:
        """Return what a lead decided about goods of exactly these dates, unless he is the receiver himself."""
        for one in self.admissions:
            is_of_them = (one.line_id, one.expiry_date) == (line.pk, arrival.expiry_date) and one.produced_date in (produced, None)
            is_left = self.admitted.get(one.pk, 0) + arrival.quantity <= one.quantity
            if is_of_them and is_left and one.settled_by_id != self.actor.pk:
                return one
        return None

    def _check_quantity(self, line: ShipmentLine, quantity: int) -> None:
        received = self.units.get(line.pk, 0)
        if received + quantity > line.quantity:
            left = line.quantity - received
            raise TooMany(field="quantity", lot=line.lot_number, announced=line.quantity, received=received, left=left)

    def missing(self, notice: ShipmentNotice) -> int:
        """Return how many units of a notice are not in yet."""
        return sum(line.quantity - self.units.get(line.pk, 0) for line in self.lines[notice.pk])


def _first_answer(earlier: Receipt, arrival: Arrival) -> Receipt:
    product = earlier.line.product
    same_goods = is_of(arrival.code, sku=product.sku, gtin=product.gtin) and earlier.line.lot_number == arrival.lot_number
    if earlier.line.notice_id != arrival.notice_id or not same_goods or earlier.quantity != arrival.quantity:
        raise MessageReused(field="message")
    return earlier


def line_of(lines: Sequence[ShipmentLine], code: str, lot_number: str) -> ShipmentLine:
    """Return the line that announces these goods."""
    of_product = [line for line in lines if is_of(code, sku=line.product.sku, gtin=line.product.gtin)]
    if not of_product and looks_like_gtin(code) and not is_gtin(code):
        raise WrongCheckDigit(field="code", code=code)
    if not of_product:
        raise NotOnNotice(field="code", code=code)
    found = next((line for line in of_product if line.lot_number == lot_number), None)
    if found is None:
        announced = ", ".join(line.lot_number for line in of_product)
        raise LotNotOnNotice(field="lot_number", lot=lot_number, announced=announced)
    return found


def _check_dates(line: ShipmentLine, produced: date | None, expiry: date | None, *, at: datetime) -> None:
    needs_expiry = line.product.category.is_perishable or line.expiry_date is not None
    found = judge_dates(produced=produced, expiry=expiry, needs_expiry=needs_expiry, day=at.astimezone(SHANGHAI).date())
    if found and found.flaw in FLAWS:
        raise FLAWS[found.flaw](field=found.field)
    if found and line.expiry_date and expiry != line.expiry_date:
        raise Expired(field=found.field)
    for field, known, given in (("expiry_date", line.expiry_date, expiry), ("produced_date", line.produced_date, produced)):
        if known and given != known:
            raise LotDiffers(field=field, lot=line.lot_number, known=known, given=given)
