"""The API of certificates: one verb for every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from rest_framework.decorators import action

from assurance.certificates import actions
from assurance.certificates.api.serializers import (
    CertificateIn,
    CertificateOut,
    ConflictIn,
    ConflictOut,
    NoteIn,
    ProductIn,
    ProductsIn,
    ReasonIn,
)
from assurance.certificates.models import CONFLICT_CHOICES, STATE_CHOICES, Certificate, CertificateConflict, Kind
from assurance.products.models import Product
from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, VisibleFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class CertificateFilters(StrictFilterSet):
    kind = OneOfFilter(choices=Kind.choices)
    state = OneOfFilter(choices=STATE_CHOICES)
    product = VisibleFilter(model=Product, method="covering")

    def covering(self, found: QuerySet[Certificate], _name: str, value: Product) -> QuerySet[Certificate]:
        """Those that cover this product."""
        return found.filter(covered__product=value)


class CertificateViews(ReadingDoor):
    """The certificates the asker may see, newest first; ``state=entered&ordering=entered_at`` is the queue."""

    queryset = Certificate.objects.none()
    serializer_class = CertificateOut
    filterset_class = CertificateFilters
    orderings: ClassVar = {"id": "id", "entered_at": "entered_at", "expires_date": "expires_date"}
    inputs: ClassVar = {
        "create": CertificateIn,
        "attach": ProductsIn,
        "detach": ProductIn,
        "verify": NoteIn,
        "reject": ReasonIn,
        "suspend": ReasonIn,
        "withdraw": ReasonIn,
        "reinstate": ReasonIn,
    }

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().prefetch_related("covered", "attachments")

    def create(self, request: SignedInRequest) -> Response:
        """Enter a certificate of your organisation. The same number or file at another merchant is flagged to the platform."""
        values = self.accepted()
        file, products = values.pop("file"), values.pop("products")
        made = actions.enter(
            values=values,
            product_ids=[product.pk for product in products],
            paper=actions.Paper(stored=file),
            actor=request.user,
            at=timezone.now(),
        )
        return self.created(made)

    @action(detail=True, methods=["post"])
    def attach(self, request: SignedInRequest, pk: str) -> Response:
        """Attach it to products that it covers."""
        return self._step(actions.attach, product_ids=[product.pk for product in self.accepted()["products"]])

    @action(detail=True, methods=["post"])
    def detach(self, request: SignedInRequest, pk: str) -> Response:
        """Take it off a product."""
        return self._step(actions.detach, product_id=self.accepted()["product"].pk)

    @action(detail=True, methods=["post"])
    def verify(self, request: SignedInRequest, pk: str) -> Response:
        """Say that it is true; another holder's certificate needs a reason."""
        return self._step(actions.verify, **self.accepted())

    @action(detail=True, methods=["post"])
    def reject(self, request: SignedInRequest, pk: str) -> Response:
        """Refuse it with a reason."""
        return self._step(actions.reject, **self.accepted())

    @action(detail=True, methods=["post"])
    def suspend(self, request: SignedInRequest, pk: str) -> Response:
        """Say that it does not hold for the moment; what depends on it stops at once."""
        return self._step(actions.suspend, **self.accepted())

    @action(detail=True, methods=["post"])
    def withdraw(self, request: SignedInRequest, pk: str) -> Response:
        """Say that it no longer holds; what depends on it stops at once."""
        return self._step(actions.withdraw, **self.accepted())

    @action(detail=True, methods=["post"])
    def reinstate(self, request: SignedInRequest, pk: str) -> Response:
        """Let it hold again."""
        return self._step(actions.reinstate, **self.accepted())

    def _step(self, step: Callable[..., Certificate], **given: Any) -> Response:
        found = self.get_object()
        step(certificate_id=found.pk, actor=self.request.user, at=timezone.now(), **given)
        return self.shown(self.get_object())


class ConflictFilters(StrictFilterSet):
    state = OneOfFilter(choices=CONFLICT_CHOICES)


class ConflictViews(ReadingDoor):
    """What two merchants claim at once, newest first."""

    queryset = CertificateConflict.objects.none()
    serializer_class = ConflictOut
    filterset_class = ConflictFilters
    inputs: ClassVar = {"decide": ConflictIn}

    @action(detail=True, methods=["post"])
    def decide(self, request: SignedInRequest, pk: str) -> Response:
        """Say whose certificate it is. Who loses it, loses what it proved."""
        given = self.accepted()
        actions.decide_conflict(conflict_id=self.get_object().pk, **given, actor=request.user, at=timezone.now())
        return self.shown(self.get_object())
