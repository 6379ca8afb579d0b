"""Announce goods and call them off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.calendar import SHANGHAI
from assurance.database import constraint_of
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.gates.actions import Stopped, pass_gate
from assurance.products.actions import share
from assurance.products.models import Product
from assurance.refusals import Refused, WrongState
from assurance.roles import Kind
from warehouse.inbound.lifecycle import NEXT, NoticeState
from warehouse.inbound.models import ShipmentLine, ShipmentNotice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

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


@transaction.atomic
def announce_shipment(
    *, actor: User, warehouse_id: int, reference: str, expected_date: date, lines: Sequence[AnnouncedLine], at: datetime
) -> ShipmentNotice:
    """Write a shipment notice of the actor's organisation. The same reference with the same content is the same notice.

    :raises NoSuchWarehouse, NoLines, LineTwice, DateInThePast, DatesInconsistent, ExpiryMissing: the notice cannot be meant
    :raises NotEnrolled, ProductStopped: a product may not be sent; no stop comes in between
    :raises ReferenceTaken: if the reference names another content
    """
    earlier = ShipmentNotice.objects.filter(merchant_id=actor.organisation_id, reference=reference).first()
    if earlier:
        return _same(earlier, warehouse_id, expected_date, lines)
    _check_frame(warehouse_id, expected_date, lines, at=at)
    products = _products(actor, lines)
    _check_lines(lines, products, expected_date)
    _check_enrolled(lines, products, at=at)
    _check_gates(lines, products, warehouse_id, at=at)
    try:
        with transaction.atomic():
            notice = ShipmentNotice.objects.create(
                merchant_id=actor.organisation_id,
                warehouse_id=warehouse_id,
                reference=reference,
                expected_date=expected_date,
                created_by=actor,
                created_at=at,
            )
    except IntegrityError as error:
        if constraint_of(error) != "shipment_reference_once_per_merchant":
            raise
        earlier = ShipmentNotice.objects.get(merchant_id=actor.organisation_id, reference=reference)
        return _same(earlier, warehouse_id, expected_date, lines)
    _write_lines(notice, lines)
    share(product_ids=sorted(products), organisation_id=warehouse_id, actor=actor, at=at)
    changes = first(notice, "reference", "warehouse_id", "expected_date") | {"lines": [None, [_told(line) for line in lines]]}
    announce("warehouse.shipment.announced", actor=actor, at=at, subject=notice, changes=changes, notice_id=notice.pk)
    return notice


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
    announce("warehouse.shipment.cancelled", actor=actor, at=at, subject=notice, changes=changes, notice_id=notice.pk)
    return notice


def _write_lines(notice: ShipmentNotice, lines: Sequence[AnnouncedLine]) -> None:
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
        )
        for line in lines
    )


def _same(earlier: ShipmentNotice, warehouse_id: int, expected_date: date, lines: Sequence[AnnouncedLine]) -> ShipmentNotice:
    kept = {
        AnnouncedLine(one.product_id, one.lot_number, one.quantity, one.produced_date, one.expiry_date, one.cartons)
        for one in earlier.lines.all()
    }
    if (earlier.warehouse_id, earlier.expected_date, kept) != (warehouse_id, expected_date, set(lines)):
        raise ReferenceTaken(field="reference", reference=earlier.reference, notice=earlier.code)
    return earlier


def _told(line: AnnouncedLine) -> dict[str, object]:
    return {"product": line.product_id, "lot": line.lot_number, "quantity": line.quantity}


def _check_frame(warehouse_id: int, expected_date: date, lines: Sequence[AnnouncedLine], *, at: datetime) -> None:
    if not Organisation.objects.of_kind(Kind.WAREHOUSE).filter(pk=warehouse_id, is_active=True).exists():
        raise NoSuchWarehouse(field="warehouse")
    if not 1 <= len(lines) <= MOST_LINES:
        raise NoLines(field="lines", most=MOST_LINES)
    if expected_date < at.astimezone(SHANGHAI).date():
        raise DateInThePast(field="expected_date")


def _products(actor: User, lines: Sequence[AnnouncedLine]) -> dict[int, Product]:
    """Return the merchant's own products of the lines; another merchant's is as good as none, so it is not enrolled."""
    wanted = {line.product_id for line in lines}
    return {product.pk: product for product in Product.objects.visible_to(actor).select_related("category").filter(pk__in=wanted)}


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


def _check_enrolled(lines: Sequence[AnnouncedLine], products: Mapping[int, Product], *, at: datetime) -> None:
    standing = Enrolment.objects.filter(product_id__in=products, state=EnrolmentState.APPROVED, valid_until__gt=at)
    enrolled = set(standing.values_list("product_id", flat=True))
    for place, line in enumerate(lines):
        if line.product_id not in enrolled:
            raise NotEnrolled(field=f"lines.{place}.product", product=products[line.product_id].shown_name)


def _check_gates(lines: Sequence[AnnouncedLine], products: Mapping[int, Product], warehouse_id: int, *, at: datetime) -> None:
    for place, line in enumerate(lines):
        product = products[line.product_id]
        try:
            pass_gate(merchant_id=product.merchant_id, product_id=product.pk, warehouse_id=warehouse_id, at=at)
        except Stopped as stopped:
            name = product.shown_name
            raise ProductStopped(field=f"lines.{place}.product", product=name, because=stopped.params["because"]) from None
