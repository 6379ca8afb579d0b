"""What every step of a case is made of: found and held, guarded, saved, told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from aftersales.cases.clock import POLICIES
from aftersales.cases.lifecycle import ON_THE_DESK, PAUSED, CaseState
from aftersales.cases.models import Case
from assurance.events.actions import announce_all
from assurance.events.changes import Changes, change
from assurance.refusals import Refused, WrongState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from assurance.accounts.models import User

CLOCK: Final = ("first_response_due_at", "next_update_due_at", "resolution_due_at", "due_at")
STEP: Final = (
    "state",
    "policy",
    "agent",
    "claimed_at",
    "waiting_for",
    "waiting_since",
    "paused_seconds",
    "first_responded_at",
    "updated_at",
    "liability",
    "is_confirmed",
    "decided_at",
    "closed_at",
    "reopened",
    *CLOCK,
)
"""What a step may change; one list, so that a set is saved in one statement whatever changed in each."""


class NotYourCase(Refused):
    code = "not_your_case"
    status = 403
    message = _("Another agent handles this case. Take it over first.")


class NoReason(Refused):
    code = "required"
    status = 422
    message = _("A reason is required.")


def place(number: int, items: Sequence[object], field: str = "") -> str | None:
    """Return how a refusal names what is wrong: the field alone where there is one item, with its number in a set."""
    if len(items) == 1:
        return field or None
    return f"items.{number}.{field}" if field else f"items.{number}"


def lock(case_ids: Iterable[int]) -> dict[int, Case]:
    """Return cases by id, held until the transaction ends, in the order of their ids. One query.

    :raises Case.DoesNotExist: if one of them is not there
    """
    wanted = sorted(set(case_ids))
    found = {
        case.pk: case
        for case in Case.objects.select_for_update(of=("self",)).select_related("product").filter(pk__in=wanted).order_by("pk")
    }
    if len(found) != len(wanted):
        raise Case.DoesNotExist
    return found


def check_state(case: Case, *allowed: CaseState, number: int = 0, items: Sequence[object] = ("",)) -> None:
    """:raises WrongState: with the state it is in"""
    if case.state not in allowed:
        raise WrongState(field=place(number, items), state=case.get_state_display())


def check_agent(case: Case, actor: User) -> None:
    """:raises NotYourCase: if somebody else handles it"""
    if case.agent_id != actor.pk:
        raise NotYourCase


def step(case: Case, **new: Any) -> Changes:
    """Change a case and set its clock: deadlines follow what happened, and stand while nobody can keep them."""
    changes = change(case, **new)
    due = case.deadlines()
    case.first_response_due_at, case.next_update_due_at, case.resolution_due_at = due.first_response, due.next_update, due.resolution
    runs = case.state in ON_THE_DESK - PAUSED
    case.due_at = due.nearest(answered=case.first_responded_at is not None) if runs else None
    return changes


def paused_until(case: Case, since: datetime, at: datetime) -> int:
    """Return the seconds of working time that the clock stood, with those until now."""
    return case.paused_seconds + int(POLICIES[case.policy].hours.between(since, at) / timedelta(seconds=1))


def resume(case: Case, *, at: datetime) -> Changes:
    """Let the clock of a waiting case run again; the answer counts as an update."""
    since = case.waiting_since or at
    return step(case, state=CaseState.OPEN, waiting_for="", waiting_since=None, paused_seconds=paused_until(case, since, at), updated_at=at)


def save(cases: Iterable[Case]) -> None:
    """Save what steps changed. One statement."""
    Case.objects.bulk_update(list(cases), STEP)


def tell(kind: str, done: Iterable[tuple[Case, Changes]], *, actor: User | None, at: datetime, reason: str = "") -> None:
    """Announce one kind of step of many cases."""
    announce_all([(kind, case, changes, {"case_id": case.pk}) for case, changes in done], actor=actor, at=at, reason=reason)
