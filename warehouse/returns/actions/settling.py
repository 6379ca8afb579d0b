"""Write down the grade that quality control computed and what becomes of a unit; the goods move in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.refusals import Refused, WrongState, at_place
from warehouse.returns.actions.announcing import ids_of
from warehouse.returns.grades import ALLOWED, Disposition, Grade
from warehouse.returns.lifecycle import SETTLED, ReturnState, UnitState
from warehouse.returns.models import ReturnParcel, ReturnUnit
from warehouse.stock.actions import Moving, lock_lots, move_all
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.gates.models import Clearance
    from warehouse.stock.models import Lot

STATES: Final = {
    Disposition.RESTOCK: UnitState.RESTOCKED,
    Disposition.HOLD: UnitState.HELD,
    Disposition.RETURN: UnitState.RETURNED,
    Disposition.DESTROY: UnitState.DESTROYED,
}
WAYS: Final[dict[tuple[UnitState, Disposition], tuple[tuple[Custody, Custody, str], ...]]] = {
    (UnitState.GRADED, Disposition.RESTOCK): ((Custody.PENDING, Custody.RELEASED, "restocked"),),
    (UnitState.GRADED, Disposition.HOLD): ((Custody.PENDING, Custody.HELD, "put_aside"),),
    (UnitState.GRADED, Disposition.RETURN): (
        (Custody.PENDING, Custody.HELD, "put_aside"),
        (Custody.HELD, Custody.RETURNED, "sent_back"),
    ),
    (UnitState.GRADED, Disposition.DESTROY): (
        (Custody.PENDING, Custody.HELD, "put_aside"),
        (Custody.HELD, Custody.DESTROYED, "destroyed"),
    ),
    (UnitState.HELD, Disposition.RESTOCK): (
        (Custody.HELD, Custody.PENDING, "put_aside"),
        (Custody.PENDING, Custody.RELEASED, "restocked"),
    ),
    (UnitState.HELD, Disposition.RETURN): ((Custody.HELD, Custody.RETURNED, "sent_back"),),
    (UnitState.HELD, Disposition.DESTROY): ((Custody.HELD, Custody.DESTROYED, "destroyed"),),
}
"""How a unit's goods go through custody, by where it stands and what was decided."""


BEFORE: Final = {ReturnState.INSPECTED: ReturnState.RECEIVED, ReturnState.CLOSED: ReturnState.INSPECTED}


class NotOffered(Refused):
    code = "not_offered"
    message = _("A unit of grade %(grade)s cannot go this way.")


@dataclass(frozen=True)
class Settlement:
    """What becomes of a unit that the caller has locked; a way back to the shelf carries the lot's clearance of stage "return"."""

    unit: ReturnUnit
    disposition: Disposition
    clearance: Clearance | None = None
    at: datetime | None = None


def lock_units(ids: Iterable[int]) -> dict[int, ReturnUnit]:
    """Return units with what they belong to, held until the transaction ends, in the order of their ids."""
    units = ReturnUnit.objects.select_for_update(of=("self",)).filter(pk__in=set(ids))
    shown = ("return_parcel__parcel", "parcel", "product__category", "lot", "item")
    return {unit.pk: unit for unit in units.select_related(*shown).order_by("id")}


def grade_units(graded: Sequence[tuple[ReturnUnit, Grade]], *, actor: User, at: datetime) -> None:
    """Write the grades of units that the caller has locked; a return of which every unit is graded is inspected.

    :raises WrongState: if one has its grade
    """
    for place, (unit, grade) in enumerate(graded):
        if unit.state != UnitState.RECEIVED:
            with at_place(place):
                raise WrongState(state=unit.get_state_display())
        unit.state, unit.grade = UnitState.GRADED, grade
    units = [unit for unit, _ in graded]
    ReturnUnit.objects.bulk_update(units, ["state", "grade"])
    told = [(unit, {"state": [UnitState.RECEIVED, unit.state], "grade": ["", unit.grade]}) for unit in units]
    announce_each([News("warehouse.return_unit.graded", unit, changes, at, actor) for unit, changes in told])
    _go_on(units, [UnitState.RECEIVED], ReturnState.INSPECTED, actor=actor, at=at)


