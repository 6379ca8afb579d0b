"""The API of cases: the desk, the merchant, and the buyer behind his link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.response import Response

from aftersales.cases import actions, queries
from aftersales.cases.actions import Appeal, Finished, NewCase, Proposal, Said
from aftersales.cases.api import serializers
from aftersales.cases.lifecycle import Side
from aftersales.cases.models import Case, CaseDecision, Inquiry, Remedy
from aftersales.cases.models.case import KIND_CHOICES, STATE_CHOICES
from aftersales.cases.views.care import may_ask
from assurance.products.models import Product
from assurance.roles import MERCHANT
from assurance.web.api import Door, ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, TextFilter, VisibleFilter
from assurance.web.serializers import refuse

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from assurance.accounts.types import SignedInRequest

WAIT_SECONDS = 3600


class CaseFilters(StrictFilterSet):
    state = OneOfFilter(choices=STATE_CHOICES)
    kind = OneOfFilter(choices=KIND_CHOICES)
    about = TextFilter(max_length=80)
    product = VisibleFilter(model=Product)


class CaseViews(ReadingDoor):
    """Cases about the merchant's goods, or all for the platform; newest first."""

    queryset = Case.objects.none()
    serializer_class = serializers.CaseOut
    filterset_class = CaseFilters
    orderings: ClassVar = {"id": "id", "due_at": "due_at"}
    outputs: ClassVar = {"list": serializers.CaseBrief}
    inputs: ClassVar = {
        "create": serializers.OpenIn,
        "write": serializers.WriteIn,
        "answer": serializers.AnswerIn,
        "propose": serializers.ProposeIn,
        "send_back": serializers.ReasonIn,
        "appeal": serializers.ReasonIn,
        "reopen": serializers.ReasonIn,
        "pace": serializers.PaceIn,
        "finish": serializers.FinishIn,
    }

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "product", "rating")

    def shown(self, found: Any, status: int = 200) -> Response:
        """Answer with a case and everything the asker may see of it, as it stands now."""
        case = self.get_queryset().get(pk=found.pk)
        case.page = queries.case_page(case, self.request.user, at=timezone.now())  # type: ignore[arg-type]
        return Response(serializers.CaseOut(case, context=self.get_serializer_context()).data, status=status)

    def retrieve(self, request: SignedInRequest, pk: str) -> Response:  # type: ignore[override]
        """One case with its links, messages, decisions and remedies."""
        return self.shown(self.get_object())

    def create(self, request: SignedInRequest) -> Response:
        """Open a case; everything that belongs to the number is linked to it."""
        given = self.accepted()
        about = queries.called(given["number"], request.user)
        if about is None:
            raise actions.NothingKnown(field="number")
        is_merchant = request.user.role in MERCHANT
        wanted = NewCase(
            kind=given["kind"],
            origin="merchant" if is_merchant else "agent",
            about_kind=about[0],
            about_id=about[1],
            summary=given["summary"],
            merchant_id=request.user.organisation_id if is_merchant else None,
        )
        case = actions.open_cases([wanted], actor=request.user, at=timezone.now())[0]
        if case is None:
            raise actions.NothingKnown(field="number")
        return self.created(case)

    @action(detail=True, methods=["post"])
    def claim(self, request: SignedInRequest, pk: str) -> Response:
        """Take a case from the queue."""
        return self.shown(actions.claim([self.get_object().pk], actor=request.user, at=timezone.now())[0])

    @action(detail=True, methods=["post"], url_path="give-back")
    def give_back(self, request: SignedInRequest, pk: str) -> Response:
        """Put a case back into the queue."""
        return self.shown(actions.give_back([self.get_object().pk], actor=request.user, at=timezone.now())[0])

    @action(detail=True, methods=["post"])
    def pace(self, request: SignedInRequest, pk: str) -> Response:
        """Change the service level; used time stays used."""
        policy = self.accepted()["policy"]
        return self.shown(actions.set_policy([self.get_object().pk], policy=policy, actor=request.user, at=timezone.now())[0])

    @action(detail=True, methods=["post"])
    def write(self, request: SignedInRequest, pk: str) -> Response:
        """Write for the desk."""
        case, given = self.get_object(), self.accepted()
        actions.write([Said(case.pk, **given)], actor=request.user, at=timezone.now())
        return self.shown(case)

    @action(detail=True, methods=["post"])
    def answer(self, request: SignedInRequest, pk: str) -> Response:
        """Answer as the merchant."""
        case, given = self.get_object(), self.accepted()
        actions.write([Said(case.pk, given["body"], side=Side.MERCHANT)], actor=request.user, at=timezone.now())
        return self.shown(case)

    @action(detail=True, methods=["post"], url_path="go-on")
    def go_on(self, request: SignedInRequest, pk: str) -> Response:
        """Wait for no answer any longer."""
        return self.shown(actions.go_on([self.get_object().pk], actor=request.user, at=timezone.now())[0])

    @action(detail=True, methods=["post"])
    def propose(self, request: SignedInRequest, pk: str) -> Response:
        """Propose a decision: who bears it, what is done, why, by what evidence."""
        case, given = self.get_object(), self.accepted()
        actions.propose([Proposal(case.pk, **given)], actor=request.user, at=timezone.now())
        return self.shown(case)

    @action(detail=True, methods=["post"])
    def decide(self, request: SignedInRequest, pk: str) -> Response:
        """Confirm what another person proposed."""
        case = self.get_object()
        actions.decide([self._newest_round(case).pk], actor=request.user, at=timezone.now())
        return self.shown(case)

    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: SignedInRequest, pk: str) -> Response:
        """Give a proposal back with what is missing."""
        case, given = self.get_object(), self.accepted()
        actions.send_back([self._newest_round(case).pk], reason=given["reason"], actor=request.user, at=timezone.now())
        return self.shown(case)

    @action(detail=True, methods=["post"])
    def appeal(self, request: SignedInRequest, pk: str) -> Response:
        """Appeal for the merchant, once."""
        case, given = self.get_object(), self.accepted()
        actions.appeal([Appeal(case.pk, Side.MERCHANT, given["reason"])], actor=request.user, at=timezone.now())
        return self.shown(case)

    @action(detail=True, methods=["post"])
    def finish(self, request: SignedInRequest, pk: str) -> Response:
        """Write down that a remedy was done."""
        case, given = self.get_object(), self.accepted()
        wanted = Remedy.objects.visible_to(request.user).filter(case=case, pk=given["remedy"]).first()
        if wanted is None:
            raise serializers.serializers.ValidationError({"remedy": refuse("not_found").detail})
        actions.finish_remedies([Finished(wanted.pk, given["reference"])], actor=request.user, at=timezone.now())
        return self.shown(case)

    @action(detail=True, methods=["post"])
    def close(self, request: SignedInRequest, pk: str) -> Response:
        """Close what was decided and done."""
        return self.shown(actions.close([self.get_object().pk], actor=request.user, at=timezone.now())[0])

    @action(detail=True, methods=["post"])
    def reopen(self, request: SignedInRequest, pk: str) -> Response:
        """Take a closed case up again."""
        case, given = self.get_object(), self.accepted()
        return self.shown(actions.reopen([case.pk], reason=given["reason"], actor=request.user, at=timezone.now())[0])

    def _newest_round(self, case: Case) -> CaseDecision:
        found = case.decisions.visible_to(self.request.user).order_by("-round").first()  # type: ignore[arg-type]
        if found is None:
            raise Http404
        return found


