"""The API of shipments: announce, call off, take in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin

from assurance.accounts.models import Organisation
from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, TextFilter
from warehouse.inbound import actions, queries
from warehouse.inbound.actions import AnnouncedLine
from warehouse.inbound.api.serializers import CloseIn, ReceiptOut, ReceiveIn, ShipmentIn, ShipmentOut, WarehouseOut
from warehouse.inbound.models import STATE_CHOICES, ShipmentLine, ShipmentNotice

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class WarehouseViews(ListModelMixin, Door):
    """The warehouses that take goods."""

    queryset = Organisation.objects.none()
    serializer_class = WarehouseOut
    default_ordering: ClassVar = ("code",)

    def get_queryset(self) -> QuerySet[Any]:
        return queries.open_warehouses()


class ShipmentFilters(StrictFilterSet):
    state = OneOfFilter(choices=STATE_CHOICES)
    reference = TextFilter(max_length=40)


class ShipmentViews(ReadingDoor):
    """Shipment notices of the merchant, or those announced to the warehouse; newest first."""

    queryset = ShipmentNotice.objects.none()
    serializer_class = ShipmentOut
    filterset_class = ShipmentFilters
    orderings: ClassVar = {"id": "id", "expected_date": "expected_date"}
    inputs: ClassVar = {"create": ShipmentIn, "receive": ReceiveIn, "close": CloseIn}
    outputs: ClassVar = {"receive": ReceiptOut}

    def get_queryset(self) -> QuerySet[Any]:
        lines = ShipmentLine.objects.with_received().order_by("id")
        return super().get_queryset().select_related("merchant", "warehouse").prefetch_related(Prefetch("lines", lines))

    def create(self, request: SignedInRequest) -> Response:
        """Announce a shipment of your enrolled products. The same reference with the same content is the same notice."""
        given = self.accepted()
        lines = [AnnouncedLine(product_id=line.pop("product").pk, **line) for line in given["lines"]]
        notice = actions.announce_shipment(
            actor=request.user,
            warehouse_id=queries.warehouse_id(given["warehouse"]),
            reference=given["reference"],
            expected_date=given["expected_date"],
            lines=lines,
            at=timezone.now(),
        )
        return self.created(self.get_queryset().get(pk=notice.pk))

    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInRequest, pk: str) -> Response:
        """Call a shipment off before anything of it arrived."""
        self.accepted()
        actions.cancel_shipment(notice_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @extend_schema(responses={200: ReceiptOut, 201: ReceiptOut})
    @action(detail=True, methods=["post"])
    def receive(self, request: SignedInRequest, pk: str) -> Response:
        """Take units of one announced lot in. The same message again answers 200 with the first receipt."""
        given = self.accepted()
        received = actions.receive(notice_id=self.get_object().pk, actor=request.user, at=timezone.now(), **given)
        return self.shown(received.receipt, status=201 if received.is_new else 200)

    @action(detail=True, methods=["post"])
    def close(self, request: SignedInRequest, pk: str) -> Response:
        """End receiving although something is missing."""
        reason = self.accepted()["reason"]
        actions.close_receiving(notice_id=self.get_object().pk, reason=reason, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())
