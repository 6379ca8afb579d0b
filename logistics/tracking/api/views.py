"""The API of couriers' events: send them in lists, read what was taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from assurance.web.api import Door
from assurance.web.filters import StrictFilterSet, VisibleFilter
from logistics.dispatch.models import Waybill
from logistics.tracking import actions
from logistics.tracking.actions import Happening
from logistics.tracking.api.serializers import EventOut, EventsIn, RecordedOut
from logistics.tracking.models import TrackingEvent

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assurance.accounts.types import SignedInRequest


class EventFilters(StrictFilterSet):
    waybill = VisibleFilter(model=Waybill)


class CourierEventViews(ListModelMixin, Door):
    """What couriers said happened to the parcels you see; newest first."""

    queryset = TrackingEvent.objects.none()
    serializer_class = EventOut
    filterset_class = EventFilters
    orderings: ClassVar = {"occurred_at": "occurred_at"}
    inputs: ClassVar = {"create": EventsIn}
    outputs: ClassVar = {"create": RecordedOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("waybill")

    @extend_schema(responses={200: RecordedOut})
    def create(self, request: SignedInRequest) -> Response:
        """Send up to 500 events of your parcels. Copies and disorder do no harm; what names none of your waybills is told back."""
        happened = [Happening(**event) for event in self.accepted()["events"]]
        told = actions.record_events(happened, source="api", actor=request.user, at=timezone.now())
        refused = [{"place": place, "code": code} for place, code in sorted(told.refused.items())]
        return self.shown({"new": told.new, "repeated": told.repeated, "refused": refused})
