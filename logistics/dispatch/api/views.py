"""The API of dispatch: book couriers, read labels, hand over, call off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from assurance.web.api import ReadingDoor
from assurance.web.filters import IdFilter, OneOfFilter, StrictFilterSet, TextFilter
from logistics.dispatch import actions
from logistics.dispatch.actions import Booking, Handing
from logistics.dispatch.api.serializers import BookIn, CancelIn, HandOverIn, HandOverOut, LabelOut, WaybillOut
from logistics.dispatch.models import STATES, HandOver, Waybill

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assurance.accounts.types import SignedInRequest


class WaybillFilters(StrictFilterSet):
    state = OneOfFilter(choices=STATES)
    number = TextFilter(max_length=32)
    parcel = IdFilter(field_name="parcel_id")


class WaybillViews(ReadingDoor):
    """Waybills of the merchant's, the warehouse's or the courier's parcels; newest first."""

    queryset = Waybill.objects.none()
    serializer_class = WaybillOut
    filterset_class = WaybillFilters
    orderings: ClassVar = {"id": "id", "promised_delivery_date": "promised_delivery_date"}
    inputs: ClassVar = {"create": BookIn, "hand_over": HandOverIn, "cancel": CancelIn}
    outputs: ClassVar = {"hand_over": HandOverOut, "label": LabelOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse", "courier", "service")

    @extend_schema(responses={200: WaybillOut(many=True)})
    def create(self, request: SignedInRequest) -> Response:
        """Choose a courier for each parcel and book it. A parcel that has a waybill keeps it; the answer is in the order of the parcels."""
        given = self.accepted()
        items = [Booking(parcel.pk, rule=given["rule"], service_code=given["service"]) for parcel in given["parcels"]]
        made = actions.choose_and_book(items, actor=request.user, at=timezone.now())
        found = {one.pk: one for one in self.get_queryset().filter(pk__in=[one.pk for one in made])}
        return Response(self.get_serializer([found[one.pk] for one in made], many=True).data)

    @extend_schema(responses={200: HandOverOut(many=True)})
    @action(detail=False, methods=["post"], url_path="hand-over", url_name="hand-over")
    def hand_over(self, request: SignedInRequest) -> Response:
        """Hand parcels over to their couriers: all or none. One that has left keeps its first hand-over."""
        items = [Handing(parcel.pk) for parcel in self.accepted()["parcels"]]
        made = actions.hand_over(items, actor=request.user, at=timezone.now())
        found = HandOver.objects.visible_to(request.user).select_related("waybill", "manifest").in_bulk([one.pk for one in made])
        return Response(self.get_serializer([found[one.pk] for one in made], many=True).data)

    @action(detail=True, methods=["post"])
    def label(self, request: SignedInRequest, pk: str) -> Response:
        """Read a label with the recipient in clear, for the warehouse that sends the parcel."""
        self.accepted()
        return self.shown(actions.print_label(waybill_id=self.get_object().pk, actor=request.user, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInRequest, pk: str) -> Response:
        """Call a waybill off before hand-over; the parcel may get another."""
        reason = self.accepted()["reason"]
        actions.cancel_waybills([self.get_object().pk], reason=reason, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())
