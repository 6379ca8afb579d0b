"""Announce goods and call them off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.calendar import SHANGHAI
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.gates.actions import Passing, Stopped, pass_gates
from assurance.products.actions import Sharing, share_all
from assurance.products.models import Product
from assurance.refusals import Refused, WrongState, at_place
from assurance.roles import Kind
from warehouse.inbound.actions.booking import release_slot
from warehouse.inbound.lifecycle import NEXT, NoticeState
from warehouse.inbound.models import ShipmentLine, ShipmentNotice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from assurance.accounts.models import User

MOST_LINES: Final = 200


class NoSuchWarehouse(Refused):
    code = "no_such_warehouse"
    status = 422
    message = _("There is no such warehouse, or it takes no goods at the moment.")


class NoLines(Refused):
    code = "no_lines"
    status = 422
    message = _("Name at least one product and at most %(most)s.")


class LineTwice(Refused):
    code = "line_twice"
    status = 422
    message = _("Lot %(lot)s of %(product)s is named twice. Add the quantities up.")


class DateInThePast(Refused):
    code = "date_in_the_past"
    status = 422
    message = _("The day must be today or later.")


class DatesInconsistent(Refused):
    code = "dates_inconsistent"
    status = 422
    message = _("The dates of lot %(lot)s do not fit: production before expiry, production not in the future, expiry not before arrival.")


class ExpiryMissing(Refused):
    code = "expiry_missing"
    status = 422
    message = _("%(product)s can expire: state the expiry date of lot %(lot)s.")


class NotEnrolled(Refused):
    code = "not_enrolled"
    message = _("%(product)s is not enrolled. Only enrolled products can be announced.")


class ProductStopped(Refused):
    code = "stopped"
    message = _("%(product)s is stopped: %(because)s")


class ReferenceTaken(Refused):
    code = "reference_taken"
    message = _("Your reference %(reference)s already names notice %(notice)s, and that one says something else.")


@dataclass(frozen=True)
class AnnouncedLine:
    """One product and lot of a shipment, as the merchant states it."""

    product_id: int
    lot_number: str
    quantity: int
    produced_date: date | None = None
    expiry_date: date | None = None
    cartons: int | None = None
    is_gift: bool = False


@dataclass(frozen=True)
class NewNotice:
    """A shipment that the organisation of its ``actor`` announces; ``source`` says who made it up."""

    actor: User
    warehouse_id: int
    reference: str
    expected_date: date
    lines: Sequence[AnnouncedLine]
    at: datetime
    source: str = ""

    @property
    def key(self) -> tuple[int, str]:
        return self.actor.organisation_id, self.reference


def announce_shipment(
    *, actor: User, warehouse_id: int, reference: str, expected_date: date, lines: Sequence[AnnouncedLine], at: datetime
) -> ShipmentNotice:
    """Write a shipment notice of the actor's organisation. The same reference with the same content is the same notice.

    :raises NoSuchWarehouse, NoLines, LineTwice, DateInThePast, DatesInconsistent, ExpiryMissing: the notice cannot be meant
    :raises NotEnrolled, ProductStopped: a product may not be sent; no stop comes in between
    :raises ReferenceTaken: if the reference names another content
    """
    return announce_shipments([NewNotice(actor, warehouse_id, reference, expected_date, lines, at)])[0]


@transaction.atomic
def announce_shipments(wanted: Sequence[NewNotice]) -> list[ShipmentNotice]:
    """Write many shipment notices, of several merchants if need be; those that stand with the same content are returned.

    :raises Refused: what ``announce_shipment`` refuses, of the first that is refused; then none is written
    """
    _one_at_a_time({one.key[0] for one in wanted})
    earlier = _standing(wanted)
    fresh = [one for one in {one.key: one for one in wanted}.values() if one.key not in earlier]
    _check_all(fresh)
    new = list(zip(fresh, ShipmentNotice.objects.bulk_create([_notice(one) for one in fresh]), strict=True))
    _write_lines(new)
    _share_all(new)
    announce_each(
        [
            News(
                "warehouse.shipment.announced",
                notice,
                first(notice, "reference", "warehouse_id", "expected_date") | {"lines": [None, [_told(line) for line in one.lines]]},
                one.at,
                one.actor,
                {"notice_id": notice.pk},
            )
            for one, notice in new
        ]
    )
    return _answers(wanted, earlier, {one.key: notice for one, notice in new})


def _one_at_a_time(merchant_ids: Collection[int]) -> None:
    """Let nobody else announce for these merchants until the transaction ends, so that a reference is used once."""
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=merchant_ids).order_by("pk").values_list("pk"))


def _standing(wanted: Sequence[NewNotice]) -> dict[tuple[int, str], ShipmentNotice]:
    """Return the notices that have these references of these merchants already."""
    there = ShipmentNotice.objects.filter(merchant_id__in={one.key[0] for one in wanted}, reference__in={one.key[1] for one in wanted})
    return {(notice.merchant_id, notice.reference): notice for notice in there}


def _answers(
    wanted: Sequence[NewNotice], earlier: Mapping[tuple[int, str], ShipmentNotice], new: Mapping[tuple[int, str], ShipmentNotice]
) -> list[ShipmentNotice]:
    """Return a notice for every wish; one that stood before must say the same."""
    lines: dict[int, list[ShipmentLine]] = {}
    for line in ShipmentLine.objects.filter(notice__in=earlier.values()) if earlier else ():
        lines.setdefault(line.notice_id, []).append(line)
    answers = []
    for place, one in enumerate(wanted):
        with at_place(place):
            answers.append(_same(earlier[one.key], lines.get(earlier[one.key].pk, []), one) if one.key in earlier else new[one.key])
    return answers


def _notice(one: NewNotice) -> ShipmentNotice:
    return ShipmentNotice(
        merchant_id=one.actor.organisation_id,
        warehouse_id=one.warehouse_id,
        reference=one.reference,
        expected_date=one.expected_date,
        source=one.source,
        created_by=one.actor,
        created_at=one.at,
    )


@transaction.atomic
def cancel_shipment(*, notice_id: int, actor: User, at: datetime) -> ShipmentNotice:
    """Call a shipment off before anything of it arrived.

    :raises WrongState: if something arrived, or it is over
    """
    notice = ShipmentNotice.objects.select_for_update().get(pk=notice_id)
    if NoticeState.CANCELLED not in NEXT[NoticeState(notice.state)]:
        raise WrongState(state=notice.get_state_display())
    changes = change(notice, state=NoticeState.CANCELLED, closed_at=at)
    notice.save(update_fields=["state", "closed_at"])
    release_slot(notice, actor=actor, at=at)
    announce("warehouse.shipment.cancelled", actor=actor, at=at, subject=notice, changes=changes, notice_id=notice.pk)
    return notice


def _write_lines(new: Sequence[tuple[NewNotice, ShipmentNotice]]) -> None:
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            notice=notice,
            merchant_id=notice.merchant_id,
            warehouse_id=notice.warehouse_id,
            product_id=line.product_id,
            lot_number=line.lot_number,
            produced_date=line.produced_date,
            expiry_date=line.expiry_date,
            quantity=line.quantity,
            cartons=line.cartons,
            is_gift=line.is_gift,
        )
        for one, notice in new
        for line in one.lines
    )


def _share_all(new: Sequence[tuple[NewNotice, ShipmentNotice]]) -> None:
    """Let the warehouses see what comes to them."""
    share_all([Sharing(line.product_id, one.warehouse_id, one.actor, one.at) for one, _notice in new for line in one.lines])


def _same(earlier: ShipmentNotice, lines: Sequence[ShipmentLine], one: NewNotice) -> ShipmentNotice:
    kept = {
        AnnouncedLine(line.product_id, line.lot_number, line.quantity, line.produced_date, line.expiry_date, line.cartons, line.is_gift)
        for line in lines
    }
    if (earlier.warehouse_id, earlier.expected_date, kept) != (one.warehouse_id, one.expected_date, set(one.lines)):
        raise ReferenceTaken(field="reference", reference=earlier.reference, notice=earlier.code)
    return earlier


def _told(line: AnnouncedLine) -> dict[str, object]:
    return {"product": line.product_id, "lot": line.lot_number, "quantity": line.quantity}


def _check_all(fresh: Sequence[NewNotice]) -> None:
    warehouses = set(Organisation.objects.of_kind(Kind.WAREHOUSE).filter(is_active=True).values_list("pk", flat=True))
    wanted = {line.product_id for one in fresh for line in one.lines}
    products = Product.objects.select_related("category").in_bulk(wanted)
    approved = Enrolment.objects.filter(product_id__in=wanted, state=EnrolmentState.APPROVED)
    until = dict(approved.values_list("product_id", "valid_until"))
    for place, one in enumerate(fresh):
        with at_place(place):
            _check_frame(one, warehouses)
            # another merchant's product is as good as none, so it is not enrolled
            own = {number: product for number, product in products.items() if product.merchant_id == one.actor.organisation_id}
            _check_lines(one.lines, own, one.expected_date)
            _check_enrolled(one, own, until)
    _check_gates(fresh, products)


def _check_frame(one: NewNotice, warehouses: Collection[int]) -> None:
    if one.warehouse_id not in warehouses:
        raise NoSuchWarehouse(field="warehouse")
    if not 1 <= len(one.lines) <= MOST_LINES:
        raise NoLines(field="lines", most=MOST_LINES)
    if one.expected_date < one.at.astimezone(SHANGHAI).date():
        raise DateInThePast(field="expected_date")


def _check_lines(lines: Sequence[AnnouncedLine], products: Mapping[int, Product], expected_date: date) -> None:
    seen = set()
    for place, line in enumerate(lines):
        product = products.get(line.product_id)
        if product is None:
            raise NotEnrolled(field=f"lines.{place}.product", product="–")
        if (line.product_id, line.lot_number) in seen:
            raise LineTwice(field=f"lines.{place}.lot_number", lot=line.lot_number, product=product.shown_name)
        seen.add((line.product_id, line.lot_number))
        if product.category.is_perishable and line.expiry_date is None:
            raise ExpiryMissing(field=f"lines.{place}.expiry_date", product=product.shown_name, lot=line.lot_number)
        if not _dates_fit(line, expected_date):
            raise DatesInconsistent(field=f"lines.{place}.expiry_date", lot=line.lot_number)


def _dates_fit(line: AnnouncedLine, expected_date: date) -> bool:
    produced, expiry = line.produced_date, line.expiry_date
    if produced and produced > expected_date:
        return False
    return not expiry or (expiry >= expected_date and (not produced or expiry > produced))


def _check_enrolled(one: NewNotice, products: Mapping[int, Product], until: Mapping[int, datetime | None]) -> None:
    for place, line in enumerate(one.lines):
        end = until.get(line.product_id)
        if end is None or end <= one.at:
            raise NotEnrolled(field=f"lines.{place}.product", product=products[line.product_id].shown_name)


def _check_gates(fresh: Sequence[NewNotice], products: Mapping[int, Product]) -> None:
    passing = [(one, place, line) for one in fresh for place, line in enumerate(one.lines)]
    try:
        pass_gates(
            [Passing(one.actor.organisation_id, line.product_id, one.warehouse_id) for one, _place, line in passing],
            at=max((one.at for one in fresh), default=datetime.min.replace(tzinfo=UTC)),
        )
    except Stopped as stopped:
        _one, place, line = passing[stopped.place or 0]
        name = products[line.product_id].shown_name
        raise ProductStopped(field=f"lines.{place}.product", product=name, because=stopped.params["because"]) from None
