"""Record what arrived otherwise than announced, say who takes care of it, and what became of it. None of it is stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import User
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.refusals import Refused, WrongState
from assurance.roles import Role
from warehouse.inbound import aside
from warehouse.inbound.actions.door import ASIDE, Arrival, OtherWarehouse, line_of
from warehouse.inbound.lifecycle import RESOLUTIONS, DiscrepancyState, Kind, Reason, Resolution
from warehouse.inbound.models import Discrepancy, ShipmentLine, ShipmentNotice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

REPORTED: Final = (Kind.DAMAGED, Kind.WRONG)
"""What people report themselves; the rest is found by counting."""


class NotReported(Refused):
    code = "not_reported"
    status = 422
    message = _("Report damaged goods, or goods that were not announced. Everything else is found when goods are counted.")


class NoSuchOwner(Refused):
    code = "no_such_owner"
    status = 422
    message = _("Discrepancies of this warehouse are taken care of by its own operators and leads.")


class WrongResolution(Refused):
    code = "wrong_resolution"
    status = 422
    message = _("This cannot become of it.")


class LeadNeeded(Refused):
    code = "lead_needed"
    status = 403
    message = _("Only a lead of quality control admits goods that are too old.")


class SecondPersonNeeded(Refused):
    code = "second_person_needed"
    message = _("Somebody else than the person who found it must admit these goods.")


class ReasonNeeded(Refused):
    code = "reason_required"
    status = 422
    message = _("Choose the reason why these goods are admitted, and say it in words where none fits.")


def put_aside(refused: Refused, arrival: Arrival, *, actor: User) -> Discrepancy | None:
    """Record the goods that were refused at the door, if they stand aside now; the same message again finds the first record.

    Nothing is written for a scan that only has to be repeated.
    """
    kind = ASIDE.get(type(refused))
    notice = ShipmentNotice.objects.filter(pk=arrival.notice_id, warehouse_id=actor.organisation_id).first()
    if kind is None or notice is None:
        return None
    line = _line(notice, arrival)
    if kind == Kind.STALE and line and line.expiry_date and line.expiry_date != arrival.expiry_date:
        kind = Kind.DATES  # nobody can admit goods that are not the lot that was announced
    surplus = int(str(refused.params["received"])) + arrival.quantity - int(str(refused.params["announced"])) if kind == Kind.OVER else 0
    found = Discrepancy(
        notice=notice,
        line=line,
        kind=kind,
        scanned_code=arrival.code,
        lot_number=arrival.lot_number,
        produced_date=arrival.produced_date or (line.produced_date if line and kind == Kind.STALE else None),
        expiry_date=arrival.expiry_date,
        quantity=surplus or arrival.quantity,
        message=arrival.message,
        found_at=arrival.at,
    )
    return _record([found], actor=actor)[0]


def report(
    *, notice_id: int, kind: Kind, code: str, quantity: int, message: str, actor: User, at: datetime, lot_number: str = "", note: str = ""
) -> Discrepancy:
    """Record damaged goods, or goods that nobody announced, which stand aside. The same message again is the first record.

    :raises OtherWarehouse, WrongState: this is not the place or time
    :raises NotReported: if it is neither
    :raises WrongCheckDigit, NotOnNotice, LotNotOnNotice: if damaged goods were not announced
    """
    notice = ShipmentNotice.objects.get(pk=notice_id)
    if notice.warehouse_id != actor.organisation_id:
        raise OtherWarehouse
    if not notice.is_expected:
        raise WrongState(state=notice.get_state_display())
    if kind not in REPORTED:
        raise NotReported(field="kind")
    arrival = Arrival(notice_id, code, lot_number, quantity, message, at)
    line = line_of(_lines(notice), code, lot_number) if kind == Kind.DAMAGED else _line(notice, arrival)
    found = Discrepancy(
        notice=notice,
        line=line,
        kind=kind,
        scanned_code=code,
        lot_number=lot_number,
        quantity=quantity,
        note=note,
        message=message,
        found_at=at,
    )
    return _record([found], actor=actor)[0]


def record_short(notice: ShipmentNotice, missing: Mapping[ShipmentLine, int], *, note: str, actor: User, at: datetime) -> list[Discrepancy]:
    """Record what of each line never came; the notice is locked and closed."""
    return _record(
        [
            Discrepancy(
                notice=notice,
                line=line,
                kind=Kind.SHORT,
                lot_number=line.lot_number,
                quantity=units,
                note=note,
                message=f"short:{line.pk}",
                found_at=at,
            )
            for line, units in missing.items()
        ],
        actor=actor,
    )


@transaction.atomic
def hand_over(*, discrepancy_id: int, owner_id: int, actor: User, at: datetime) -> Discrepancy:
    """Let somebody else of the warehouse take care of it.

    :raises OtherWarehouse, WrongState: if it is not the actor's, or settled
    :raises NoSuchOwner: if that person does not work there, or not at this
    """
    found = _locked(discrepancy_id, actor)
    owner = User.objects.filter(pk=owner_id, organisation_id=found.warehouse_id, role__in=aside.TAKERS, is_active=True).first()
    if owner is None:
        raise NoSuchOwner(field="owner")
    changes = change(found, owner=owner)
    if changes:
        found.save(update_fields=["owner"])
        announce("warehouse.discrepancy.handed_over", actor=actor, at=at, subject=found, changes=changes, discrepancy_id=found.pk)
    return found


@transaction.atomic
def settle(*, discrepancy_id: int, resolution: Resolution, note: str, actor: User, at: datetime, reason: Reason | str = "") -> Discrepancy:
    """Say what became of it. Goods that are too old come in when a lead who did not find them admits them with a reason.

    :raises OtherWarehouse, WrongState: if it is not the actor's, or settled already
    :raises WrongResolution: if that cannot become of it
    :raises LeadNeeded, SecondPersonNeeded, ReasonNeeded: if it would be admitted like this
    """
    found = _locked(discrepancy_id, actor)
    if resolution not in RESOLUTIONS[Kind(found.kind)]:
        raise WrongResolution(field="resolution")
    if resolution == Resolution.ADMITTED:
        _check_admission(found, reason, note, actor)
    changes = change(
        found,
        state=DiscrepancyState.SETTLED,
        resolution=resolution,
        reason=reason if resolution == Resolution.ADMITTED else "",
        settle_note=note,
        settled_by=actor,
        settled_at=at,
    )
    found.save(update_fields=["state", "resolution", "reason", "settle_note", "settled_by", "settled_at"])
    ids = {"discrepancy_id": found.pk, "notice_id": found.notice_id}
    announce("warehouse.discrepancy.settled", actor=actor, at=at, subject=found, changes=changes, reason=note, **ids)
    return found


def _check_admission(found: Discrepancy, reason: str, note: str, actor: User) -> None:
    if actor.role != Role.QC_LEAD:
        raise LeadNeeded
    if actor.pk == found.found_by_id:
        raise SecondPersonNeeded
    if reason not in list(Reason) or (reason == Reason.OTHER and not note):
        raise ReasonNeeded(field="reason")


def _locked(discrepancy_id: int, actor: User) -> Discrepancy:
    found = Discrepancy.objects.select_for_update(of=("self",)).get(pk=discrepancy_id)
    if found.warehouse_id != actor.organisation_id:
        raise OtherWarehouse
    if not found.is_open:
        raise WrongState(state=found.get_state_display())
    return found


@transaction.atomic
def _record(wanted: Sequence[Discrepancy], *, actor: User) -> list[Discrepancy]:
    """Write what was found, once per message; who finds it takes care of it first."""
    for one in wanted:
        one.merchant_id, one.warehouse_id = one.notice.merchant_id, one.notice.warehouse_id
        one.owner = one.found_by = actor
    messages = {one.message for one in wanted}
    mine = Discrepancy.objects.filter(warehouse_id=actor.organisation_id, message__in=messages)
    before = set(mine.values_list("message", flat=True))
    Discrepancy.objects.bulk_create([one for one in wanted if one.message not in before], ignore_conflicts=True)
    rows = {one.message: one for one in mine.select_related("notice")}
    fresh = [row for one in wanted if one.message not in before and _is_mine(row := rows[one.message], one)]
    announce_each([_news(row, actor) for row in fresh])
    return [rows[one.message] for one in wanted]


def _is_mine(row: Discrepancy, one: Discrepancy) -> bool:
    """Whether this row was written now; another process may have been first with the same message."""
    return (row.found_by_id, row.found_at, row.kind, row.quantity) == (one.found_by_id, one.found_at, one.kind, one.quantity)


def _news(row: Discrepancy, actor: User) -> News:
    changes = first(row, "kind", "lot_number", "quantity", "scanned_code")
    ids = {"discrepancy_id": row.pk, "notice_id": row.notice_id}
    return News("warehouse.discrepancy.found", row, changes, row.found_at, actor, ids)


def _lines(notice: ShipmentNotice) -> list[ShipmentLine]:
    return list(notice.lines.select_related("product").order_by("id"))


def _line(notice: ShipmentNotice, arrival: Arrival) -> ShipmentLine | None:
    try:
        return line_of(_lines(notice), arrival.code, arrival.lot_number)
    except Refused:
        return None