class InquiryViews(Door):
    """A buyer's request, without an account, behind its secret."""

    queryset = Inquiry.objects.none()
    serializer_class = serializers.InquiryOut
    lookup_field = "token"
    lookup_value_regex = "[0-9A-Z]{8,64}"
    inputs: ClassVar = {
        "create": serializers.AskIn,
        "answer": serializers.AnswerIn,
        "appeal": serializers.ReasonIn,
        "rate": serializers.RateIn,
    }

    def get_object(self) -> Inquiry:
        found = queries.inquiry_behind(actions.digest_of(self.kwargs["token"]))
        if found is None:
            raise Http404
        return found

    def shown(self, found: Any, status: int = 200) -> Response:
        page = queries.buyer_page(self.get_object(), at=timezone.now())
        return Response(serializers.InquiryOut(page).data, status=status)

    @extend_schema(responses={201: serializers.Asked})
    def create(self, request: Request) -> Response:
        """Say what is wrong with an order. The answer is the same whether or not there is such an order."""
        given = self.accepted()
        if not may_ask(request._request, given["order_number"]):
            raise Throttled(WAIT_SECONDS)
        return Response({"token": actions.ask(**given, at=timezone.now())}, status=201)

    def retrieve(self, request: Request, token: str) -> Response:
        """How the request stands."""
        return self.shown(None)

    @action(detail=True, methods=["post"])
    def answer(self, request: Request, token: str) -> Response:
        """Write into one's case."""
        found, given = self.get_object(), self.accepted()
        actions.answer(inquiry=found, body=given["body"], at=timezone.now())
        return self.shown(found)

    @action(detail=True, methods=["post"])
    def appeal(self, request: Request, token: str) -> Response:
        """Appeal against the decision, once."""
        found, given = self.get_object(), self.accepted()
        actions.object_to(inquiry=found, reason=given["reason"], at=timezone.now())
        return self.shown(found)

    @action(detail=True, methods=["post"])
    def rate(self, request: Request, token: str) -> Response:
        """Say how satisfied one is, once the case is closed."""
        found, given = self.get_object(), self.accepted()
        actions.rate(inquiry=found, score=given["score"], comment=given.get("comment", ""), at=timezone.now())
        return self.shown(found)
