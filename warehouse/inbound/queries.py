"""What pages ask about shipment notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from assurance.accounts.models import Organisation
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.home import Step, offers_steps
from assurance.products.models import Product
from assurance.roles import Kind, Role
from assurance.templatetags.ui import in_words
from warehouse.inbound.arrival import is_of
from warehouse.inbound.gate import by_turn
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import Receipt, ShipmentLine, ShipmentNotice

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from assurance.accounts.models import User
    from assurance.products.models import ProductQuerySet
    from warehouse.inbound.models import ShipmentNoticeQuerySet
    from warehouse.stock.models import Lot

STEPS_SHOWN: Final = 4
RECEIPTS_SHOWN: Final = 8
MOST_DIGITS: Final = 18


def find(user: User, *, q: str = "", state: str = "") -> ShipmentNoticeQuerySet:
    """Return the notices a user sees, found by number, reference, lot or product.

    The merchant sees the newest first, the warehouse what is still to come: by booked slot, then by day.
    """
    found = ShipmentNotice.objects.visible_to(user).select_related("merchant", "warehouse").with_units()
    if q:
        found = found.filter(_called(q))
    if state:
        found = found.filter(state=state)
    if user.organisation_kind == Kind.WAREHOUSE:
        return by_turn(found)
    return found.order_by("-id")


def _called(q: str) -> Q:
    lines = ShipmentLine.objects.filter(
        Q(lot_number__istartswith=q) | Q(product__name__icontains=q) | Q(product__name_en__icontains=q) | Q(product__sku__istartswith=q)
    )
    named = Q(reference__istartswith=q) | Q(pk__in=lines.values("notice_id"))
    number = q.upper().removeprefix("RK-")
    if number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
        named |= Q(pk=int(number))
    return named


def lines_of(notice: ShipmentNotice) -> list[ShipmentLine]:
    """Return the lines of a notice with what arrived of each, in the order they were announced."""
    return list(notice.lines.with_received().select_related("product__category").order_by("id"))


def receipts_of(lot: Lot) -> QuerySet[Receipt]:
    """Return what arrived of a lot, the newest first."""
    return Receipt.objects.filter(lot=lot).select_related("line__notice").order_by("-id")


def open_warehouses() -> QuerySet[Organisation]:
    """Return the warehouses that take goods; merchants must know them to send anything."""
    return Organisation.objects.of_kind(Kind.WAREHOUSE).filter(is_active=True).order_by("name", "id")


def warehouse_id(code: str) -> int:
    """Return the id of a warehouse that takes goods, or 0, which no warehouse has."""
    return open_warehouses().filter(code=code).values_list("pk", flat=True).first() or 0


def enrolled_products(user: User, *, at: datetime) -> ProductQuerySet:
    """Return the user's products that may be announced now."""
    standing = Enrolment.objects.filter(state=EnrolmentState.APPROVED, valid_until__gt=at, merchant_id=user.organisation_id)
    return Product.objects.visible_to(user).filter(pk__in=standing.values("product_id")).select_related("category").order_by("name", "id")


@dataclass(frozen=True)
class Station:
    """A notice at the receiving desk: what is announced, what is in, and what was just scanned."""

    notice: ShipmentNotice
    lines: list[ShipmentLine]
    receipts: list[Receipt]
    code: str = ""

    @property
    def matching(self) -> list[ShipmentLine]:
        """The lines of the product that was scanned."""
        return [line for line in self.lines if self.code and is_of(self.code, sku=line.product.sku, gtin=line.product.gtin)]

    @property
    def product(self) -> Product | None:
        return self.matching[0].product if self.matching else None

    @property
    def announced(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def received(self) -> int:
        return sum(line.received_units for line in self.lines)  # type: ignore[attr-defined]


def station(notice: ShipmentNotice, *, code: str = "") -> Station:
    """Gather what the receiving desk shows; two queries."""
    recent = Receipt.objects.filter(line__notice=notice).select_related("lot", "product", "received_by").order_by("-id")[:RECEIPTS_SHOWN]
    return Station(notice, lines_of(notice), list(recent), code)


@offers_steps
def steps(user: User, *, at: datetime) -> list[Step]:  # noqa: ARG001  the front door's signature
    """Offer the warehouse what comes next. A merchant has nothing to do about what is on its way; a panel shows it to him."""
    if user.role != Role.WAREHOUSE_OPERATOR:
        return []
    mine = ShipmentNotice.objects.visible_to(user).expected().select_related("merchant").with_units()
    return [_step(notice) for notice in by_turn(mine)[:STEPS_SHOWN]]


def _step(notice: ShipmentNotice) -> Step:
    is_begun = notice.state == NoticeState.RECEIVING
    facts = {
        "notice": notice.code,
        "units": f"{notice.announced_units:,}",  # type: ignore[attr-defined]
        "in": f"{notice.received_units:,}",  # type: ignore[attr-defined]
        "day": in_words(notice.expected_date, "day", notice.expected_date),
    }
    progress = gettext("%(in)s of %(units)s units received") if is_begun else gettext("%(units)s units, expected on %(day)s")
    return Step(
        title=gettext("Receive %(notice)s") % facts,
        detail=f"{notice.merchant.name} · {progress % facts}",
        url=reverse("inbound:receive", args=[notice.pk]),
        verb=gettext("Go on") if is_begun else gettext("Receive"),
        tone="run" if is_begun else "wait",
        icon="package-import",
    )
