"""Record what was found, unit by unit; with the unit that decides, the verdict is given in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce, announce_each
from assurance.refusals import Refused, at_place
from qc.checks.actions.photographs import pictures_of
from qc.inspections.actions.claiming import check_inspector, own_work
from qc.inspections.actions.holding import lock, lock_all
from qc.inspections.actions.judging import Recorded, Seen, judge_all, points_so_far, units_so_far
from qc.inspections.actions.showing import Shot, keep_photos
from qc.inspections.models import InspectedUnit, Inspection
from qc.inspections.queries import Catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.inspections.models import DefectKind


MERCHANT: Final = "merchant"


class UnitRefused(Refused):
    """A unit cannot be meant, or not any more; the inspection stays as it is."""

    status = 422


class NoUnits(UnitRefused):
    code = "no_units"
    message = _("Name at least one unit.")


class NoSuchUnit(UnitRefused):
    code = "no_such_unit"
    message = _("The sample has the units 1 to %(sample_size)s; %(number)s is none of them.")


class UnitTwice(UnitRefused):
    code = "unit_recorded"
    status = 409
    message = _("Unit %(number)s is recorded already.")


class UnitUnclear(UnitRefused):
    code = "unit_unclear"
    message = _("Unit %(number)s: name the defects of a unit that fails, and none of a unit that conforms.")


class UnknownDefect(UnitRefused):
    code = "unknown_defect"
    message = _("The catalogue of these goods has no defect “%(defect)s”.")


class NoSuchPicture(UnitRefused):
    code = "no_such_photo"
    message = _("Unit %(number)s: name pictures that your own organisation has taken.")


class NothingToTakeBack(UnitRefused):
    code = "nothing_to_take_back"
    status = 409
    message = _("There is no recorded unit to take back.")


@dataclass(frozen=True)
class FoundUnit:
    """One unit as it was found. ``is_conforming`` has no default: somebody looked and says so.

    Of a unit that fails, ``liability`` says who answers for it (the merchant unless somebody else is named), ``photos`` are files of
    the actor's organisation that show it.
    """

    number: int
    is_conforming: bool
    defects: tuple[str, ...] = ()
    liability: str = ""
    photos: tuple[int, ...] = ()


@dataclass(frozen=True)
class FoundSample:
    """What was found of one inspection's sample, and when."""

    inspection_id: int
    units: Sequence[FoundUnit]
    at: datetime


def record_units(*, inspection_id: int, units: Sequence[FoundUnit], actor: User, at: datetime) -> Recorded:
    """Record units of the sample; all of them or none. The verdict is given as soon as the plan can tell.

    Units that come after the deciding one in the same list are recorded too: somebody has looked at them.

    :raises AlreadyDecided, NotClaimed, AlreadyClaimed, OwnWork: if the actor is not inspecting this
    :raises NoUnits, NoSuchUnit, UnitTwice, UnitUnclear, UnknownDefect: if a unit cannot be meant
    """
    return record_all([FoundSample(inspection_id, units, at)], actor=actor)[0]


@transaction.atomic
def record_all(samples: Sequence[FoundSample], *, actor: User) -> list[Recorded]:
    """Record units of many inspections, each named once; verdicts are given where a plan can tell.

    :raises Refused: what ``record_units`` refuses, of the first that is refused; then nothing is recorded
    """
    inspections = lock_all([sample.inspection_id for sample in samples])
    own = own_work(inspections, actor)
    catalogue = Catalogue()
    standing = units_so_far(inspections)
    for place, (inspection, sample) in enumerate(zip(inspections, samples, strict=True)):
        with at_place(place):
            check_inspector(inspection, actor, own)
            _check(inspection, sample.units, catalogue.of(inspection), standing[inspection.pk])
    pairs = list(zip(inspections, samples, strict=True))
    _insert(pairs, actor)
    announce_each([_news(inspection, sample, actor) for inspection, sample in pairs])
    points = points_so_far(inspections)
    seen = []
    for inspection, sample in pairs:
        found = standing[inspection.pk] | {unit.number: list(unit.defects) for unit in sample.units}
        seen.append(Seen(inspection, found, points[inspection.pk], sample.at))
    return judge_all(seen, catalogue, actor=actor)


