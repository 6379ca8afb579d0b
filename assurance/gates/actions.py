"""Clear what was judged, stop what must not move, lift a stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from assurance.database import constraint_of
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.gates.models import Clearance, Stop
from assurance.gates.queries import stops_of
from assurance.refusals import OwnWork, Refused, at_place
from assurance.roles import Role
from assurance.sentences import retold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from assurance.accounts.models import User

GATE_LOCK: Final = 7_203_100
"""Namespace of the advisory locks that let many pass a merchant's gate at once, but nobody while it is being closed."""


class AlreadyCleared(Refused):
    code = "already_cleared"
    message = _("This has already been decided.")


class Stopped(Refused):
    code = "stopped"
    message = _("This is stopped: %(because)s")


class AlreadyLifted(Refused):
    code = "already_lifted"
    message = _("This stop has already been lifted.")


class EndsTooEarly(Refused):
    code = "ends_too_early"
    status = 422
    message = _("The end must be in the future.")


class NoReason(Refused):
    code = "required"
    status = 422
    message = _("A reason is required.")


@dataclass(frozen=True)
class Judgement:
    """What was decided about one subject; ``because`` is the rule's reason.

    ``at`` and ``actor``, where given, stand instead of those of the call.
    """

    subject_kind: str
    subject_id: int
    verdict: str
    organisation_id: int
    because: str
    tranche: int = 1
    at: datetime | None = None
    actor: User | None = None


def clear(
    *,
    subject_kind: str,
    subject_id: int,
    stage: str,
    verdict: str,
    organisation_id: int,
    because: str,
    actor: User | None,
    at: datetime,
    tranche: int = 1,
) -> Clearance:
    """Write the verdict on one lot or parcel; called by the floor that judged, in its transaction.

    :raises AlreadyCleared: if this tranche has its verdict at this stage
    """
    judgement = Judgement(subject_kind, subject_id, verdict, organisation_id, because, tranche)
    return clear_all([judgement], stage=stage, actor=actor, at=at)[0]


@transaction.atomic
def clear_all(judgements: Sequence[Judgement], *, stage: str, actor: User | None, at: datetime) -> list[Clearance]:
    """Write many verdicts of one stage in a handful of statements, all or none.

    Announces ``gates.clearance.released`` or ``gates.clearance.refused`` of each.

    :raises AlreadyCleared: if one of them has been decided before
    """
    rows = [
        Clearance(
            subject_kind=one.subject_kind,
            subject_id=one.subject_id,
            stage=stage,
            tranche=one.tranche,
            verdict=one.verdict,
            organisation_id=one.organisation_id,
            because=one.because,
            actor=one.actor or actor,
            at=one.at or at,
        )
        for one in judgements
    ]
    try:
        with transaction.atomic():
            clearances = Clearance.objects.bulk_create(rows)
    except IntegrityError as error:
        if constraint_of(error) == "clearance_once_per_tranche":
            raise AlreadyCleared from None
        raise
    shown = ("subject_kind", "subject_id", "stage", "tranche", "verdict", "because")
    announce_each([News(f"gates.clearance.{one.verdict}", one, first(one, *shown), one.at, one.actor) for one in clearances])
    return clearances


@dataclass(frozen=True)
class Passing:
    """What wants through a merchant's gate, as far as its dimensions are known."""

    merchant_id: int
    product_id: int | None = None
    warehouse_id: int | None = None
    lot_id: int | None = None


def pass_gate(
    *, merchant_id: int, product_id: int | None = None, warehouse_id: int | None = None, lot_id: int | None = None, at: datetime
) -> None:
    """Refuse if a stop in force covers this; until the transaction ends, no stop of the merchant can come into force.

    Call it before anything is moved, promised or shown for sale, in the transaction that does it.

    :raises Stopped: with the reason of the oldest stop
    """
    pass_gates([Passing(merchant_id, product_id, warehouse_id, lot_id)], at=at)


def pass_gates(passing: Sequence[Passing], *, at: datetime) -> None:
    """Refuse if a stop in force covers one of these; two queries, whatever their number.

    :raises Stopped: with the reason of the oldest stop, and the place of what it covers
    """
    stops = hold_gates({one.merchant_id for one in passing}, at=at)
    if not stops:
        return
    for place, one in enumerate(passing):
        covering = (stop for stop in stops if stop.covers(**vars(one)))
        if stop := next(covering, None):
            with at_place(place):
                raise Stopped(because=retold(stop.because))


