"""Take down what couriers say. Copies and disorder change nothing, wrong clocks are kept and flagged, nothing is refused for its time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import Changes, change
from assurance.refusals import Refused
from assurance.roles import Kind
from logistics.couriers.statuses import RESPONSIBLE, Incident, mapped
from logistics.dispatch.lifecycle import BEFORE, NEXT, WaybillState
from logistics.dispatch.models import Waybill
from logistics.tracking.models import TrackingEvent
from logistics.tracking.state import Seen, standing
from warehouse.orders.actions import Step, mark_delivered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User

CHUNK: Final = 1_000
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""A courier's clock may run so far before ours."""
NO_SUCH_WAYBILL: Final = "no_such_waybill"
NOT_TRAVELLING: Final = BEFORE | {WaybillState.CANCELLED, WaybillState.REFUSED}
DERIVED: Final = ("state", "picked_up_at", "delivered_at", "last_event_at", "incident", "responsible", "is_contradictory")


class NotACourier(Refused):
    code = "not_a_courier"
    status = 403
    message = _("Only the courier of a parcel, or the platform, tells what happened to it.")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, in the courier's own word. The waybill is named by its number or by its id.

    ``key`` is the source's own number of the event: once is once. ``reason`` is one of our incidents. ``at`` is when we received it.
    """

    key: str
    status: str
    occurred_at: datetime
    number: str = ""
    waybill_id: int | None = None
    reason: str = ""
    place: str = ""
    at: datetime | None = None


@dataclass
class Recorded:
    """What came of a list: how many were new, how many were known, and by place in the list why others were not taken."""

    new: int = 0
    repeated: int = 0
    refused: dict[int, str] = field(default_factory=dict)


def record_events(events: Sequence[Happening], *, source: str, actor: User | None, at: datetime) -> Recorded:
    """Take down any number of events, a thousand in a transaction, and bring their waybills up to date.

    What names no waybill of the courier is told back by its place and does not keep the others out. Without an actor the platform speaks.

    :raises NotACourier: if the actor is neither a courier's nor the platform's
    """
    if actor is not None and not actor.is_platform and actor.organisation_kind != Kind.COURIER:
        raise NotACourier
    told = Recorded()
    for start in range(0, len(events), CHUNK):
        _record_chunk(events[start : start + CHUNK], start, told, source=source, actor=actor, at=at)
    return told


@transaction.atomic
def catch_up(*, at: datetime) -> int:
    """Bring waybills up to date of which events came before their hand-over; return how many there were."""
    heard = TrackingEvent.objects.filter(waybill=OuterRef("pk"))
    rows = Waybill.objects.filter(Exists(heard), state=WaybillState.HANDED_OVER).order_by("pk").values_list("pk", flat=True)[:CHUNK]
    waybills = _held(list(rows))
    _bring_up_to_date(waybills.values(), Counter(), dict.fromkeys(waybills, at), actor=None)
    return len(waybills)


@transaction.atomic
def _record_chunk(events: Sequence[Happening], start: int, told: Recorded, *, source: str, actor: User | None, at: datetime) -> None:
    named = _named(events, actor)
    waybills = _held(sorted({pk for pk in named if pk is not None}))
    known = set(TrackingEvent.objects.filter(waybill__in=waybills, source=source).values_list("waybill_id", "source_key"))
    fresh: list[TrackingEvent] = []
    for place, (event, pk) in enumerate(zip(events, named, strict=True)):
        if pk is None:
            told.refused[start + place] = NO_SUCH_WAYBILL
        elif (pk, event.key) in known:
            told.repeated += 1
        else:
            known.add((pk, event.key))
            fresh.append(_row(waybills[pk], event, source=source, actor=actor, at=at))
    TrackingEvent.objects.bulk_create(fresh)
    told.new += len(fresh)
    moments: dict[int, datetime] = {}
    for row in fresh:
        moments[row.waybill_id] = max(row.received_at, moments.get(row.waybill_id, row.received_at))
    touched = [waybills[pk] for pk in sorted(moments)]
    _bring_up_to_date(touched, Counter(row.waybill_id for row in fresh), moments, actor=actor)


def _named(events: Sequence[Happening], actor: User | None) -> list[int | None]:
    """Return which waybill each event means; a courier finds only its own. Of several with one number the newest."""
    mine = Waybill.objects.all() if actor is None else Waybill.objects.visible_to(actor)
    numbers = {event.number for event in events if event.waybill_id is None}
    by_number = dict(mine.filter(number__in=numbers - {""}).order_by("pk").values_list("number", "pk"))
    by_id = set(mine.filter(pk__in={event.waybill_id for event in events if event.waybill_id}).values_list("pk", flat=True))
    return [
        by_number.get(event.number) if event.waybill_id is None else (event.waybill_id if event.waybill_id in by_id else None)
        for event in events
    ]


def _held(ids: Sequence[int]) -> dict[int, Waybill]:
    """Return waybills, held. They come first in the order of locks."""
    return {row.pk: row for row in Waybill.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


def _row(waybill: Waybill, event: Happening, *, source: str, actor: User | None, at: datetime) -> TrackingEvent:
    meant = mapped(event.status, reason=event.reason)
    received_at = event.at or at
    return TrackingEvent(
        waybill=waybill,
        merchant_id=waybill.merchant_id,
        warehouse_id=waybill.warehouse_id,
        courier_id=waybill.courier_id,
        source=source,
        source_key=event.key,
        status=meant.status,
        raw_status=event.status,
        incident=meant.incident or "",
        responsible=meant.responsible or "",
        place=event.place,
        occurred_at=event.occurred_at,
        received_at=received_at,
        clock_suspect=event.occurred_at < waybill.paid_at or event.occurred_at > received_at + CLOCK_TOLERANCE,
        recorded_by=actor,
    )


def _bring_up_to_date(
    waybills: Iterable[Waybill], heard: Mapping[int, int], moments: Mapping[int, datetime], *, actor: User | None
) -> None:
    """Work every waybill's state out anew from all its events, write what changed, and tell of it."""
    rows = list(waybills)
    seen: dict[int, list[Seen]] = defaultdict(list)
    said = TrackingEvent.objects.filter(waybill__in=rows).values_list("waybill_id", "occurred_at", "status", "incident")
    for pk, occurred_at, status, incident in said:
        seen[pk].append(Seen.of(occurred_at, status, incident))
    changes = {row.pk: _derive(row, seen[row.pk]) if row.state not in NOT_TRAVELLING else {} for row in rows}
    update_each([row for row in rows if changes[row.pk]], DERIVED)
    announce_each([one for row in rows for one in _news(row, changes[row.pk], heard[row.pk], moments[row.pk], actor)])
    arrived = [row for row in rows if changes[row.pk].get("state", [None, None])[1] == WaybillState.DELIVERED]
    if arrived:
        steps = [Step(row.parcel_id, row.delivered_at) for row in arrived]
        mark_delivered(steps, actor=actor, at=max(moments[row.pk] for row in arrived))


