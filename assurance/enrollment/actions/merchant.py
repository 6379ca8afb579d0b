"""What the merchant does: begin, fill in, submit, withdraw."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance.calendar import CalendarEnds, china, weekdays_after
from assurance.certificates.queries import attached_to
from assurance.claims.queries import said_of
from assurance.enrollment import of_papers, snapshot
from assurance.enrollment.actions.agreeing import AgreementNotAccepted, Signing, accept_agreement
from assurance.enrollment.actions.steps import Step, guard, locked, locked_all, move, move_all, prove, tell_all
from assurance.enrollment.hurdles import hurdles
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment, EnrolmentSubmission, ReviewReason
from assurance.enrollment.queries import acceptances_of
from assurance.events.changes import change, first
from assurance.products import actions as products
from assurance.products import queries as product_queries
from assurance.products.models import Product
from assurance.refusals import Refused, at_place
from assurance.web.database import explain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.enrollment.models import Acceptance
    from assurance.events.changes import Changes
    from assurance.products.actions import Upload
    from assurance.products.queries import Lack

logger = logging.getLogger(__name__)

REVIEW_WORKING_DAYS: Final = 2


class AlreadyEnrolled(Refused):
    code = "already_enrolled"
    message = _("This product already has the enrolment %(number)s.")


explain("enrolment_one_open_per_product", code=AlreadyEnrolled.code, message=_("This product already has an open enrolment."))


class Incomplete(Refused):
    code = "incomplete"
    status = 422
    message = _("Some entries are missing. Each is named.")

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__()
        self.lacks = lacks

    def points(self) -> list[tuple[str, str, str]]:
        return [(lack.field, lack.code, lack.words) for lack in self.lacks]


@dataclass(frozen=True)
class NewEnrolment:
    """A product to enter and enrol for the organisation of its ``actor``; ``source`` says who made it up."""

    values: Mapping[str, Any]
    actor: User
    at: datetime
    submitting: bool = True
    picture: Upload | None = None
    source: str = ""


@dataclass(frozen=True)
class Submission:
    """One enrolment to hand over for review."""

    enrolment_id: int
    actor: User
    at: datetime


def start(*, product_id: int, actor: User, at: datetime) -> Enrolment:
    """Begin the enrolment of a product as a draft.

    :raises AlreadyEnrolled: if it has one that is not over
    """
    return start_all([(product_id, actor, at)])[0]


@transaction.atomic
def start_all(wanted: Sequence[tuple[int, User, datetime]]) -> list[Enrolment]:
    """Begin the enrolments of many products as drafts.

    :raises AlreadyEnrolled: of the first that has one which is not over
    """
    numbers = [product_id for product_id, _, _ in wanted]
    products = Product.objects.select_for_update().filter(pk__in=numbers).order_by("pk").in_bulk()
    standing = {one.product_id: one for one in Enrolment.objects.open().filter(product__in=numbers)}
    for place, number in enumerate(numbers):
        with at_place(place):
            if there := standing.get(number):
                raise AlreadyEnrolled(number=there.number)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(product=products[number], merchant_id=products[number].merchant_id, created_by=actor, created_at=at)
        for number, actor, at in wanted
    )
    steps = zip(enrolments, wanted, strict=True)
    tell_all([Step(one, actor, at, first(one, "product_id", "state")) for one, (_, actor, at) in steps], "started")
    return enrolments


@transaction.atomic
def submit(*, enrolment_id: int, actor: User, at: datetime, signing: Signing | None = None) -> Enrolment:
    """Hand the product over for review, as it is now; from now on it stands still. ``signing`` accepts the agreement on the way.

    :raises WrongState: unless it is a draft or was returned
    :raises Incomplete: with everything that is missing
    :raises AgreementNotAccepted: unless the merchant accepted the version in force
    """
    if signing:
        locked(enrolment_id)  # product, enrolment, organisation: the order in which everybody locks
        accept_agreement(signing=signing, actor=actor, at=at)
    return submit_all([Submission(enrolment_id, actor, at)])[0]


@transaction.atomic
def submit_all(submissions: Sequence[Submission]) -> list[Enrolment]:
    """Hand many products over for review, in a handful of statements.

    :raises WrongState, Incomplete, AgreementNotAccepted: of the first that is refused; nothing is handed over
    """
    enrolments = locked_all([one.enrolment_id for one in submissions])
    acceptances = acceptances_of({one.merchant_id for one in enrolments})
    of_papers.begin_entries(submissions, enrolments)
    ahead = hurdles([one.product for one in enrolments], at=max((one.at for one in submissions), default=timezone.now()))
    numbers = [one.product_id for one in enrolments]
    papers, said = attached_to(numbers), said_of(numbers)
    steps = []
    for place, (one, enrolment) in enumerate(zip(submissions, enrolments, strict=True)):
        with at_place(place):
            written = snapshot.with_papers(snapshot.of(enrolment.product), papers.get(enrolment.product_id, []))
            written = snapshot.with_claims(written, said.get(enrolment.product_id, []))
            steps.append(_submission(one, enrolment, written, acceptances.get(enrolment.merchant_id), ahead.get(enrolment.product_id, [])))
    EnrolmentSubmission.objects.bulk_create(_kept(step) for step in steps)
    for at, members in _by_moment(submissions).items():
        ReviewReason.objects.filter(enrolment__in=members).unsettled().update(settled_at=at)
    products.lock_all([(step.enrolment.product, step.actor, step.at) for step in steps])
    return move_all(steps, EnrolmentState.SUBMITTED, "submitted", also=("snapshot", "acceptance"))


def _submission(
    one: Submission, enrolment: Enrolment, written: snapshot.Snapshot, acceptance: Acceptance | None, ahead: Sequence[Lack]
) -> Step:
    guard(enrolment, EnrolmentState.SUBMITTED)
    if lacks := [*product_queries.lacks(enrolment.product), *ahead]:
        raise Incomplete(lacks)
    if acceptance is None:
        raise AgreementNotAccepted
    before, enrolment.snapshot = enrolment.snapshot, written
    changes: Changes = {"snapshot": [before and snapshot.digest(before), snapshot.digest(enrolment.snapshot)]}
    changes |= change(enrolment, acceptance_id=acceptance.pk)
    new = {"submitted_by": one.actor.pk, "submitted_at": one.at, "due_at": _due(one.at)}
    return Step(enrolment, one.actor, one.at, changes, new)


def _kept(step: Step) -> EnrolmentSubmission:
    enrolment = step.enrolment
    return EnrolmentSubmission(
        enrolment=enrolment,
        merchant_id=enrolment.merchant_id,
        snapshot=enrolment.snapshot,
        sha256=snapshot.digest(enrolment.snapshot),
        submitted_by=step.actor,
        submitted_at=step.at,
    )


def _by_moment(submissions: Sequence[Submission]) -> dict[datetime, list[int]]:
    """Return the enrolments that were returned before, by the moment they are handed over again."""
    numbers = [one.enrolment_id for one in submissions]
    returned = set(ReviewReason.objects.filter(enrolment__in=numbers).unsettled().values_list("enrolment_id", flat=True))
    found: dict[datetime, list[int]] = {}
    for one in submissions:
        if one.enrolment_id in returned:
            found.setdefault(one.at, []).append(one.enrolment_id)
    return found


@transaction.atomic
def withdraw(*, enrolment_id: int, actor: User, at: datetime, reason: str = "") -> Enrolment:
    """Take the product out, at any time before the enrolment is over; a review that is going on ends.

    :raises WrongState: if it is over
    """
    enrolment = locked(enrolment_id)
    guard(enrolment, EnrolmentState.WITHDRAWN)
    was_approved = enrolment.state == EnrolmentState.APPROVED
    products.unlock(enrolment.product, actor=actor, at=at)
    move(enrolment, EnrolmentState.WITHDRAWN, "withdrawn", actor=actor, at=at, reason=reason)
    if was_approved:
        prove("enrolment_withdrawn", enrolment, actor=actor, at=at)
    return enrolment


def begin(*, values: Mapping[str, Any], picture: Upload | None, submitting: bool, actor: User, at: datetime) -> Enrolment:
    """Enter a product and begin its enrolment in one go; submit it too, if asked.

    :raises Refused: whatever one of the three steps refuses; then nothing is kept
    """
    return begin_all([NewEnrolment(values, actor, at, submitting, picture)])[0]


@transaction.atomic
def begin_all(entries: Sequence[NewEnrolment]) -> list[Enrolment]:
    """Enter many products, begin their enrolments, and submit those that ask for it.

    :raises Refused: whatever a step refuses of the first member; then nothing is kept
    """
    made = products.create_all([products.NewProduct(one.values, one.actor, one.at, one.picture, one.source) for one in entries])
    pairs = list(zip(entries, made, strict=True))
    enrolments = start_all([(product.pk, one.actor, one.at) for one, product in pairs])
    asked = [(one, enrolment) for one, enrolment in zip(entries, enrolments, strict=True) if one.submitting]
    submitted = submit_all([Submission(enrolment.pk, one.actor, one.at) for one, enrolment in asked]) if asked else []
    now = {enrolment.pk: enrolment for enrolment in submitted}
    return [now.get(enrolment.pk, enrolment) for enrolment in enrolments]


@transaction.atomic
def fill_in(
    *,
    enrolment_id: int,
    version: int | None,
    values: Mapping[str, Any],
    picture: Upload | None,
    submitting: bool,
    actor: User,
    at: datetime,
) -> Enrolment:
    """Change the product of a draft or a returned enrolment; submit it too, if asked.

    :raises Refused: whatever one of the two steps refuses; then nothing is kept
    """
    product_id = Enrolment.objects.values_list("product_id", flat=True).get(pk=enrolment_id)
    products.update(product_id=product_id, version=version, values=values, picture=picture, actor=actor, at=at)
    if submitting:
        return submit(enrolment_id=enrolment_id, actor=actor, at=at)
    return Enrolment.objects.get(pk=enrolment_id)


def _due(at: datetime) -> datetime:
    """Return when the review must be done. A year whose holidays nobody announced yet counts by weekdays, and says so."""
    try:
        return china().moment_after(at, REVIEW_WORKING_DAYS)
    except CalendarEnds as error:
        logger.error("a due time was counted without holidays: %s", error)
        return weekdays_after(at, REVIEW_WORKING_DAYS)
