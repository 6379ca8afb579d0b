"""Say how much life goods must have left; look after lots whose end is near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.database import constraint_of
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.refusals import Refused, WrongState
from warehouse.stock.actions.stopping import hold
from warehouse.stock.lifecycle import END_NEXT, EndState
from warehouse.stock.models import END_DEEDS, EndingLot, LifeRule
from warehouse.stock.queries import due_to_end, emptied

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from assurance.accounts.models import User

DEEDS = dict(END_DEEDS)


class NotFromThePast(Refused):
    code = "not_from_the_past"
    status = 422
    message = _("A rule begins today or later: what was judged stays as it is.")


class SetAlready(Refused):
    code = "set_already"
    message = _("There is a rule for this from that day. Let the new one begin on another.")


class TakenOn(Refused):
    code = "taken_on"
    message = _("Somebody else looks after this lot.")


class NotYours(Refused):
    code = "not_yours"
    message = _("Take the lot on first: who looks after it decides.")


@transaction.atomic
def set_life_rule(
    *, purpose: str, category_id: int | None, channel: str, days: int, share: Decimal | None, from_date: date, actor: User, at: datetime
) -> LifeRule:
    """Let a rule begin on a day; those before stay written.

    :raises NotFromThePast: if the day has gone
    :raises SetAlready: if one of the same category and channel begins that day
    """
    if from_date < at.astimezone(SHANGHAI).date():
        raise NotFromThePast(field="from_date")
    rule = LifeRule(
        purpose=purpose,
        category_id=category_id,
        channel="" if purpose == "watch" else channel,
        days=days,
        share=share,
        from_date=from_date,
        set_by=actor,
        set_at=at,
    )
    try:
        with transaction.atomic():
            rule.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) == "life_rule_once_a_day":
            raise SetAlready(field="from_date") from None
        raise
    told = first(rule, "purpose", "category_id", "channel", "days", "share", "from_date")
    announce("warehouse.life_rule.set", actor=actor, at=at, subject=rule, changes=told, organisation_id=actor.organisation_id)
    return rule


@transaction.atomic
def queue_ending_lots(*, at: datetime) -> list[EndingLot]:
    """Bring lots whose end is near into the queue; close those of which nothing is left. A handful of queries."""
    rows = EndingLot.objects.bulk_create(
        [
            EndingLot(lot_id=lot.pk, merchant_id=lot.merchant_id, warehouse_id=lot.warehouse_id, rule_id=rule_id, opened_at=at)
            for lot, rule_id in due_to_end(at=at)
        ],
        ignore_conflicts=True,
    )
    made = list(EndingLot.objects.filter(lot_id__in=[row.lot_id for row in rows], opened_at=at).order_by("id"))
    announce_each([News("warehouse.lot.near_end", row, first(row, "lot_id"), at, None, {"ending_id": row.pk}) for row in made])
    for row in emptied():
        _finish(row, "sold_out", "", actor=None, at=at)
    return made


@transaction.atomic
def look_after(ending_id: int, *, actor: User, at: datetime) -> EndingLot:
    """Become who looks after a lot near its end; again changes nothing.

    :raises TakenOn: if somebody else does
    :raises WrongState: if it is decided
    """
    row = _open(ending_id)
    if row.owner_id is None:
        changes = change(row, owner_id=actor.pk, owned_at=at)
        row.save(update_fields=["owner", "owned_at"])
        announce("warehouse.lot.looked_after", actor=actor, at=at, subject=row, changes=changes)
    elif row.owner_id != actor.pk:
        raise TakenOn
    return row


@transaction.atomic
def decide_ending(ending_id: int, *, deed: str, note: str, actor: User, at: datetime) -> EndingLot:
    """Say what is done with a lot near its end; kept from sale means that it is on hold from this moment.

    :raises NotYours: if the actor does not look after it
    :raises WrongState: if it is decided
    """
    row = _open(ending_id)
    if row.owner_id != actor.pk:
        raise NotYours
    if deed == "hold":
        hold([row.lot_id], because=note or str(DEEDS[deed]), actor=actor, at=at)
    return _finish(row, deed, note, actor=actor, at=at)


def _open(ending_id: int) -> EndingLot:
    row = EndingLot.objects.select_for_update(of=("self",)).get(pk=ending_id)
    if EndState.DONE not in END_NEXT[EndState(row.state)]:
        raise WrongState(state=row.get_state_display())
    return row


def _finish(row: EndingLot, deed: str, note: str, *, actor: User | None, at: datetime) -> EndingLot:
    changes = change(row, state=EndState.DONE, deed=deed, note=note, decided_at=at, decided_by_id=actor.pk if actor else None)
    row.save(update_fields=["state", "deed", "note", "decided_at", "decided_by"])
    announce("warehouse.lot.end_decided", actor=actor, at=at, subject=row, changes=changes, reason=note)
    return row
