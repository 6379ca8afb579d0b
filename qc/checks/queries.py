"""What pages and actions ask about checks before sending."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import get_language, gettext, pgettext

from assurance.products.models import Category
from qc.checks.checkpoints import Version, choose, merged
from qc.checks.leaves import leaf_hash, path_of
from qc.checks.models import CheckedGoods, Checklist, CheckShare, DrawDay, OutboundCheck, ParcelDraw
from qc.checks.shares import ALL, Share, is_drawn, share_of, ticket_of
from qc.nonconformance.models import NonConformance
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Parcel, ParcelItem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile
    from assurance.products.models import Product
    from qc.checks.checkpoints import Checkpoint
    from qc.checks.models import OutboundCheckQuerySet
    from warehouse.orders.models import ParcelQuerySet


class Lists:
    """The checklists of one stage with the categories they hang on; three queries for any number of products."""

    def __init__(self, stage: str, product_ids: Collection[int]) -> None:
        self._above = {row.pk: row for row in Category.objects.all()}
        rows = Checklist.objects.filter(Q(product=None) | Q(product_id__in=product_ids), stage=stage).order_by("id")
        self._versions = [Version(row.pk, row.product_id, row.category, row.from_date, row.points) for row in rows]

    def of(self, product: Product | None, *, day: date) -> Version | None:
        """Return the list that a product is checked by on a day; what nobody knows is checked by everybody's."""
        codes, category = [], self._above.get(product.category_id) if product else None
        while category:
            codes.append(category.code)
            category = self._above.get(category.parent_id) if category.parent_id else None
        return choose(self._versions, product_id=product.pk if product else 0, categories=codes, day=day)


KEPT: Final = 500
SHOWN: Final = 30
_kept: dict[tuple[str, int], Checklist] = {}


def kept_checklists(ids: Collection[int]) -> dict[int, Checklist]:
    """Return lists by number, read once a process: a list never changes, and reading its points costs. One query at most."""
    place = str(connection.settings_dict["NAME"])
    if any((place, pk) not in _kept for pk in ids):
        if len(_kept) > KEPT:
            _kept.clear()
        _kept.update({(place, row.pk): row for row in Checklist.objects.filter(pk__in=ids)})
    return {pk: _kept[place, pk] for pk in ids if (place, pk) in _kept}


@dataclass(frozen=True)
class Asked:
    """What is asked of one parcel or unit: the points, the lists they come from, and the earliest expiry of the goods."""

    points: tuple[Checkpoint, ...]
    checklists: tuple[int, ...]
    expiry: date | None
    items: tuple[ParcelItem, ...] = ()


def questions_for(parcel_ids: Iterable[int], *, days: Mapping[int, date], stage: str = "outbound") -> dict[int, Asked]:
    """Return what is asked of each parcel on its day: the points of all its products, each once. Three queries."""
    of: dict[int, list[ParcelItem]] = defaultdict(list)
    items = ParcelItem.objects.filter(parcel_id__in=parcel_ids, quantity__gt=0).select_related("product", "lot").order_by("id")
    for item in items:
        of[item.parcel_id].append(item)
    lists = Lists(stage, {item.product_id for some in of.values() for item in some})
    return {parcel_id: _asked(some, lists, days[parcel_id]) for parcel_id, some in of.items()}


def _asked(items: Sequence[ParcelItem], lists: Lists, day: date) -> Asked:
    products = {item.product_id: item.product for item in items}
    found = [version for product in products.values() if (version := lists.of(product, day=day))]
    expiries = [item.lot.expiry_date for item in items if item.lot.expiry_date]
    return Asked(
        points=merged([version.points for version in found]),
        checklists=tuple(sorted({version.id for version in found})),
        expiry=min(expiries, default=None),
        items=tuple(items),
    )


def points_of(checklist_ids: Sequence[int]) -> tuple[Checkpoint, ...]:
    """Return the points that a record was judged by."""
    rows = {row.pk: row for row in Checklist.objects.filter(pk__in=checklist_ids)}
    return merged([rows[pk].points for pk in checklist_ids if pk in rows])


