"""Take a case, give it back, hurry it, close it, open it again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.cases.actions.steps import NoReason, NotYourCase, check_agent, check_state, lock, paused_until, place, save, step, tell
from aftersales.cases.clock import APPEAL_WINDOW
from aftersales.cases.lifecycle import CaseState, RemedyState
from aftersales.cases.models import Case, Remedy
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class AlreadyTaken(Refused):
    code = "already_claimed"
    message = _("Somebody else has taken this case.")


class NotRemedied(Refused):
    code = "not_remedied"
    message = _("What was decided has not been done yet.")


@transaction.atomic
def claim(case_ids: Sequence[int], *, actor: User, at: datetime) -> list[Case]:
    """Take new cases; taking one's own again changes nothing. A constant number of queries.

    :raises AlreadyTaken: if somebody was faster
    """
    cases = lock(case_ids)
    done = []
    for number, pk in enumerate(case_ids):
        case = cases[pk]
        if case.agent_id == actor.pk:
            continue
        if case.state != CaseState.NEW:
            raise AlreadyTaken(field=place(number, case_ids))
        done.append((case, step(case, state=CaseState.OPEN, agent_id=actor.pk, claimed_at=at)))
    save(case for case, _changes in done)
    tell("aftersales.case.claimed", done, actor=actor, at=at)
    return [cases[pk] for pk in case_ids]


@transaction.atomic
def give_back(case_ids: Sequence[int], *, actor: User, at: datetime) -> list[Case]:
    """Put cases back into the queue.

    :raises NotYourCase: if another agent handles it
    :raises WrongState: if it waits, or was decided
    """
    cases = lock(case_ids)
    done = []
    for number, pk in enumerate(case_ids):
        case = cases[pk]
        check_state(case, CaseState.OPEN, number=number, items=case_ids)
        check_agent(case, actor)
        done.append((case, step(case, state=CaseState.NEW, agent_id=None, claimed_at=None)))
    save(cases.values())
    tell("aftersales.case.given_back", done, actor=actor, at=at)
    return [cases[pk] for pk in case_ids]


@transaction.atomic
def set_policy(case_ids: Sequence[int], *, policy: str, actor: User, at: datetime) -> list[Case]:
    """Change the service level; the time that was used already stays used (P14.2).

    :raises NotYourCase: if another agent handles it
    """
    cases = lock(case_ids)
    done = []
    for number, pk in enumerate(case_ids):
        case = cases[pk]
        check_state(case, CaseState.OPEN, CaseState.WAITING, number=number, items=case_ids)
        check_agent(case, actor)
        done.append((case, step(case, policy=policy)))
    save(cases.values())
    tell("aftersales.case.paced", done, actor=actor, at=at)
    return [cases[pk] for pk in case_ids]


@transaction.atomic
def close(case_ids: Sequence[int], *, actor: User | None, at: datetime) -> list[Case]:
    """Close what was decided and done; the buyer is asked how satisfied he is. A constant number of queries.

    :raises NotRemedied: if something that was decided is still to do
    """
    cases = lock(case_ids)
    unfinished = set(Remedy.objects.filter(case_id__in=case_ids, state=RemedyState.ORDERED).values_list("case_id", flat=True))
    done = []
    for number, pk in enumerate(case_ids):
        case = cases[pk]
        check_state(case, CaseState.DECIDED, CaseState.REMEDIED, number=number, items=case_ids)
        if pk in unfinished:
            raise NotRemedied(field=place(number, case_ids))
        if actor is not None and case.agent_id != actor.pk:
            raise NotYourCase(field=place(number, case_ids))
        done.append((case, step(case, state=CaseState.CLOSED, closed_at=at)))
    save(cases.values())
    tell("aftersales.case.closed", done, actor=actor, at=at)
    return [cases[pk] for pk in case_ids]


@transaction.atomic
def reopen(case_ids: Sequence[int], *, reason: str, actor: User, at: datetime) -> list[Case]:
    """Take closed cases up again: judged anew, by a clock that did not run while they were closed.

    :raises NoReason: without a reason
    :raises WrongState: if one is not closed
    """
    if not reason.strip():
        raise NoReason(field="reason")
    cases = lock(case_ids)
    done = []
    for number, pk in enumerate(case_ids):
        case = cases[pk]
        check_state(case, CaseState.CLOSED, number=number, items=case_ids)
        again = {"liability": "", "is_confirmed": None, "decided_at": None, "closed_at": None, "reopened": case.reopened + 1}
        paused = paused_until(case, case.decided_at or at, at)
        changes = step(case, state=CaseState.OPEN, agent_id=actor.pk, claimed_at=at, updated_at=at, paused_seconds=paused, **again)
        done.append((case, changes))
    save(cases.values())
    tell("aftersales.case.reopened", done, actor=actor, at=at, reason=reason)
    return [cases[pk] for pk in case_ids]


def close_finished(*, at: datetime, most: int = 500) -> int:
    """Close what was done when nobody may appeal any more; return how many."""
    since = at - APPEAL_WINDOW
    done = Case.objects.filter(state__in=[CaseState.DECIDED, CaseState.REMEDIED], decided_at__lte=since)
    finished = done.exclude(remedies__state=RemedyState.ORDERED).order_by("pk").values_list("pk", flat=True)[:most]
    return len(close(list(finished), actor=None, at=at))


LONGEST_WAIT = timedelta(days=3)
"""After so long without an answer the desk goes on without it."""
