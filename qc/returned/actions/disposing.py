"""Decide what becomes of a graded unit. The decision, the clearance and the goods' move commit together (P5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI
from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.gates.actions import Judgement, clear_all
from assurance.products.models import Product
from assurance.refusals import Refused, at_place
from assurance.sentences import keep
from qc.returned.actions.failing import close_settled
from qc.returned.actions.inspecting import OtherWarehouse
from qc.returned.grading import is_fresh_enough
from qc.returned.models import ReturnDisposition, ReturnInspection
from qc.returned.queries import defaulted
from warehouse.returns.actions import Settlement, lock_units, settle_units
from warehouse.returns.actions.settling import check_offered
from warehouse.returns.grades import Disposition
from warehouse.stock.freshness import Standing, standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.gates.models import Clearance
    from warehouse.returns.models import ReturnUnit

RESTOCKED: Final = gettext_noop("Returned unit %(unit)s is as new and has shelf life left.")
keep(RESTOCKED)
STAGE: Final = "return"


class NotFresh(Refused):
    code = "not_fresh"
    message = _("Lot %(lot)s expires on %(expiry)s: too little shelf life is left to sell this unit again.")


class ReasonMissing(Refused):
    code = "required"
    status = 422
    message = _("Say why it is destroyed.")


class WitnessMissing(Refused):
    code = "witness_missing"
    status = 422
    message = _("Name a second person of this warehouse who sees it destroyed.")


class DecidedByDeadline(Refused):
    code = "decided_by_deadline"
    message = _("Nobody decided on unit %(unit)s in time: it goes back to the merchant.")


class UnitTwice(Refused):
    code = "unit_twice"
    status = 422
    message = _("Unit %(unit)s is named twice.")


@dataclass(frozen=True)
class Disposal:
    """What becomes of one unit. To destroy needs a reason and the person who saw it."""

    unit_id: int
    disposition: Disposition
    reason: str = ""
    witness_id: int | None = None
    at: datetime | None = None


@transaction.atomic
def dispose(entries: Sequence[Disposal], *, actor: User, at: datetime) -> list[ReturnDisposition]:
    """Decide on units, all of them or none, in the same number of queries for one as for many.

    What goes back on a shelf gets a clearance of its lot's stage "return"; its shelf life and the stops that cover it are asked
    again now (P8.5).

    :raises WrongState, NotOffered: if the unit or its grade does not allow it (P8.2)
    :raises NotFresh, Stopped: if it may not be sold again
    :raises DecidedByDeadline: if nobody decided in time and this is not what the rule says
    :raises ReasonMissing, WitnessMissing: if it is to be destroyed without
    :raises OtherWarehouse, UnitTwice: if one is not to be decided here
    """
    units = lock_units(one.unit_id for one in entries)
    people, products = _witnesses(entries, actor), _products(units)
    seen: set[int] = set()
    bound = defaulted(units)
    for place, one in enumerate(entries):
        with at_place(place):
            if one.unit_id in bound and one.disposition != Disposition.RETURN:
                raise DecidedByDeadline(field="disposition", unit=units[one.unit_id].code)
            _check(one, units[one.unit_id], actor, people)
            _check_life(one, units[one.unit_id], products, at=one.at or at)
            if one.unit_id in seen:
                raise UnitTwice(unit=units[one.unit_id].code)
            seen.add(one.unit_id)
    inspections = {row.unit_id: row for row in ReturnInspection.objects.filter(unit_id__in=units)}
    clearances = _clear(entries, units, actor=actor, at=at)
    settle_units(
        [Settlement(units[one.unit_id], one.disposition, clearances.get(one.unit_id), one.at) for one in entries], actor=actor, at=at
    )
    rows = ReturnDisposition.objects.bulk_create(
        ReturnDisposition(
            merchant_id=units[one.unit_id].merchant_id,
            warehouse_id=units[one.unit_id].warehouse_id,
            unit=units[one.unit_id],
            inspection=inspections[one.unit_id],
            disposition=one.disposition,
            reason=one.reason,
            decided_by=actor,
            witness_id=one.witness_id if one.disposition == Disposition.DESTROY else None,
            decided_at=one.at or at,
            clearance=clearances.get(one.unit_id),
        )
        for one in entries
    )
    close_settled(rows, actor=actor, at=at)
    announce_each([_news(row, actor) for row in rows])
    return rows


def _witnesses(entries: Sequence[Disposal], actor: User) -> set[int]:
    """Return who of the named people may have seen it: others of this warehouse."""
    named = {one.witness_id for one in entries if one.witness_id}
    if not named:
        return set()
    others = User.objects.filter(pk__in=named, organisation_id=actor.organisation_id, is_active=True).exclude(pk=actor.pk)
    return set(others.values_list("pk", flat=True))


def _check(one: Disposal, unit: ReturnUnit, actor: User, people: set[int]) -> None:
    if unit.warehouse_id != actor.organisation_id:
        raise OtherWarehouse
    check_offered(unit, one.disposition)
    if one.disposition == Disposition.DESTROY:
        if not one.reason.strip():
            raise ReasonMissing(field="reason")
        if one.witness_id not in people:
            raise WitnessMissing(field="witness")


def _products(units: Mapping[int, ReturnUnit]) -> dict[int, Product]:
    """Return the goods of units with the category that says how long they may be sold. One query."""
    ids = {unit.product_id for unit in units.values() if unit.product_id}
    return {one.pk: one for one in Product.objects.filter(pk__in=ids).select_related("category")}


def _check_life(one: Disposal, unit: ReturnUnit, products: Mapping[int, Product], *, at: datetime) -> None:
    """:raises NotFresh: if goods that go back on a shelf are near their end, by our own measure or by their category's"""
    lot = unit.lot
    if one.disposition != Disposition.RESTOCK or lot is None:
        return
    day, product = at.astimezone(SHANGHAI).date(), products[lot.product_id]
    stands = standing(
        produced=lot.produced_date,
        expires=lot.expiry_date,
        on=day,
        rules=product.category.shelf_life,
        life_days=product.shelf_life_days,
    )
    enough = is_fresh_enough(produced=lot.produced_date, expiry=lot.expiry_date, day=day)
    if not enough or stands.state not in (Standing.UNDATED, Standing.FRESH):
        raise NotFresh(field="disposition", lot=lot.number, expiry=lot.expiry_date)


def _clear(entries: Sequence[Disposal], units: Mapping[int, ReturnUnit], *, actor: User, at: datetime) -> dict[int, Clearance]:
    """Clear what goes back on a shelf: the tranche of the lot's stage "return" is the unit's number."""
    again = [one for one in entries if one.disposition == Disposition.RESTOCK]
    judgements = [
        Judgement(
            "lot",
            units[one.unit_id].lot_id or 0,
            "released",
            units[one.unit_id].merchant_id,
            RESTOCKED % {"unit": units[one.unit_id].code},
            tranche=one.unit_id,
            at=one.at or at,
        )
        for one in again
    ]
    given = clear_all(judgements, stage=STAGE, actor=actor, at=at) if judgements else []
    return {one.unit_id: clearance for one, clearance in zip(again, given, strict=True)}


def _news(row: ReturnDisposition, actor: User) -> News:
    unit = row.unit
    ids = {"return_unit_id": unit.pk, "return_id": unit.return_parcel_id, "parcel_id": unit.parcel_id, "inspection_id": row.inspection_id}
    changes = first(row, "unit_id", "disposition", "witness_id")
    return News("qc.return.disposed", row, changes, row.decided_at, actor, ids, reason=row.reason)
