"""The API of inspections: take one, record what was found; the verdict follows by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.http import Http404
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, TextFilter, VisibleFilter
from qc.checks.api.serializers import photos_in
from qc.inspections import actions
from qc.inspections.api.serializers import (
    DefectOut,
    InspectionOut,
    InspectionWithUnitsOut,
    NumberIn,
    PointsIn,
    Showing,
    UnitsIn,
    found_unit,
)
from qc.inspections.models import STATE_CHOICES, DefectKind, Inspection
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assurance.accounts.types import SignedInRequest


SHOWING: Final = Showing()


class DefectFilters(StrictFilterSet):
    version = TextFilter(max_length=16)
    category = TextFilter(max_length=32)


class DefectViews(ListModelMixin, Door):
    """The catalogue of defects, every version."""

    queryset = DefectKind.objects.none()
    serializer_class = DefectOut
    filterset_class = DefectFilters
    default_ordering: ClassVar = ("-version", "position", "pk")


class InspectionFilters(StrictFilterSet):
    state = OneOfFilter(choices=STATE_CHOICES)
    lot = VisibleFilter(model=Lot)


class InspectionViews(ReadingDoor):
    """The inspections the asker may see, newest first; ``state=open&ordering=due_at`` is the queue."""

    queryset = Inspection.objects.none()
    serializer_class = InspectionOut
    filterset_class = InspectionFilters
    orderings: ClassVar = {"id": "id", "due_at": "due_at", "decided_at": "decided_at"}
    inputs: ClassVar = {"record_units": UnitsIn, "take_back_unit": NumberIn, "answer_points": PointsIn}
    outputs: ClassVar = {
        "retrieve": InspectionWithUnitsOut,
        "record_units": InspectionWithUnitsOut,
        "take_back_unit": InspectionWithUnitsOut,
        "answer_points": InspectionWithUnitsOut,
    }

    def get_queryset(self) -> QuerySet[Any]:
        found: Any = super().get_queryset()
        return found.with_progress().select_related("merchant", "warehouse", "lot", "checklist")

    def number(self) -> int:
        """Return the number in the path, if the asker may see what it names; the action reads the rest."""
        number = int(self.kwargs["pk"])
        if not Inspection.objects.visible_to(self.request.user).filter(pk=number).exists():  # type: ignore[arg-type]
            raise Http404
        return number

    @action(detail=True, methods=["post"])
    def claim(self, request: SignedInRequest, pk: str) -> Response:
        """Take an inspection, so that nobody else inspects it."""
        self.accepted()
        actions.claim(inspection_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="give-back", url_name="give-back")
    def give_back(self, request: SignedInRequest, pk: str) -> Response:
        """Put it back into the queue with what was recorded so far."""
        self.accepted()
        actions.give_back(inspection_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="record-units", url_name="record-units")
    def record_units(self, request: SignedInRequest, pk: str) -> Response:
        """Record units of the sample. When the plan can tell, the verdict is given in the same moment."""
        given = self.accepted()["units"]
        units = [found_unit(unit) for unit in given]
        actions.record_units(inspection_id=self.get_object().pk, units=units, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="answer-points", url_name="answer-points")
    def answer_points(self, request: SignedInRequest, pk: str) -> Response:
        """Answer every point of the checklist. One that is not in order rejects the lot; the sample is recorded besides."""
        given = self.accepted()
        answers, photos, note = given["answers"], photos_in(given.get("photos", [])), given.get("note", "")
        number = self.number()
        done = actions.answer_points(inspection_id=number, answers=answers, photos=photos, note=note, actor=request.user, at=timezone.now())
        return Response(SHOWING.of(done.inspection, done.known, request)) if done.known else self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="take-back-unit", url_name="take-back-unit")
    def take_back_unit(self, request: SignedInRequest, pk: str) -> Response:
        """Take a unit back before the verdict; its row stays and says so."""
        number = self.accepted().get("number")
        actions.take_back_unit(inspection_id=self.get_object().pk, actor=request.user, at=timezone.now(), number=number)
        return self.shown(self.get_object())
