"""What lists and pages show of cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.cases.clock import APPEAL_WINDOW
from aftersales.cases.lifecycle import ON_THE_DESK, CaseState, DecisionState, RemedyState, Side
from aftersales.cases.models import Case, CaseDecision, CaseMessage, Inquiry
from aftersales.cases.privacy import tail_of
from aftersales.cases.queries.chain import LinkedRecord, chain
from assurance.evidence.actions import Measured
from assurance.roles import MERCHANT, Role
from warehouse.orders.lifecycle import AllocationState
from warehouse.orders.models import Allocation, Recipient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import Promise

    from aftersales.cases.models import CaseAppeal, CaseLink, CaseRating, Remedy
    from aftersales.cases.models.case import CaseQuerySet
    from assurance.accounts.models import User

DESK_TABS: Final[Mapping[str, Promise]] = {
    "mine": _("Mine"),
    "unclaimed": _("To take"),
    "proposed": _("To decide"),
    "waiting": _("Waiting"),
    "desk": _("All that is open"),
    "done": pgettext_lazy("case", "Decided"),
}
OWN_TABS: Final[Mapping[str, Promise]] = {
    "asked": _("Wants your answer"),
    "running": _("Under way"),
    "decided": pgettext_lazy("case", "Decided"),
    "all": _("All"),
}


def tabs_of(user: User) -> Mapping[str, Promise]:
    return OWN_TABS if user.role in MERCHANT else DESK_TABS


def first_tab(user: User) -> str:
    """Return what a role looks at first."""
    if user.role in MERCHANT:
        return "all"
    return {Role.CASE_AGENT: "mine", Role.CASE_REVIEWER: "proposed"}.get(Role(user.role), "desk")


def _of_tab(tab: str, user: User) -> Q:
    judged = [CaseState.DECIDED, CaseState.REMEDIED, CaseState.CLOSED]
    conditions = {
        "mine": Q(agent=user, state__in=[*ON_THE_DESK, CaseState.DECIDED, CaseState.REMEDIED]),
        "unclaimed": Q(state=CaseState.NEW),
        "proposed": Q(state=CaseState.PROPOSED),
        "waiting": Q(state=CaseState.WAITING),
        "desk": Q(state__in=ON_THE_DESK),
        "done": Q(state__in=judged),
        "asked": Q(state=CaseState.WAITING, waiting_for=Side.MERCHANT),
        "running": Q(state__in=ON_THE_DESK),
        "decided": Q(state__in=judged),
        "all": Q(),
    }
    return conditions[tab]


def find(user: User, *, tab: str = "all", q: str = "", kind: str = "") -> CaseQuerySet:
    """Return the cases of a tab; what somebody has to do by due time, the rest the newest first."""
    cases = Case.objects.visible_to(user).filter(_of_tab(tab, user)).select_related("product", "merchant", "agent")
    if kind:
        cases = cases.filter(kind=kind)
    if q:
        cases = cases.filter(_fits(q.strip()))
    return cases.by_urgency() if tab in ("mine", "unclaimed", "proposed", "desk") else cases.order_by("-id")


def _fits(q: str) -> Q:
    number = q.upper().removeprefix("AS-")
    by_code = Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) <= 18 else Q(pk__in=[])
    return by_code | Q(about__icontains=q) | Q(product__name__icontains=q) | Q(product__sku__icontains=q) | Q(lot__number__icontains=q)


def counts(user: User) -> dict[str, int]:
    """Return how many cases stand under each tab that is to do. One query."""
    shown = [tab for tab in tabs_of(user) if tab not in ("done", "all", "decided")]
    return Case.objects.visible_to(user).aggregate(**{tab: Count("pk", filter=_of_tab(tab, user)) for tab in shown})


@dataclass(frozen=True)
class CasePage:
    """Everything one page shows of a case."""

    case: Case
    chain: list[LinkedRecord]
    messages: list[CaseMessage]
    decisions: list[CaseDecision]
    remedies: list[Remedy]
    appeals: list[CaseAppeal]
    rating: CaseRating | None
    proposal: CaseDecision | None
    may_appeal: bool

    @property
    def decision(self) -> CaseDecision | None:
        """The decision that stands."""
        return next((one for one in reversed(self.decisions) if one.state == DecisionState.DECIDED), None)

    @property
    def evidence(self) -> list[LinkedRecord]:
        """What the standing decision rests on."""
        named = set(self.decision.evidence) if self.decision else set()
        return [one for one in self.chain if one.link.pk in named]

    @property
    def proposed_evidence(self) -> list[LinkedRecord]:
        named = set(self.proposal.evidence) if self.proposal else set()
        return [one for one in self.chain if one.link.pk in named]

    @property
    def has_to_do(self) -> bool:
        return any(one.state == RemedyState.ORDERED for one in self.remedies)


def case_page(case: Case, reader: User, *, at: datetime) -> CasePage:
    """Return what the reader may see of a case. A constant number of queries besides one per table of the chain."""
    decisions = list(case.decisions.visible_to(reader).select_related("proposed_by", "decided_by").order_by("round"))
    appeals = list(case.appeals.order_by("pk"))
    side = Side.MERCHANT if reader.role in MERCHANT else None
    return CasePage(
        case=case,
        chain=chain(case.links.order_by("pk"), reader),
        messages=list(CaseMessage.objects.visible_to(reader).filter(case=case).select_related("author").order_by("pk")),
        decisions=decisions,
        remedies=list(case.remedies.order_by("pk")),
        appeals=appeals,
        rating=getattr(case, "rating", None),
        proposal=next((one for one in decisions if one.state == DecisionState.PROPOSED), None),
        may_appeal=side is not None and _may_appeal(case, appeals, side, at=at),
    )


def _may_appeal(case: Case, appeals: Sequence[CaseAppeal], side: Side, *, at: datetime) -> bool:
    if not case.is_judged or case.decided_at is None or at > case.decided_at + APPEAL_WINDOW:
        return False
    return all(one.side != side for one in appeals)


@dataclass(frozen=True)
class BuyerPage:
    """What a buyer sees behind his link: no person, no merchant's matter."""

    inquiry: Inquiry
    is_taken_up: bool
    messages: list[CaseMessage]
    decision: CaseDecision | None
    may_appeal: bool
    may_write: bool
    may_rate: bool
    rating: CaseRating | None
    evidence: list[CaseLink] = field(default_factory=list)

    @property
    def case(self) -> Case | None:
        return self.inquiry.case if self.is_taken_up else None


