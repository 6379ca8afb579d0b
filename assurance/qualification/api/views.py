"""The API of papers, entries and rules of entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin

from assurance.accounts.models import Organisation
from assurance.qualification import actions, queries
from assurance.qualification.api import serializers as out
from assurance.qualification.models import ENTRY_STATES, KIND_CHOICES, PAPER_STATES, EntryRules, ProgrammeEntry, QualificationPaper
from assurance.qualification.objections import Objection
from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import DayFilter, OneOfFilter, StrictFilterSet, VisibleFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class PaperFilters(StrictFilterSet):
    kind = OneOfFilter(choices=KIND_CHOICES)
    state = OneOfFilter(choices=PAPER_STATES)
    merchant = VisibleFilter(model=Organisation, by="code")
    until = DayFilter(field_name="until_date", lookup_expr="lte")


class PaperViews(ReadingDoor):
    """The papers the asker may see, newest first; ``until=`` finds those that end by a day."""

    queryset = QualificationPaper.objects.none()
    serializer_class = out.PaperOut
    filterset_class = PaperFilters
    orderings: ClassVar = {"id": "id", "until_date": "until_date", "entered_at": "entered_at"}
    inputs: ClassVar = {"create": out.PaperIn, "send_back": out.ObjectionsIn}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().prefetch_related("covered")

    def create(self, request: SignedInRequest) -> Response:
        """Enter a paper of your organisation for review."""
        given = {"until_date": None} | self.accepted()
        return self.created(actions.enter([actions.NewPaper(**given, actor=request.user, at=timezone.now())])[0])

    @action(detail=True, methods=["post"])
    def verify(self, request: SignedInRequest, pk: str) -> Response:
        """Say that the paper is what it says."""
        actions.verify([self.get_object().pk], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"], url_path="send-back", url_name="send-back")
    def send_back(self, request: SignedInRequest, pk: str) -> Response:
        """Return the paper with reasons, each tied to a field."""
        given = [Objection(**one) for one in self.accepted()["objections"]]
        actions.send_back(paper_id=self.get_object().pk, objections=given, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())


class EntryFilters(StrictFilterSet):
    state = OneOfFilter(choices=ENTRY_STATES)
    merchant = VisibleFilter(model=Organisation, by="code")


class EntryViews(ReadingDoor):
    """The entries into the programme that the asker may see, newest first."""

    queryset = ProgrammeEntry.objects.none()
    serializer_class = out.EntryOut
    filterset_class = EntryFilters
    orderings: ClassVar = {"id": "id", "applied_at": "applied_at"}
    inputs: ClassVar = {"create": out.ApplyIn, "admit": out.EvidenceIn, "refuse": out.ReasonIn}

    def create(self, request: SignedInRequest) -> Response:
        """Apply to take part again, with the whole shop or with one product that was cleared out by itself."""
        product = self.accepted().get("product")
        made = actions.apply([actions.Applying(request.user, timezone.now(), product.pk if product else None)])
        return self.created(made[0])

    @action(detail=True, methods=["post"])
    def admit(self, request: SignedInRequest, pk: str) -> Response:
        """Let the applicant take part; what stopped him since he was cleared out is lifted."""
        deciding = actions.Deciding(self.get_object().pk, self.accepted().get("evidence", ""))
        actions.admit([deciding], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def refuse(self, request: SignedInRequest, pk: str) -> Response:
        """Refuse the applicant, with a reason that he sees."""
        actions.refuse([actions.Deciding(self.get_object().pk, self.accepted()["reason"])], actor=request.user, at=timezone.now())
        return self.shown(self.get_object())


class RulesViews(ReadingDoor):
    """What a merchant must meet, by version, the newest first."""

    queryset = EntryRules.objects.none()
    serializer_class = out.RulesOut
    orderings: ClassVar = {"id": "id", "from_date": "from_date"}
    default_ordering = ("-from_date", "-pk")
    inputs: ClassVar = {"create": out.RulesIn}

    def create(self, request: SignedInRequest) -> Response:
        """Publish a new version: the newest one with other floors and numbers."""
        given = self.accepted()
        names = ("least_orders", "cool_down_months", "most_entries", "papers_block")
        changed: dict[str, Any] = {name: given[name] for name in names if name in given}
        made = actions.publish_rules(
            version=given["version"],
            from_date=given["from_date"],
            floors={one["fact"]: one["at_least"].normalize() for one in given.get("floors", [])},
            changed=changed,
            because=given["because"],
            accepts=given.get("accepts", []),
            actor=request.user,
            at=timezone.now(),
        )
        return self.created(made)


class QualificationViews(ListModelMixin, RetrieveModelMixin, Door):
    """Where merchants stand: entry, metrics with their numbers, what blocks them."""

    queryset = Organisation.objects.none()
    serializer_class = out.StandingOut
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9_-]{1,24}"
    inputs: ClassVar = {"clear_out": out.ClearOutIn}
    outputs: ClassVar = {"clear_out": out.EntryOut, "list": out.MerchantOut}
    orderings: ClassVar = {"code": "code"}
    default_ordering = ("code", "pk")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(kind="merchant")

    def list(self, request: SignedInRequest) -> Response:  # type: ignore[override]
        """List merchants in short; one of them by its code says all of it."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        rows = queries.merchant_rows(page, at=timezone.now())
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: SignedInRequest, code: str) -> Response:  # type: ignore[override]
        """Say where one merchant stands now."""
        return self.shown(queries.standing(self.get_object(), at=timezone.now()))

    @extend_schema(responses={200: out.EntryOut})
    @action(detail=True, methods=["post"], url_path="clear-out", url_name="clear-out")
    def clear_out(self, request: SignedInRequest, code: str) -> Response:
        """End the part of this merchant, or of one of his products, with a reason."""
        shop, given = self.get_object(), self.accepted()
        product = given.get("product")
        made = actions.clear_out(
            merchant_id=shop.pk,
            product_id=product.pk if product else None,
            reason=given["reason"],
            actor=request.user,
            at=timezone.now(),
        )
        return self.shown(made)
