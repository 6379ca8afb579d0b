"""What the merchant does: begin, fill in, submit, withdraw."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import CalendarEnds, china, weekdays_after
from assurance.enrollment import snapshot
from assurance.enrollment.actions.steps import guard, locked, move, prove, tell
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment, ReviewReason
from assurance.events.changes import first
from assurance.products import actions as products
from assurance.products import queries as product_queries
from assurance.products.models import Product
from assurance.refusals import Refused
from assurance.web.database import explain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from assurance.accounts.models import User
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


@transaction.atomic
def start(*, product_id: int, actor: User, at: datetime) -> Enrolment:
    """Begin the enrolment of a product as a draft.

    :raises AlreadyEnrolled: if it has one that is not over
    """
    product = Product.objects.select_for_update().get(pk=product_id)
    if there := Enrolment.objects.open().filter(product=product).first():
        raise AlreadyEnrolled(number=there.number)
    enrolment = Enrolment(product=product, merchant_id=product.merchant_id, created_by=actor, created_at=at)
    enrolment.save(force_insert=True)
    tell("started", enrolment, first(enrolment, "product_id", "state"), actor=actor, at=at)
    return enrolment


@transaction.atomic
def submit(*, enrolment_id: int, actor: User, at: datetime) -> Enrolment:
    """Hand the product over for review, as it is now; from now on it stands still.

    :raises WrongState: unless it is a draft or was returned
    :raises Incomplete: with everything that is missing
    """
    enrolment = locked(enrolment_id)
    guard(enrolment, EnrolmentState.SUBMITTED)
    if lacks := product_queries.lacks(enrolment.product):
        raise Incomplete(lacks)
    before, enrolment.snapshot = enrolment.snapshot, snapshot.of(enrolment.product)
    changes: Changes = {"snapshot": [before and snapshot.digest(before), snapshot.digest(enrolment.snapshot)]}
    ReviewReason.objects.filter(enrolment=enrolment).unsettled().update(settled_at=at)
    products.lock(enrolment.product, actor=actor, at=at)
    new = {"submitted_by": actor.pk, "submitted_at": at, "due_at": _due(at)}
    return move(enrolment, EnrolmentState.SUBMITTED, "submitted", actor=actor, at=at, changes=changes, also=("snapshot",), new=new)


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


@transaction.atomic
def begin(*, values: Mapping[str, Any], picture: Upload | None, submitting: bool, actor: User, at: datetime) -> Enrolment:
    """Enter a product and begin its enrolment in one go; submit it too, if asked.

    :raises Refused: whatever one of the three steps refuses; then nothing is kept
    """
    product = products.create(values=values, picture=picture, actor=actor, at=at)
    enrolment = start(product_id=product.pk, actor=actor, at=at)
    return submit(enrolment_id=enrolment.pk, actor=actor, at=at) if submitting else enrolment


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
