"""What time does: an enrolment that ran out ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.enrollment.actions.steps import guard, locked, move, prove
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.products import actions as products
from assurance.refusals import Refused, WrongState

if TYPE_CHECKING:
    from datetime import datetime

EXPIRED_AT_ONCE: Final = 200


class NotYet(Refused):
    code = "not_yet"
    message = _("It is valid for a while yet.")


@transaction.atomic
def expire(*, enrolment_id: int, at: datetime) -> Enrolment:
    """End an enrolment whose time is up.

    :raises WrongState: unless it is approved
    :raises NotYet: before its time
    """
    enrolment = locked(enrolment_id)
    guard(enrolment, EnrolmentState.EXPIRED)
    if enrolment.valid_until is None or enrolment.valid_until > at:
        raise NotYet
    products.unlock(enrolment.product, actor=None, at=at)
    move(enrolment, EnrolmentState.EXPIRED, "expired", actor=None, at=at)
    prove("enrolment_expired", enrolment, actor=None, at=at)
    return enrolment


def expire_run_out(*, at: datetime) -> int:
    """End every enrolment whose time is up, the oldest first; return how many."""
    due = Enrolment.objects.run_out(at).order_by("valid_until", "id").values_list("pk", flat=True)[:EXPIRED_AT_ONCE]
    ended = 0
    for enrolment_id in due:
        try:
            expire(enrolment_id=enrolment_id, at=at)
        except (WrongState, NotYet):  # withdrawn between the look and the lock
            continue
        ended += 1
    return ended
