"""The API of claims: make, support, withdraw; check words. What a claim is worth can only be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.decorators import action

from assurance.advertising import shipped
from assurance.claims import actions, queries
from assurance.claims.api.serializers import CheckedOut, ClaimIn, ClaimOut, EvidenceIn, FindingIn, RetractIn, WordsIn
from assurance.claims.models import KINDS, Claim
from assurance.products.models import Product
from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, VisibleFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class ClaimFilters(StrictFilterSet):
    kind = OneOfFilter(choices=KINDS)
    product = VisibleFilter(model=Product)


class ClaimViews(ReadingDoor):
    """The claims the asker may see, newest first, each with what it is worth now."""

    queryset = Claim.objects.none()
    serializer_class = ClaimOut
    filterset_class = ClaimFilters
    inputs: ClassVar = {"create": ClaimIn, "attach": EvidenceIn, "retract": RetractIn, "find": FindingIn, "check": WordsIn}
    outputs: ClassVar = {"check": CheckedOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("product__category__parent__parent")

    def paginate_queryset(self, queryset: Any) -> Any:
        """Judge the claims of one page together."""
        page = super().paginate_queryset(queryset)
        for one in queries.judged(page or [], timezone.now()):
            one.claim.judged = one  # type: ignore[attr-defined]
        return page

    def create(self, request: SignedInRequest) -> Response:
        """Say something of one of your products, word for word."""
        given = self.accepted()
        product = given.pop("product")
        made = actions.make(actions.NewClaim(product.pk, **given, actor=request.user, at=timezone.now()))
        return self.created(made)

    @action(detail=True, methods=["post"])
    def attach(self, request: SignedInRequest, pk: str) -> Response:
        """Put a statement or a paper under a claim."""
        given = self.accepted()
        since, until = given.pop("from_date", None), given.pop("until_date", None)
        actions.attach(actions.Attached(self.get_object().pk, **given, since=since, until=until), actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def retract(self, request: SignedInRequest, pk: str) -> Response:
        """Take back evidence that was attached by mistake."""
        found = get_object_or_404(self.get_object().evidence, pk=self.accepted()["evidence"].pk)
        actions.retract(evidence_id=found.pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def withdraw(self, request: SignedInRequest, pk: str) -> Response:
        """Say it no longer."""
        actions.withdraw(claim_id=self.get_object().pk, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=True, methods=["post"])
    def find(self, request: SignedInRequest, pk: str) -> Response:
        """Keep what was found about a claim."""
        given = self.accepted()
        found_on = given.pop("found_date")
        actions.find(claim_id=self.get_object().pk, found_on=found_on, **given, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())

    @action(detail=False, methods=["post"])
    def check(self, request: SignedInRequest) -> Response:
        """Say what the law does not let pass in a text. Nothing of it is kept."""
        given = self.accepted()
        found = queries.flaws(given["text"], given.get("category"))
        return self.shown({"rules_version": shipped().version, "findings": found})
