"""What home pages show of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext

from aftersales.cases.lifecycle import CaseState, Side
from aftersales.cases.models import Case
from aftersales.cases.queries import counts, find
from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import MERCHANT, Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

AGENTS: Final = (Role.CASE_AGENT,)
DECIDERS: Final = (Role.CASE_REVIEWER,)
SHOWN: Final = 8
ASKED: Final = 3


@offers_panel([*AGENTS, *DECIDERS], place=10, columns=4)
def desk(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show how much stands where. One query."""
    return Panel(
        title=gettext("The desk in figures"),
        template="aftersales/cases/_home_counts.html",
        shown=counts(user),
        url=reverse("cases:list"),
        more=gettext("All cases"),
    )


@offers_panel(AGENTS, place=20, columns=12)
def to_handle(user: User, *, at: datetime) -> Panel:
    """Show an agent what is his and what waits to be taken, by due time. Two queries."""
    mine = list(find(user, tab="mine")[:SHOWN])
    unclaimed = list(find(user, tab="unclaimed")[:SHOWN])
    return Panel(
        title=gettext("Cases"),
        template="aftersales/cases/_home_queue.html",
        shown={"cases": [*mine, *unclaimed][:SHOWN], "now": at},
        url=reverse("cases:list"),
        more=gettext("All cases"),
    )


@offers_panel(DECIDERS, place=20, columns=12)
def to_decide(user: User, *, at: datetime) -> Panel:
    """Show a reviewer which decisions are proposed. One query."""
    return Panel(
        title=gettext("Proposed decisions"),
        template="aftersales/cases/_home_queue.html",
        shown={"cases": list(find(user, tab="proposed")[:SHOWN]), "now": at},
        url=reverse("cases:list") + "?tab=proposed",
        more=gettext("All cases"),
    )


@offers_steps
def answer(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Tell a merchant which cases wait for his answer. One query."""
    if user.role not in MERCHANT:
        return
    asked = Case.objects.visible_to(user).filter(state=CaseState.WAITING, waiting_for=Side.MERCHANT).select_related("product")
    for case in asked.order_by("waiting_since", "id")[:ASKED]:
        yield Step(
            title=gettext("Answer case %(case)s: %(what)s") % {"case": case.code, "what": case.title},
            detail=gettext("The case desk has a question. Without an answer it decides by the records."),
            url=reverse("cases:show", args=[case.pk]),
            verb=gettext("Answer"),
            tone="hold",
            icon="message-question",
        )


@offers_steps
def take(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Tell the desk what comes next: the first case to take, the first to decide. One query."""
    if user.role == Role.CASE_AGENT:
        first = find(user, tab="unclaimed").first()
        words, verb = gettext("Take case %(case)s: %(what)s"), gettext("Look")
    elif user.role == Role.CASE_REVIEWER:
        first = find(user, tab="proposed").first()
        words, verb = gettext("Decide case %(case)s: %(what)s"), gettext("Decide")
    else:
        return
    if first is not None:
        yield Step(
            title=words % {"case": first.code, "what": first.title},
            detail=first.merchant.name,
            url=reverse("cases:show", args=[first.pk]),
            verb=verb,
            tone="run",
            icon="headset",
            due_at=first.due_at,
        )
