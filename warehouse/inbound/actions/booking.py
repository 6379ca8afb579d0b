"""Open time slots at the gate (the warehouse), book and give them up (the merchant)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import announce
from assurance.refusals import Refused, WrongState
from assurance.web.database import explain
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import Booking, ShipmentNotice, Slot

if TYPE_CHECKING:
    from datetime import date, time

    from assurance.accounts.models import User

MOST_DAYS: Final = 31
MOST_SLOTS: Final = 800


class SlotFull(Refused):
    code = "slot_full"
    message = _("This time has just been booked by others. Choose another.")


explain("slot_is_not_overbooked", code=SlotFull.code, message=SlotFull.message)


class NoSuchSlot(Refused):
    code = "no_such_slot"
    status = 422
    message = _("This warehouse offers no such time, or it is over.")


class NotBooked(Refused):
    code = "not_booked"
    message = _("No time is booked for this shipment.")


class SlotsUnreadable(Refused):
    code = "slots_unreadable"
    status = 422
    message = _("Name at most %(days)s days from today on, and hours that hold at least one slot.")


class SlotsOverlap(Refused):
    code = "slots_overlap"
    message = _("Other slots stand at this time: %(slot)s. Keep their beginning and length.")


class BelowBooked(Refused):
    code = "below_booked"
    message = _("%(booked)s shipments are booked for %(slot)s already.")


@transaction.atomic
def open_slots(
    *, first_day: date, last_day: date, begins: time, ends: time, minutes: int, capacity: int, actor: User, at: datetime
) -> list[Slot]:
    """Offer slots of so many minutes, one after the other, on every day; a slot that stands gets the new capacity.

    :raises SlotsUnreadable: if that makes none, or too many
    :raises SlotsOverlap, BelowBooked: if slots that stand differ, or are booked beyond it
    """
    wanted = _wanted(first_day, last_day, begins, ends, timedelta(minutes=minutes), at=at)
    standing = Slot.objects.select_for_update().filter(
        warehouse_id=actor.organisation_id, starts_at__lt=wanted[-1][1], ends_at__gt=wanted[0][0]
    )
    known = {slot.starts_at: slot for slot in standing.order_by("id")}
    for slot in known.values():
        if (slot.starts_at, slot.ends_at) not in wanted and any(start < slot.ends_at and end > slot.starts_at for start, end in wanted):
            raise SlotsOverlap(slot=_told(slot))
        if (slot.starts_at, slot.ends_at) in wanted and slot.booked > capacity:
            raise BelowBooked(booked=slot.booked, slot=_told(slot))
    changed = [known[start] for start, _end in wanted if start in known]
    Slot.objects.filter(pk__in=[slot.pk for slot in changed]).update(capacity=capacity)
    Slot.objects.bulk_create(
        Slot(warehouse_id=actor.organisation_id, starts_at=start, ends_at=end, capacity=capacity)
        for start, end in wanted
        if start not in known
    )
    changes: dict[str, list[Any]] = {
        "days": [None, [first_day.isoformat(), last_day.isoformat()]],
        "slots": [None, len(wanted)],
        "capacity": [None, capacity],
    }
    announce("warehouse.slots.opened", actor=actor, at=at, subject=actor.organisation, changes=changes)
    return list(
        Slot.objects.filter(warehouse_id=actor.organisation_id, starts_at__in=[start for start, _end in wanted]).order_by("starts_at")
    )


@transaction.atomic
def book_slot(*, notice_id: int, slot_id: int, actor: User, at: datetime) -> Booking:
    """Come in a slot; the one that was booked before is given up. The same slot again is the same booking.

    :raises WrongState: once goods arrived, or after it was called off
    :raises NoSuchSlot: of another warehouse, or over
    :raises SlotFull: if others were faster
    """
    notice = ShipmentNotice.objects.select_for_update().get(pk=notice_id)
    if notice.state != NoticeState.ANNOUNCED:
        raise WrongState(state=notice.get_state_display())
    slot = Slot.objects.select_for_update().filter(pk=slot_id, warehouse_id=notice.warehouse_id, ends_at__gt=at).first()
    if slot is None:
        raise NoSuchSlot(field="slot")
    before = Booking.objects.standing().filter(notice=notice).select_related("slot").first()
    if before and before.slot_id == slot.pk:
        return before
    if not slot.free:
        raise SlotFull(field="slot")
    if before:
        _give_up(before, at=at)
    made = Booking.objects.create(
        slot=slot, notice=notice, merchant_id=notice.merchant_id, warehouse_id=notice.warehouse_id, booked_by=actor, booked_at=at
    )
    changes = {"slot": [_told(before.slot) if before else None, _told(slot)]}
    announce("warehouse.shipment.slot_booked", actor=actor, at=at, subject=notice, changes=changes, notice_id=notice.pk)
    return made


@transaction.atomic
def give_up_slot(*, notice_id: int, actor: User, at: datetime) -> ShipmentNotice:
    """Leave the booked slot to others.

    :raises NotBooked: if none is booked
    """
    notice = ShipmentNotice.objects.select_for_update().get(pk=notice_id)
    if not release_slot(notice, actor=actor, at=at):
        raise NotBooked
    return notice


def release_slot(notice: ShipmentNotice, *, actor: User, at: datetime) -> bool:
    """Leave the slot of a locked notice to others, if it has one."""
    found = Booking.objects.standing().filter(notice=notice).select_related("slot").first()
    if found is None:
        return False
    _give_up(found, at=at)
    changes = {"slot": [_told(found.slot), None]}
    announce("warehouse.shipment.slot_given_up", actor=actor, at=at, subject=notice, changes=changes, notice_id=notice.pk)
    return True


def _give_up(booking: Booking, *, at: datetime) -> None:
    booking.given_up_at = at
    booking.save(update_fields=["given_up_at"])


def _wanted(first: date, last: date, begins: time, ends: time, length: timedelta, *, at: datetime) -> list[tuple[datetime, datetime]]:
    days = (last - first).days + 1
    if not 1 <= days <= MOST_DAYS or first < at.astimezone(SHANGHAI).date() or length <= timedelta(0):
        raise SlotsUnreadable(days=MOST_DAYS)
    found: list[tuple[datetime, datetime]] = []
    for day in (first + timedelta(days=n) for n in range(days)):
        start, closing = datetime.combine(day, begins, SHANGHAI), datetime.combine(day, ends, SHANGHAI)
        while start + length <= closing and len(found) <= MOST_SLOTS:
            found.append((start, start + length))
            start += length
    if not 1 <= len(found) <= MOST_SLOTS:
        raise SlotsUnreadable(days=MOST_DAYS)
    return found


def _told(slot: Slot) -> str:
    return f"{slot.starts_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