def _insert(pairs: Sequence[tuple[Inspection, FoundSample]], actor: User) -> None:
    pictures = pictures_of([_shown(sample) for _, sample in pairs], actor=actor)
    for _inspection, sample in pairs:
        for place, unit in enumerate(sample.units):
            if any(pk not in pictures for pk in unit.photos):
                raise NoSuchPicture(field=f"units.{place}.photos", number=unit.number)
    rows = [(_unit(inspection, unit, actor, sample.at), unit) for inspection, sample in pairs for unit in sample.units]
    InspectedUnit.objects.bulk_create(row for row, _ in rows)
    keep_photos([Shot(row.inspection, pictures[pk], row.recorded_at, unit=row) for row, unit in rows for pk in unit.photos], actor=actor)


def _shown(sample: FoundSample) -> dict[str, tuple[int, ...]]:
    return {str(unit.number): unit.photos for unit in sample.units if unit.photos}


def _unit(inspection: Inspection, unit: FoundUnit, actor: User, at: datetime) -> InspectedUnit:
    return InspectedUnit(
        inspection=inspection,
        merchant_id=inspection.merchant_id,
        number=unit.number,
        is_conforming=unit.is_conforming,
        defects=sorted(set(unit.defects)),
        liability="" if unit.is_conforming else unit.liability or MERCHANT,
        recorded_by=actor,
        recorded_at=at,
    )


def _news(inspection: Inspection, sample: FoundSample, actor: User) -> News:
    found = {str(unit.number): sorted(set(unit.defects)) for unit in sample.units}
    ids = {"inspection_id": inspection.pk}
    return News("qc.inspection.recorded", inspection, {"units": [None, found]}, sample.at, actor, ids)


@transaction.atomic
def take_back_unit(*, inspection_id: int, actor: User, at: datetime, number: int | None = None) -> InspectedUnit:
    """Take a unit back before the verdict, the last one recorded unless a number is given. Its row stays and says so.

    :raises AlreadyDecided, NotClaimed, AlreadyClaimed, OwnWork: if the actor is not inspecting this
    :raises NothingToTakeBack: if there is no such unit
    """
    inspection = lock(inspection_id)
    check_inspector(inspection, actor, own_work([inspection], actor))
    standing = inspection.units.standing()
    unit = (standing.filter(number=number) if number else standing.order_by("-id")).first()
    if unit is None:
        raise NothingToTakeBack
    unit.withdrawn_at, unit.withdrawn_by = at, actor
    unit.save(update_fields=["withdrawn_at", "withdrawn_by"])
    changes = {"units": [{str(unit.number): unit.defects}, None]}
    announce("qc.inspection.unit_taken_back", actor=actor, at=at, subject=inspection, changes=changes, inspection_id=inspection.pk)
    return unit


def _check(inspection: Inspection, units: Sequence[FoundUnit], kinds: Mapping[str, DefectKind], recorded: Mapping[int, list[str]]) -> None:
    if not units:
        raise NoUnits(field="units")
    taken = set(recorded)
    for place, unit in enumerate(units):
        field = f"units.{place}"
        if not 1 <= unit.number <= inspection.sample_size:
            raise NoSuchUnit(field=f"{field}.number", number=unit.number, sample_size=inspection.sample_size)
        if unit.number in taken:
            raise UnitTwice(field=f"{field}.number", number=unit.number)
        if unit.is_conforming == bool(unit.defects):
            raise UnitUnclear(field=f"{field}.defects", number=unit.number)
        if unit.is_conforming and (unit.liability or unit.photos):
            raise UnitUnclear(field=f"{field}.liability", number=unit.number)
        if unknown := next((code for code in unit.defects if code not in kinds), None):
            raise UnknownDefect(field=f"{field}.defects", defect=unknown)
        taken.add(unit.number)
