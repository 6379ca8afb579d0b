"""What home pages show of orders and parcels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import MERCHANT, Role
from warehouse.orders.lifecycle import UNDER_WAY, OrderState, ParcelState
from warehouse.orders.models import Order, OrderLine, Parcel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from assurance.accounts.models import User

PACKERS: Final = (Role.WAREHOUSE_OPERATOR,)


@dataclass(frozen=True)
class Bench:
    """A warehouse's parcels in figures."""

    to_pick: int
    to_pack: int
    to_check: int
    to_hand_over: int
    late: int


@dataclass(frozen=True)
class Sold:
    """A merchant's orders in figures."""

    under_way: int
    short: int
    late: int
    delivered: int


@offers_steps
def steps(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Offer the warehouse the most urgent parcels, and a merchant what is missing. One query each."""
    if user.role in PACKERS:
        found = (
            Parcel.objects.visible_to(user).filter(state=ParcelState.PICKING).order_by("ship_by", "id").values_list("picked_at", flat=True)
        )
        waiting = list(found[:100])
        picked = sum(1 for one in waiting if one)
        if len(waiting) - picked:
            yield _step(
                len(waiting) - picked,
                "pick-list",
                "list-check",
                gettext("Pick"),
                ngettext("Pick %(count)s parcel", "Pick %(count)s parcels", len(waiting) - picked),
            )
        if picked:
            yield _step(picked, "station", "package", gettext("Pack"), ngettext("Pack %(count)s parcel", "Pack %(count)s parcels", picked))
    elif user.role in MERCHANT:
        short = _missing(user).count()
        if short:
            yield Step(
                title=ngettext("%(count)s order waits for stock", "%(count)s orders wait for stock", short) % {"count": f"{short:,}"},
                detail=gettext("Announce a shipment of what is missing. They go out as soon as it is released."),
                url=reverse("orders:list") + "?state=short",
                verb=gettext("Look"),
                tone="hold",
                icon="shopping-cart-exclamation",
            )


def _missing(user: User) -> QuerySet[OrderLine]:
    """Return one line of every order that waits for the merchant's own goods; what waits for others' is not his to mend."""
    own = OrderLine.objects.visible_to(user).filter(allocated__lt=F("quantity"), order__state=OrderState.SHORT)
    return own.order_by("order_id", "id").distinct("order_id")


def _step(count: int, route: str, icon: str, verb: str, title: str) -> Step:
    return Step(
        title=title % {"count": f"{count:,}" if count < 100 else "100+"},
        detail=gettext("What has to leave first stands first."),
        url=reverse(f"orders:{route}"),
        verb=verb,
        tone="run",
        icon=icon,
    )


@offers_panel(PACKERS, place=40, columns=12)
def bench(user: User, *, at: datetime) -> Panel:
    """Show how many parcels stand where. One query."""
    picking = Q(state=ParcelState.PICKING)
    counts = (
        Parcel.objects.visible_to(user)
        .filter(state__in=UNDER_WAY)
        .aggregate(
            to_pick=Count("pk", filter=picking & Q(picked_at=None)),
            to_pack=Count("pk", filter=picking & Q(picked_at__isnull=False)),
            to_check=Count("pk", filter=Q(state=ParcelState.PACKED)),
            to_hand_over=Count("pk", filter=Q(state=ParcelState.CHECKED)),
            late=Count("pk", filter=Q(ship_by__lt=at)),
        )
    )
    return Panel(
        gettext("Parcels in the warehouse"),
        "warehouse/orders/_home_bench.html",
        Bench(**counts),
        url=reverse("orders:parcels"),
        more=gettext("All parcels"),
    )


@offers_panel(MERCHANT, place=40, columns=12)
def sold(user: User, *, at: datetime) -> Panel:
    """Show how far the orders of a merchant are. One query."""
    open_ones = (OrderState.PAID, OrderState.SHORT, OrderState.ALLOCATED, OrderState.PACKED)
    missing = _missing(user).values("order_id")
    counts = Order.objects.visible_to(user).aggregate(
        under_way=Count("pk", filter=Q(state__in=open_ones)),
        short=Count("pk", filter=Q(pk__in=missing)),
        late=Count("pk", filter=Q(state__in=open_ones, ship_by__lt=at)),
        delivered=Count("pk", filter=Q(state=OrderState.DELIVERED)),
    )
    return Panel(
        gettext("Orders"), "warehouse/orders/_home_orders.html", Sold(**counts), url=reverse("orders:list"), more=gettext("All orders")
    )
