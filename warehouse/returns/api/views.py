"""The API of returns: announce, count in, keep what nobody knows, match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, TextFilter, VisibleFilter
from warehouse.orders.models import Parcel
from warehouse.returns import actions
from warehouse.returns.actions import ArrivedReturn, ExpectedReturn, ScannedUnit
from warehouse.returns.api.serializers import ArrivedIn, CancelIn, MatchIn, ReturnIn, ReturnOut, UnidentifiedIn
from warehouse.returns.models import STATE_CHOICES, ReturnParcel, ReturnUnit

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class ReturnFilters(StrictFilterSet):
    state = OneOfFilter(choices=STATE_CHOICES)
    parcel = VisibleFilter(model=Parcel)
    tracking_number = TextFilter(max_length=40)
    reference = TextFilter(max_length=60)


class ReturnViews(ReadingDoor):
    """The returns the asker may see, newest first."""

    queryset = ReturnParcel.objects.none()
    serializer_class = ReturnOut
    filterset_class = ReturnFilters
    orderings: ClassVar = {"id": "id", "arrived_at": "arrived_at"}
    inputs: ClassVar = {"create": ReturnIn, "receive": ArrivedIn, "unidentified": UnidentifiedIn, "match": MatchIn, "cancel": CancelIn}

    def get_queryset(self) -> QuerySet[Any]:
        units = Prefetch("units", ReturnUnit.objects.order_by("id"))
        return super().get_queryset().select_related("merchant", "warehouse", "parcel").prefetch_related(units)

    def create(self, request: SignedInRequest) -> Response:
        """Announce that a parcel will come back."""
        given = self.accepted()
        entry = ExpectedReturn(parcel_id=given.pop("parcel").pk, **given)
        row = actions.announce_returns([entry], actor=request.user, at=timezone.now())[0]
        return self.created(self.get_queryset().get(pk=row.pk))

    @extend_schema(responses={201: ReturnOut})
    @action(detail=False, methods=["post"])
    def receive(self, request: SignedInRequest) -> Response:
        """Count the units of a parcel that came back in; the announced return of the parcel, or a new one."""
        given = self.accepted()
        units = [ScannedUnit(one["code"], one.get("lot_number", ""), one.get("quantity", 1)) for one in given.pop("units")]
        entry = ArrivedReturn(parcel_id=given.pop("parcel").pk, units=units, **given)
        row = actions.receive_returns([entry], actor=request.user, at=timezone.now())[0]
        return self.created(self.get_queryset().get(pk=row.pk))

    @extend_schema(responses={201: ReturnOut})
    @action(detail=False, methods=["post"])
    def unidentified(self, request: SignedInRequest) -> Response:
        """Keep a parcel that no order was found for."""
        given = self.accepted()
        photos = [file.pk for file in given.pop("photos")]
        row = actions.receive_unidentified(photo_ids=photos, actor=request.user, at=timezone.now(), **given)
        return self.created(self.get_queryset().get(pk=row.pk))

    @action(detail=True, methods=["post"])
    def match(self, request: SignedInRequest, pk: str) -> Response:
        """Say which parcel an unidentified return was."""
        parcel = self.accepted()["parcel"]
        row = self.get_object()
        actions.match_return(return_id=row.pk, parcel_id=parcel.pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInRequest, pk: str) -> Response:
        """Call a return off that has not arrived."""
        reason = self.accepted()["reason"]
        actions.cancel_return(return_id=self.get_object().pk, reason=reason, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())
