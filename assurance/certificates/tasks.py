"""What follows from certificates: people are told, ends are noticed in time, what depends on them stops."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from assurance.accounts.models import User
from assurance.certificates import actions
from assurance.certificates.models import Certificate, CertificateConflict
from assurance.events.registry import every, job
from assurance.notices.actions import notify
from assurance.roles import MERCHANT, Role


@every(300)
def follow_ends(**_from_newer_writers: object) -> None:
    """Stop what depends on certificates that ended; announce what ends in 30, 7 or 0 days."""
    now = timezone.now()
    actions.follow_expiry(at=now)
    actions.note_ends(at=now)


@job("certificates.certificate.ending", queue="notices")
def tell_of_end(*, certificate_id: int, days: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people that a certificate ends."""
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.expires_date is None:
        return
    key, day = f"{certificate.pk}:{days}", certificate.expires_date.isoformat()
    _tell_merchant("certificate_ends" if days else "certificate_ends_today", certificate, key=key, date=day)


@job("certificates.certificate.entered", queue="notices")
def tell_reviewers(*, certificate_id: int, **_from_newer_writers: object) -> None:
    """Tell the reviewers that a certificate waits."""
    certificate = Certificate.objects.select_related("merchant").get(pk=certificate_id)
    if not certificate.is_waiting:
        return
    notify(
        "certificate_entered",
        recipients=_people(Role.ENROLMENT_REVIEWER),
        key=str(certificate.pk),
        at=timezone.now(),
        link=reverse("certificates:show", args=[certificate.pk]),
        number=certificate.number,
        merchant=certificate.merchant.name,
    )


@job("certificates.certificate.verified", queue="notices")
def tell_of_verification(*, certificate_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people that it counts."""
    _tell("certificate_verified", certificate_id)


@job("certificates.certificate.rejected", queue="notices")
def tell_of_rejection(*, certificate_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people why it was refused."""
    _tell("certificate_rejected", certificate_id)


@job("certificates.certificate.suspended", queue="notices")
def tell_of_suspension(*, certificate_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people why it does not count for now."""
    _tell("certificate_suspended", certificate_id)


@job("certificates.certificate.withdrawn", queue="notices")
def tell_of_withdrawal(*, certificate_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people why it counts no longer."""
    _tell("certificate_withdrawn", certificate_id)


@job("certificates.certificate.reinstated", queue="notices")
def tell_of_return(*, certificate_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people that it counts again."""
    _tell("certificate_reinstated", certificate_id)


@job("certificates.conflict.found", queue="notices")
def tell_administrators(*, conflict_id: int, **_from_newer_writers: object) -> None:
    """Tell the administrators that two merchants show one certificate."""
    conflict = CertificateConflict.objects.select_related("second").get(pk=conflict_id)
    notify(
        "certificate_conflict",
        recipients=_people(Role.PLATFORM_ADMIN),
        key=str(conflict.pk),
        at=timezone.now(),
        link=reverse("certificates:conflict", args=[conflict.pk]),
        number=conflict.second.number,
    )


def _tell(kind: str, certificate_id: int) -> None:
    """Say it once per decision; what was decided again meanwhile is told by its own job."""
    certificate = Certificate.objects.get(pk=certificate_id)
    if certificate.decided_at is not None:
        key = f"{certificate.pk}:{certificate.decided_at:%Y%m%d%H%M%S%f}"
        _tell_merchant(kind, certificate, key=key, because=certificate.decision_reason)


def _tell_merchant(kind: str, certificate: Certificate, *, key: str, **params: str) -> None:
    people = User.objects.acting_for(certificate.merchant_id, MERCHANT)
    link = reverse("certificates:show", args=[certificate.pk])
    notify(kind, recipients=people, key=key, at=timezone.now(), link=link, number=certificate.number, **params)


def _people(role: Role) -> list[User]:
    return list(User.objects.holding(role))
