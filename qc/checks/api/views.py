"""The API of checks before sending: what is asked, what was found, and the proof of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response

from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, TextFilter, VisibleFilter
from qc.checks import actions, queries
from qc.checks.actions import ParcelCheck
from qc.checks.api.serializers import ChecklistOut, CheckOut, ChecksIn, ChecksOut, ProofsOut, ShareIn, ShareOut, photos_in
from qc.checks.models import STAGES, VERDICTS, Checklist, CheckShare, OutboundCheck
from warehouse.orders.models import Parcel

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assurance.accounts.types import SignedInRequest


class ChecklistFilters(StrictFilterSet):
    stage = OneOfFilter(choices=STAGES)
    category = TextFilter(max_length=32)


class ChecklistViews(ListModelMixin, Door):
    """What is asked before sending and after a return, every version."""

    queryset = Checklist.objects.none()
    serializer_class = ChecklistOut
    filterset_class = ChecklistFilters


class ShareViews(ListModelMixin, Door):
    """Which share of parcels is checked before sealing, the newest first."""

    queryset = CheckShare.objects.none()
    serializer_class = ShareOut
    inputs: ClassVar = {"create": ShareIn}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse")

    @extend_schema(responses={201: ShareOut})
    def create(self, request: SignedInRequest) -> Response:
        """Let so many percent of these parcels be checked from now on."""
        made = actions.set_share(actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(self.get_queryset().get(pk=made.pk), status=201)


class CheckFilters(StrictFilterSet):
    verdict = OneOfFilter(choices=VERDICTS)
    parcel = VisibleFilter(model=Parcel)


class CheckViews(ReadingDoor):
    """The checks the asker may see, newest first."""

    queryset = OutboundCheck.objects.none()
    serializer_class = CheckOut
    filterset_class = CheckFilters
    orderings: ClassVar = {"id": "id", "checked_at": "checked_at"}
    inputs: ClassVar = {"create": ChecksIn}
    outputs: ClassVar = {"create": ChecksOut, "proof": ProofsOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse").prefetch_related("photos")

    @extend_schema(responses={201: ChecksOut})
    def create(self, request: SignedInRequest) -> Response:
        """Record checks of packed parcels. The verdict is computed; what passes may leave, what fails must be packed again."""
        entries = [
            ParcelCheck(one["parcel"].pk, one["answers"], photos_in(one.get("photos", [])), one.get("note", ""))
            for one in self.accepted()["checks"]
        ]
        made = actions.check_parcels(entries, actor=request.user, at=timezone.now())
        found = {row.pk: row for row in self.get_queryset().filter(pk__in=[one.pk for one in made])}
        return self.shown({"checks": [found[one.pk] for one in made]}, status=201)

    @action(detail=True)
    def proof(self, request: SignedInRequest, pk: str) -> Response:
        """Return what shows that the check stands in the evidence of its day."""
        return self.shown({"proofs": queries.proofs_of(self.get_object())})
