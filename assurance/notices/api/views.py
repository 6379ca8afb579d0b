"""The API of a person's notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin

from assurance.notices import actions
from assurance.notices.api.serializers import NoticeOut, ReadIn, ReadOut
from assurance.notices.models import Notice
from assurance.web.api import Door

if TYPE_CHECKING:
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class NoticeViews(ListModelMixin, Door):
    """The asker's own notices, newest first."""

    queryset = Notice.objects.none()
    serializer_class = NoticeOut
    inputs: ClassVar = {"read": ReadIn}
    outputs: ClassVar = {"read": ReadOut}

    @action(detail=False, methods=["post"])
    def read(self, request: SignedInRequest) -> Response:
        """Mark notices as read."""
        read = actions.mark_read(actor=request.user, at=timezone.now(), notice_ids=self.accepted()["notices"])
        return self.shown({"read": read})
