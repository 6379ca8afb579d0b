"""The API of jobs and the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin

from assurance.events import actions
from assurance.events.api.serializers import EventOut, JobOut, RestartIn
from assurance.events.models import Event, Job
from assurance.web.api import Door, ReadingDoor

if TYPE_CHECKING:
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class JobViews(ReadingDoor):
    """Background jobs, newest first."""

    queryset = Job.objects.none()
    serializer_class = JobOut
    inputs: ClassVar = {"restart": RestartIn}

    @action(detail=True, methods=["post"])
    def restart(self, request: SignedInRequest, pk: str) -> Response:
        """Give a parked job five new attempts."""
        job = actions.restart_job(job_id=self.get_object().pk, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(job)


class EventViews(ListModelMixin, Door):
    """The audit trail, newest first; persons' data appear as salted digests."""

    queryset = Event.objects.none()
    serializer_class = EventOut
