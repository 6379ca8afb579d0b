"""The API of fees: statements and lines to read, disputes to settle, the books to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin

from assurance.fees import actions, queries
from assurance.fees.api import serializers as out
from assurance.fees.models import Dispute, FeeKind, FeeLine, RateCard, RatingDue, Statement
from assurance.fees.models.billing import DISPUTE_CHOICES, STATEMENT_CHOICES
from assurance.fees.months import day_of
from assurance.fees.rating import Unratable
from assurance.fees.simulator import Scenario, simulate
from assurance.refusals import Refused
from assurance.runs.models import Run
from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import DayFilter, IdFilter, OneOfFilter, StrictFilterSet, TextFilter, VisibleFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class NoPrice(Refused):
    code = "no_price"
    status = 422
    message = _("The rate card has no price for this.")


class StatementFilters(StrictFilterSet):
    state = OneOfFilter(choices=STATEMENT_CHOICES)
    month = DayFilter()


class StatementViews(ReadingDoor):
    """Statements, the newest month first; ``month`` is its first day."""

    queryset = Statement.objects.none()
    serializer_class = out.StatementOut
    filterset_class = StatementFilters
    orderings: ClassVar = {"id": "id", "month": "month"}
    default_ordering = ("-month", "-pk")
    inputs: ClassVar = {"close_month": out.CloseMonthIn}
    outputs: ClassVar = {"close_month": out.FeeRunOut, "preview": out.PreviewOut, "bundle": out.BundleOut}

    def get_queryset(self) -> QuerySet[Any]:
        return queries.with_sums(super().get_queryset())  # type: ignore[arg-type]

    @action(detail=False, methods=["get"])
    def preview(self, request: SignedInRequest) -> Response:
        """Say what your month comes to so far. Nothing is stored."""
        return self.shown(queries.preview(request.user, at=timezone.now()))

    @action(detail=True, methods=["get"])
    def bundle(self, request: SignedInRequest, pk: str) -> Response:
        """Return the statement with everything it was worked out from, for the offline checker."""
        return self.shown(queries.bundle([self.get_object()]))

    @action(detail=True, methods=["post"])
    def finalise(self, request: SignedInRequest, pk: str) -> Response:
        """Close the statement; it never changes again."""
        actions.finalise([self.get_object()], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @extend_schema(responses={201: out.FeeRunOut})
    @action(detail=False, methods=["post"], url_path="close-month", url_name="close-month")
    def close_month(self, request: SignedInRequest) -> Response:
        """Close a month for every merchant, as a run with progress."""
        month = self.accepted()["month"].replace(day=1)
        return self.shown(actions.start_closing(month=month, actor=request.user, at=timezone.now()), status=201)


class FeeLineFilters(StrictFilterSet):
    statement = VisibleFilter(model=Statement)
    kind = OneOfFilter(choices=FeeKind.choices)
    source_kind = TextFilter(field_name="operation__source_kind", max_length=48)
    source_id = IdFilter(field_name="operation__source_id")


class FeeLineViews(ReadingDoor):
    """What operations cost; ``source_kind=warehouse.parcel&source_id=17`` finds what one parcel cost."""

    queryset = FeeLine.objects.none()
    serializer_class = out.FeeLineOut
    filterset_class = FeeLineFilters
    orderings: ClassVar = {"id": "id", "at": "at"}
    inputs: ClassVar = {"dispute": out.DisputeIn}
    outputs: ClassVar = {"dispute": out.DisputeOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("operation", "rate__card")

    @extend_schema(responses={201: out.DisputeOut})
    @action(detail=True, methods=["post"])
    def dispute(self, request: SignedInRequest, pk: str) -> Response:
        """Say that the line is wrong, and why; you get an answer within five working days."""
        [made] = actions.dispute([self.get_object()], actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(made, status=201)


class DisputeFilters(StrictFilterSet):
    state = OneOfFilter(choices=DISPUTE_CHOICES)


class DisputeViews(ReadingDoor):
    """Disputes; ``ordering=due_at`` is what must be answered first."""

    queryset = Dispute.objects.none()
    serializer_class = out.DisputeOut
    filterset_class = DisputeFilters
    orderings: ClassVar = {"id": "id", "due_at": "due_at"}
    inputs: ClassVar = {"accept": out.AcceptIn, "reject": out.RejectIn}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("line", "credit_note")

    @action(detail=True, methods=["post"])
    def accept(self, request: SignedInRequest, pk: str) -> Response:
        """Give the line back, or a part of it."""
        return self._decide(request, accept=True)

    @action(detail=True, methods=["post"])
    def reject(self, request: SignedInRequest, pk: str) -> Response:
        """Leave the line as it is."""
        return self._decide(request, accept=False)

    def _decide(self, request: SignedInRequest, *, accept: bool) -> Response:
        given = self.accepted()
        actions.decide([self.get_object()], accept=accept, actor=request.user, at=timezone.now(), **given)
        return self.shown(self.get_object())


class RateCardViews(ReadingDoor):
    """What things cost, by version."""

    queryset = RateCard.objects.none()
    serializer_class = out.RateCardOut
    orderings: ClassVar = {"id": "id", "from_date": "from_date"}
    default_ordering = ("-from_date", "-pk")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().prefetch_related("rates")


class UnratedViews(ListModelMixin, Door):
    """What was metered and has no line yet."""

    queryset = RatingDue.objects.none()
    serializer_class = out.UnratedOut
    orderings: ClassVar = {"id": "operation_id"}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("operation")


class FeeRunViews(Door):
    """Fee runs; how far one is stands in ``/runs/``."""

    queryset = Run.objects.none()
    serializer_class = out.FeeRunOut

    @extend_schema(responses={201: out.FeeRunOut})
    def create(self, request: SignedInRequest) -> Response:
        """Rate everything that waits, also what could not be priced before."""
        return self.shown(actions.start_fee_run(actor=request.user, at=timezone.now()), status=201)


class SimulationViews(Door):
    """What the service would cost, and what is left. Nothing is stored."""

    queryset = RateCard.objects.none()
    serializer_class = out.OutcomeOut
    inputs: ClassVar = {"create": out.ScenarioIn}

    @extend_schema(responses={200: out.OutcomeOut})
    def create(self, request: SignedInRequest) -> Response:
        """Work a scenario out by the card of today."""
        try:
            return self.shown(simulate(Scenario(**self.accepted()), queries.card_rates(day_of(timezone.now()))))
        except Unratable as refused:
            raise NoPrice from refused
