"""What a buyer does without an account: ask, answer, appeal, rate – all by a secret link."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from aftersales.cases import queries
from aftersales.cases.actions.deciding import Appeal, appeal
from aftersales.cases.actions.opening import NewCase, open_cases
from aftersales.cases.actions.steps import lock, place
from aftersales.cases.actions.talking import Said, write
from aftersales.cases.lifecycle import CaseState, Side
from aftersales.cases.models import Case, CaseRating, Inquiry
from aftersales.cases.privacy import without_persons
from assurance.codes import public_code
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.refusals import Refused, WrongState
from assurance.sentences import keep
from assurance.web.database import explain

if TYPE_CHECKING:
    from datetime import datetime

LINK_LENGTH: Final = 32
"""About 158 bits: nobody finds another buyer's case by trying."""
BY_A_BUYER: Final = gettext_noop("A buyer wrote to the case desk.")
keep(BY_A_BUYER)
RATED: Final = _("You have answered this already. Thank you.")
explain("aftersales_caserating_case_id_key", code="already_rated", message=RATED)


class NotYet(Refused):
    code = "not_yet"
    message = _("This is possible when your request has become a case.")


class AlreadyRated(Refused):
    code = "already_rated"
    message = RATED


def digest_of(token: str) -> str:
    """Return what is kept of a secret link."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def ask(*, order_number: str, phone_tail: str, kind: str, body: str, at: datetime) -> str:
    """Keep a buyer's request and return the secret of the link to follow it. Whether the order is known is not looked at here:
    the answer, and the time it takes, is the same for every number. A job judges it.
    """
    token = public_code(LINK_LENGTH)
    inquiry = Inquiry.objects.create(
        token_digest=digest_of(token), order_number=order_number, phone_tail=phone_tail, kind=kind, body=body, asked_at=at
    )
    announce("aftersales.inquiry.received", actor=None, at=at, subject=inquiry, changes=first(inquiry, "kind"), inquiry_id=inquiry.pk)
    return token


@transaction.atomic
def judge_inquiry(*, inquiry_id: int, at: datetime) -> Case | None:
    """Open a case for a request whose order and digits are right, then forget the digits and the words. Once; again changes nothing."""
    inquiry = Inquiry.objects.select_for_update().get(pk=inquiry_id)
    if inquiry.judged_at is not None:
        return None
    found = queries.order_of_buyer(inquiry.order_number, inquiry.phone_tail)
    case = None
    if found is not None:
        wanted = NewCase(inquiry.kind, "buyer", queries.ORDER, found, summary=BY_A_BUYER, body=inquiry.body)
        case = open_cases([wanted], actor=None, at=at)[0]
    changes = change(inquiry, judged_at=at, case_id=case.pk if case else None)
    inquiry.phone_tail = inquiry.body = ""
    inquiry.save(update_fields=["judged_at", "case", "phone_tail", "body"])
    owner = case.merchant_id if case else None
    announce("aftersales.inquiry.judged", actor=None, at=at, subject=inquiry, changes=changes, organisation_id=owner, inquiry_id=inquiry.pk)
    return case


def answer(*, inquiry: Inquiry, body: str, at: datetime) -> None:
    """Write into one's own case.

    :raises NotYet: if the request is no case
    """
    write([Said(_case_of(inquiry), body, side=Side.BUYER, to_buyer=True)], actor=None, at=at)


def object_to(*, inquiry: Inquiry, reason: str, at: datetime) -> None:
    """Appeal against the decision, once.

    :raises NotYet: if the request is no case
    """
    appeal([Appeal(_case_of(inquiry), Side.BUYER, reason)], actor=None, at=at)


@transaction.atomic
def rate(*, inquiry: Inquiry, score: int, comment: str, at: datetime) -> CaseRating:
    """Say how satisfied one is, once, after the case was closed (P14.8).

    :raises NotYet: if the request is no case
    :raises WrongState: before it is closed
    :raises AlreadyRated: the second time
    """
    case = lock([_case_of(inquiry)])[inquiry.case_id or 0]
    if case.state != CaseState.CLOSED:
        raise WrongState(field=place(0, [case]), state=case.get_state_display())
    if CaseRating.objects.filter(case=case).exists():
        raise AlreadyRated
    rating = CaseRating.objects.create(case=case, merchant_id=case.merchant_id, score=score, comment=without_persons(comment), rated_at=at)
    announce("aftersales.rating.given", actor=None, at=at, subject=rating, changes=first(rating, "score"), case_id=case.pk)
    return rating


def _case_of(inquiry: Inquiry) -> int:
    if inquiry.case_id is None:
        raise NotYet
    return inquiry.case_id
