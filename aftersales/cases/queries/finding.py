"""Find what belongs to a case: from an order, parcel, lot, sample or return to everything that was recorded about it (P14.4)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Protocol

from django.db.models import Max, Q

from aftersales.cases.lifecycle import CaseState
from aftersales.cases.models import Case
from aftersales.cases.records import Records
from assurance.codes import document_number
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.fees.models import FeeLine
from logistics.dispatch.models import Waybill
from qc.checks.models import OutboundCheck
from qc.inspections.models import Inspection
from qc.labs.models import Sample
from qc.returned.models import ReturnInspection
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Allocation, Order, OrderLine, Parcel
from warehouse.returns.models import ReturnParcel, ReturnUnit
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assurance.accounts.models import User

ORDER: Final = "warehouse.order"
PARCEL: Final = "warehouse.parcel"
LOT: Final = "warehouse.lot"
SAMPLE: Final = "qc.sample"
RETURN: Final = "warehouse.returnparcel"
UNIT: Final = "warehouse.returnunit"
WAYBILL: Final = "logistics.waybill"
INSPECTION: Final = "qc.inspection"
CHECK: Final = "qc.outboundcheck"
RETURN_CHECK: Final = "qc.returninspection"
FEE: Final = "assurance.feeline"
ENROLMENT: Final = "assurance.enrolment"
Key = tuple[str, int]


class OfARule(Protocol):
    """What a case of a rule is known by."""

    @property
    def rule(self) -> str: ...
    @property
    def about_kind(self) -> str: ...
    @property
    def about_id(self) -> int: ...


def standing_of_rules(wanted: Sequence[OfARule]) -> set[tuple[str, str, int]]:
    """Return of which rules and subjects a case is open. One query."""
    rules = {one.rule for one in wanted if one.rule}
    numbers = {one.about_id for one in wanted if one.rule}
    standing = Case.objects.filter(rule__in=rules, about_id__in=numbers).exclude(state=CaseState.CLOSED)
    return set(standing.values_list("rule", "about_kind", "about_id"))


def called(number: str, user: User) -> Key | None:
    """Return the order, parcel, waybill or lot that people call by this number, among those the user sees."""
    parcel = int(number[3:]) if number.upper().startswith("BG-") and number[3:].isascii() and number[3:].isdigit() else None
    if parcel is not None and len(number) <= 20:
        return (PARCEL, parcel) if Parcel.objects.visible_to(user).filter(pk=parcel).exists() else None
    order = Order.objects.visible_to(user).filter(number=number).order_by("-id").values_list("pk", flat=True).first()
    if order is not None:
        return ORDER, order
    sent = Waybill.objects.visible_to(user).filter(number=number).order_by("-id").values_list("parcel_id", flat=True).first()
    if sent is not None:
        return PARCEL, sent
    lot = Lot.objects.visible_to(user).filter(number=number).order_by("-id").values_list("pk", flat=True).first()
    return (LOT, lot) if lot is not None else None


def records_about(abouts: Sequence[Key], *, merchants: Sequence[int | None] = ()) -> list[Records | None]:
    """Return, for each thing, everything recorded about it; None for what is not there.

    ``merchants`` narrows an order of several merchants to one. As many queries for one thing as for a thousand of its kind.
    """
    numbers: dict[str, list[int]] = defaultdict(list)
    for kind, number in abouts:
        numbers[kind].append(number)
    narrowed = list(merchants) or [None] * len(abouts)
    known = _known(numbers)
    found = [_narrow(known.get(key), merchant) for key, merchant in zip(abouts, narrowed, strict=True)]
    there = [one for one in found if one is not None]
    _add_parcels(there)
    _add_goods(there)
    _add_what_was_checked(there)
    _add_costs(there)
    return found


def _narrow(records: Records | None, merchant: int | None) -> Records | None:
    if records is None:
        return None
    return Records(
        about=records.about,
        merchant_id=merchant or records.merchant_id,
        product_ids=set(records.product_ids),
        lot_ids=set(records.lot_ids),
        order_id=records.order_id,
        parcel_ids=set(records.parcel_ids),
        found=dict(records.found),
    )


def _known(numbers: Mapping[str, Sequence[int]]) -> dict[Key, Records]:
    """Return what each thing is by itself, before anything else is looked for."""
    known: dict[Key, Records] = {}
    for pk, number, merchant in Order.objects.filter(pk__in=numbers.get(ORDER, ())).values_list("pk", "number", "merchant_id"):
        known[ORDER, pk] = Records(number, merchant, order_id=pk)
    for pk, merchant, order in Parcel.objects.filter(pk__in=numbers.get(PARCEL, ())).values_list("pk", "merchant_id", "order_id"):
        known[PARCEL, pk] = Records(document_number("BG", pk), merchant, order_id=order, parcel_ids={pk})
    for pk, number, merchant, product in Lot.objects.filter(pk__in=numbers.get(LOT, ())).values_list(
        "pk", "number", "merchant_id", "product_id"
    ):
        known[LOT, pk] = Records(number, merchant, {product}, {pk})
    for sample in Sample.objects.filter(pk__in=numbers.get(SAMPLE, ())):
        known[SAMPLE, sample.pk] = Records(sample.code, sample.merchant_id, {sample.product_id}, {sample.lot_id})
    for back in ReturnParcel.objects.filter(pk__in=numbers.get(RETURN, ())).select_related("parcel"):
        known[RETURN, back.pk] = Records(back.code, back.merchant_id)
        if back.parcel is not None:
            known[RETURN, back.pk].order_id, known[RETURN, back.pk].parcel_ids = back.parcel.order_id, {back.parcel_id or 0}
    for unit in ReturnUnit.objects.filter(pk__in=numbers.get(UNIT, ())).select_related("parcel"):
        lots = {unit.lot_id} if unit.lot_id else set()
        products = {unit.product_id} if unit.product_id else set()
        known[UNIT, unit.pk] = Records(
            unit.code, unit.merchant_id, products, lots, order_id=unit.parcel.order_id, parcel_ids={unit.parcel_id}
        )
    return known


def _add_parcels(found: Iterable[Records]) -> None:
    """Add orders, parcels and what lies in them. Three queries."""
    records = list(found)
    orders = {one.order_id for one in records if one.order_id}
    whole = {one.order_id for one in records if one.order_id and not one.parcel_ids}
    by_order: dict[tuple[int, int], set[int]] = defaultdict(set)
    sent = Parcel.objects.filter(order_id__in=whole).exclude(state=ParcelState.CANCELLED).order_by("pk")
    for pk, order, merchant in sent.values_list("pk", "order_id", "merchant_id"):
        by_order[order, merchant].add(pk)
    ordered: dict[tuple[int, int], set[int]] = defaultdict(set)
    for order, merchant, product in OrderLine.objects.filter(order_id__in=orders).values_list("order_id", "merchant_id", "product_id"):
        ordered[order, merchant].add(product)
    for one in records:
        if one.order_id:
            one.parcel_ids |= by_order[one.order_id, one.merchant_id] if not one.parcel_ids else set()
            one.add("order", ORDER, one.order_id)
        for parcel in sorted(one.parcel_ids):
            one.add("parcel", PARCEL, parcel)
    inside = _inside({parcel for one in records for parcel in one.parcel_ids})
    for one in records:
        for lot, product in (pair for parcel in sorted(one.parcel_ids) for pair in inside[parcel]):
            one.lot_ids.add(lot)
            one.product_ids.add(product)
        if one.order_id and not one.product_ids:
            one.product_ids |= ordered[one.order_id, one.merchant_id]


def _inside(parcels: set[int]) -> dict[int, list[tuple[int, int]]]:
    """Return lot and product of what each parcel holds or is to hold."""
    inside: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Allocation.objects.standing().filter(parcel_id__in=parcels).order_by("pk")
    for parcel, lot, product in rows.values_list("parcel_id", "lot_id", "product_id"):
        inside[parcel].append((lot, product))
    return inside


def _add_goods(found: Iterable[Records]) -> None:
    """Add the lots, their inbound inspections and laboratory samples, and the products' enrolments. Three queries."""
    records = list(found)
    lots = {lot for one in records for lot in one.lot_ids}
    inspections = _by_key(Inspection.objects.filter(lot_id__in=lots).order_by("pk").values_list("lot_id", "pk"))
    samples = _by_key(Sample.objects.filter(lot_id__in=lots).order_by("pk").values_list("lot_id", "pk"))
    products = {product for one in records for product in one.product_ids}
    enrolled = Enrolment.objects.filter(product_id__in=products).exclude(state=EnrolmentState.DRAFT)
    enrolments = dict(enrolled.values_list("product_id").annotate(newest=Max("pk")))
    for one in records:
        for lot in sorted(one.lot_ids):
            one.add("lot", LOT, lot)
            for pk in inspections[lot]:
                one.add("inspection", INSPECTION, pk)
            for pk in samples[lot]:
                one.add("sample", SAMPLE, pk)
        for product in sorted(one.product_ids):
            if product in enrolments:
                one.add("claim", ENROLMENT, enrolments[product])


