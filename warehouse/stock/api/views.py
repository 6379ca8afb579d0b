"""The API of lots, bins and counts. Custody is changed by receiving and by verdicts; here goods change their place, or are stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin

from assurance.products.models import Product
from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, TextFilter, VisibleFilter
from warehouse.stock import actions, queries
from warehouse.stock.actions import HOLD, RECALL, Counted, NewBin, Placing
from warehouse.stock.api.serializers import BinIn, BinOut, LetGoIn, LotOut, PlacedOut, PlaceIn, ReconciliationOut, StopReasonIn, StopsOut
from warehouse.stock.api.settling_serializers import CountIn, CountOut, CountsIn, DecideIn, EndingOut, LifeRuleIn, LifeRuleOut, SettleIn
from warehouse.stock.custody import INSIDE
from warehouse.stock.models import BIN_KINDS, COUNT_STATES, CUSTODY_LABELS, END_STATES, Bin, CycleCount, EndingLot, LifeRule, Lot

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class LotFilters(StrictFilterSet):
    number = TextFilter(max_length=40)
    product = VisibleFilter(model=Product)
    custody = OneOfFilter(choices=[pair for pair in CUSTODY_LABELS if pair[0] in INSIDE], method="standing")

    def standing(self, found: QuerySet[Lot], _name: str, value: str) -> QuerySet[Lot]:
        """Lots with at least one unit there."""
        return found.filter(balances__custody=value, balances__quantity__gt=0)


class LotViews(ReadingDoor):
    """The lots the asker may see with where their units stand; newest first."""

    queryset = Lot.objects.none()
    serializer_class = LotOut
    filterset_class = LotFilters
    orderings: ClassVar = {"id": "id", "expiry_date": "expiry_date"}
    inputs: ClassVar = {"place": PlaceIn, "hold": StopReasonIn, "recall": StopReasonIn, "let_go": LetGoIn}
    outputs: ClassVar = {"place": PlacedOut, "hold": StopsOut, "recall": StopsOut, "let_go": StopsOut, "reconciliation": ReconciliationOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse").prefetch_related("balances")

    @extend_schema(responses={200: ReconciliationOut})
    @action(detail=False, methods=["get"])
    def reconciliation(self, request: SignedInRequest) -> Response:
        """What came in, where it stands, and every lot that does not add up: none."""
        return self.shown(queries.reconciliation(request.user))

    @extend_schema(responses={200: PlacedOut})
    @action(detail=True, methods=["post"])
    def place(self, request: SignedInRequest, pk: str) -> Response:
        """Put units into a bin, into another, or back on the floor. The same reference again answers with the first move."""
        given = self.accepted()
        placing = Placing(self.get_object().pk, **given)
        return self.shown(actions.place([placing], actor=request.user, at=timezone.now())[0])

    @extend_schema(responses={200: StopsOut})
    @action(detail=True, methods=["post"])
    def hold(self, request: SignedInRequest, pk: str) -> Response:
        """Keep a lot from being promised, picked, packed and shipped until somebody else lets it go."""
        because = self.accepted()["reason"]
        stops = actions.hold([self.get_object().pk], because=because, actor=request.user, at=timezone.now())
        return self.shown({"stops": stops})

    @extend_schema(responses={200: StopsOut})
    @action(detail=True, methods=["post"])
    def recall(self, request: SignedInRequest, pk: str) -> Response:
        """Stop a production lot in every warehouse."""
        because = self.accepted()["reason"]
        return self.shown({"stops": actions.recall(self.get_object().pk, because=because, actor=request.user, at=timezone.now())})

    @extend_schema(responses={200: StopsOut})
    @action(detail=True, methods=["post"], url_path="let-go")
    def let_go(self, request: SignedInRequest, pk: str) -> Response:
        """End a hold or a recall; not by who opened it, except the platform."""
        given = self.accepted()
        code = HOLD if given["stop"] == "hold" else RECALL
        stops = actions.let_go(self.get_object().pk, code=code, reason=given["reason"], actor=request.user, at=timezone.now())
        return self.shown({"stops": stops})


class BinFilters(StrictFilterSet):
    code = TextFilter(max_length=24)
    kind = OneOfFilter(choices=BIN_KINDS)


class BinViews(ReadingDoor):
    """The bins of the asker's warehouse with what stands in them."""

    queryset = Bin.objects.none()
    serializer_class = BinOut
    filterset_class = BinFilters
    inputs: ClassVar = {"create": BinIn}
    orderings: ClassVar = {"id": "id", "code": "code"}

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return queries.find_bins(self.request.user)  # type: ignore[arg-type]

    def create(self, request: SignedInRequest) -> Response:
        """Label a bin in your own warehouse."""
        new = NewBin(**self.accepted())
        made = actions.add_bins([new], warehouse_id=request.user.organisation_id, actor=request.user, at=timezone.now())
        return self.created(self.get_queryset().get(pk=made[0].pk))