@dataclass(frozen=True)
class Answered:
    """One point with what was found, in words, and its photographs."""

    point: Checkpoint
    name: str
    words: str
    is_fine: bool
    because: str
    photos: list[StoredFile]


def answered(
    points: Iterable[Checkpoint], answers: Mapping[str, Any], because: Mapping[str, Any], photos: Mapping[str, list[StoredFile]]
) -> list[Answered]:
    """Say every answer in the language that is active now; ``because`` is what the record keeps of the points that fail."""
    language = get_language() or ""
    failing = {told["point"]: told for told in because.get("points", ())}
    found = []
    for point in points:
        if point.code not in answers:
            continue
        told = failing.get(point.code)
        reason = gettext(told["message"]) % told["params"] if told else ""
        words = words_of(point, answers[point.code], language)
        found.append(Answered(point, point.name(language), words, told is None, reason, photos.get(point.code, [])))
    return found


def words_of(point: Checkpoint, value: object, language: str) -> str:
    """Return an answer in words."""
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    option = next((one for one in point.options if one.code == value), None)
    if option:
        return option.en if language.startswith("en") else option.zh
    if value == "none":
        return gettext("None printed")
    return f"{value} {point.unit}".strip()


def fine_of(check: OutboundCheck) -> dict[str, bool]:
    """Return which points were fine when the parcel left."""
    failing = {told["point"] for told in check.because.get("points", ())}
    return {code: code not in failing for code in check.answers}


def photos_of(rows: Iterable[Any]) -> dict[str, list[StoredFile]]:
    """Return photographs by the point they show."""
    of: dict[str, list[StoredFile]] = defaultdict(list)
    for row in rows:
        of[row.checkpoint].append(row.file)
    return of


def find(user: User, *, verdict: str = "", q: str = "") -> OutboundCheckQuerySet:
    """Return the checks a user sees, the newest first."""
    found = OutboundCheck.objects.visible_to(user).select_related("parcel__order", "inspector", "merchant", "warehouse")
    if verdict:
        found = found.filter(verdict=verdict)
    if q:
        found = found.filter(by_number(q, "parcel_id", "BG") | Q(parcel__order__number__istartswith=q))
    return found.order_by("-id")


def by_number(q: str, column: str, prefix: str) -> Q:
    """Return the condition that a document number says, if it says one."""
    digits = q.upper().removeprefix(f"{prefix}-")
    return Q(**{column: int(digits)}) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else Q(pk=None)


def waiting(user: User) -> ParcelQuerySet:
    """Return the packed parcels that nobody has found wrong since they were packed, the most urgent first."""
    again = NonConformance.objects.open().filter(stage="outbound", parcel=OuterRef("pk"), opened_at__gte=OuterRef("packed_at"))
    found = Parcel.objects.visible_to(user).filter(~Exists(again), state=ParcelState.PACKED)
    return found.select_related("order", "merchant", "packed_by").order_by("ship_by", "id")


def scanned(user: User, code: str) -> Parcel | None:
    """Return the parcel whose number somebody scanned or typed, of those the user sees; an order's number will do if it has one."""
    seen = Parcel.objects.visible_to(user).select_related("order", "merchant", "packed_by")
    numbered = seen.filter(by_number(code, "pk", "BG")).first()
    if numbered:
        return numbered
    ordered = list(seen.filter(order__number=code).exclude(state=ParcelState.CANCELLED).order_by("id")[:2])
    return ordered[0] if len(ordered) == 1 else None


@dataclass(frozen=True)
class Proof:
    """What shows that a check stands in the day's tree: ``tree.includes(leaf_hash(says), index, size, path, root)``."""

    goods: CheckedGoods
    index: int
    size: int
    path: list[str]
    root: str
    evidence_entry_id: int