def hold_gates(merchant_ids: Iterable[int], *, at: datetime) -> list[Stop]:
    """Return the stops in force on these merchants' goods, oldest first; until the transaction ends, no other comes into force.

    For who goes on with what no stop covers (``Stop.covers``).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("hold_gates() must share the transaction of what it lets pass")
    merchants = sorted(set(merchant_ids))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, hashint8(one)) FROM unnest(%s::bigint[]) one", [GATE_LOCK, merchants])
    return stops_of(merchants, at=at)


@transaction.atomic
def open_stop(
    *,
    merchant_id: int,
    code: str,
    because: str,
    actor: User | None,
    at: datetime,
    product_id: int | None = None,
    warehouse_id: int | None = None,
    lot_id: int | None = None,
    until: datetime | None = None,
) -> Stop:
    """Stop what these dimensions cover; an empty one covers all. Whoever is passing the gate now is waited for.

    The same stop (dimensions and code) is in force once: asked for again, it stays, and holds longer if that is asked for.

    :raises EndsTooEarly: if ``until`` is not after ``at``
    :raises NoReason: without code or reason
    """
    if until is not None and until <= at:
        raise EndsTooEarly(field="until")
    if not code or not because.strip():
        raise NoReason(field="because")
    _close_gate(merchant_id)
    same = Stop.objects.select_for_update().filter(
        merchant_id=merchant_id, product_id=product_id, warehouse_id=warehouse_id, lot_id=lot_id, code=code, lifted_at=None
    )
    standing = same.first()
    if standing and (standing.until is None or standing.until > at):
        return _hold_longer(standing, until=until, actor=actor, at=at)
    if standing:
        _close(standing, "gates.stop.lapsed", actor=None, at=at, reason="past its end")
    stop = Stop.objects.create(
        merchant_id=merchant_id,
        product_id=product_id,
        warehouse_id=warehouse_id,
        lot_id=lot_id,
        code=code,
        because=because,
        opened_at=at,
        opened_by=actor,
        until=until,
    )
    shown = ("merchant_id", "product_id", "warehouse_id", "lot_id", "code", "until")
    announce("gates.stop.opened", actor=actor, at=at, subject=stop, changes=first(stop, *shown), reason=because)
    return stop


@transaction.atomic
def lift_stop(*, stop_id: int, actor: User | None, at: datetime, reason: str) -> Stop:
    """Let things move again. ``actor`` is None when a rule lifts it.

    Nobody lifts a stop on his own organisation's goods. Who opened a stop does not lift it, except the platform administrator:
    a second person looks at what was serious enough to stop goods.

    :raises AlreadyLifted: if somebody was faster
    :raises OwnWork: if the actor may not lift this one
    :raises NoReason: without a reason
    """
    if not reason.strip():
        raise NoReason(field="reason")
    stop = Stop.objects.select_for_update().get(pk=stop_id)
    if stop.lifted_at:
        raise AlreadyLifted
    if actor is not None and not _may_lift(actor, stop):
        raise OwnWork
    return _close(stop, "gates.stop.lifted", actor=actor, at=at, reason=reason)


def _may_lift(actor: User, stop: Stop) -> bool:
    if actor.organisation_id == stop.merchant_id:
        return False
    return actor.role == Role.PLATFORM_ADMIN or actor.pk != stop.opened_by_id


def _close(stop: Stop, kind: str, *, actor: User | None, at: datetime, reason: str) -> Stop:
    changes = change(stop, lifted_at=at, lifted_by_id=actor.pk if actor else None, lift_reason=reason)
    stop.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    announce(kind, actor=actor, at=at, subject=stop, changes=changes, reason=reason)
    return stop


def _hold_longer(stop: Stop, *, until: datetime | None, actor: User | None, at: datetime) -> Stop:
    if stop.until is None or (until is not None and until <= stop.until):
        return stop
    changes = change(stop, until=until)
    stop.save(update_fields=["until"])
    announce("gates.stop.extended", actor=actor, at=at, subject=stop, changes=changes)
    return stop


def _close_gate(merchant_id: int) -> None:
    """Wait for all who are passing; they wait for us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashint8(%s))", [GATE_LOCK, merchant_id])
