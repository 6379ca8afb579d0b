"""Say something in a case, wait for an answer, go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.cases.actions.handling import LONGEST_WAIT
from aftersales.cases.actions.steps import check_agent, check_state, lock, place, resume, save, step, tell
from aftersales.cases.lifecycle import ON_THE_DESK, CaseState, Side
from aftersales.cases.models import Case, CaseMessage
from aftersales.cases.privacy import without_persons
from assurance.events.actions import announce_all
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.events.changes import Changes


class ToNobody(Refused):
    code = "to_nobody"
    status = 422
    message = _("Who is asked must be able to read the message.")


@dataclass(frozen=True)
class Said:
    """One message. With neither side it is a note of the desk. ``waits_for`` asks a side for an answer and stops the clock."""

    case_id: int
    body: str
    side: str = Side.PLATFORM
    to_buyer: bool = False
    to_merchant: bool = False
    waits_for: str = ""


@transaction.atomic
def write(said: Sequence[Said], *, actor: User | None, at: datetime) -> list[CaseMessage]:
    """Keep messages and let them have their effect. A constant number of queries.

    The desk's first message that somebody outside may read is the first response. The answer of the side a case waits for lets its
    clock run again. A buyer writes without an account (``actor`` is None).

    :raises NotYourCase: if another agent handles it; a note may be left by anybody of the desk
    :raises WrongState: if the case is closed, or an answer is asked for where nobody handles it
    :raises ToNobody: if a side is asked that cannot read the question
    """
    cases = lock(one.case_id for one in said)
    waiting: list[tuple[Case, Changes]] = []
    answered: list[tuple[Case, Changes]] = []
    for number, one in enumerate(said):
        case = cases[one.case_id]
        if case.state == CaseState.CLOSED:
            check_state(case, *ON_THE_DESK, number=number, items=said)
        if one.side == Side.PLATFORM:
            effect = _of_the_desk(case, one, actor=actor, at=at, where=place(number, said, "waits_for"))
            if one.waits_for:
                waiting.append((case, effect))
        elif case.state == CaseState.WAITING and case.waiting_for == one.side:
            answered.append((case, resume(case, at=at)))
    messages = CaseMessage.objects.bulk_create(_message(cases[one.case_id], one, actor=actor, at=at) for one in said)
    save(cases.values())
    announce_all(
        [("aftersales.case.written", cases[one.case_id], _traces(one), {"case_id": one.case_id}) for one in said], actor=actor, at=at
    )
    tell("aftersales.case.waiting", waiting, actor=actor, at=at)
    tell("aftersales.case.resumed", answered, actor=actor, at=at)
    return messages


@transaction.atomic
def go_on(case_ids: Sequence[int], *, actor: User | None, at: datetime) -> list[Case]:
    """Wait no longer.

    :raises WrongState: if it does not wait
    :raises NotYourCase: if another agent handles it
    """
    cases = lock(case_ids)
    done = []
    for number, pk in enumerate(case_ids):
        check_state(cases[pk], CaseState.WAITING, number=number, items=case_ids)
        if actor is not None:
            check_agent(cases[pk], actor)
        done.append((cases[pk], resume(cases[pk], at=at)))
    save(cases.values())
    tell("aftersales.case.resumed", done, actor=actor, at=at)
    return [cases[pk] for pk in case_ids]


def wake_waiting(*, at: datetime, most: int = 500) -> int:
    """Go on with what nobody answered; return how many."""
    unanswered = Case.objects.filter(state=CaseState.WAITING, waiting_since__lte=at - LONGEST_WAIT)
    return len(go_on(list(unanswered.order_by("pk").values_list("pk", flat=True)[:most]), actor=None, at=at))


def _of_the_desk(case: Case, one: Said, *, actor: User | None, at: datetime, where: str | None) -> Changes:
    outside = one.to_buyer or one.to_merchant
    if one.waits_for and not {Side.BUYER: one.to_buyer, Side.MERCHANT: one.to_merchant}.get(Side(one.waits_for), False):
        raise ToNobody(field=where)
    if not outside:
        return {}
    if actor is not None:
        check_agent(case, actor)
    new: dict[str, object] = {"updated_at": at, "first_responded_at": case.first_responded_at or at}
    if one.waits_for:
        check_state(case, CaseState.OPEN)
        new |= {"state": CaseState.WAITING, "waiting_for": one.waits_for, "waiting_since": at}
    return step(case, **new)


def _message(case: Case, one: Said, *, actor: User | None, at: datetime) -> CaseMessage:
    return CaseMessage(
        case=case,
        merchant_id=case.merchant_id,
        side=one.side,
        author=actor,
        body=without_persons(one.body),
        to_buyer=one.to_buyer or one.side == Side.BUYER,
        to_merchant=one.to_merchant or one.side != Side.PLATFORM,
        written_at=at,
    )


def _traces(one: Said) -> Changes:
    """What the log keeps of a message: who may read it, never what it says."""
    readers = [side for side, reads in ((Side.BUYER, one.to_buyer), (Side.MERCHANT, one.to_merchant)) if reads]
    return {"side": [None, one.side], "readers": [None, [str(side) for side in readers]]}