def inquiry_behind(digest: str) -> Inquiry | None:
    """Return the request behind a secret link."""
    return Inquiry.objects.filter(token_digest=digest).select_related("case").first()


def buyer_page(inquiry: Inquiry, *, at: datetime) -> BuyerPage:
    """Return what the link shows.

    Until the desk has answered, a request whose order is unknown looks exactly like one that became a case: nobody learns by asking
    which numbers exist.
    """
    case = inquiry.case
    if case is None or (case.first_responded_at is None and not case.is_judged):
        return BuyerPage(inquiry, False, [], None, False, False, False, None)
    appeals = list(case.appeals.order_by("pk"))
    rating = getattr(case, "rating", None)
    decision = case.decisions.filter(state=DecisionState.DECIDED).order_by("-round").first()
    return BuyerPage(
        inquiry,
        is_taken_up=True,
        messages=list(CaseMessage.objects.filter(case=case).for_buyer().order_by("pk")),
        decision=decision,
        may_appeal=_may_appeal(case, appeals, Side.BUYER, at=at),
        may_write=case.state != CaseState.CLOSED,
        may_rate=case.state == CaseState.CLOSED and rating is None,
        rating=rating,
        evidence=list(case.links.filter(pk__in=decision.evidence).order_by("pk")) if decision else [],
    )


def order_of_buyer(number: str, tail: str) -> int | None:
    """Return the order of this number whose recipient's telephone number ends so. One query."""
    if not number or len(tail) != 4:
        return None
    recipients = Recipient.objects.filter(order__number=number).order_by("-order_id").values_list("order_id", "phone")
    return next((order for order, phone in recipients if tail_of(phone) == tail), None)


def case_rates(product_ids: Sequence[int]) -> list[Measured]:
    """Return confirmed cases per parcel that left, by product; products of which nothing left are not measured. Two queries."""
    sent = Allocation.objects.filter(product_id__in=product_ids, state=AllocationState.SHIPPED)
    parcels = dict(sent.order_by().values_list("product_id").annotate(n=Count("parcel_id", distinct=True)))
    confirmed = dict(
        Case.objects.filter(product_id__in=product_ids, is_confirmed=True).order_by().values_list("product_id").annotate(n=Count("pk"))
    )
    return [
        Measured(product, Decimal(confirmed.get(product, 0)) / parcels[product], parcels[product])
        for product in sorted(product_ids)
        if parcels.get(product)
    ]


def evidence_choices(records: Sequence[LinkedRecord]) -> list[tuple[str, Any]]:
    """Return the records a decision may rest on, as the choices of a form."""
    return [(str(one.link.pk), f"{one.kind}: {one.title} – {one.text}") for one in records]
