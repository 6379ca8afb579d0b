"""Propose who bears it, decide it by another person, appeal once a side (P14.7)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from aftersales.cases.actions import consequences
from aftersales.cases.actions.steps import NoReason, check_agent, check_state, lock, paused_until, place, save, step, tell
from aftersales.cases.clock import APPEAL_WINDOW
from aftersales.cases.lifecycle import CaseState, DecisionState, Outcome, RemedyKind, Side, asks_for_money
from aftersales.cases.models import CaseAppeal, CaseDecision, CaseLink
from aftersales.cases.privacy import without_persons
from assurance.events.actions import announce_all
from assurance.events.changes import change, first
from assurance.refusals import OwnWork, Refused
from assurance.web.database import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from decimal import Decimal

    from django.db.models import Model

    from aftersales.cases.models import Case
    from assurance.accounts.models import User
    from assurance.events.changes import Changes

ONCE = _("This side has appealed already. Each side may appeal once.")
explain("case_appeal_once_per_side", code="appealed_already", message=ONCE)
explain("case_decision_has_a_reason", code="required", message=_("A reason is required."), field="reason", status=422)
explain("case_decision_has_evidence", code="no_evidence", message=_("Name at least one record as evidence."), field="evidence", status=422)
explain("case_decision_one_proposal", code="wrong_state", message=_("A decision has been proposed already."))
explain("case_one_open_per_rule_and_subject", code="already_open", message=_("This rule has another open case on the same subject."))


class NoEvidence(Refused):
    code = "no_evidence"
    status = 422
    message = _("Name at least one record of the case as evidence.")


class AmountExpected(Refused):
    code = "amount_expected"
    status = 422
    message = _("This outcome needs an amount above nothing.")


class NoAmountExpected(Refused):
    code = "no_amount_expected"
    status = 422
    message = _("This outcome takes no amount.")


class NothingToReturn(Refused):
    code = "nothing_to_return"
    status = 422
    message = _("No parcel belongs to this case, so nothing can be sent back.")


class AppealedAlready(Refused):
    code = "appealed_already"
    message = ONCE


class TooLate(Refused):
    code = "too_late"
    message = _("An appeal was possible until %(until)s.")


@dataclass(frozen=True)
class Proposal:
    """What an agent holds right. ``evidence`` are ids of links of the case; ``stops_lot`` asks to stop the lot, for cases of safety."""

    case_id: int
    liability: str
    is_confirmed: bool
    outcome: str
    reason: str
    evidence: Sequence[int]
    amount: Decimal | None = None
    stops_lot: bool = False


@dataclass(frozen=True)
class Appeal:
    """One side that does not agree."""

    case_id: int
    side: str
    reason: str


@transaction.atomic
def propose(proposals: Sequence[Proposal], *, actor: User, at: datetime) -> list[CaseDecision]:
    """Propose decisions on one's own cases. A constant number of queries.

    :raises NotYourCase, WrongState: if it is not the actor's, or not under way
    :raises NoReason, NoEvidence, AmountExpected, NoAmountExpected, NothingToReturn: if it is not whole
    """
    cases = lock(one.case_id for one in proposals)
    links = list(CaseLink.objects.filter(case_id__in=cases))
    rounds = dict(CaseDecision.objects.filter(case_id__in=cases).values_list("case_id").annotate(last=Max("round")))
    decisions, done = [], []
    for number, one in enumerate(proposals):
        case = cases[one.case_id]
        check_state(case, CaseState.OPEN, CaseState.APPEALED, number=number, items=proposals)
        check_agent(case, actor)
        _check(one, [link for link in links if link.case_id == case.pk], field=partial(place, number, proposals))
        decisions.append(_decision(case, one, rounds.get(case.pk, 0) + 1, actor=actor, at=at))
        done.append((case, step(case, state=CaseState.PROPOSED)))
    CaseDecision.objects.bulk_create(decisions)
    save(cases.values())
    shown = ("liability", "is_confirmed", "outcome", "amount", "evidence")
    announce_all(
        [
            ("aftersales.case.proposed", case, changes | first(decision, *shown), {"case_id": case.pk, "decision_id": decision.pk})
            for decision, (case, changes) in zip(decisions, done, strict=True)
        ],
        actor=actor,
        at=at,
    )
    return decisions


@transaction.atomic
def decide(decision_ids: Sequence[int], *, actor: User, at: datetime) -> list[CaseDecision]:
    """Confirm proposed decisions; what follows happens with them: remedies, evidence, facts, stops.

    A constant number of queries, apart from those for each stop and each return that is called off.

    :raises OwnWork: if the actor proposed it, or decided the round that was appealed against
    :raises WrongState: if it is not proposed any more
    """
    decisions, cases = _held(decision_ids)
    earlier = set(
        CaseDecision.objects.filter(case_id__in=cases, state=DecisionState.DECIDED, decided_by=actor).values_list("case_id", flat=True)
    )
    news: list[tuple[str, Model, Changes, dict[str, int]]] = []
    for number, pk in enumerate(decision_ids):
        decision, case = decisions[pk], cases[decisions[pk].case_id]
        check_state(case, CaseState.PROPOSED, number=number, items=decision_ids)
        if actor.pk == decision.proposed_by_id or case.pk in earlier:
            raise OwnWork(field=place(number, decision_ids))
        change(decision, state=DecisionState.DECIDED, decided_by_id=actor.pk, decided_at=at)
        new = {"liability": decision.liability, "is_confirmed": decision.is_confirmed, "decided_at": at}
        changes = step(case, state=CaseState.DECIDED, updated_at=at, **new)
        news.append(
            (
                "aftersales.case.decided",
                case,
                changes | first(decision, "outcome", "amount", "evidence"),
                {"case_id": case.pk, "decision_id": decision.pk},
            )
        )
    save(cases.values())
    ordered = [decisions[pk] for pk in decision_ids]
    consequences.follow(ordered, cases, actor=actor, at=at)
    CaseDecision.objects.bulk_update(ordered, ["state", "decided_by", "decided_at", "evidence_entry_id"])
    announce_all(news, actor=actor, at=at)
    return ordered


@transaction.atomic
def send_back(decision_ids: Sequence[int], *, reason: str, actor: User, at: datetime) -> list[CaseDecision]:
    """Give proposals back to their agents with what is missing.

    :raises NoReason: without saying what
    :raises OwnWork: if the actor proposed it
    """
    if not reason.strip():
        raise NoReason(field="reason")
    decisions, cases = _held(decision_ids)
    done = []
    for number, pk in enumerate(decision_ids):
        decision, case = decisions[pk], cases[decisions[pk].case_id]
        check_state(case, CaseState.PROPOSED, number=number, items=decision_ids)
        if actor.pk == decision.proposed_by_id:
            raise OwnWork(field=place(number, decision_ids))
        change(decision, state=DecisionState.SENT_BACK, decided_by_id=actor.pk, decided_at=at, sent_back_because=reason)
        done.append((case, step(case, state=CaseState.OPEN)))
    CaseDecision.objects.bulk_update(decisions.values(), ["state", "decided_by", "decided_at", "sent_back_because"])
    save(cases.values())
    tell("aftersales.case.sent_back", done, actor=actor, at=at, reason=reason)
    return [decisions[pk] for pk in decision_ids]


@transaction.atomic
def appeal(appeals: Sequence[Appeal], *, actor: User | None, at: datetime) -> list[CaseAppeal]:
    """Let a side say that a decision is wrong: once, within seven days; another person will decide anew.

    :raises AppealedAlready: if the side did before
    :raises TooLate: after the seven days
    :raises NoReason, WrongState: without a reason, or before anything was decided
    """
    cases = lock(one.case_id for one in appeals)
    known = set(CaseAppeal.objects.filter(case_id__in=cases).values_list("case_id", "side"))
    standing = CaseDecision.objects.filter(case_id__in=cases, state=DecisionState.DECIDED).order_by("case_id", "-round")
    decisions = {decision.case_id: decision for decision in standing.distinct("case_id")}
    rows, done = [], []
    for number, one in enumerate(appeals):
        case = cases[one.case_id]
        if not one.reason.strip():
            raise NoReason(field=place(number, appeals, "reason"))
        if (case.pk, one.side) in known:
            raise AppealedAlready(field=place(number, appeals))
        check_state(case, CaseState.DECIDED, CaseState.REMEDIED, CaseState.CLOSED, number=number, items=appeals)
        until = (case.decided_at or at) + APPEAL_WINDOW
        if at > until:
            raise TooLate(field=place(number, appeals), until=f"{until:%Y-%m-%d}")
        rows.append(_appeal(case, decisions[case.pk], one, actor=actor, at=at))
        done.append((case, _taken_up(case, at=at) | {"side": [None, str(one.side)]}))
    made = CaseAppeal.objects.bulk_create(rows)
    save(cases.values())
    tell("aftersales.case.appealed", done, actor=actor, at=at)
    return made


def _taken_up(case: Case, *, at: datetime) -> Changes:
    """The clock did not run while the decision stood."""
    paused = paused_until(case, case.decided_at or at, at)
    return step(case, state=CaseState.APPEALED, closed_at=None, updated_at=at, paused_seconds=paused)


def _held(decision_ids: Sequence[int]) -> tuple[dict[int, CaseDecision], dict[int, Case]]:
    """Lock the cases first, here as everywhere, then their decisions."""
    cases = lock(CaseDecision.objects.filter(pk__in=decision_ids).values_list("case_id", flat=True))
    decisions = {one.pk: one for one in CaseDecision.objects.select_for_update().filter(pk__in=decision_ids).order_by("pk")}
    if len(decisions) != len(set(decision_ids)):
        raise CaseDecision.DoesNotExist
    return decisions, cases


def _check(one: Proposal, links: Sequence[CaseLink], *, field: Callable[[str], str | None]) -> None:
    """``field`` names a field as a refusal does, with the proposal's number in a set."""
    if not one.reason.strip():
        raise NoReason(field=field("reason"))
    if not one.evidence or not set(one.evidence) <= {link.pk for link in links}:
        raise NoEvidence(field=field("evidence"))
    outcome = Outcome(one.outcome)
    if asks_for_money(outcome) and (one.amount is None or one.amount <= 0):
        raise AmountExpected(field=field("amount"))
    if not asks_for_money(outcome) and one.amount is not None:
        raise NoAmountExpected(field=field("amount"))
    if RemedyKind.RETURN in consequences.remedies_of(outcome) and not any(link.relation == "parcel" for link in links):
        raise NothingToReturn(field=field("outcome"))


def _decision(case: Case, one: Proposal, number: int, *, actor: User, at: datetime) -> CaseDecision:
    return CaseDecision(
        case=case,
        merchant_id=case.merchant_id,
        round=number,
        state=DecisionState.PROPOSED,
        liability=one.liability,
        is_confirmed=one.is_confirmed,
        outcome=one.outcome,
        amount=one.amount,
        reason=without_persons(one.reason),
        evidence=sorted(set(one.evidence)),
        stops_lot=one.stops_lot,
        proposed_by=actor,
        proposed_at=at,
    )


def _appeal(case: Case, decision: CaseDecision, one: Appeal, *, actor: User | None, at: datetime) -> CaseAppeal:
    return CaseAppeal(
        case=case,
        merchant_id=case.merchant_id,
        decision=decision,
        side=one.side,
        author=actor if one.side == Side.MERCHANT else None,
        reason=without_persons(one.reason),
        appealed_at=at,
    )
