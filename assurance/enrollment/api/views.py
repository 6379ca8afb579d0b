"""The API of enrolments: one verb for every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from rest_framework.decorators import action

from assurance.enrollment import actions
from assurance.enrollment.api.serializers import (
    AcceptanceOut,
    AgreementOut,
    EnrolmentOut,
    EnrolmentWithDifferencesOut,
    NoteIn,
    OutlookOut,
    ReasonsIn,
    SigningIn,
    StartIn,
)
from assurance.enrollment.models import STATE_CHOICES, Agreement, Enrolment
from assurance.enrollment.outlook import outlook
from assurance.enrollment.reasons import Reason
from assurance.products.models import Product
from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, VisibleFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest


class EnrolmentFilters(StrictFilterSet):
    state = OneOfFilter(choices=STATE_CHOICES)
    product = VisibleFilter(model=Product)


class AgreementViews(ReadingDoor):
    """The agreement that a merchant accepts before anything of his is reviewed, newest version first."""

    queryset = Agreement.objects.none()
    serializer_class = AgreementOut
    inputs: ClassVar = {"accept": SigningIn}
    outputs: ClassVar = {"accept": AcceptanceOut}

    @action(detail=True, methods=["post"])
    def accept(self, request: SignedInRequest, pk: str) -> Response:
        """Accept it for your organisation, with all its enrolments; only the newest version can be accepted."""
        self.get_object()
        signing = actions.Signing(**self.accepted())
        return self.shown(actions.accept_agreement(signing=signing, actor=request.user, at=timezone.now()))


class EnrolmentViews(ReadingDoor):
    """The enrolments the asker may see, newest first; ``ordering=due_at`` is the review queue."""

    queryset = Enrolment.objects.none()
    serializer_class = EnrolmentOut
    filterset_class = EnrolmentFilters
    orderings: ClassVar = {"id": "id", "due_at": "due_at", "decided_at": "decided_at"}
    outputs: ClassVar = {"outlook": OutlookOut, "retrieve": EnrolmentWithDifferencesOut}
    inputs: ClassVar = {
        "create": StartIn,
        "withdraw": NoteIn,
        "release_claim": NoteIn,
        "return_for_changes": ReasonsIn,
        "reject": ReasonsIn,
    }

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("product__category").prefetch_related("reasons")

    def create(self, request: SignedInRequest) -> Response:
        """Begin the enrolment of one of your products as a draft."""
        product = self.accepted()["product"]
        return self.created(actions.start(product_id=product.pk, actor=request.user, at=timezone.now()))

    @action(detail=True, methods=["get"])
    def outlook(self, request: SignedInRequest, pk: str) -> Response:
        """Say what awaits the product: what is missing, tests, working days, fees, the agreement."""
        return self.shown(outlook(self.get_object(), at=timezone.now()))

    @action(detail=True, methods=["post"])
    def submit(self, request: SignedInRequest, pk: str) -> Response:
        """Hand the product over for review, as it is now."""
        return self._step(actions.submit)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: SignedInRequest, pk: str) -> Response:
        """Take the product out."""
        return self._step(actions.withdraw)

    @action(detail=True, methods=["post"])
    def claim(self, request: SignedInRequest, pk: str) -> Response:
        """Take a case, so that nobody else decides it."""
        return self._step(actions.claim)

    @action(detail=True, methods=["post"], url_path="release-claim", url_name="release-claim")
    def release_claim(self, request: SignedInRequest, pk: str) -> Response:
        """Hand a case back to the queue."""
        return self._step(actions.release_claim)

    @action(detail=True, methods=["post"])
    def approve(self, request: SignedInRequest, pk: str) -> Response:
        """Let the product in, for a year."""
        return self._step(actions.approve)

    @action(detail=True, methods=["post"], url_path="return-for-changes", url_name="return-for-changes")
    def return_for_changes(self, request: SignedInRequest, pk: str) -> Response:
        """Give the product back with reasons, each tied to a field."""
        return self._decide(actions.return_for_changes)

    @action(detail=True, methods=["post"])
    def reject(self, request: SignedInRequest, pk: str) -> Response:
        """Refuse the product with reasons, each tied to a field."""
        return self._decide(actions.reject)

    def _step(self, step: Callable[..., Enrolment], **given: Any) -> Response:
        given = given or self.accepted()
        found = self.get_object()
        step(enrolment_id=found.pk, actor=self.request.user, at=timezone.now(), **given)
        return self.shown(self.get_object())

    def _decide(self, step: Callable[..., Enrolment]) -> Response:
        return self._step(step, reasons=[Reason(**reason) for reason in self.accepted()["reasons"]])
