"""What home pages show of orders and parcels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import MERCHANT, Role
from warehouse.orders.lifecycle import UNDER_WAY, OrderState, ParcelState
from warehouse.orders.models import Order, OrderLine, Parcel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from assurance.accounts.models import User

PACKERS: Final = (Role.WAREHOUSE_OPERATOR,)
OPEN: Final = (OrderState.PAID, OrderState.SHORT, OrderState.ALLOCATED, OrderState.PACKED)
Figures = TypeVar("Figures")


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
    """A merchant's orders in figures. ``short`` wait for the merchant's own goods: what waits for others' is not his to mend."""

    under_way: int
    short: int
    late: int
    delivered: int


@offers_steps
def steps(user: User, *, at: datetime) -> Iterator[Step]:
    """Offer the warehouse what to pick and to pack, and a merchant what is missing. No query beside the panel's."""
    if user.role in PACKERS:
        stands = _bench(user, at)
        if stands.to_pick:
            said = ngettext("Pick %(count)s parcel", "Pick %(count)s parcels", stands.to_pick)
            yield _step(stands.to_pick, "pick-list", "list-check", gettext("Pick"), said)
        if stands.to_pack:
            said = ngettext("Pack %(count)s parcel", "Pack %(count)s parcels", stands.to_pack)
            yield _step(stands.to_pack, "station", "package", gettext("Pack"), said)
    elif user.role in MERCHANT and (short := _sold(user, at).short):
        yield Step(
            title=ngettext("%(count)s order waits for stock", "%(count)s orders wait for stock", short) % {"count": f"{short:,}"},
            detail=gettext("Announce a shipment of what is missing. They go out as soon as it is released."),
            url=reverse("orders:list") + "?state=short",
            verb=gettext("Look"),
            tone="hold",
            icon="shopping-cart-exclamation",
        )


def _step(count: int, route: str, icon: str, verb: str, title: str) -> Step:
    return Step(
        title=title % {"count": f"{count:,}"},
        detail=gettext("What has to leave first stands first."),
        url=reverse(f"orders:{route}"),
        verb=verb,
        tone="run",
        icon=icon,
    )


@offers_panel(PACKERS, place=40, columns=12)
def bench(user: User, *, at: datetime) -> Panel:
    """Show how many parcels stand where. One query."""
    shown, url = _bench(user, at), reverse("orders:parcels")
    return Panel(gettext("Parcels in the warehouse"), "warehouse/orders/_home_bench.html", shown, url=url, more=gettext("All parcels"))


@offers_panel(MERCHANT, place=40, columns=4)
def sold(user: User, *, at: datetime) -> Panel:
    """Show how far the orders of a merchant are. One query."""
    shown, url = _sold(user, at), reverse("orders:list")
    return Panel(gettext("Orders"), "warehouse/orders/_home_orders.html", shown, url=url, more=gettext("All orders"))


def _bench(user: User, at: datetime) -> Bench:
    picking = Q(state=ParcelState.PICKING)
    mine = Parcel.objects.visible_to(user).filter(state__in=UNDER_WAY)
    return _once(
        user,
        at,
        lambda: Bench(
            **mine.aggregate(
                to_pick=Count("pk", filter=picking & Q(picked_at=None)),
                to_pack=Count("pk", filter=picking & Q(picked_at__isnull=False)),
                to_check=Count("pk", filter=Q(state=ParcelState.PACKED)),
                to_hand_over=Count("pk", filter=Q(state=ParcelState.CHECKED)),
                late=Count("pk", filter=Q(ship_by__lt=at)),
            )
        ),
    )


def _sold(user: User, at: datetime) -> Sold:
    missing = OrderLine.objects.visible_to(user).filter(allocated__lt=F("quantity"), order__state=OrderState.SHORT).values("order_id")
    mine = Order.objects.visible_to(user)
    return _once(
        user,
        at,
        lambda: Sold(
            **mine.aggregate(
                under_way=Count("pk", filter=Q(state__in=OPEN)),
                short=Count("pk", filter=Q(pk__in=missing)),
                late=Count("pk", filter=Q(state__in=OPEN, ship_by__lt=at)),
                delivered=Count("pk", filter=Q(state=OrderState.DELIVERED)),
            )
        ),
    )


def _once(user: User, at: datetime, ask: Callable[[], Figures]) -> Figures:
    """Return the figures of this look at the page: steps and panel show the same, so they ask once."""
    kept: tuple[datetime, Figures] | None = user.__dict__.get("_figures_of_orders")
    if kept is None or kept[0] != at:
        kept = (at, ask())
        user.__dict__["_figures_of_orders"] = kept
    return kept[1]