def _add_what_was_checked(found: Iterable[Records]) -> None:
    """Add outbound checks, waybills and returns of the parcels. Three queries."""
    records = list(found)
    parcels = {parcel for one in records for parcel in one.parcel_ids}
    of_parcels = Q(parcel_id__in=parcels)
    checks = _by_key(OutboundCheck.objects.filter(of_parcels).order_by("pk").values_list("parcel_id", "pk"))
    waybills = _by_key(Waybill.objects.filter(of_parcels).order_by("pk").values_list("parcel_id", "pk"))
    returns = _by_key(ReturnParcel.objects.filter(of_parcels).order_by("pk").values_list("parcel_id", "pk"))
    for one in records:
        for parcel in sorted(one.parcel_ids):
            for relation, kind, rows in (("outbound_check", CHECK, checks), ("waybill", WAYBILL, waybills), ("return", RETURN, returns)):
                for pk in rows[parcel]:
                    one.add(relation, kind, pk)


SOURCES: Final = {PARCEL, WAYBILL, INSPECTION, SAMPLE, RETURN}
"""Tables whose rows cost the merchant something."""


def _add_costs(found: Iterable[Records]) -> None:
    """Add the fee lines of what was found, those of returned units and their inspections too. Three queries."""
    records = list(found)
    units = _by_key(
        ReturnUnit.objects.filter(parcel_id__in={parcel for one in records for parcel in one.parcel_ids})
        .order_by("pk")
        .values_list("parcel_id", "pk")
    )
    inspected = ReturnInspection.objects.filter(unit_id__in={unit for each in units.values() for unit in each})
    checked = dict(inspected.values_list("unit_id", "pk"))
    sources = [_sources(one, units, checked) for one in records]
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, number in {source for each in sources for source in each}:
        wanted[kind].add(number)
    condition = Q(pk__in=[])
    for kind, numbers in sorted(wanted.items()):
        condition |= Q(operation__source_kind=kind, operation__source_id__in=sorted(numbers))
    lines: dict[Key, list[int]] = defaultdict(list)
    rows = FeeLine.objects.filter(condition).order_by("pk").values_list("operation__source_kind", "operation__source_id", "pk")
    for kind, number, pk in rows:
        lines[kind, number].append(pk)
    for one, keys in zip(records, sources, strict=True):
        for key in keys:
            for pk in lines[key]:
                one.add("fee_line", FEE, pk)


def _sources(one: Records, units: Mapping[int, Sequence[int]], checked: Mapping[int, int]) -> list[Key]:
    ours = [(record.kind, record.pk) for record in one.all if record.kind in SOURCES]
    back = [pk for parcel in sorted(one.parcel_ids) for pk in units[parcel]]
    return ours + [(UNIT, pk) for pk in back] + [(RETURN_CHECK, checked[pk]) for pk in back if pk in checked]


def _by_key(pairs: Iterable[tuple[int | None, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for key, number in pairs:
        if key is not None:
            found[key].append(number)
    return found
