"""What the dispatch desk and the hand-over station ask."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Exists, OuterRef, Q

from logistics.dispatch.lifecycle import WaybillState
from logistics.dispatch.models import HandOver, Waybill
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Parcel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from assurance.accounts.models import User

READY: Final = (ParcelState.PACKED, ParcelState.CHECKED)
RECENT: Final = 8
MOST_DIGITS: Final = 18
TO_BOOK, TO_HAND_OVER = "book", "leave"


def on_the_desk(user: User, *, step: str = "") -> QuerySet[Parcel]:
    """Return the parcels that are packed and have not left, the most urgent first; those without a waybill, or those with one."""
    parcels = Parcel.objects.visible_to(user).filter(state__in=READY).select_related("order__recipient", "merchant")
    live = Waybill.objects.live().values("parcel_id")
    if step == TO_BOOK:
        parcels = parcels.exclude(pk__in=live)
    if step == TO_HAND_OVER:
        parcels = parcels.filter(pk__in=live)
    return parcels.order_by("ship_by", "id")


@dataclass(frozen=True)
class OnDesk:
    """A parcel with its waybill, if it has one."""

    parcel: Parcel
    waybill: Waybill | None

    @property
    def may_leave(self) -> bool:
        return self.waybill is not None and self.waybill.state == WaybillState.CREATED and self.parcel.state == ParcelState.CHECKED


def with_waybills(parcels: Iterable[Parcel]) -> list[OnDesk]:
    """Return parcels with their live waybills. One query."""
    rows = list(parcels)
    live = {one.parcel_id: one for one in Waybill.objects.live().select_related("service").filter(parcel__in=rows)}
    return [OnDesk(parcel, live.get(parcel.pk)) for parcel in rows]


def scanned(user: User, code: str) -> Parcel | None:
    """Return the parcel a scan means: a waybill's number, or the parcel's own on the pick list."""
    waybill = Waybill.objects.visible_to(user).live().select_related("parcel").filter(number=code).order_by("-pk").first()
    if waybill:
        return waybill.parcel
    number = code.upper().removeprefix("BG-")
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        return None
    return Parcel.objects.visible_to(user).filter(pk=int(number)).first()


def last_handed_over(user: User) -> list[HandOver]:
    """Return what left last."""
    rows = HandOver.objects.visible_to(user).select_related("waybill__service", "parcel")
    return list(rows.order_by("-id")[:RECENT])


def waiting(user: User) -> Mapping[str, int]:
    """Return how many parcels wait for a courier and how many for hand-over. One query."""
    booked = Exists(Waybill.objects.live().filter(parcel=OuterRef("pk")))
    parcels = Parcel.objects.visible_to(user).filter(state__in=READY).annotate(is_booked=booked)
    return parcels.aggregate(**{TO_BOOK: Count("pk", filter=Q(is_booked=False)), TO_HAND_OVER: Count("pk", filter=Q(is_booked=True))})


def sees_choice(user: User) -> bool:
    """Say whether a person may read what couriers ask and why one was taken: not their customers, not their competitors."""
    return bool(user.is_platform or user.organisation_kind == "warehouse")


def told_choice(waybill: Waybill) -> dict[str, Any]:
    """Return the choice of a waybill for a page: who was taken, who else could, who could not."""
    kept = waybill.alternatives
    return {"chosen": _with_percent(kept["chosen"]), "others": [_with_percent(one) for one in kept["others"]], "unfit": kept["unfit"]}


def _with_percent(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"percent": Decimal(told["on_time"]) * 100 if told["on_time"] else None}
