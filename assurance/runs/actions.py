"""Start, advance, stop and end long work.

Every batch is a job of its own: it commits with its progress and with the job of the next batch, so a killed worker
repeats one batch and not the run, and nothing holds a lock for minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import announce, enqueue
from assurance.events.changes import change, first
from assurance.files.actions import store
from assurance.files.sniffing import TABLES
from assurance.notices.actions import notify
from assurance.notices.wording import english
from assurance.refusals import Refused, WrongState
from assurance.runs.kinds import KINDS, Batch
from assurance.runs.lifecycle import NEXT, RunState
from assurance.runs.models import Run, RunPart

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile

WORK_HANDLER = "assurance.runs.advance"


class RunNotOpen(Refused):
    code = "run_not_open"
    message = _("This has already ended.")


@transaction.atomic
def start_run(kind: str, *, actor: User, at: datetime, source: StoredFile | None = None, total: int | None = None, **given: Any) -> Run:
    """Ask for long work on behalf of the actor's organisation; a worker begins within a second.

    :raises KeyError: if nobody does this kind of work
    """
    run = Run.objects.create(
        organisation_id=actor.organisation_id,
        kind=KINDS[kind].name,
        total=total,
        given=given,
        source=source,
        started_by=actor,
        created_at=at,
    )
    announce("runs.run.started", actor=actor, at=at, subject=run, changes=first(run, "kind", "state"), run_id=run.pk)
    enqueue(WORK_HANDLER, key=f"{run.pk}:0", at=at, run_id=run.pk)
    return run


@transaction.atomic
def cancel_run(*, run_id: int, actor: User, at: datetime) -> Run:
    """Stop before the next batch; what was done stays done and is said.

    :raises RunNotOpen: if it has ended
    """
    run = Run.objects.select_for_update().get(pk=run_id)
    if not run.is_open:
        raise RunNotOpen
    if run.cancel_asked_at is None:
        run.cancel_asked_at = at
        run.save(update_fields=["cancel_asked_at"])
        announce("runs.run.cancel_asked", actor=actor, at=at, subject=run, changes=first(run, "cancel_asked_at"))
    return run


@transaction.atomic
def advance(*, run_id: int, at: datetime) -> None:
    """Do the next batch and ask for the one after it."""
    run = Run.objects.select_for_update(of=("self",)).select_related("started_by").get(pk=run_id)
    if not run.is_open:
        return
    if run.cancel_asked_at:
        end_run(run, RunState.CANCELLED, at=at)
        return
    if run.state == RunState.WAITING:
        move_run(run, RunState.RUNNING, at=at, started_at=at)
    batch = KINDS[run.kind].work(run)
    keep(run, batch)
    if batch.is_last:
        end_run(run, RunState.DONE, at=at)
    else:
        enqueue(WORK_HANDLER, key=f"{run.pk}:{run.done}", at=at, run_id=run.pk)


def keep(run: Run, batch: Batch) -> None:
    """Store a batch's piece of the result and how far the run is."""
    if batch.text:
        RunPart.objects.create(run=run, organisation_id=run.organisation_id, number=run.done, text=batch.text)
    run.done += batch.done
    run.errors += batch.errors
    run.save(update_fields=["done", "errors"])


def move_run(run: Run, to: RunState, *, at: datetime, **also: Any) -> None:
    """Bring a locked run to its next state.

    :raises WrongState: if there is no such step
    """
    if to not in NEXT[RunState(run.state)]:
        raise WrongState(state=run.get_state_display())
    changes = change(run, state=to, **also)
    run.save(update_fields=["state", *also])
    announce(f"runs.run.{to}", actor=run.started_by, at=at, subject=run, changes=changes, run_id=run.pk)


def end_run(run: Run, to: RunState, *, at: datetime, failure: str = "") -> None:
    """End a locked run: put the result together, tell who started it."""
    text = "".join(run.parts.order_by("number").values_list("text", flat=True))
    result = None
    if made := KINDS[run.kind].finish(run, text):
        name, data = made
        owner, by = run.organisation, run.started_by
        result = store(organisation=owner, uploaded_by=by, data=data, shown_name=name, at=at, accept=TABLES, private=True)
    RunPart.objects.filter(run=run).delete()
    move_run(run, to, at=at, ended_at=at, result=result, failure=failure)
    if to != RunState.CANCELLED:
        notify(
            "run_failed" if to == RunState.FAILED else "run_done",
            recipients=[run.started_by],
            key=str(run.pk),
            at=at,
            link=f"/runs/{run.pk}/",
            run=english(KINDS[run.kind].title),
            done=run.done,
            errors=run.errors,
        )


@transaction.atomic
def fail_run(*, run_id: int, at: datetime, failure: str) -> None:
    """End a run whose batch failed in every attempt; what was done before stays done."""
    run = Run.objects.select_for_update(of=("self",)).select_related("started_by").get(pk=run_id)
    if run.is_open:
        end_run(run, RunState.FAILED, at=at, failure=failure[:200])
