"""What follows from the steps of a case: people are told, requests are judged, waits and finished cases end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from aftersales.cases import actions
from aftersales.cases.lifecycle import ON_THE_DESK, CaseState, Side
from aftersales.cases.models import Case, CaseDecision, CaseLink
from assurance.accounts.models import User
from assurance.events.registry import every, job
from assurance.notices.actions import notify
from assurance.notices.wording import english
from assurance.roles import MERCHANT, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST = 200


@job("aftersales.inquiry.received")
def judge_inquiry(*, inquiry_id: int, **_from_newer_writers: object) -> None:
    """See whether the order of a request is known."""
    actions.judge_inquiry(inquiry_id=inquiry_id, at=timezone.now())


@job("aftersales.case.opened", queue="notices")
def tell_of_case(*, case_id: int, **_from_newer_writers: object) -> None:
    """Tell the desk that a case waits, and the merchant that there is one about his goods."""
    case = _case(case_id)
    due = case.first_response_due_at.isoformat()
    _notify("case_waiting", case, _people(Role.CASE_AGENT), key=f"{case.pk}:opened", due=due)
    _notify("case_opened", case, _merchants(case), key=f"{case.pk}:opened")


@job("aftersales.case.waiting", queue="notices")
def tell_who_is_asked(*, case_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that an answer of his is wanted. A buyer reads it behind his link."""
    case = _case(case_id)
    if case.state == CaseState.WAITING and case.waiting_for == Side.MERCHANT and case.waiting_since:
        _notify("case_answer_wanted", case, _merchants(case), key=f"{case.pk}:{case.waiting_since:%Y%m%d%H%M%S}")


@job("aftersales.case.resumed", queue="notices")
def tell_of_answer(*, case_id: int, **_from_newer_writers: object) -> None:
    """Tell the agent that the case goes on."""
    case = _case(case_id)
    if case.updated_at:
        _notify("case_answered", case, _agent(case), key=f"{case.pk}:{case.updated_at:%Y%m%d%H%M%S}")


@job("aftersales.case.proposed", queue="notices")
def tell_reviewers(*, case_id: int, decision_id: int, **_from_newer_writers: object) -> None:
    """Tell the reviewers that a decision is to be confirmed."""
    _notify("case_proposed", _case(case_id), _people(Role.CASE_REVIEWER), key=f"{case_id}:{decision_id}")


@job("aftersales.case.sent_back", queue="notices")
def tell_of_sending_back(*, case_id: int, **_from_newer_writers: object) -> None:
    """Tell the agent that something is missing."""
    case = _case(case_id)
    rounds = case.decisions.count()
    _notify("case_sent_back", case, _agent(case), key=f"{case.pk}:{rounds}")


@job("aftersales.case.decided", queue="notices")
def tell_of_decision(*, case_id: int, decision_id: int, **_from_newer_writers: object) -> None:
    """Tell merchant and agent what was decided."""
    case, decision = _case(case_id), CaseDecision.objects.get(pk=decision_id)
    params = {"liable": english(decision.get_liability_display()), "outcome": english(decision.get_outcome_display())}
    _notify("case_decided", case, _merchants(case) | _agent(case), key=f"{case.pk}:{decision.pk}", **params)


@job("aftersales.case.appealed", queue="notices")
def tell_of_appeal(*, case_id: int, **_from_newer_writers: object) -> None:
    """Tell the agent that it is to be looked at again."""
    case = _case(case_id)
    _notify("case_appealed", case, _agent(case), key=f"{case.pk}:{case.appeals.count()}")


@job("aftersales.case.claimed", "aftersales.case.proposed", "aftersales.case.appealed")
def link_what_came(*, case_id: int, **_from_newer_writers: object) -> None:
    """What was recorded since the case was opened belongs to it too: fees that were rated, a waybill that was booked again."""
    actions.link_again([case_id], at=timezone.now())


@job("warehouse.return.announced", "warehouse.return.received")
def link_return(*, parcel_id: int | None = None, **_from_newer_writers: object) -> None:
    """A return belongs to the open cases of its parcel."""
    if parcel_id is None:
        return
    of_parcel = CaseLink.objects.filter(subject_kind="warehouse.parcel", subject_id=parcel_id, case__state__in=ON_THE_DESK)
    numbers = list(of_parcel.order_by("case_id").values_list("case_id", flat=True)[:MOST])
    if numbers:
        actions.link_again(numbers, at=timezone.now())


@job("warehouse.return.closed")
def finish_return(*, return_id: int, **_from_newer_writers: object) -> None:
    """The warehouse has settled a return: what was decided about it is done."""
    actions.finish_returns([return_id], at=timezone.now())


@job("aftersales.case.opened", "aftersales.case.closed")
def keep_parcel_records(*, case_id: int, **_from_newer_writers: object) -> None:
    """Keep the packing records of a case's parcels for the whole dispute period again."""
    actions.keep_parcel_records(case_id=case_id, at=timezone.now())


@every(86_400)
def keep_disputed_records(**_from_newer_writers: object) -> None:
    """Keep the packing records of every parcel that an open case is about."""
    actions.keep_parcel_records(at=timezone.now())


@every(600)
def go_on_with_unanswered(**_from_newer_writers: object) -> None:
    """Let the clock of cases run again that nobody answered."""
    actions.wake_waiting(at=timezone.now())


@every(3600)
def close_finished(**_from_newer_writers: object) -> None:
    """Close what is done and can no longer be appealed."""
    actions.close_finished(at=timezone.now())


@every(3600)
def measure_satisfaction(**_from_newer_writers: object) -> None:
    """Measure how satisfied buyers are with each merchant's cases."""
    actions.report_satisfaction(at=timezone.now())


def _case(case_id: int) -> Case:
    return Case.objects.select_related("product").get(pk=case_id)


def _people(role: Role) -> QuerySet[User]:
    return User.objects.holding(role)


def _merchants(case: Case) -> QuerySet[User]:
    return User.objects.acting_for(case.merchant_id, MERCHANT)


def _agent(case: Case) -> QuerySet[User]:
    return User.objects.filter(pk=case.agent_id or 0, is_active=True)


def _notify(kind: str, case: Case, people: QuerySet[User], *, key: str, **params: Any) -> None:
    product = case.product
    names = {"product": product.name, "product_en": product.name_en} if product else {"product": case.about}
    notify(
        kind,
        recipients=people.order_by("pk"),
        key=key,
        at=timezone.now(),
        link=reverse("cases:show", args=[case.pk]),
        case=case.code,
        what=english(case.get_kind_display()),
        **names,
        **params,
    )
