"""What follows from decisions, in the transaction that decides: remedies, a return, evidence, facts, stops."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_noop

from aftersales.cases import queries
from aftersales.cases.lifecycle import REMEDIES_OF, Kind, Outcome, RemedyKind, RemedyState
from aftersales.cases.models import CaseLink, Remedy
from assurance.events.actions import announce_all
from assurance.events.changes import change, first
from assurance.evidence.actions import MOST_FACTS, Said, record_all, report_facts
from assurance.gates.actions import open_stop
from assurance.sentences import keep
from warehouse.returns.actions import ExpectedReturn, announce_returns, cancel_return
from warehouse.returns.lifecycle import ReturnState
from warehouse.returns.models import ReturnParcel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from aftersales.cases.models import Case, CaseDecision
    from assurance.accounts.models import User

STOP_CODE: Final = "case_safety"
STOPPED: Final = gettext_noop("Case %(case)s about safety was confirmed.")
keep(STOPPED)
BUYERS_REASON: Final[Mapping[str, str]] = {
    Kind.DAMAGED: "damaged",
    Kind.WRONG_ITEM: "wrong_goods",
    Kind.MISSING_ITEM: "not_as_described",
    Kind.QUALITY: "quality",
    Kind.SAFETY: "quality",
    Kind.NOT_ARRIVED: "undelivered",
}
"""Kind of case → what the warehouse is told of a return."""
RETURN_TABLE: Final = "warehouse.returnparcel"


def remedies_of(outcome: str) -> tuple[RemedyKind, ...]:
    """Return what has to be done for an outcome."""
    return REMEDIES_OF[Outcome(outcome)]


def reference_of(case: Case) -> str:
    """Return the key under which the warehouse knows a case's return."""
    return f"case:{case.pk}"


def follow(decisions: Sequence[CaseDecision], cases: Mapping[int, Case], *, actor: User, at: datetime) -> None:
    """Do what the decisions say. The cases are locked and saved; the caller saves the decisions, with the number of their evidence."""
    _call_off_earlier(decisions, cases, actor=actor, at=at)
    _order(decisions, cases, actor=actor, at=at)
    _record(decisions, cases, actor=actor, at=at)
    report_case_rates({case.product_id for case in cases.values() if case.product_id}, at=at)
    for decision in decisions:
        case = cases[decision.case_id]
        if decision.stops_lot and decision.is_confirmed:
            _stop(case, actor=actor, at=at)


def _call_off_earlier(decisions: Sequence[CaseDecision], cases: Mapping[int, Case], *, actor: User, at: datetime) -> None:
    """What an earlier round ordered and nobody did yet is called off; a return that stays wanted stays announced."""
    earlier = list(Remedy.objects.select_for_update().filter(case_id__in=cases, state=RemedyState.ORDERED).order_by("pk"))
    if not earlier:
        return
    changes = [(one, change(one, state=RemedyState.CANCELLED)) for one in earlier]
    Remedy.objects.bulk_update(earlier, ["state"])
    _tell("aftersales.remedy.cancelled", changes, actor=actor, at=at)
    kept = {one.case_id for one in decisions if RemedyKind.RETURN in remedies_of(one.outcome)}
    dropped = [one.subject_id for one in earlier if one.kind == RemedyKind.RETURN and one.case_id not in kept and one.subject_id]
    for pk in ReturnParcel.objects.filter(pk__in=dropped, state=ReturnState.ANNOUNCED).order_by("pk").values_list("pk", flat=True):
        cancel_return(return_id=pk, actor=actor, at=at, reason="the case was decided anew")


def _order(decisions: Sequence[CaseDecision], cases: Mapping[int, Case], *, actor: User, at: datetime) -> None:
    remedies = [
        Remedy(
            case=cases[decision.case_id],
            merchant_id=decision.merchant_id,
            decision=decision,
            kind=kind,
            amount=decision.amount if kind in (RemedyKind.REFUND, RemedyKind.CREDIT) else None,
            state=RemedyState.ORDERED,
            ordered_at=at,
        )
        for decision in decisions
        for kind in remedies_of(decision.outcome)
    ]
    _announce_returns([one for one in remedies if one.kind == RemedyKind.RETURN], actor=actor, at=at)
    Remedy.objects.bulk_create(remedies)
    _tell("aftersales.remedy.ordered", [(one, first(one, "kind", "amount")) for one in remedies], actor=actor, at=at)


