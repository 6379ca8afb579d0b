"""The API of imports and exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework.decorators import action

from assurance.runs import actions
from assurance.runs.api.serializers import RunOut
from assurance.runs.models import Run
from assurance.web.api import ReadingDoor

if TYPE_CHECKING:
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class RunViews(ReadingDoor):
    """Imports and exports of the asker's organisation, newest first."""

    queryset = Run.objects.none()
    serializer_class = RunOut

    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInRequest, pk: str) -> Response:
        """Stop before the next batch; what was done stays done."""
        self.accepted()
        return self.shown(actions.cancel_run(run_id=self.get_object().pk, actor=request.user, at=timezone.now()))
