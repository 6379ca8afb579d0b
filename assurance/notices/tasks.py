"""Notices that follow the ground floor's own events."""

from __future__ import annotations

from django.utils import timezone

from assurance.accounts.models import User
from assurance.events.models import Job
from assurance.events.registry import job
from assurance.notices import actions
from assurance.roles import Role


@job(queue="notices")
def mail_notice(*, notice_id: int, **_from_newer_writers: object) -> None:
    """Send one notice by e-mail."""
    actions.mail_notice(notice_id=notice_id, at=timezone.now())


@job("events.job.parked", queue="notices")
def tell_administrators(*, job_id: int, **_from_newer_writers: object) -> None:
    """Tell every administrator of a job that failed in every attempt."""
    parked = Job.objects.get(pk=job_id)
    actions.notify(
        "job_parked",
        recipients=User.objects.holding(Role.PLATFORM_ADMIN),
        key=f"{job_id}:{parked.attempts}:{parked.created_at:%s}",
        at=timezone.now(),
        link="/jobs/",
        handler=parked.handler,
        attempts=parked.attempts,
        error=parked.last_error.split(":")[0][:60],  # the kind of fault; its text may quote a person's data
    )
