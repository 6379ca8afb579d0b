"""The API of corrective actions: submit, approve, send back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from rest_framework.decorators import action

from assurance.products.models import Product
from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, VisibleFilter
from qc.quality import actions
from qc.quality.api.serializers import ApproveIn, CorrectiveActionOut, SendBackIn, SubmitIn
from qc.quality.models import ACTION_STATES, CorrectiveAction

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class CorrectiveActionFilters(StrictFilterSet):
    state = OneOfFilter(choices=ACTION_STATES)
    product = VisibleFilter(model=Product)


class CorrectiveActionViews(ReadingDoor):
    """What is demanded of merchants whose goods were suspended, newest first."""

    queryset = CorrectiveAction.objects.none()
    serializer_class = CorrectiveActionOut
    filterset_class = CorrectiveActionFilters
    orderings: ClassVar = {"id": "id"}
    inputs: ClassVar = {"submit": SubmitIn, "approve": ApproveIn, "send_back": SendBackIn}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse")

    @action(detail=True, methods=["post"])
    def submit(self, request: SignedInRequest, pk: str) -> Response:
        """Say what the cause was and what was changed."""
        actions.submit(corrective_action_id=self.get_object().pk, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def approve(self, request: SignedInRequest, pk: str) -> Response:
        """Judge it effective: the stop is lifted and inspection goes on, tightened. Never one's own."""
        reason = self.accepted().get("reason", "")
        actions.approve(corrective_action_id=self.get_object().pk, reason=reason, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="send-back", url_name="send-back")
    def send_back(self, request: SignedInRequest, pk: str) -> Response:
        """Ask for a better plan; the goods stay stopped."""
        actions.send_back(corrective_action_id=self.get_object().pk, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(self.get_object())
