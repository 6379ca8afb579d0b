"""Follow the severity of inspection: every verdict is told to switching, every switch is kept with the lots that caused it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.refusals import Refused
from qc.inspections.models import ClassSeverity, SeveritySwitch
from qc.inspections.plans import RUN_TO_SKIP
from qc.inspections.sampling import DefectClass
from qc.inspections.switching import Severity, after_change, after_lot, start
from qc.inspections.verdict import REJECT, UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.inspections.actions.concluding import Conclusion
    from qc.inspections.models import Inspection
    from qc.inspections.switching import State
    from warehouse.stock.models import Lot

SWITCHED: Final = (DefectClass.MAJOR, DefectClass.MINOR)
"""Critical defects have no severity."""
COLUMNS: Final = ("severity", "standing", "run", "switches", "changed_at")
Place = tuple[int, int]
"""Product and warehouse."""


class InspectionSuspended(Refused):
    code = "inspection_suspended"
    message = _("Inspection of these goods is suspended: a corrective action must be approved first.")


class NothingChanges(Refused):
    code = "nothing_changes"
    message = _("These goods are inspected like that already.")


@dataclass(frozen=True)
class Severities:
    """The severities of some products in their warehouses, held until the transaction ends."""

    rows: Mapping[tuple[int, int, str], ClassSeverity]

    def of(self, place: Place) -> dict[DefectClass, ClassSeverity]:
        """Return the two classes of one product in one warehouse."""
        return {one: self.rows[(*place, str(one))] for one in SWITCHED}

    def is_steady(self, place: Place) -> bool:
        """Say whether skip-lot has begun: every class is on reduced inspection, with ten lots accepted in a row there."""
        rows = self.of(place).values()
        return all(row.severity == Severity.REDUCED and row.run >= RUN_TO_SKIP for row in rows)

    def plan(self, place: Place) -> dict[DefectClass, str]:
        """Return by which severity each class of the next lot is inspected.

        :raises InspectionSuspended: if one of them is suspended
        """
        found = {one: row.severity for one, row in self.of(place).items()}
        if Severity.SUSPENDED in found.values():
            raise InspectionSuspended
        return found


def lock_severities(goods: Iterable[Lot | Inspection], *, at: datetime) -> Severities:
    """Return the severities of goods, held until the transaction ends; what was never inspected starts at normal.

    Whoever holds lots or inspections takes these after them, here as everywhere.
    """
    merchants = {(one.product_id, one.warehouse_id): one.merchant_id for one in goods}
    rows = _locked(merchants)
    missing = [
        ClassSeverity(
            merchant_id=merchants[place],
            warehouse_id=place[1],
            product_id=place[0],
            defect_class=str(one),
            standing=start().as_dict(),
            changed_at=at,
        )
        for place in sorted(merchants)
        for one in SWITCHED
        if (*place, str(one)) not in rows
    ]
    if missing:
        ClassSeverity.objects.bulk_create(missing, ignore_conflicts=True)
        rows = _locked(merchants)
    return Severities(rows)


def _locked(places: Iterable[Place]) -> dict[tuple[int, int, str], ClassSeverity]:
    of: dict[int, list[int]] = defaultdict(list)
    for product_id, warehouse_id in places:
        of[warehouse_id].append(product_id)
    wanted = Q(pk=None)
    for warehouse_id, product_ids in of.items():
        wanted |= Q(warehouse_id=warehouse_id, product_id__in=product_ids)
    rows = ClassSeverity.objects.filter(wanted).order_by("pk").select_for_update(no_key=True)
    return {(row.product_id, row.warehouse_id, row.defect_class): row for row in rows}


class _Step:
    """One row on its way through verdicts; remembers its switches."""

    def __init__(self) -> None:
        self.changed: dict[int, ClassSeverity] = {}
        self.switches: list[SeveritySwitch] = []
        self.news: list[News] = []

    def take(self, row: ClassSeverity, state: State, *, run: int, at: datetime, actor: User | None, cause: Inspection | None) -> None:
        """Bring a row to another state; ``cause`` is the inspection that brought it there, if it was one."""
        before = row.severity
        changes = change(row, severity=str(state.severity), standing=state.as_dict(), run=run)
        if not changes:
            return
        row.changed_at = at
        self.changed[row.pk] = row
        if before == row.severity:
            return
        row.run, row.switches = 0, row.switches + 1
        causes = [int(number) for number in state.caused_by] or ([cause.pk] if cause else [])
        switch = SeveritySwitch(
            of=row,
            merchant_id=row.merchant_id,
            warehouse_id=row.warehouse_id,
            number=row.switches,
            before=before,
            after=row.severity,
            because={"message": state.message, "params": state.params},
            inspection=cause,
            inspections=causes,
            decided_by=None if cause else actor,
            switched_at=at,
        )
        ids: dict[str, int | str] = {
            "severity_id": row.pk,
            "inspection_id": cause.pk if cause else 0,
            "before": before,
            "after": row.severity,
        }
        told: dict[str, list[Any]] = {"severity": [before, row.severity], "inspections": [None, causes]}
        self.switches.append(switch)
        self.news.append(News("qc.severity.switched", row, told, at, actor, ids, state.because))

    def save(self) -> None:
        """Write rows and switches; the same few statements for one as for many."""
        SeveritySwitch.objects.bulk_create(self.switches)
        update_each([self.changed[pk] for pk in sorted(self.changed)], COLUMNS)
        if self.news:
            announce_each(self.news)

    def tell(self, row: ClassSeverity, was: State, *, at: datetime, actor: User | None, reason: str) -> None:
        """Announce which conditions of reduced inspection are others now."""
        conditions = ("production_steady", "authority_agrees")
        told = {
            name: [getattr(was, name), getattr(row.state, name)] for name in conditions if getattr(was, name) != getattr(row.state, name)
        }
        if told:
            self.news.append(News("qc.severity.conditions_changed", row, told, at, actor, {"severity_id": row.pk}, reason))


def tell_verdicts(conclusions: Sequence[Conclusion], severities: Severities, *, actor: User | None) -> None:
    """Tell switching what each lot showed, in the order of their verdicts.

    Only original lots count, and only classes that are decided; a lot that was sampled at another severity than goods stand at by now
    changes nothing, nor does a single unit, which no table knows.
    """
    step = _Step()
    for one in sorted(conclusions, key=lambda each: (each.at, each.inspection.pk)):
        if not one.inspection.is_original:
            continue
        rows = severities.of((one.inspection.product_id, one.inspection.warehouse_id))
        if one.decision.of(DefectClass.CRITICAL).verdict == REJECT:
            _after_critical(step, one, rows, actor=actor)
            continue
        for defect_class, row in rows.items():
            _after_class(step, one, defect_class, row, actor=actor)
    step.save()


def _after_class(step: _Step, one: Conclusion, defect_class: DefectClass, row: ClassSeverity, *, actor: User | None) -> None:
    plan, outcome = one.inspection.plans.of(defect_class), one.decision.of(defect_class)
    if outcome.verdict == UNDECIDED or plan.severity != row.severity or not plan.code_letter:
        return
    # a point that is not in order concerns every unit, so its class is not accepted although its sample may be
    found = max(outcome.nonconforming, plan.reject) if outcome.verdict == REJECT else outcome.nonconforming
    state = after_lot(
        row.state,
        nonconforming=found,
        lot_size=plan.lot_size,
        level=plan.level,
        aql=plan.aql,
        lot=str(one.inspection.pk),
    )
    run = 0 if outcome.verdict == REJECT else row.run + 1
    step.take(row, state, run=run, at=one.at, actor=actor, cause=one.inspection)


def _after_critical(step: _Step, one: Conclusion, rows: Mapping[DefectClass, ClassSeverity], *, actor: User | None) -> None:
    """A critical defect ends every relief: production is not steady until somebody says so again."""
    for row in rows.values():
        was = row.state
        step.take(row, after_change(was, production_steady=False), run=0, at=one.at, actor=actor, cause=one.inspection)
        step.tell(row, was, at=one.at, actor=actor, reason=one.decision.because)


@transaction.atomic
def change_conditions(
    *,
    severity_id: int,
    actor: User,
    at: datetime,
    production_steady: bool | None = None,
    authority_agrees: bool | None = None,
    action_effective: bool = False,
    reason: str = "",
) -> list[ClassSeverity]:
    """Take news of a product in a warehouse that is not a lot, for both of its classes; return the classes that changed.

    ``severity_id`` names one of the two. ``action_effective`` ends a suspension, on tightened inspection.

    :raises NothingChanges: if it is so already
    """
    named = ClassSeverity.objects.get(pk=severity_id)
    rows = lock_severities([named], at=at).of((named.product_id, named.warehouse_id))  # type: ignore[list-item]  # the same three sides
    step = _Step()
    for row in rows.values():
        was = row.state
        state = after_change(was, production_steady=production_steady, authority_agrees=authority_agrees, action_effective=action_effective)
        step.take(row, state, run=row.run, at=at, actor=actor, cause=None)
        step.tell(row, was, at=at, actor=actor, reason=reason)
    if not step.changed:
        raise NothingChanges
    step.save()
    return list(step.changed.values())
