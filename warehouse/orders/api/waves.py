"""The API of waves: chosen parcels whose goods are fetched in one round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action

from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet
from assurance.web.serializers import StrictSerializer, StrictTextField, VisibleListField
from assurance.web.shown import ShownRow
from warehouse.orders import actions
from warehouse.orders.models import WAVE_STATES, Parcel, Wave
from warehouse.orders.queries import waves

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest

MOST_PARCELS = 200


class WaveIn(StrictSerializer):
    """The parcels of a round, up to 200."""

    parcels = VisibleListField(Parcel, most=MOST_PARCELS)


class FetchIn(StrictSerializer):
    """What was fetched: the lot as printed, or a product's SKU or GTIN as long as one lot of it is on the list."""

    code = StrictTextField(max_length=80)
    lot_number = StrictTextField(max_length=40, required=False, default="")


class FinishIn(StrictSerializer):
    """``left_out`` are parcels whose goods were not found; they wait for another wave."""

    left_out = VisibleListField(Parcel, most=MOST_PARCELS, required=False)


class BinOut(serializers.Serializer[Any]):
    """So many units from one bin."""

    code = serializers.CharField()
    units = serializers.IntegerField()


class StopOut(serializers.Serializer[Any]):
    """So many units of one lot, in walking order: from these bins as they are emptied, the rest from the floor.

    ``place`` is the first bin, empty where all stands on the floor.
    """

    lot = serializers.IntegerField(source="lot.pk")
    lot_number = serializers.CharField(source="lot.number")
    product = serializers.IntegerField(source="product.pk")
    sku = serializers.CharField(source="product.sku")
    place = serializers.CharField()
    units = serializers.IntegerField()
    bins = serializers.SerializerMethodField()
    on_the_floor = serializers.IntegerField()
    is_fetched = serializers.BooleanField()

    @extend_schema_field(BinOut(many=True))
    def get_bins(self, stop: waves.Stop) -> list[dict[str, Any]]:
        return [{"code": code, "units": units} for code, units in stop.bins]


class WaveOut(ShownRow[Wave]):
    code = serializers.CharField(read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    parcels = serializers.SerializerMethodField()
    stops = serializers.SerializerMethodField()

    class Meta:
        model = Wave
        fields = ("id", "code", "warehouse", "state", "planned_at", "started_at", "finished_at", "parcels", "stops")
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_parcels(self, wave: Wave) -> list[int]:
        return [parcel.pk for parcel in wave.parcels.all()]

    @extend_schema_field(StopOut(many=True))
    def get_stops(self, wave: Wave) -> Any:
        return StopOut(waves.round_of(wave).stops, many=True).data


class WaveFilters(StrictFilterSet):
    state = OneOfFilter(choices=WAVE_STATES)


class WaveViews(ReadingDoor):
    """The waves of the asker's warehouse; newest first."""

    queryset = Wave.objects.none()
    serializer_class = WaveOut
    filterset_class = WaveFilters
    orderings: ClassVar = {"id": "id", "planned_at": "planned_at"}
    inputs: ClassVar = {"create": WaveIn, "fetch": FetchIn, "finish": FinishIn}

    def get_queryset(self) -> QuerySet[Any]:
        return waves.with_stops(super().get_queryset().select_related("warehouse"))  # type: ignore[arg-type]

    def create(self, request: SignedInRequest) -> Response:
        """Put parcels into a new wave."""
        parcels = [parcel.pk for parcel in self.accepted()["parcels"]]
        wave = actions.plan_wave(parcels, actor=request.user, at=timezone.now())
        return self.created(self.get_queryset().get(pk=wave.pk))

    @action(detail=True, methods=["post"])
    def start(self, request: SignedInRequest, pk: str) -> Response:
        """Take a planned wave on."""
        self.accepted()
        actions.start_wave(wave_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def fetch(self, request: SignedInRequest, pk: str) -> Response:
        """Say that all units of one lot are fetched for the wave."""
        given = self.accepted()
        actions.fetch(wave_id=self.get_object().pk, actor=request.user, at=timezone.now(), **given)
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def finish(self, request: SignedInRequest, pk: str) -> Response:
        """End a wave: all that is not left out is fetched."""
        left_out = [parcel.pk for parcel in self.accepted().get("left_out", [])]
        actions.finish_wave(wave_id=self.get_object().pk, left_out=left_out, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def cancel(self, request: SignedInRequest, pk: str) -> Response:
        """Take a planned wave apart; its parcels wait for another."""
        self.accepted()
        actions.cancel_wave(wave_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())
