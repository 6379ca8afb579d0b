"""The API of what failed: ask, approve, refuse, carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, VisibleFilter
from qc.nonconformance import actions
from qc.nonconformance.actions import Proof
from qc.nonconformance.api.serializers import ApproveIn, CarryIn, DispositionOut, NonConformanceOut, ReasonIn, RequestIn
from qc.nonconformance.models import (
    DISPOSITION_STATES,
    KINDS,
    NON_CONFORMANCE_STATES,
    SEVERITIES,
    STAGES,
    Disposition,
    NonConformance,
)
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class NonConformanceFilters(StrictFilterSet):
    state = OneOfFilter(choices=NON_CONFORMANCE_STATES)
    stage = OneOfFilter(choices=STAGES)
    severity = OneOfFilter(choices=SEVERITIES)
    lot = VisibleFilter(model=Lot)


class NonConformanceViews(ReadingDoor):
    """What failed an inspection, newest first; ``state=open&ordering=due_at`` is the queue."""

    queryset = NonConformance.objects.none()
    serializer_class = NonConformanceOut
    filterset_class = NonConformanceFilters
    orderings: ClassVar = {"id": "id", "due_at": "due_at"}
    inputs: ClassVar = {"request_disposition": RequestIn}
    outputs: ClassVar = {"request_disposition": DispositionOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse", "owner").prefetch_related("photos")

    @extend_schema(responses={201: DispositionOut})
    @action(detail=True, methods=["post"], url_path="request", url_name="request")
    def request_disposition(self, request: SignedInRequest, pk: str) -> Response:
        """Ask for what should become of some units; what the lead of quality control decides stands at once, except a concession."""
        given = self.accepted()
        made = actions.request_disposition(
            non_conformance_id=self.get_object().pk,
            kind=given["kind"],
            quantity=given["quantity"],
            reason=given["reason"],
            ends_date=given.get("ends_date"),
            actor=request.user,
            at=timezone.now(),
        )
        return self.shown(made, status=201)


class DispositionFilters(StrictFilterSet):
    state = OneOfFilter(choices=DISPOSITION_STATES)
    kind = OneOfFilter(choices=KINDS)
    non_conformance = VisibleFilter(model=NonConformance)


class DispositionViews(ReadingDoor):
    """Decisions on goods that failed, newest first."""

    queryset = Disposition.objects.none()
    serializer_class = DispositionOut
    filterset_class = DispositionFilters
    orderings: ClassVar = {"id": "id"}
    inputs: ClassVar = {"approve": ApproveIn, "refuse": ReasonIn, "end": ReasonIn, "carry_out": CarryIn}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse").prefetch_related("moves")

    @action(detail=True, methods=["post"])
    def approve(self, request: SignedInRequest, pk: str) -> Response:
        """Let a request stand; its units belong to it. Never one's own."""
        given = self.accepted()
        actions.approve(disposition_id=self.get_object().pk, reason=given.get("reason", ""), actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def refuse(self, request: SignedInRequest, pk: str) -> Response:
        """Refuse a request, with the reason."""
        actions.refuse(disposition_id=self.get_object().pk, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def withdraw(self, request: SignedInRequest, pk: str) -> Response:
        """Take a request back that nobody has answered."""
        actions.withdraw(disposition_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def end(self, request: SignedInRequest, pk: str) -> Response:
        """End a decision before its units are used up."""
        actions.end(disposition_id=self.get_object().pk, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="carry-out", url_name="carry-out")
    def carry_out(self, request: SignedInRequest, pk: str) -> Response:
        """Move goods as decided, in parts if need be; the record and the stock move commit together."""
        given = self.accepted()
        witness, photo = given.get("witness"), given.get("photo")
        actions.carry_out(
            disposition_id=self.get_object().pk,
            quantity=given["quantity"],
            sorted_out=given.get("sorted_out", 0),
            proof=Proof(witness.pk if witness else None, photo.pk if photo else None, given.get("certificate_number", "")),
            actor=request.user,
            at=timezone.now(),
        )
        return self.shown(self.get_object())
