"""Open inspections for goods that wait: one tranche at a time, its plan fixed when somebody begins."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change, first
from assurance.refusals import Refused, at_place
from qc.checks.queries import Lists
from qc.inspections.actions.severities import InspectionSuspended, Severities, lock_severities
from qc.inspections.drawing import commitment_of, is_full_turn
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import ClassSeverity, DefectKind, InspectedUnit, Inspection, InspectionSeed
from qc.inspections.plans import SKIP_LEVEL, due, plan_tranche
from qc.nonconformance.queries import resubmitted_units
from warehouse.returns.queries import waiting_units
from warehouse.stock.actions import lock_lots
from warehouse.stock.custody import Custody
from warehouse.stock.models import Lot
from warehouse.stock.queries import available

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.events.changes import Changes
    from qc.inspections.sampling import ClassPlans, DefectClass

STAGE = "inbound"


class NothingToInspect(Refused):
    code = "nothing_to_inspect"
    message = _("All units of lot %(lot)s that wait are in an inspection already.")


class NoCatalogue(Refused):
    code = "no_defect_catalogue"
    message = _("The catalogue of defects or the checklists have not been loaded.")


@dataclass(frozen=True)
class Opening:
    """A lot whose waiting units are to be inspected; ``source`` says who made it up, if it is not the floor.

    What was not accepted and is put up again is not original: switching does not count it.
    """

    lot_id: int
    at: datetime
    source: str = "floor"
    is_original: bool = True


def open_inspection(*, lot_id: int, actor: User | None, at: datetime, is_original: bool = True) -> Inspection:
    """Put every unit of a lot that waits and is in no inspection yet into one, and return it.

    While nobody has begun the newest tranche, it grows and its plan is found anew; from the first claim with a unit
    on, what comes later is the next tranche. So there is one open inspection per lot, stage and tranche (P4.4, P4.8).

    :raises NothingToInspect: if all of it is in an inspection
    :raises InspectionSuspended: until a corrective action is approved
    :raises NoCatalogue: before the reference data were loaded
    """
    return open_all([Opening(lot_id, at, is_original=is_original)], actor=actor)[0]


@transaction.atomic
def open_all(openings: Sequence[Opening], *, actor: User | None) -> list[Inspection]:
    """Open inspections for many lots, each named once; as many statements for one as for hundreds.

    :raises NothingToInspect, InspectionSuspended: of the first lot that is inspected as a whole or not at all; then none is opened
    :raises NoCatalogue: before the reference data were loaded
    """
    lots = lock_lots([one.lot_id for one in openings])
    known = _Known.of(lots)
    severities = lock_severities(lots.values(), at=openings[0].at) if openings else Severities({})
    begun: list[Inspection] = []
    seeds: list[str] = []
    grown: list[Inspection] = []
    news: list[News] = []
    answers = []
    for place, one in enumerate(openings):
        lot = lots[one.lot_id]
        with at_place(place):
            units = known.waiting(lot, is_original=one.is_original)
            severity = severities.plan((lot.product_id, lot.warehouse_id))
        is_steady = severities.is_steady((lot.product_id, lot.warehouse_id))
        if growing := known.growing(lot, is_original=one.is_original):
            changes = _grow(growing, lot, units, severity, is_steady=is_steady)
            grown.append(growing)
            news.append(_news("qc.inspection.enlarged", growing, changes, actor, one.at))
        else:
            seeds.append(secrets.token_hex(32))
            begun.append(_begin(one, lot, units, known, severity, seeds[-1], is_steady=is_steady))
        answers.append(growing or begun[-1])
    insert(begun, seeds)
    update_each(grown, ["lot_size", "plan", "is_skipped"])
    news += [
        _news("qc.inspection.opened", one, first(one, "lot_id", "tranche", "lot_size", "commitment"), actor, one.opened_at) for one in begun
    ]
    announce_each(news)
    return answers


@transaction.atomic
def open_waiting(*, severity_id: int, at: datetime) -> list[Inspection]:
    """Open inspections for every lot of a product in a warehouse that waits without one; none while it is suspended."""
    of = ClassSeverity.objects.get(pk=severity_id)
    lots = Lot.objects.filter(product_id=of.product_id, warehouse_id=of.warehouse_id).order_by("pk")
    opened = []
    for lot_id in lots.values_list("pk", flat=True):
        with suppress(NothingToInspect, InspectionSuspended):
            opened.append(open_inspection(lot_id=lot_id, actor=None, at=at))
        if _coming_again([lot_id]).get(lot_id):
            with suppress(NothingToInspect, InspectionSuspended):
                opened.append(open_inspection(lot_id=lot_id, actor=None, at=at, is_original=False))
    return opened


@dataclass(frozen=True)
class _Known:
    """What stands of the locked lots: units that wait, inspections that go on, the last tranche, the catalogue to judge by."""

    pending: dict[tuple[int, str], int]
    returned: dict[int, int]
    standing: dict[int, list[Inspection]]
    begun: set[int]
    tranches: dict[int, int]
    again: dict[int, int]
    catalogue: str | None
    lists: Lists

    @classmethod
    def of(cls, lots: Mapping[int, Lot]) -> _Known:
        lot_ids = list(lots)
        of_lots = Inspection.objects.filter(lot__in=lot_ids, stage=STAGE)
        standing: dict[int, list[Inspection]] = {}
        for one in of_lots.undecided().select_for_update(of=("self",)).order_by("lot", "tranche"):
            standing.setdefault(one.lot_id, []).append(one)
        numbers = [one.pk for ones in standing.values() for one in ones]
        return cls(
            available(lot_ids),
            waiting_units(lot_ids),
            standing,
            set(InspectedUnit.objects.filter(inspection__in=numbers).values_list("inspection_id", flat=True)),
            dict(of_lots.values_list("lot").annotate(last=Max("tranche"))),
            _coming_again(lot_ids),
            DefectKind.objects.aggregate(newest=Max("version"))["newest"],
            Lists(STAGE, {lot.product_id for lot in lots.values()}),
        )

    def waiting(self, lot: Lot, *, is_original: bool) -> int:
        """Return how many units wait without being in an inspection; what came back waits for another one.

        Reworked goods wait for an inspection of their own.
        """
        units = self.pending.get((lot.pk, Custody.PENDING), 0) - self.returned.get(lot.pk, 0)
        units -= sum(one.lot_size for one in self.standing.get(lot.pk, ()))
        again = self.again.get(lot.pk, 0)
        units = units - again if is_original else again or units
        if units < 1:
            raise NothingToInspect(lot=lot.number)
        return units

    def growing(self, lot: Lot, *, is_original: bool) -> Inspection | None:
        """Return the inspection that nobody has begun; goods that come again do not join those that never were inspected."""
        open_ones = (one for one in self.standing.get(lot.pk, ()) if one.state == InspectionState.OPEN and one.is_original == is_original)
        return next((one for one in open_ones if one.pk not in self.begun), None)


def _coming_again(lot_ids: list[int]) -> dict[int, int]:
    """Return how many reworked units of each lot wait without being in an inspection. One query where nothing was reworked."""
    resubmitted = resubmitted_units(lot_ids)
    if not resubmitted:
        return {}
    inspected = Inspection.objects.filter(lot__in=resubmitted, stage=STAGE, is_original=False)
    inspected = inspected.exclude(state=InspectionState.DOUBTED).order_by()
    sizes: dict[int, int] = dict(inspected.values_list("lot").annotate(sum_of_units=Sum("lot_size")))
    return {lot_id: max(0, units - sizes.get(lot_id, 0)) for lot_id, units in resubmitted.items()}


def _begin(
    one: Opening, lot: Lot, units: int, known: _Known, severity: Mapping[DefectClass, str], seed: str, *, is_steady: bool
) -> Inspection:
    is_skipped = is_steady and not is_full_turn(seed)
    checklist = known.lists.of(lot.product, day=one.at.astimezone(SHANGHAI).date())
    if known.catalogue is None or checklist is None:
        raise NoCatalogue
    return Inspection(
        merchant_id=lot.merchant_id,
        warehouse_id=lot.warehouse_id,
        product_id=lot.product_id,
        lot=lot,
        stage=STAGE,
        tranche=known.tranches.get(lot.pk, 0) + 1,
        lot_size=units,
        plan=_plan(lot, units, severity, is_skipped=is_skipped).as_dict(),
        is_skipped=is_skipped,
        commitment=commitment_of(seed),
        is_original=one.is_original,
        catalogue=known.catalogue,
        checklist_id=checklist.id,
        opened_at=one.at,
        due_at=due(one.at),
        source=one.source,
    )


def _grow(inspection: Inspection, lot: Lot, units: int, severity: Mapping[DefectClass, str], *, is_steady: bool) -> Changes:
    size = inspection.lot_size + units
    changes = change(inspection, lot_size=size, is_skipped=inspection.is_skipped and is_steady)
    inspection.plan = _plan(lot, size, severity, is_skipped=inspection.is_skipped).as_dict()
    inspection.__dict__.pop("plans", None)
    return changes | {"sample_size": [None, inspection.sample_size]}


def insert(inspections: Sequence[Inspection], seeds: Sequence[str]) -> None:
    """Write new inspections down, each with its seed where nothing shows it."""
    Inspection.objects.bulk_create(inspections)
    InspectionSeed.objects.bulk_create(InspectionSeed(inspection=one, seed=seed) for one, seed in zip(inspections, seeds, strict=True))


def _plan(lot: Lot, units: int, severity: Mapping[DefectClass, str], *, is_skipped: bool) -> ClassPlans:
    category = lot.product.category
    limits = {
        "level": SKIP_LEVEL if is_skipped else category.inspection_level,
        "aql_major": category.aql_major,
        "aql_minor": category.aql_minor,
    }
    return plan_tranche(size=units, severities=severity, **limits)


def _news(kind: str, inspection: Inspection, changes: Changes, actor: User | None, at: datetime) -> News:
    ids = {"inspection_id": inspection.pk, "lot_id": inspection.lot_id, "product_id": inspection.product_id}
    return News(kind, inspection, changes, at, actor, ids)
