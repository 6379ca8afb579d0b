"""What pages ask about returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from warehouse.inbound.arrival import is_of
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Parcel, ParcelItem
from warehouse.returns.lifecycle import COUNTABLE, ReturnState, UnitState
from warehouse.returns.models import ReturnParcel, ReturnUnit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assurance.accounts.models import User
    from warehouse.returns.counting import Scanned
    from warehouse.returns.models import ReturnParcelQuerySet

SCOPES: Final = {
    "open": _("Under way"),
    "unidentified": _("Unidentified"),
    "here": _("To be settled"),
    "closed": _("Settled"),
    "all": _("All"),
}
STATES: Final = {
    "open": (ReturnState.ANNOUNCED, ReturnState.MATCHED),
    "unidentified": (ReturnState.UNIDENTIFIED,),
    "here": (ReturnState.RECEIVED, ReturnState.INSPECTED),
    "closed": (ReturnState.CLOSED, ReturnState.CANCELLED),
}


def find(user: User, *, scope: str = "all", q: str = "") -> ReturnParcelQuerySet:
    """Return the returns a user sees, the newest first."""
    found = ReturnParcel.objects.visible_to(user).select_related("parcel__order", "merchant", "warehouse", "received_by").with_units()
    if scope in STATES:
        found = found.filter(state__in=STATES[scope])
    if q:
        numbers = numbered(q, "TH", "pk") | numbered(q, "BG", "parcel_id")
        found = found.filter(numbers | Q(tracking_number__iexact=q) | Q(parcel__order__number__istartswith=q) | Q(reference__iexact=q))
    return found.order_by("-id")


def numbered(q: str, prefix: str, column: str) -> Q:
    """Return the condition that a document number says, if it says one."""
    digits = q.upper().removeprefix(f"{prefix}-")
    return Q(**{column: int(digits)}) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else Q(pk=None)


def waiting_units(lot_ids: Iterable[int]) -> dict[int, int]:
    """Return how many "pending" units of each lot came back and wait for their own inspection: no other verdict is about them (P8.5)."""
    waiting = ReturnUnit.objects.filter(lot_id__in=lot_ids, kind="expected", state__in=(UnitState.RECEIVED, UnitState.GRADED))
    return dict(waiting.order_by().values_list("lot_id").annotate(units=Count("pk")))


def units_of(row: ReturnParcel) -> list[ReturnUnit]:
    return list(row.units.select_related("product", "lot").order_by("id"))


@dataclass(frozen=True)
class Shelf:
    """One product and lot that was shipped in a parcel, and how many of it are back."""

    item: ParcelItem
    back: int

    @property
    def left(self) -> int:
        return self.item.quantity - self.back


@dataclass(frozen=True)
class Desk:
    """A parcel at the returns desk: what was in it, and the announced return it comes under, if there is one."""

    parcel: Parcel
    shelves: list[Shelf]
    announced: ReturnParcel | None

    @property
    def lots(self) -> list[str]:
        return list(dict.fromkeys(shelf.item.lot.number for shelf in self.shelves))

    @property
    def has_serials(self) -> bool:
        return any(shelf.item.serials for shelf in self.shelves)

    @property
    def shipped(self) -> int:
        return sum(shelf.item.quantity for shelf in self.shelves)

    @property
    def back(self) -> int:
        return sum(shelf.back for shelf in self.shelves)

    def holds(self, code: str) -> bool:
        """Whether goods of this code were in the parcel."""
        return any(is_of(code, sku=shelf.item.product.sku, gtin=shelf.item.product.gtin) for shelf in self.shelves)

    def names(self, scans: Sequence[Scanned]) -> list[tuple[Scanned, str]]:
        """Return what was scanned with the names of the goods; nothing where they were not in the parcel."""
        return [(scan, self.name(scan)) for scan in scans]

    def name(self, scan: Scanned) -> str:
        of = [shelf.item for shelf in self.shelves if is_of(scan.code, sku=shelf.item.product.sku, gtin=shelf.item.product.gtin)]
        right = [item for item in of if scan.lot_number in ("", item.lot.number) and _is_one_of(scan.serial, item)]
        return right[0].product.shown_name if right else ""


def _is_one_of(serial: str, item: ParcelItem) -> bool:
    return not serial or not item.serials or serial in item.serials


def parcel_of(user: User, code: str) -> Parcel | None:
    """Return the parcel that a scanned code means: its number, a return's number or tracking number, or an order's if it has one."""
    seen = Parcel.objects.visible_to(user).filter(state=ParcelState.HANDED_OVER).select_related("order", "merchant", "warehouse")
    by_return = ReturnParcel.objects.visible_to(user).filter(state__in=sorted(COUNTABLE))
    tracked = by_return.filter(Q(tracking_number__iexact=code) | numbered(code, "TH", "pk")).values("parcel_id")
    found = list(seen.filter(numbered(code, "BG", "pk") | Q(order__number=code) | Q(pk__in=tracked)).order_by("id")[:2])
    return found[0] if len(found) == 1 else None


def desk(parcel: Parcel) -> Desk:
    """Gather what the desk shows of a parcel. Two queries."""
    back = Count("returned_units", filter=Q(returned_units__kind="expected"))
    items = ParcelItem.objects.filter(parcel=parcel, quantity__gt=0).select_related("product", "lot").annotate(back=back).order_by("id")
    announced = ReturnParcel.objects.filter(parcel=parcel, state__in=sorted(COUNTABLE)).order_by("id").first()
    return Desk(parcel, [Shelf(item, item.back) for item in items], announced)