def _news(waybill: Waybill, changes: Changes, heard: int, at: datetime, actor: User | None) -> list[News]:
    """Return what is told of a waybill: that it was heard of, and what follows from that."""
    ids = {"waybill_id": waybill.pk, "parcel_id": waybill.parcel_id}
    counted = {"events": [None, heard]} if heard else {}
    if not changes and not counted:
        return []
    news = [News("logistics.tracking.recorded", waybill, changes | counted, at, actor, ids)]
    return news + [News(kind, waybill, _of_kind(kind, changes), at, actor, ids) for kind in _consequences(changes)]


def _derive(waybill: Waybill, seen: Sequence[Seen]) -> Changes:
    now = standing(seen)
    if now.state != waybill.state and WaybillState(now.state) not in NEXT[WaybillState(waybill.state)]:
        raise AssertionError(f"waybill {waybill.pk} cannot go from {waybill.state} to {now.state}")  # state.py and NEXT disagree
    return change(
        waybill,
        state=now.state,
        picked_up_at=now.picked_up_at,
        delivered_at=now.delivered_at,
        last_event_at=now.last_event_at,
        incident=now.incident,
        responsible=RESPONSIBLE[Incident(now.incident)] if now.incident else "",
        is_contradictory=now.contradictory,
    )


CONSEQUENCES: Final[Mapping[str, str]] = {
    WaybillState.DELIVERED: "logistics.parcel.delivered",
    WaybillState.EXCEPTION: "logistics.parcel.exception",
    WaybillState.RETURNED: "logistics.parcel.returned",
    WaybillState.LOST: "logistics.parcel.lost",
}


def _consequences(changes: Changes) -> list[str]:
    """Return what follows from a change, for those who subscribe to it."""
    kinds = []
    if changes.get("picked_up_at", [1])[0] is None:
        kinds.append("logistics.parcel.picked_up")
    reached = changes.get("state", [None, None])[1]
    if reached in CONSEQUENCES:
        kinds.append(CONSEQUENCES[reached])
    return kinds


def _of_kind(kind: str, changes: Changes) -> Changes:
    told = {"logistics.parcel.picked_up": ("picked_up_at",), "logistics.parcel.delivered": ("delivered_at",)}
    return {name: changes[name] for name in told.get(kind, ("incident", "responsible")) if name in changes}
