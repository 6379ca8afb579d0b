"""The API of couriers: who they are, what they ask, and how the platform certifies them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from assurance.calendar import SHANGHAI
from assurance.web.api import ReadingDoor
from assurance.web.filters import FlagFilter, StrictFilterSet
from logistics.couriers import actions, queries
from logistics.couriers.actions import Terms
from logistics.couriers.api.serializers import PricesIn, QuoteIn, QuoteOut, ServiceIn, ServiceOut, TermsIn, bands
from logistics.couriers.models import CourierService

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assurance.accounts.types import SignedInRequest


class ServiceFilters(StrictFilterSet):
    is_active = FlagFilter()


class ServiceViews(ReadingDoor):
    """The services of couriers."""

    queryset = CourierService.objects.none()
    serializer_class = ServiceOut
    filterset_class = ServiceFilters
    inputs: ClassVar = {"create": ServiceIn, "terms": TermsIn, "set_prices": PricesIn, "quote": QuoteIn}
    outputs: ClassVar = {"quote": QuoteOut}
    default_ordering: ClassVar = ("code",)

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("courier")

    def create(self, request: SignedInRequest) -> Response:
        """Certify a service of a courier with its first prices."""
        given = self.accepted()
        courier, prices = given.pop("courier"), bands(given.pop("bands"))
        made = actions.add_service(courier_id=courier.pk, prices=prices, actor=request.user, at=timezone.now(), **given)
        return self.created(self.get_queryset().get(pk=made.pk))

    @action(detail=True, methods=["post"])
    def terms(self, request: SignedInRequest, pk: str) -> Response:
        """Change where a service goes, until when it is certified, and whether it is used."""
        given = self.accepted()
        terms = Terms(tuple(given["provinces"]), given["certified_until"], given["is_active"])
        actions.change_terms(service_id=self.get_object().pk, terms=terms, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="set-prices", url_name="set-prices")
    def set_prices(self, request: SignedInRequest, pk: str) -> Response:
        """Set the prices of a service from a day on; what holds before ends there."""
        given = self.accepted()
        actions.set_prices(
            service_id=self.get_object().pk,
            name=given["name"],
            bands=bands(given["bands"]),
            valid_from=given["valid_from"],
            actor=request.user,
            at=timezone.now(),
        )
        return self.shown(self.get_object())

    @extend_schema(responses=QuoteOut(many=True))
    @action(detail=False, methods=["post"])
    def quote(self, request: SignedInRequest) -> Response:
        """Say what a parcel between two provinces would cost with each service, the cheapest first. Nothing is booked."""
        given = self.accepted()
        day = timezone.now().astimezone(SHANGHAI).date()
        found = queries.quote(origin=given["origin"], destination=given["destination"], weight_g=given["weight_g"], day=day)
        return Response(QuoteOut(found, many=True).data)
