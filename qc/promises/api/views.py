"""The API of promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from assurance.web.api import Door
from assurance.web.filters import StrictFilterSet, VisibleFilter
from qc.promises import queries
from qc.promises.api.serializers import KeptOut, PromiseOut
from qc.promises.models import Promise
from warehouse.inbound.models import ShipmentNotice

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assurance.accounts.types import SignedInRequest


class PromiseFilters(StrictFilterSet):
    notice = VisibleFilter(model=ShipmentNotice)


class PromiseViews(ListModelMixin, Door):
    """What was promised last of each announced line, with what became of it; newest first."""

    queryset = Promise.objects.none()
    serializer_class = PromiseOut
    filterset_class = PromiseFilters
    outputs: ClassVar = {"report": KeptOut}

    def get_queryset(self) -> QuerySet[Any]:
        found: Any = super().get_queryset()
        return queries.with_actual(found.said_last()).select_related("warehouse")

    @extend_schema(responses={200: KeptOut(many=True)})
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None)
    def report(self, request: SignedInRequest) -> Response:
        """Return actual against promised of each warehouse over the last 30 days."""
        return Response(KeptOut(queries.report(request.user, at=timezone.now()), many=True).data)
