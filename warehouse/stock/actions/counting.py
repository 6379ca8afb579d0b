"""Count what lies there, and let the ledger follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.refusals import OwnWork, Refused, WrongState, at_place
from warehouse.stock.actions.binning import put_found, take_lost
from warehouse.stock.actions.locking import lock_lots
from warehouse.stock.actions.moving import Moving, move_all
from warehouse.stock.counting import needs_second
from warehouse.stock.custody import Custody
from warehouse.stock.lifecycle import COUNT_NEXT, CountState
from warehouse.stock.models import WAITING, CountLine, CycleCount
from warehouse.stock.queries import available, places_to_count, units_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from warehouse.stock.models import Lot

TAKEN_FROM: Final = (Custody.RELEASED, Custody.PENDING, Custody.HELD)
"""Whose units are written off first: those that could be sold, as far as nobody was promised them. In bins of others the others."""


class NothingThere(Refused):
    code = "nothing_there"
    status = 422
    message = _("Nothing lies there that could be counted.")


class NotOnTheList(Refused):
    code = "not_on_the_list"
    status = 422
    message = _("This line does not belong to this count.")


class ReasonMissing(Refused):
    code = "reason_missing"
    status = 422
    message = _("Lot %(lot)s: %(difference)s units differ. Say why.")


class Promised(Refused):
    code = "promised"
    message = _("Lot %(lot)s: %(missing)s units are missing, only %(free)s are promised to nobody. Give up parcels with this lot first.")


@dataclass(frozen=True, slots=True)
class Counted:
    """So many units lay there."""

    line_id: int
    units: int


@transaction.atomic
def open_count(*, warehouse_id: int, bins: str, lot_number: str, is_blind: bool, actor: User, at: datetime) -> CycleCount:
    """Open a count of the bins whose label begins so, or of all places of a lot.

    :raises NothingThere: if no units lie there
    """
    places = places_to_count(warehouse_id, bins=bins, lot_number=lot_number)
    if not places:
        raise NothingThere(field="bins")
    count = CycleCount.objects.create(warehouse_id=warehouse_id, is_blind=is_blind, opened_at=at, opened_by=actor)
    CountLine.objects.bulk_create(
        [
            CountLine(
                count=count, warehouse_id=warehouse_id, merchant_id=lot.merchant_id, product_id=lot.product_id, lot=lot, bin=place.bin
            )
            for lot, place in places
        ]
    )
    _tell("warehouse.count.opened", count, first(count, "is_blind") | {"lines": [None, len(places)]}, actor=actor, at=at)
    return count


@transaction.atomic
def record_counts(count_id: int, counted: Sequence[Counted], *, actor: User, at: datetime) -> CycleCount:
    """Write down what lay there, beside what the ledger says at this moment; when all lines are counted the count is.

    :raises WrongState: if the count is not open
    :raises NotOnTheList: with the place of the line
    """
    count = _locked(count_id, CountState.COUNTED)
    lines = {line.pk: line for line in CountLine.objects.select_for_update(of=("self",)).filter(count=count).order_by("id")}
    for place, one in enumerate(counted):
        if one.line_id not in lines:
            with at_place(place):
                raise NotOnTheList(field="lines")
    touched = [lines[one.line_id] for one in counted]
    lock_lots(line.lot_id for line in touched)
    there = units_at({line.lot_id for line in touched})
    for one in counted:
        line = lines[one.line_id]
        line.expected, line.counted = there.get((line.lot_id, line.bin_id), 0), one.units
        line.counted_by, line.counted_at = actor, at
    CountLine.objects.bulk_update(touched, ["expected", "counted", "counted_by", "counted_at"])
    if all(line.counted is not None for line in lines.values()):
        changes = change(count, state=CountState.COUNTED)
        count.save(update_fields=["state"])
        _tell("warehouse.count.counted", count, changes, actor=actor, at=at)
    return count


@transaction.atomic
def post_count(count_id: int, *, reasons: Mapping[int, str], actor: User, at: datetime) -> CycleCount:
    """Let the ledger follow: what is missing is destroyed, what was found waits for inspection. ``reasons`` by line, for every difference.

    :raises WrongState: if the count is not counted
    :raises ReasonMissing: if a difference has no reason
    :raises OwnWork: if the actor counted a line whose difference needs a second person
    :raises Promised: if what is missing was promised to orders
    """
    count = _locked(count_id, CountState.POSTED)
    lines = list(CountLine.objects.select_for_update(of=("self",)).filter(count=count).select_related("lot", "bin").order_by("id"))
    differing = [line for line in lines if line.difference]
    for line in differing:
        if not reasons.get(line.pk):
            raise ReasonMissing(field="reasons", lot=line.lot.number, difference=line.difference)
        if line.counted_by_id == actor.pk and needs_second(expected=line.expected or 0, counted=line.counted or 0):
            raise OwnWork
    lots = lock_lots(line.lot_id for line in differing)
    for line in differing:
        difference = line.difference or 0
        line.reason, line.lost, line.found = reasons[line.pk], max(0, -difference), max(0, difference)
        _post(line, lots[line.lot_id], actor=actor, at=at)
    CountLine.objects.bulk_update(differing, ["reason", "lost", "found"])
    changes = change(count, state=CountState.POSTED, settled_at=at, settled_by_id=actor.pk)
    count.save(update_fields=["state", "settled_at", "settled_by"])
    sums = {"lost": [None, sum(line.lost for line in differing)], "found": [None, sum(line.found for line in differing)]}
    _tell("warehouse.count.posted", count, changes | sums, actor=actor, at=at)
    return count


@transaction.atomic
def count_again(count_id: int, *, actor: User, at: datetime) -> CycleCount:
    """Have the lines that differ counted again; the others stay.

    :raises WrongState: if the count is not counted
    """
    count = _locked(count_id, CountState.OPEN)
    lines = [line for line in CountLine.objects.select_for_update(of=("self",)).filter(count=count).order_by("id") if line.difference]
    for line in lines:
        line.expected = line.counted = line.counted_by = line.counted_at = None
    CountLine.objects.bulk_update(lines, ["expected", "counted", "counted_by", "counted_at"])
    changes = change(count, state=CountState.OPEN)
    count.save(update_fields=["state"])
    _tell("warehouse.count.reopened", count, changes | {"lines": [None, len(lines)]}, actor=actor, at=at)
    return count


@transaction.atomic
def cancel_count(count_id: int, *, actor: User, at: datetime) -> CycleCount:
    """Call an open count off.

    :raises WrongState: if it is not open
    """
    count = _locked(count_id, CountState.CANCELLED)
    changes = change(count, state=CountState.CANCELLED, settled_at=at, settled_by_id=actor.pk)
    count.save(update_fields=["state", "settled_at", "settled_by"])
    _tell("warehouse.count.cancelled", count, changes, actor=actor, at=at)
    return count


def _locked(count_id: int, target: CountState) -> CycleCount:
    count = CycleCount.objects.select_for_update(of=("self",)).get(pk=count_id)
    if target not in COUNT_NEXT[CountState(count.state)]:
        raise WrongState(state=count.get_state_display())
    return count


def _post(line: CountLine, lot: Lot, *, actor: User, at: datetime) -> None:
    reference = f"count:{line.pk}"
    if line.found:
        move_all([Moving(lot, Custody.ARRIVAL, Custody.PENDING, line.found, "found", reference)], actor=actor, at=at)
        put_found(lot, line.bin, line.found, reference=reference, actor=actor, at=at)
        return
    take_lost(lot, line.bin, line.lost, reference=reference, actor=actor, at=at)
    free = available([lot.pk])
    missing, movings = line.lost, []
    is_waiting = line.bin is not None and line.bin.kind == WAITING
    for custody in (*TAKEN_FROM[1:], TAKEN_FROM[0]) if is_waiting else TAKEN_FROM:
        units = min(missing, free.get((lot.pk, custody), 0))
        missing -= units
        if units and custody != Custody.HELD:
            movings.append(Moving(lot, custody, Custody.HELD, units, "missing", f"{reference}:{custody}"))
    if missing:
        raise Promised(lot=lot.number, missing=line.lost, free=line.lost - missing)
    movings.append(Moving(lot, Custody.HELD, Custody.DESTROYED, line.lost, "missing", reference))
    move_all(movings, actor=actor, at=at)


def _tell(kind: str, count: CycleCount, changes: dict[str, list[object]], *, actor: User, at: datetime) -> None:
    announce(kind, actor=actor, at=at, subject=count, changes=changes, organisation_id=count.warehouse_id, count_id=count.pk)
