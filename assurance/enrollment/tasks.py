"""What follows from the steps of an enrolment: people are told, time is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI, china
from assurance.enrollment import actions
from assurance.enrollment.models import Enrolment
from assurance.events.registry import every, job
from assurance.notices.actions import notify
from assurance.reference import newest, reference
from assurance.roles import Role

WARN_BEFORE = timedelta(days=60)


@reference("agreements")
def load_agreements(at: datetime) -> int:
    """Load the newest version of the merchant agreement."""
    return actions.load_agreement(data=newest("agreements"), at=at)


@job("enrollment.enrolment.submitted", queue="notices")
def tell_reviewers(*, enrolment_id: int, **_from_newer_writers: object) -> None:
    """Tell every reviewer that a case waits."""
    enrolment = Enrolment.objects.select_related("product").get(pk=enrolment_id)
    if enrolment.due_at is None:
        return
    notify(
        "enrolment_submitted",
        recipients=User.objects.holding(Role.ENROLMENT_REVIEWER),
        key=f"{enrolment.pk}:{enrolment.due_at:%Y%m%d%H%M%S}",
        at=timezone.now(),
        link=reverse("enrollment:review", args=[enrolment.pk]),
        product=enrolment.product.name,
        product_en=enrolment.product.name_en,
        due=enrolment.due_at.isoformat(),
    )


@job("enrollment.enrolment.approved", queue="notices")
def tell_of_approval(*, enrolment_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people that goods may come."""
    _tell_merchant("enrolment_approved", enrolment_id)


@job("enrollment.enrolment.returned", queue="notices")
def tell_of_return(*, enrolment_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people how much there is to change."""
    _tell_merchant("enrolment_returned", enrolment_id)


@job("enrollment.enrolment.rejected", queue="notices")
def tell_of_rejection(*, enrolment_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people that it was refused."""
    _tell_merchant("enrolment_rejected", enrolment_id)


@job("enrollment.enrolment.expired", queue="notices")
def tell_of_end(*, enrolment_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people that the year is over."""
    _tell_merchant("enrolment_expired", enrolment_id)


@every(3600)
def expire_enrolments(**_from_newer_writers: object) -> None:
    """End what has run out."""
    actions.expire_run_out(at=timezone.now())


@every(86_400, queue="notices")
def warn_of_calendar(**_from_newer_writers: object) -> None:
    """Tell the administrators in time that the next year's holidays are missing."""
    now, last = timezone.now(), china().last
    if now.astimezone(SHANGHAI).date() > last - WARN_BEFORE:
        notify(
            "calendar_ends",
            recipients=User.objects.holding(Role.PLATFORM_ADMIN),
            key=last.isoformat(),
            at=now,
            last=last.isoformat(),
        )


def _tell_merchant(kind: str, enrolment_id: int) -> None:
    enrolment = Enrolment.objects.select_related("product").get(pk=enrolment_id)
    submitted = enrolment.submitted_at
    notify(
        kind,
        recipients=User.objects.filter(organisation_id=enrolment.merchant_id, is_active=True).order_by("pk"),
        key=f"{enrolment.pk}:{submitted:%Y%m%d%H%M%S}" if submitted else str(enrolment.pk),
        at=timezone.now(),
        link=reverse("enrollment:show", args=[enrolment.pk]),
        product=enrolment.product.name,
        product_en=enrolment.product.name_en,
        count=enrolment.reasons.unsettled().count(),
    )