def proofs_of(check: OutboundCheck) -> list[Proof]:
    """Return the proof of every product of a check whose day is closed."""
    proofs = []
    for goods in check.goods.select_related("day_of_checks", "product").order_by("product_id"):
        day = goods.day_of_checks
        if day is None:
            continue
        rows = list(day.leaves.order_by("id").values_list("id", "says"))
        index = [pk for pk, _ in rows].index(goods.pk)
        path = path_of(index, [leaf_hash(says) for _, says in rows])
        proofs.append(Proof(goods, index, len(rows), [node.hex() for node in path], day.root, day.evidence_entry_id))
    return proofs


# --- the draw before sealing --------------------------------------------------------------------------------------
def is_any_spared() -> bool:
    """Say whether anywhere fewer than all parcels are checked."""
    return CheckShare.objects.filter(percent__lt=ALL).exists()


def to_draw(most: int) -> list[int]:
    """Return packed and weighed parcels that nobody has drawn or checked, the most urgent first."""
    drawn, checked = ParcelDraw.objects.filter(parcel=OuterRef("pk")), OutboundCheck.objects.filter(parcel=OuterRef("pk"))
    found = Parcel.objects.filter(~Exists(drawn), ~Exists(checked), state=ParcelState.PACKED, measured_weight_g__isnull=False)
    return list(found.order_by("ship_by", "id").values_list("pk", flat=True)[:most])


def percents_of(parcel_ids: Collection[int]) -> dict[int, int]:
    """Return the share that counts for each parcel: the largest of its products. Three queries."""
    rows = CheckShare.objects.order_by("id").values_list("id", "percent", "merchant_id", "warehouse_id", "category")
    shares = [Share(*row) for row in rows]
    above = dict(Category.objects.values_list("code", "parent__code"))
    found: dict[int, int] = {}
    items = ParcelItem.objects.filter(parcel_id__in=parcel_ids, quantity__gt=0)
    for pk, merchant, warehouse, code in items.values_list("parcel_id", "merchant_id", "warehouse_id", "product__category__code"):
        categories: list[str] = []
        place: str | None = code
        while place:
            categories.append(place)
            place = above.get(place)
        share = share_of(shares, merchant_id=merchant, warehouse_id=warehouse, categories=categories)
        found[pk] = max(share, found.get(pk, 0))
    return found


def shares(user: User) -> list[CheckShare]:
    """Return the shares that concern a user, the newest first."""
    return list(CheckShare.objects.visible_to(user).select_related("warehouse", "merchant", "set_by").order_by("-id")[:SHOWN])


def draw_days(user: User) -> list[DrawDay]:
    """Return the last days with draws, each with how many parcels were drawn and spared."""
    counted = {"drawn": Count("draws", filter=Q(draws__is_drawn=True)), "spared": Count("draws", filter=Q(draws__is_drawn=False))}
    found = DrawDay.objects.visible_to(user).select_related("warehouse").annotate(**counted)
    return list(found.order_by("-day_date", "warehouse_id")[:SHOWN])


@dataclass(frozen=True)
class Redrawn:
    """A day's parcels drawn again, and what is wrong, if anything."""

    warehouse: str
    day: date
    parcels: int
    flaw: str = ""


def redraw_days(*, before: date) -> list[Redrawn]:
    """Draw the parcels of every day again whose seed is open, and compare with what is on record."""
    days = DrawDay.objects.filter(day_date__lt=before).select_related("warehouse").prefetch_related("draws").order_by("day_date", "id")
    return [Redrawn(day.warehouse.code, day.day_date, len(day.draws.all()), _flaw_of(day)) for day in days]


def _flaw_of(day: DrawDay) -> str:
    if sha256(bytes.fromhex(day.seed)).hexdigest() != day.commitment:
        return "the seed is not the one that was committed to"
    for draw in day.draws.all():
        ticket = ticket_of(day.seed, draw.parcel_id)
        if (draw.ticket, draw.is_drawn) != (ticket, is_drawn(ticket, draw.percent)):
            return f"parcel {draw.parcel_id} draws {ticket}, on record is {draw.ticket}"
    return ""
