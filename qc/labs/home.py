"""What home pages show of samples: what waits for a laboratory's people, and what is under way in a warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, Count, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext

from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import Role
from qc.labs.lifecycle import AT_LAB, OVER, SampleState
from qc.labs.models import DrawRound, Sample
from qc.labs.queries.pages import WAITING, find

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User

STEPS: Final = 4
SHOWN: Final = 6
LAB: Final = (Role.LAB_ANALYST, Role.LAB_VERIFIER)


@offers_steps
def steps(user: User, *, at: datetime) -> list[Step]:  # noqa: ARG001  the front door's signature
    """Offer the samples that wait for this person, and to the quality lead the round that is not drawn. One or two queries."""
    if user.role not in WAITING:
        return []
    offered = [step_of(sample, user) for sample in find(user, scope="todo")[:STEPS]]
    if user.role == Role.QC_LEAD:
        offered += [_of_round(found) for found in DrawRound.objects.visible_to(user).filter(drawn_at=None).order_by("id")[:1]]
    return offered


def step_of(sample: Sample, user: User) -> Step:
    """Return what to do about a sample that waits."""
    words = {"sample": sample.code}
    title, verb, icon, tone = {
        SampleState.SCHEDULED: (gettext("Take sample %(sample)s"), gettext("Take sample"), "hand-grab", "wait"),
        SampleState.DRAWN: (gettext("Seal sample %(sample)s"), gettext("Seal"), "lock", "run"),
        SampleState.SEALED: (gettext("Send sample %(sample)s"), gettext("Send"), "truck", "run"),
        SampleState.DISPATCHED: (gettext("Sample %(sample)s is on its way"), gettext("Receive sample"), "package-import", "wait"),
        SampleState.RECEIVED: (gettext("Begin with sample %(sample)s"), gettext("Begin testing"), "flask", "run"),
        SampleState.TESTING: (gettext("Enter results of sample %(sample)s"), gettext("Enter"), "flask", "run"),
        SampleState.RESULTED: (gettext("Verify sample %(sample)s"), gettext("Verify results"), "eye-check", "hold"),
        SampleState.VERIFIED: (gettext("Publish sample %(sample)s"), gettext("Publish"), "send", "hold"),
    }[SampleState(sample.state)]
    in_lab = user.role in LAB
    detail = sample.product.category.name if in_lab else f"{sample.lot.number} · {sample.product.shown_name}"
    return Step(
        title=title % words,
        detail=detail,
        url=reverse("labs:show", args=[sample.pk]),
        verb=verb,
        tone=tone,
        icon=icon,
        due_at=sample.due_at,
    )


def _of_round(found: DrawRound) -> Step:
    return Step(
        title=gettext("Draw round %(round)s") % {"round": found.code},
        detail=gettext("Its hash is on record; the seed decides."),
        url=reverse("labs:round", args=[found.pk]),
        verb=gettext("Draw"),
        tone="hold",
        icon="dice",
    )


def _panel(user: User, *, at: datetime, title: str) -> Panel:
    """Show samples that are not over first, by due time, then the newest that are. One query."""
    open_first = Case(When(state__in=sorted(OVER), then=Value(1)), default=Value(0))
    found: Any = find(user).order_by(open_first, F("due_at").asc(nulls_last=True), "-id")
    return Panel(
        title=title,
        template="qc/labs/_home_samples.html",
        shown={"samples": list(found[:SHOWN]), "now": at},
        url=reverse("labs:list"),
        more=gettext("All samples"),
    )


@dataclass(frozen=True)
class Bench:
    """How many samples stand where in a laboratory, and how many of them are late."""

    coming: int
    testing: int
    to_verify: int
    late: int


@offers_panel(LAB, place=10, columns=4)
def bench(user: User, *, at: datetime) -> Panel:
    """Show a laboratory in figures how much it has. One query."""

    def of(*states: SampleState) -> Count:
        return Count("pk", filter=Q(state__in=states))

    here = (SampleState.RECEIVED, SampleState.TESTING)
    counts = Sample.objects.visible_to(user).aggregate(
        coming=of(SampleState.DISPATCHED),
        testing=of(*here),
        to_verify=of(SampleState.RESULTED),
        late=Count("pk", filter=Q(state__in=sorted(AT_LAB), due_at__lt=at)),
    )
    return Panel(
        title=gettext("In the laboratory"),
        template="qc/labs/_home_bench.html",
        shown=Bench(**counts),
        url=reverse("labs:list") + "?scope=late",
        more=gettext("Due soon or late"),
    )


@offers_panel(LAB, place=20, columns=12)
def in_the_laboratory(user: User, *, at: datetime) -> Panel:
    """Show a laboratory its samples by due time. One query."""
    return _panel(user, at=at, title=gettext("Samples by due time"))


@offers_panel((Role.QC_LEAD,), place=40, columns=12)
def in_the_warehouse(user: User, *, at: datetime) -> Panel:
    """Show the quality lead the samples of the warehouse. One query."""
    return _panel(user, at=at, title=gettext("Laboratory samples"))
