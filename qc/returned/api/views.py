"""The API of returned units: inspect, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from rest_framework.decorators import action

from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, VisibleFilter
from qc.checks.api.serializers import photos_in
from qc.returned import actions
from qc.returned.actions import Disposal, ReturnCheck
from qc.returned.api.serializers import DisposeIn, InspectIn, UnitOut, UnitWithInspectionOut
from warehouse.returns.grades import Disposition
from warehouse.returns.models import GRADE_CHOICES, UNIT_CHOICES, ReturnParcel, ReturnUnit

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class UnitFilters(StrictFilterSet):
    state = OneOfFilter(choices=UNIT_CHOICES)
    grade = OneOfFilter(choices=GRADE_CHOICES)
    return_parcel = VisibleFilter(model=ReturnParcel)


class UnitViews(ReadingDoor):
    """The returned units the asker may see, newest first; ``state=received&ordering=id`` is the queue."""

    queryset = ReturnUnit.objects.none()
    serializer_class = UnitOut
    filterset_class = UnitFilters
    orderings: ClassVar = {"id": "id", "received_at": "received_at"}
    inputs: ClassVar = {"inspect": InspectIn, "dispose": DisposeIn}
    outputs: ClassVar = {"retrieve": UnitWithInspectionOut, "inspect": UnitWithInspectionOut, "dispose": UnitWithInspectionOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse")

    @action(detail=True, methods=["post"])
    def inspect(self, request: SignedInRequest, pk: str) -> Response:
        """Record what was found; grade and suggested responsibility are computed."""
        given = self.accepted()
        entry = ReturnCheck(self.get_object().pk, given["answers"], photos_in(given.get("photos", [])), given.get("note", ""))
        actions.inspect_returns([entry], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def dispose(self, request: SignedInRequest, pk: str) -> Response:
        """Decide what becomes of a graded unit; its goods move in the same moment."""
        given = self.accepted()
        witness = given.get("witness")
        entry = Disposal(self.get_object().pk, Disposition(given["disposition"]), given.get("reason", ""), witness.pk if witness else None)
        actions.dispose([entry], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())
