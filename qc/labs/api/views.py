"""The API of laboratories: rounds of draws, samples on their way, results, accreditations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin

from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import FlagFilter, OneOfFilter, StrictFilterSet, TextFilter, VisibleFilter
from qc.labs import actions
from qc.labs.actions.reference import NoSuchLab, NoSuchMerchant
from qc.labs.api import serializers as out
from qc.labs.models import DrawRound, LabScope, LabTest, LabTie, Sample
from qc.labs.models.samples import STATE_CHOICES
from qc.labs.queries import houses
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class LabTestFilters(StrictFilterSet):
    category = TextFilter(max_length=32)
    code = TextFilter(max_length=32)


class LabTestViews(ListModelMixin, Door):
    """The tests with their limits, every version."""

    queryset = LabTest.objects.none()
    serializer_class = out.LabTestOut
    filterset_class = LabTestFilters
    default_ordering: ClassVar = ("position", "pk")


class ScopeViews(ReadingDoor):
    """What laboratories are accredited for."""

    queryset = LabScope.objects.none()
    serializer_class = out.ScopeOut
    inputs: ClassVar = {"create": out.ScopeIn, "end": out.EndIn}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("lab")

    def create(self, request: SignedInRequest) -> Response:
        """Write down one line of an accreditation."""
        given = self.accepted()
        lab_id = houses.lab_called(given.pop("lab"))
        if lab_id is None:
            raise NoSuchLab(field="lab")
        [made] = actions.add_scopes([actions.ScopeTerms(lab_id=lab_id, **given)], actor=request.user, at=timezone.now())
        return self.created(made)

    @action(detail=True, methods=["post"])
    def end(self, request: SignedInRequest, pk: str) -> Response:
        """Bring its last day forward."""
        given = self.accepted()
        actions.end_scope(scope_id=self.get_object().pk, **given, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())


class TieViews(ListModelMixin, Door):
    """Which laboratories are too close to which merchants."""

    queryset = LabTie.objects.none()
    serializer_class = out.TieOut
    inputs: ClassVar = {"create": out.TieIn}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("lab", "merchant")

    def create(self, request: SignedInRequest) -> Response:
        """Declare a tie; one that is known stays as it is."""
        given = self.accepted()
        lab_id, merchant_id = houses.lab_called(given["lab"]), houses.merchant_called(given["merchant"])
        if lab_id is None:
            raise NoSuchLab(field="lab")
        if merchant_id is None:
            raise NoSuchMerchant(field="merchant")
        actions.declare_ties([actions.TieTerms(lab_id, merchant_id, given["because"])], actor=request.user, at=timezone.now())
        return self.shown(self.get_queryset().get(lab_id=lab_id, merchant_id=merchant_id), status=201)


class RoundFilters(StrictFilterSet):
    drawn = FlagFilter(field_name="drawn_at", lookup_expr="isnull", exclude=True)


class RoundViews(ReadingDoor):
    """Rounds of draws, newest first."""

    queryset = DrawRound.objects.none()
    serializer_class = out.RoundOut
    filterset_class = RoundFilters
    inputs: ClassVar = {"create": out.RoundIn}
    outputs: ClassVar = {"retrieve": out.RoundWithLotsOut, "draw": out.RoundWithLotsOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("warehouse")

    def create(self, request: SignedInRequest) -> Response:
        """Freeze the lots of high risk and commit to the seed that will draw them."""
        made = actions.open_round(**self.accepted(), actor=request.user, at=timezone.now())
        return self.created(made)

    @action(detail=True, methods=["post"])
    def draw(self, request: SignedInRequest, pk: str) -> Response:
        """Reveal the seed and draw."""
        self.accepted()
        actions.draw_round(round_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())


class SampleFilters(StrictFilterSet):
    state = OneOfFilter(choices=STATE_CHOICES)
    lot = VisibleFilter(model=Lot)


class SampleViews(ReadingDoor):
    """The samples the asker may see, newest first; ``state=testing&ordering=due_at`` is a laboratory's queue."""

    queryset = Sample.objects.none()
    serializer_class = out.SampleOut
    filterset_class = SampleFilters
    orderings: ClassVar = {"id": "id", "due_at": "due_at"}
    inputs: ClassVar = {
        "draw": out.DrawIn,
        "seal": out.SealIn,
        "send": out.DispatchIn,
        "void": out.ReasonIn,
        "receive": out.ReceiveIn,
        "enter_results": out.ResultsIn,
        "verify": out.VerifyIn,
        "retest": out.ReasonIn,
    }
    outputs: ClassVar = dict.fromkeys(
        ("retrieve", "draw", "seal", "send", "void", "receive", "begin", "enter_results", "verify", "publish", "retest"),
        out.SampleWithResultsOut,
    )

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse", "lot", "lab")

    @action(detail=True, methods=["post"])
    def draw(self, request: SignedInRequest, pk: str) -> Response:
        """Take the units of sample and counter-sample from the shelf."""
        item = actions.Taking(self.get_object().pk, **self.accepted())
        actions.draw([item], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def seal(self, request: SignedInRequest, pk: str) -> Response:
        """Write down both seals."""
        item = actions.Sealing(self.get_object().pk, **self.accepted())
        actions.seal([item], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="dispatch", url_name="dispatch")
    def send(self, request: SignedInRequest, pk: str) -> Response:
        """Send it to the best laboratory, or to the one that is named if it is accredited, independent and free."""
        code = self.accepted().get("lab", "")
        lab_id = houses.lab_called(code) if code else None
        if code and lab_id is None:
            raise NoSuchLab(field="lab")
        actions.dispatch([actions.Dispatching(self.get_object().pk, lab_id)], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def void(self, request: SignedInRequest, pk: str) -> Response:
        """Give it up before it leaves."""
        item = actions.Voiding(self.get_object().pk, **self.accepted())
        actions.void([item], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def receive(self, request: SignedInRequest, pk: str) -> Response:
        """Take it in at the laboratory; a wrong or broken seal, or a late one, voids it and asks for a new sample."""
        item = actions.Arriving(self.get_object().pk, **self.accepted())
        actions.receive([item], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def begin(self, request: SignedInRequest, pk: str) -> Response:
        """Open it and begin."""
        self.accepted()
        actions.begin_testing([self.get_object().pk], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="enter-results", url_name="enter-results")
    def enter_results(self, request: SignedInRequest, pk: str) -> Response:
        """Write results down; with the last one it goes on to be verified."""
        found = self.get_object()
        items = [actions.Found(found.pk, **given) for given in self.accepted()["results"]]
        actions.enter_results(items, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def verify(self, request: SignedInRequest, pk: str) -> Response:
        """Confirm the results that were seen, or send some back."""
        given = self.accepted()
        seen, returned = tuple(given["results"]), tuple(given.get("returned", ()))
        item = actions.Confirming(self.get_object().pk, seen, returned, given.get("reason", ""))
        actions.verify([item], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def publish(self, request: SignedInRequest, pk: str) -> Response:
        """Publish what was verified."""
        self.accepted()
        actions.publish([self.get_object().pk], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @extend_schema(responses={201: out.SampleWithResultsOut})
    @action(detail=True, methods=["post"])
    def retest(self, request: SignedInRequest, pk: str) -> Response:
        """Order the retest that the rule allows; answers with the new sample."""
        item = actions.Retesting(self.get_object().pk, **self.accepted())
        [again] = actions.order_retest([item], actor=request.user, at=timezone.now())
        return self.shown(self.get_queryset().get(pk=again.pk), status=201)
