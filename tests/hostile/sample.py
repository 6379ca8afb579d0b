"""An address of the API with a field of every kind, so that every row of the corpus runs even where the product has no such field yet."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from assurance.accounts.models import Organisation
from assurance.events.actions import announce
from assurance.events.models import Event
from assurance.refusals import Refused
from assurance.web.api import ReadingDoor
from assurance.web.filters import (
    DayFilter,
    FlagFilter,
    IdFilter,
    MomentFilter,
    OneOfFilter,
    StrictFilterSet,
    TextFilter,
    VisibleFilter,
)
from assurance.web.serializers import (
    DayField,
    MomentField,
    MoneyField,
    QuantityField,
    RateField,
    StrictBooleanField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictSerializer,
    StrictTextField,
    VisibleField,
    VisibleListField,
)


class LineIn(StrictSerializer):
    code = StrictTextField(max_length=24)
    quantity = QuantityField()
    price = MoneyField(zero_ok=True)


class SampleIn(StrictSerializer):
    name = StrictTextField(max_length=40)
    note = StrictTextField(max_length=400, several_lines=True, allow_blank=True, required=False)
    quantity = QuantityField()
    fen = StrictIntegerField(required=False)
    price = MoneyField()
    share = RateField(required=False)
    at = MomentField(required=False)
    day = DayField(required=False)
    cold = StrictBooleanField(required=False)
    kind = StrictChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    owner = VisibleField(Organisation)
    owner_code = VisibleField(Organisation, by="code", required=False)
    owners = VisibleListField(Organisation, required=False)
    tags = StrictListField(child=StrictTextField(max_length=8), most=5, required=False)
    lines = LineIn(many=True, required=False)


class SampleOut(serializers.ModelSerializer):
    at = MomentField()

    class Meta:
        model = Event
        fields = ("id", "kind", "at", "ids")


class SampleFilters(StrictFilterSet):
    kind = TextFilter()
    subject = IdFilter(field_name="subject_id")
    since = MomentFilter(field_name="at", lookup_expr="gte")
    day = DayFilter(field_name="at", lookup_expr="date")
    about = OneOfFilter(field_name="subject_kind", choices=[("assurance.organisation", "organisation")])
    reasoned = FlagFilter(method="with_reason")
    owner = VisibleFilter(field_name="organisation_id", model=Organisation, by="code")

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []

    def with_reason(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.exclude(reason="") if value else queryset.filter(reason="")

    def filter_queryset(self, queryset: Any) -> Any:
        owner = self.form.cleaned_data.pop("owner", None)
        found = super().filter_queryset(queryset)
        return found.filter(organisation_id=owner.pk) if owner else found


class Refusal(Refused):
    code = "already_decided"
    message = "It was decided: %(verdict)s."


class SampleDoor(ReadingDoor):
    queryset = Event.objects.none()
    permission_classes = [IsAuthenticated]
    serializer_class = SampleOut
    inputs: ClassVar = {"create": SampleIn, "replace": SampleIn}
    filterset_class = SampleFilters
    orderings: ClassVar = {"at": "at", "kind": "kind"}

    def create(self, request: Request) -> Response:
        given = self.accepted()
        made = announce("sample.made", actor=request.user, at=timezone.now(), subject=given["owner"], quantity=given["quantity"])
        return self.created(made)

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        self.accepted()
        event = self.get_object()
        announce("sample.decided", actor=request.user, at=timezone.now(), subject=event, organisation_id=event.organisation_id)
        raise Refusal(field="verdict", verdict="x" * 5000)

    @action(detail=True, methods=["post"])
    def repeat(self, request: Request, pk: str) -> Response:
        self.accepted()
        event = self.get_object()
        again = announce("sample.repeated", actor=request.user, at=timezone.now(), subject=event, organisation_id=event.organisation_id)
        return self.shown(again)
