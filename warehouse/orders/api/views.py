"""The API of orders and parcels: take, look, cancel; pick, scan, pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, TextFilter
from warehouse.orders import actions, queries
from warehouse.orders.actions import Accepting, Packing, PaidLine, PaidOrder, PaidTo, Step, Weighing
from warehouse.orders.api.serializers import (
    AcceptWeightIn,
    OrderOut,
    OrdersIn,
    OtherLotIn,
    PackIn,
    ParcelOut,
    ReasonIn,
    RecordIn,
    RecordsOut,
    RevealedOut,
    ScanAtStationIn,
    TakenAllOut,
    WeighIn,
)
from warehouse.orders.models import ORDER_STATES, PARCEL_STATES, Allocation, Order, Parcel, WeightDeviation
from warehouse.orders.packing import Scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest
    from warehouse.orders.actions import Taken


class OrderFilters(StrictFilterSet):
    state = OneOfFilter(choices=ORDER_STATES)
    source = TextFilter(max_length=24)
    number = TextFilter(max_length=40)


class OrderViews(ReadingDoor):
    """The orders with the asker's goods; newest first."""

    queryset = Order.objects.none()
    serializer_class = OrderOut
    filterset_class = OrderFilters
    orderings: ClassVar = {"id": "id", "paid_at": "paid_at", "ship_by": "ship_by"}
    inputs: ClassVar = {"create": OrdersIn, "cancel": ReasonIn, "reveal": ReasonIn}
    outputs: ClassVar = {"create": TakenAllOut, "reveal": RevealedOut}
    body_limit: ClassVar = 2_000_000

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        mine = Parcel.objects.visible_to(self.request.user).order_by("id")  # type: ignore[arg-type]
        found = queries.find(self.request.user)  # type: ignore[arg-type]
        return found.select_related("recipient").prefetch_related(Prefetch("parcels", mine, to_attr="shown_parcels"))

    @extend_schema(responses={200: TakenAllOut})
    def create(self, request: SignedInRequest) -> Response:
        """Send up to 200 paid orders. Each is answered by itself: taken, known already, or refused with the reason."""
        given = self.accepted()["orders"]
        taken = actions.take_orders([_paid(one) for one in given], actor=request.user, at=timezone.now())
        return self.shown({"orders": [_told(one["number"], answer) for one, answer in zip(given, taken, strict=True)]})

    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInRequest, pk: str) -> Response:
        """Call an order off before anything of it left."""
        reason = self.accepted()["reason"]
        actions.cancel([Step(self.get_object().pk)], reason=reason, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def reveal(self, request: SignedInRequest, pk: str) -> Response:
        """See whom an order goes to in clear; who looked and why is written down."""
        reason = self.accepted()["reason"]
        found = actions.reveal_recipient(order_id=self.get_object().pk, reason=reason, actor=request.user, at=timezone.now())
        return self.shown(found)


def _paid(given: dict[str, Any]) -> PaidOrder:
    lines = tuple(PaidLine(product_id=line.pop("product"), **line) for line in given["lines"])
    return PaidOrder(**(given | {"recipient": PaidTo(**given["recipient"]), "lines": lines}))


def _told(number: str, answer: Taken) -> dict[str, object]:
    refusal = answer.refusal
    return {
        "number": number,
        "outcome": "refused" if refusal else "taken" if answer.is_new else "known",
        "id": answer.order.pk if answer.order else None,
        "code": refusal.code if refusal else "",
        "detail": str(refusal) if refusal else "",
    }


class ParcelFilters(StrictFilterSet):
    state = OneOfFilter(choices=PARCEL_STATES)


class ParcelViews(ReadingDoor):
    """The parcels with the asker's goods or in the asker's warehouse; newest first."""

    queryset = Parcel.objects.none()
    serializer_class = ParcelOut
    filterset_class = ParcelFilters
    orderings: ClassVar = {"id": "id", "ship_by": "ship_by"}
    inputs: ClassVar = {
        "scan": ScanAtStationIn,
        "pack": PackIn,
        "unpack": ReasonIn,
        "give_up": ReasonIn,
        "weigh": WeighIn,
        "accept_weight": AcceptWeightIn,
        "record": RecordIn,
        "other_lot": OtherLotIn,
    }
    outputs: ClassVar = {"label": RevealedOut, "record": RecordsOut}

    def get_queryset(self) -> QuerySet[Any]:
        goods = Allocation.objects.filter(replaced_by=None).select_related("lot", "item").order_by("id")
        related = ("order__recipient", "merchant", "warehouse")
        stops = Prefetch("weight_deviations", WeightDeviation.objects.open().order_by("id"), to_attr="stopping")
        return super().get_queryset().select_related(*related).prefetch_related(Prefetch("allocations", goods), stops)

    @action(detail=True, methods=["post"], url_path="start-picking")
    def start_picking(self, request: SignedInRequest, pk: str) -> Response:
        """Take a parcel on: nobody else picks it now."""
        self.accepted()
        return self._step(request, actions.start_picking)

    @action(detail=True, methods=["post"])
    def pick(self, request: SignedInRequest, pk: str) -> Response:
        """Say that all goods of a parcel are fetched."""
        self.accepted()
        return self._step(request, actions.pick)

    @action(detail=True, methods=["post"])
    def scan(self, request: SignedInRequest, pk: str) -> Response:
        """Put scanned units into the parcel; what does not belong into it is refused."""
        given = self.accepted()
        actions.scan(parcel_id=self.get_object().pk, actor=request.user, at=timezone.now(), **given)
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def pack(self, request: SignedInRequest, pk: str) -> Response:
        """Close a parcel that holds exactly what was allocated to it."""
        given = self.accepted()
        scans = [Scan(**one) for one in given.pop("scans", [])]
        actions.pack([Packing(self.get_object().pk, scans, **given)], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def weigh(self, request: SignedInRequest, pk: str) -> Response:
        """Note what a closed parcel weighs; a weight that cannot be stops it."""
        given = self.accepted()
        actions.weigh([Weighing(self.get_object().pk, **given)], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="accept-weight")
    def accept_weight(self, request: SignedInRequest, pk: str) -> Response:
        """Let a parcel go on whose weight stopped it; not by whoever packed it."""
        given = self.accepted()
        actions.accept_weights([Accepting(self.get_object().pk, **given)], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @extend_schema(responses={200: RecordsOut})
    @action(detail=True, methods=["post"])
    def record(self, request: SignedInRequest, pk: str) -> Response:
        """Keep photographs of packing, or where its film lies, for as long as the parcel may be disputed."""
        given, parcel = self.accepted(), self.get_object()
        photos = [file.pk for file in given.get("photos", [])]
        actions.record_packing(
            parcel_id=parcel.pk, photo_ids=photos, video_reference=given["video_reference"], actor=request.user, at=timezone.now()
        )
        return self.shown({"records": parcel.packing_records.order_by("id")})

    @action(detail=True, methods=["post"])
    def unpack(self, request: SignedInRequest, pk: str) -> Response:
        """Open a parcel that is not right: it is scanned and checked again."""
        return self._step(request, actions.unpack, **self.accepted())

    @action(detail=True, methods=["post"], url_path="other-lot")
    def other_lot(self, request: SignedInRequest, pk: str) -> Response:
        """Take another lot than the one proposed; one that expires later needs a reason."""
        given = self.accepted()
        keys = {"allocation_id": given.pop("allocation"), "lot_id": given.pop("lot")}
        actions.take_other_lot(parcel_id=self.get_object().pk, actor=request.user, at=timezone.now(), **keys, **given)
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="give-up")
    def give_up(self, request: SignedInRequest, pk: str) -> Response:
        """Give a parcel up: its goods are free, its order waits for stock again."""
        return self._step(request, actions.cancel_parcels, **self.accepted())

    @extend_schema(request=None, responses={200: RevealedOut})
    @action(detail=True, methods=["post"])
    def label(self, request: SignedInRequest, pk: str) -> Response:
        """See whom a packed parcel goes to in clear, for its label; that somebody looked is written down."""
        self.accepted()
        return self.shown(actions.label_of(parcel_id=self.get_object().pk, actor=request.user, at=timezone.now()))

    def _step(self, request: SignedInRequest, deed: Callable[..., object], **given: Any) -> Response:
        deed([Step(self.get_object().pk)], actor=request.user, at=timezone.now(), **given)
        return self.shown(self.get_object())
