"""What pages and other floors ask about lots and where their units stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext

from assurance.badges.models import Badge
from assurance.evidence.queries import timeline_of_lot
from assurance.evidence.wording import told
from assurance.gates.queries import stops_covering
from assurance.roles import Kind
from assurance.states import dress
from warehouse.stock.custody import INSIDE, Custody
from warehouse.stock.models import CUSTODY_LABELS, Lot, StockBalance, StockMove
from warehouse.stock.queries.bins import places_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.functional import Promise

    from assurance.accounts.models import User
    from assurance.evidence.queries import Step
    from assurance.gates.models import Stop
    from warehouse.stock.models import LotQuerySet
    from warehouse.stock.queries.bins import Place

LABELS = dict(CUSTODY_LABELS)


@dataclass(frozen=True)
class Share:
    """So many units of a lot in one custody, and how much of all that is in per cent."""

    custody: Custody
    label: str | Promise
    units: int
    percent: float

    @property
    def tone(self) -> str:
        return dress("warehouse.stockbalance.custody", self.custody).tone

    @property
    def icon(self) -> str:
        return dress("warehouse.stockbalance.custody", self.custody).icon


@dataclass(frozen=True)
class Stand:
    """Where a lot's units are. The shares add up to what was received; empty ones are left out."""

    received: int
    shares: list[Share]
    reserved: int = 0
    """Of the released units those that are promised to orders."""

    @property
    def available(self) -> int:
        return self.units(Custody.RELEASED) - self.reserved

    def units(self, custody: Custody) -> int:
        return next((share.units for share in self.shares if share.custody == custody), 0)


@dataclass(frozen=True)
class LotPage:
    """One lot with everything its page shows of this floor and the one below."""

    lot: Lot
    stand: Stand
    places: list[Place]
    stops: list[Stop]
    badge: Badge | None
    entries: list[dict[str, object]]


def balance(lot: Lot, custody: Custody) -> int:
    """Return how many units of a lot stand in one custody now."""
    found = StockBalance.objects.filter(lot=lot, custody=custody).values_list("quantity", flat=True).first()
    return found or 0


def available(lot_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """Return how many units of these lots stand in each custody and are promised to nobody: ``{(lot, custody): units}``."""
    kept = StockBalance.objects.filter(lot_id__in=set(lot_ids)).values_list("lot_id", "custody", "quantity", "reserved")
    return {(lot_id, custody): quantity - reserved for lot_id, custody, quantity, reserved in kept}


def stand_of(lot: Lot) -> Stand:
    """Return where the units are; no query if ``balances`` were prefetched."""
    balances = list(lot.balances.all())
    kept = {row.custody: row.quantity for row in balances}
    received = -kept.get(Custody.ARRIVAL, 0)
    return Stand(
        received,
        [
            Share(custody, LABELS[custody], kept[custody], 100 * kept[custody] / received)
            for custody in INSIDE
            if kept.get(custody) and received
        ],
        sum(row.reserved for row in balances),
    )


def find(user: User, *, q: str = "", custody: str = "") -> LotQuerySet:
    """Return the lots a user sees whose number begins with ``q`` or whose product is called so; newest first, balances prefetched."""
    found = Lot.objects.visible_to(user).select_related("product", "merchant", "warehouse").prefetch_related("balances")
    if q:
        named = Q(product__name__icontains=q) | Q(product__name_en__icontains=q)
        found = found.filter(named | Q(number__istartswith=q) | Q(product__sku__istartswith=q) | Q(product__gtin__startswith=q))
    if custody:
        found = found.filter(balances__custody=custody, balances__quantity__gt=0)
    return found.order_by("-id")


def lot_page(lot: Lot, user: User, *, at: datetime) -> LotPage:
    """Gather a lot's page."""
    return LotPage(
        lot=lot,
        stand=stand_of(lot),
        places=places_of(lot) if user.organisation_kind != Kind.MERCHANT else [],
        stops=stops_covering(merchant_id=lot.merchant_id, product_id=lot.product_id, warehouse_id=lot.warehouse_id, lot_id=lot.pk, at=at),
        badge=Badge.objects.visible_to(user).current().filter(lot_id=lot.pk).first(),
        entries=timeline(lot, user),
    )


def timeline(lot: Lot, user: User) -> list[dict[str, object]]:
    """Return how the goods moved and what was put on record about them, the newest first. Three queries.

    What left in parcels is one entry: a lot can leave in thousands, which stand in pages of their own.
    """
    moves = StockMove.objects.visible_to(user).filter(lot=lot)
    told_of = [_of_move(moved) for moved in moves.exclude(target=Custody.SHIPPED).order_by("id")]
    left = moves.filter(target=Custody.SHIPPED).aggregate(units=Sum("quantity"), last=Max("at"))
    if left["units"]:
        told_of.append(_of_move(StockMove(quantity=left["units"], at=left["last"], because="shipped", target=Custody.SHIPPED)))
    told_of += [_of_evidence(step) for step in timeline_of_lot(lot.pk, user)]
    return sorted(told_of, key=lambda one: one["at"], reverse=True)  # type: ignore[arg-type, return-value]


def _of_move(moved: StockMove) -> dict[str, object]:
    words = {"units": f"{moved.quantity:,}", "custody": moved.get_target_display()}
    return {
        "at": moved.at,
        "kind": moved.get_because_display(),
        "title": ngettext("%(units)s unit: %(custody)s", "%(units)s units: %(custody)s", moved.quantity) % words,
        "tone": dress("warehouse.stockmove.target", moved.target).tone,
    }


def _of_evidence(step: Step) -> dict[str, object]:
    words = told(step.kind, step.says)
    place = gettext("log entry %(place)s") % {"place": f"{step.seq:,}"} if step.seq is not None else ""
    return {
        "at": step.at,
        "kind": gettext("On record"),
        "title": words.title,
        "text": " · ".join(filter(None, [words.text, place])),
        "tone": words.tone,
    }


def differences() -> list[dict[str, int]]:
    """Return the lots and custodies whose kept balance is not the sum of the moves: always empty, and checked to be."""
    into = StockMove.objects.order_by().values("lot_id", custody=F("target")).annotate(units=Sum("quantity"))
    out = StockMove.objects.order_by().values("lot_id", custody=F("source")).annotate(units=Coalesce(Sum("quantity"), 0) * -1)
    sums: dict[tuple[int, str], int] = {}
    for row in [*into, *out]:
        key = (row["lot_id"], row["custody"])
        sums[key] = sums.get(key, 0) + row["units"]
    kept = {(row.lot_id, row.custody): row.quantity for row in StockBalance.objects.all()}
    return [
        {"lot_id": lot_id, "custody": custody, "kept": kept.get((lot_id, custody), 0), "moved": sums.get((lot_id, custody), 0)}  # type: ignore[dict-item]
        for lot_id, custody in sorted({*kept, *sums})
        if kept.get((lot_id, custody), 0) != sums.get((lot_id, custody), 0)
    ]