class CountFilters(StrictFilterSet):
    state = OneOfFilter(choices=COUNT_STATES)


class CountViews(ReadingDoor):
    """The counts of the asker's warehouse; newest first."""

    queryset = CycleCount.objects.none()
    serializer_class = CountOut
    filterset_class = CountFilters
    inputs: ClassVar = {"create": CountIn, "record": CountsIn, "settle": SettleIn}

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return queries.find_counts(self.request.user)  # type: ignore[arg-type]

    def create(self, request: SignedInRequest) -> Response:
        """Open a count of the bins whose label begins so, or of all places of a lot."""
        place: dict[str, Any] = {"warehouse_id": request.user.organisation_id}
        made = actions.open_count(actor=request.user, at=timezone.now(), **place, **self.accepted())
        return self.created(self.get_queryset().get(pk=made.pk))

    @action(detail=True, methods=["post"])
    def record(self, request: SignedInRequest, pk: str) -> Response:
        """Write down what lay there. When all lines are counted, the count is."""
        counted = [Counted(one["line"], one["units"]) for one in self.accepted()["lines"]]
        actions.record_counts(self.get_object().pk, counted, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def settle(self, request: SignedInRequest, pk: str) -> Response:
        """Post the differences with a reason for each, have them counted again, or call an open count off."""
        given, number = self.accepted(), self.get_object().pk
        by: dict[str, Any] = {"actor": request.user, "at": timezone.now()}
        if given["how"] == "post":
            actions.post_count(number, reasons={one["line"]: one["reason"] for one in given.get("reasons", [])}, **by)
        elif given["how"] == "again":
            actions.count_again(number, **by)
        else:
            actions.cancel_count(number, **by)
        return self.shown(self.get_object())


class EndingFilters(StrictFilterSet):
    state = OneOfFilter(choices=END_STATES)


class EndingViews(ReadingDoor):
    """The lots near their end that the asker sees."""

    queryset = EndingLot.objects.none()
    serializer_class = EndingOut
    filterset_class = EndingFilters
    orderings: ClassVar = {"id": "id", "expiry_date": "lot__expiry_date"}
    inputs: ClassVar = {"decide": DecideIn}

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return queries.ending_lots(self.request.user, state="")  # type: ignore[arg-type]

    @action(detail=True, methods=["post"], url_path="look-after")
    def look_after(self, request: SignedInRequest, pk: str) -> Response:
        """Take a lot near its end on."""
        self.accepted()
        actions.look_after(self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def decide(self, request: SignedInRequest, pk: str) -> Response:
        """Say what is done with a lot that you look after; kept from sale is on hold from now."""
        actions.decide_ending(self.get_object().pk, actor=request.user, at=timezone.now(), **self.accepted())
        return self.shown(self.get_object())


class LifeRuleViews(ListModelMixin, Door):
    """How much life goods must have left, by category and marketplace; the newest first."""

    queryset = LifeRule.objects.none()
    serializer_class = LifeRuleOut
    inputs: ClassVar = {"create": LifeRuleIn}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("category")

    @extend_schema(responses={201: LifeRuleOut})
    def create(self, request: SignedInRequest) -> Response:
        """Let a rule begin on a day; those before stay."""
        given = self.accepted()
        category = given.pop("category", None)
        made = actions.set_life_rule(category_id=category.pk if category else None, actor=request.user, at=timezone.now(), **given)
        return self.shown(self.get_queryset().get(pk=made.pk), status=201)