def _announce_returns(remedies: Sequence[Remedy], *, actor: User, at: datetime) -> None:
    """Tell the warehouse what comes back, and link it to the case."""
    if not remedies:
        return
    parcels: dict[int, int] = {}
    links = CaseLink.objects.filter(case_id__in=[one.case_id for one in remedies], relation="parcel").order_by("-pk")
    for link in links:
        parcels[link.case_id] = link.subject_id
    expected = [
        ExpectedReturn(parcels[one.case_id], reference=reference_of(one.case), buyer_reason=BUYERS_REASON.get(one.case.kind, ""))
        for one in remedies
    ]
    for one, back in zip(remedies, announce_returns(expected, actor=actor, at=at), strict=True):
        one.subject_kind, one.subject_id = RETURN_TABLE, back.pk
    CaseLink.objects.bulk_create(
        [
            CaseLink(
                case=one.case,
                merchant_id=one.merchant_id,
                relation="return",
                subject_kind=RETURN_TABLE,
                subject_id=one.subject_id or 0,
                linked_at=at,
            )
            for one in remedies
        ],
        ignore_conflicts=True,
    )


def _record(decisions: Sequence[CaseDecision], cases: Mapping[int, Case], *, actor: User, at: datetime) -> None:
    """Put confirmed cases into the evidence: what, who bears it, by which records. Never what a person wrote, only its digest."""
    confirmed = [one for one in decisions if one.is_confirmed and cases[one.case_id].product_id]
    if not confirmed:
        return
    proofs: dict[int, list[dict[str, Any]]] = defaultdict(list)
    wanted = {number for one in confirmed for number in one.evidence}
    for link in CaseLink.objects.filter(pk__in=wanted).order_by("pk"):
        proofs[link.case_id].append({"kind": link.subject_kind, "id": link.subject_id})
    entries = record_all(
        [_said(one, cases[one.case_id], proofs[one.case_id]) for one in confirmed],
        actor=actor,
        at=at,
    )
    for one, entry in zip(confirmed, entries, strict=True):
        one.evidence_entry_id = entry.pk


def _said(decision: CaseDecision, case: Case, proofs: list[dict[str, Any]]) -> Said:
    body = {
        "case": case.code,
        "kind": str(case.kind),
        "liability": str(decision.liability),
        "outcome": str(decision.outcome),
        "amount": None if decision.amount is None else str(decision.amount),
        "round": decision.round,
        "reason_sha256": hashlib.sha256(decision.reason.encode()).hexdigest(),
        "evidence": proofs,
    }
    return Said("case_confirmed", case.product_id, case.merchant_id, body, lot_id=case.lot_id)


def report_case_rates(product_ids: Iterable[int], *, at: datetime) -> None:
    """Say how many confirmed cases a product has per parcel that left, as a fact; nothing where no parcel left yet."""
    measured = queries.case_rates(sorted(product_ids))
    for begin in range(0, len(measured), MOST_FACTS):
        report_facts("case_rate", measured[begin : begin + MOST_FACTS], subject_kind="product", as_of=at, at=at)


def _stop(case: Case, *, actor: User, at: datetime) -> None:
    """Stop the lot; where the case is about no single lot, the product; else everything of the merchant that it could be."""
    open_stop(
        merchant_id=case.merchant_id,
        product_id=case.product_id,
        lot_id=case.lot_id,
        code=STOP_CODE,
        because=STOPPED % {"case": case.code},
        actor=actor,
        at=at,
    )


def _tell(kind: str, done: Sequence[tuple[Remedy, dict[str, list[Any]]]], *, actor: User | None, at: datetime) -> None:
    announce_all([(kind, one, changes, {"remedy_id": one.pk, "case_id": one.case_id}) for one, changes in done], actor=actor, at=at)
