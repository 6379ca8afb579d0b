"""The API of shipments: announce, call off, take in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from assurance.accounts.models import Organisation
from assurance.files.api.views import uploaded
from assurance.refusals import Refused
from assurance.web.answers import request_id
from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, TextFilter, VisibleFilter
from assurance.web.parsers import StrictMultiPartParser
from assurance.web.problems import CONTENT_TYPE, of_refusal
from warehouse.inbound import actions, queries
from warehouse.inbound.actions import AnnouncedLine
from warehouse.inbound.api.serializers import (
    BookIn,
    CloseIn,
    DiscrepancyOut,
    FileIn,
    HandOverIn,
    ReceiptOut,
    ReceiveIn,
    ReportIn,
    SettleIn,
    ShipmentIn,
    ShipmentOut,
    ShipmentsOut,
    SlotOut,
    SlotsIn,
    SlotsOut,
    WarehouseOut,
)
from warehouse.inbound.lifecycle import Kind, Resolution
from warehouse.inbound.models import KIND_CHOICES, STATE_CHOICES, Booking, Discrepancy, ShipmentLine, ShipmentNotice, Slot

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase
    from rest_framework.request import Request

    from assurance.accounts.models import User
    from assurance.accounts.types import SignedInRequest
    from warehouse.inbound.actions import Arrival


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
    arrival: Arrival | None = None
    orderings: ClassVar = {"id": "id", "expected_date": "expected_date"}
    inputs: ClassVar = {
        "create": ShipmentIn,
        "receive": ReceiveIn,
        "close": CloseIn,
        "report": ReportIn,
        "book_slot": BookIn,
        "file": FileIn,
    }
    outputs: ClassVar = {"receive": ReceiptOut, "report": DiscrepancyOut, "file": ShipmentsOut}

    def get_queryset(self) -> QuerySet[Any]:
        lines = ShipmentLine.objects.with_received().order_by("id")
        bookings = Prefetch("bookings", Booking.objects.standing().select_related("slot").order_by("id"), to_attr="standing_bookings")
        return super().get_queryset().select_related("merchant", "warehouse").prefetch_related(Prefetch("lines", lines), bookings)

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

    @extend_schema(responses={201: ShipmentsOut})
    @action(detail=False, methods=["post"], parser_classes=[StrictMultiPartParser])
    def file(self, request: SignedInRequest) -> Response:
        """Announce every shipment of a CSV file or workbook, or none; rows of one reference are one shipment."""
        data, _name = uploaded(self.accepted()["file"])
        made = actions.announce_file(data=data, actor=request.user, at=timezone.now())
        found = self.get_queryset().filter(pk__in=[notice.pk for notice in made]).order_by("id")
        return self.shown({"shipments": found}, status=201)

    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInRequest, pk: str) -> Response:
        """Call a shipment off before anything of it arrived."""
        self.accepted()
        actions.cancel_shipment(notice_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @extend_schema(responses={200: ReceiptOut, 201: ReceiptOut})
    @action(detail=True, methods=["post"])
    def receive(self, request: SignedInRequest, pk: str) -> Response:
        """Take units of one announced lot in. The same message again answers 200 with the first receipt.

        Goods that were not announced like this are refused, and recorded as a discrepancy.
        """
        self.arrival = actions.scanned_arrival(notice_id=self.get_object().pk, at=timezone.now(), **self.accepted())
        received = actions.receive_all([self.arrival], actor=request.user)[0]
        return self.shown(received.receipt, status=201 if received.is_new else 200)

    def handled(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer. What the door refuses is rolled back; that the goods stand aside is kept."""
        self.arrival = None
        try:
            with transaction.atomic():
                return super().handled(request, *args, **kwargs)
        except Refused as refused:
            if self.arrival is None or not actions.put_aside(refused, self.arrival, actor=cast("User", request.user)):
                raise
            body = of_refusal(refused).as_dict(request_id(request._request))
            return Response(body, status=refused.status, content_type=CONTENT_TYPE)

    @action(detail=True, methods=["post"], url_path="book-slot")
    def book_slot(self, request: SignedInRequest, pk: str) -> Response:
        """Come in a time slot of the warehouse; the one booked before is given up."""
        slot = self.accepted()["slot"]
        actions.book_slot(notice_id=self.get_object().pk, slot_id=slot.pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="give-up-slot")
    def give_up_slot(self, request: SignedInRequest, pk: str) -> Response:
        """Leave the booked time to others."""
        self.accepted()
        actions.give_up_slot(notice_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @extend_schema(responses={201: DiscrepancyOut})
    @action(detail=True, methods=["post"])
    def report(self, request: SignedInRequest, pk: str) -> Response:
        """Record damaged goods, or goods that nobody announced. The same message again is the first record."""
        given = self.accepted()
        given["kind"] = Kind(given["kind"])
        found = actions.report(notice_id=self.get_object().pk, actor=request.user, at=timezone.now(), **given)
        return self.shown(found, status=201)

    @action(detail=True, methods=["post"])
    def close(self, request: SignedInRequest, pk: str) -> Response:
        """End receiving although something is missing."""
        reason = self.accepted()["reason"]
        actions.close_receiving(notice_id=self.get_object().pk, reason=reason, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())


class DiscrepancyFilters(StrictFilterSet):
    state = OneOfFilter(choices=[("open", "open"), ("settled", "settled")])
    kind = OneOfFilter(choices=KIND_CHOICES)
    notice = VisibleFilter(model=ShipmentNotice)


class DiscrepancyViews(ReadingDoor):
    """What arrived otherwise than announced; newest first."""

    queryset = Discrepancy.objects.none()
    serializer_class = DiscrepancyOut
    filterset_class = DiscrepancyFilters
    inputs: ClassVar = {"settle": SettleIn, "hand_over": HandOverIn}

    @action(detail=True, methods=["post"])
    def settle(self, request: SignedInRequest, pk: str) -> Response:
        """Say what became of it. A lead who did not find them admits goods that are too old, with a reason."""
        given = self.accepted()
        given["resolution"] = Resolution(given["resolution"])
        note = given.pop("note", "")
        actions.settle(discrepancy_id=self.get_object().pk, note=note, actor=request.user, at=timezone.now(), **given)
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: SignedInRequest, pk: str) -> Response:
        """Let somebody else of the warehouse take care of it."""
        owner = self.accepted()["owner"]
        actions.hand_over(discrepancy_id=self.get_object().pk, owner_id=owner.pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())


class SlotViews(ListModelMixin, Door):
    """The coming time slots of the warehouses, the earliest first."""

    queryset = Slot.objects.none()
    serializer_class = SlotOut
    default_ordering: ClassVar = ("starts_at", "id")
    inputs: ClassVar = {"create": SlotsIn}
    outputs: ClassVar = {"create": SlotsOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(ends_at__gt=timezone.now()).select_related("warehouse")

    @extend_schema(responses={201: SlotsOut})
    def create(self, request: SignedInRequest) -> Response:
        """Offer time slots at your gate; a slot that stands gets the new capacity."""
        opened = actions.open_slots(actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown({"slots": opened}, status=201)
