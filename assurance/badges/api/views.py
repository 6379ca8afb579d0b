"""The API of badges, and the public answer about one code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView

from assurance.badges import actions, queries
from assurance.badges.api.serializers import BadgeOut, RevokeIn, VerificationOut
from assurance.badges.models import Badge
from assurance.web.api import ReadingDoor

if TYPE_CHECKING:
    from rest_framework.request import Request

    from assurance.accounts.types import SignedInRequest


class BadgeViews(ReadingDoor):
    """The merchant's own badges, newest first."""

    queryset = Badge.objects.none()
    serializer_class = BadgeOut
    inputs: ClassVar = {"revoke": RevokeIn}

    @action(detail=True, methods=["post"])
    def revoke(self, request: SignedInRequest, pk: str) -> Response:
        """Withdraw a badge for good."""
        badge = actions.revoke(badge_id=self.get_object().pk, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(badge)


class Verify(APIView):
    """Is this badge valid now? For anybody, without an account; never cached."""

    authentication_classes = ()

    @extend_schema(operation_id="verify", responses={200: VerificationOut, 404: VerificationOut})
    def get(self, request: Request, code: str) -> Response:
        found = queries.verify(code, at=timezone.now())
        status = 200 if found.badge else 404
        return Response(VerificationOut(found).data, status=status, headers={"Cache-Control": "no-store"})