def settle_units(settled: Sequence[Settlement], *, actor: User, at: datetime) -> None:
    """Move the goods of units that the caller has locked as was decided; a return of which every unit is settled is closed.

    :raises WrongState: if one was settled before
    :raises NotOffered: if its grade does not allow this
    :raises Stopped, NotCleared: if it may not go back on a shelf
    """
    lots = lock_lots({one.unit.lot_id for one in settled if one.unit.is_in_ledger and one.unit.lot_id})
    movings: list[Moving] = []
    for place, one in enumerate(settled):
        with at_place(place):
            check_offered(one.unit, one.disposition)
        if one.unit.is_in_ledger and one.unit.lot_id:
            movings += _moves(one, lots[one.unit.lot_id], at=at)
    move_all(movings, actor=actor, at=at)
    before = [one.unit.state for one in settled]
    for one in settled:
        one.unit.state = STATES[one.disposition]
        one.unit.settled_at = (one.at or at) if one.unit.state in SETTLED else None
    units = [one.unit for one in settled]
    ReturnUnit.objects.bulk_update(units, ["state", "settled_at"])
    told = [(one, {"state": [state, one.unit.state]}) for one, state in zip(settled, before, strict=True)]
    announce_each([News("warehouse.return_unit.settled", one.unit, changes, one.at or at, actor) for one, changes in told])
    _go_on(units, [state for state in UnitState if state not in SETTLED], ReturnState.CLOSED, actor=actor, at=at)


def check_offered(unit: ReturnUnit, disposition: Disposition) -> None:
    """:raises WrongState, NotOffered: if this cannot be done with the unit as it stands"""
    if (unit.state, disposition) not in WAYS:
        raise WrongState(state=unit.get_state_display())
    if disposition not in ALLOWED[Grade(unit.grade)] or (disposition == Disposition.RESTOCK and not unit.is_in_ledger):
        raise NotOffered(field="disposition", grade=unit.get_grade_display())


def _moves(one: Settlement, lot: Lot, *, at: datetime) -> list[Moving]:
    return [
        Moving(
            lot,
            source,
            target,
            1,
            because=because,
            reference=f"return-unit:{one.unit.pk}:{target}",
            clearance=one.clearance if target == Custody.RELEASED else None,
            at=one.at or at,
        )
        for source, target, because in WAYS[UnitState(one.unit.state), one.disposition]
    ]


def _go_on(units: Iterable[ReturnUnit], open_states: Sequence[UnitState], after: ReturnState, *, actor: User, at: datetime) -> None:
    """Take the returns of these units one step on if no unit of theirs is in an open state any more.

    The returns are locked before their units are looked at: of two people who do the last two units, the second sees both.
    """
    before = BEFORE[after]
    ids = {unit.return_parcel_id for unit in units}
    locked = ReturnParcel.objects.select_for_update(of=("self",)).filter(pk__in=ids, state=before).select_related("parcel").order_by("id")
    found = list(locked)
    waiting = set(ReturnUnit.objects.filter(return_parcel_id__in=ids, state__in=open_states).values_list("return_parcel_id", flat=True))
    rows = [row for row in found if row.pk not in waiting]
    for row in rows:
        row.state = after
        row.closed_at = at if after == ReturnState.CLOSED else None
    ReturnParcel.objects.bulk_update(rows, ["state", "closed_at"])
    kind = "warehouse.return.closed" if after == ReturnState.CLOSED else "warehouse.return.inspected"
    announce_each([News(kind, row, {"state": [before, after]}, at, actor, ids_of(row)) for row in rows])
