"""The API of badges, and the public answer about one code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.response import Response
from rest_framework.views import APIView

from assurance.badges import actions, guessing
from assurance.badges.api.serializers import BadgeOut, ReissueIn, RevokeIn, VerificationOut
from assurance.badges.forms import FoundOn
from assurance.badges.models import Badge
from assurance.badges.reading import look
from assurance.web.api import ReadingDoor

if TYPE_CHECKING:
    from rest_framework.request import Request

    from assurance.accounts.types import SignedInRequest


class BadgeViews(ReadingDoor):
    """The merchant's own badges, newest first."""

    queryset = Badge.objects.none()
    serializer_class = BadgeOut
    inputs: ClassVar = {"revoke": RevokeIn, "reissue": ReissueIn}

    @action(detail=True, methods=["post"])
    def revoke(self, request: SignedInRequest, pk: str) -> Response:
        """Withdraw a badge for good."""
        badge = actions.revoke(badge_id=self.get_object().pk, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(badge)

    @action(detail=True, methods=["post"])
    def reissue(self, request: SignedInRequest, pk: str) -> Response:
        """Give the lot a new code; the old one is superseded from then on."""
        badge = actions.reissue(badge_id=self.get_object().pk, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(badge)


class Verify(APIView):
    """Is this badge valid now? For anybody, without an account; never cached."""

    authentication_classes = ()

    @extend_schema(
        operation_id="verify",
        parameters=[
            OpenApiParameter("gtin", str, description="The bar code on the goods: another product's answers wrong_product."),
            OpenApiParameter("lot", str, description="The lot number on the goods."),
        ],
        responses={200: VerificationOut, 404: VerificationOut},
    )
    def get(self, request: Request, code: str) -> Response:
        found = look(code, at=timezone.now(), asked=FoundOn(request.query_params).asked()).found
        if found.badge is None and (wait := guessing.wait(request)):
            raise Throttled(wait)
        status = 200 if found.badge else 404
        response = Response(VerificationOut(found).data, status=status, headers={"Cache-Control": "no-store"})
        response.is_problem = True  # type: ignore[attr-defined]  # an unknown code is an answer, not a failure that the house would put into its own form
        return response
