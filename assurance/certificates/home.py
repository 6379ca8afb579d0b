"""What home pages say of certificates: what ends, what waits, what is contested."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.certificates import queries
from assurance.certificates.days import NOTICE_DAYS
from assurance.certificates.lifecycle import CertificateState
from assurance.certificates.models import Certificate, CertificateConflict
from assurance.home import Step, offers_steps
from assurance.roles import MERCHANT, Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

SHOWN = 3


@offers_steps
def steps(user: User, *, at: datetime) -> Iterator[Step]:
    """Tell a merchant what ends, a reviewer what waits, an administrator what two claim at once. One query each."""
    if user.role in MERCHANT:
        yield from _ending(user, at)
    elif user.role == Role.ENROLMENT_REVIEWER:
        yield from _waiting(user)
    elif user.role == Role.PLATFORM_ADMIN:
        yield from _contested()


def _ending(user: User, at: datetime) -> Iterator[Step]:
    day = queries.day_of(at)
    reach = timedelta(days=max(NOTICE_DAYS))
    found = Certificate.objects.visible_to(user).filter(state=CertificateState.VERIFIED, expires_date__range=(day - reach, day + reach))
    for one in found.filter(attachments__detached_at=None, attachments__isnull=False).distinct().order_by("expires_date", "id")[:SHOWN]:
        over = one.is_over(day)
        title = gettext("Certificate %(number)s has ended") if over else gettext("Certificate %(number)s ends soon")
        detail = gettext("Its products stop without a valid one.")
        url = reverse("certificates:show", args=[one.pk])
        yield Step(title % {"number": one.number}, detail, url, gettext("Look"), "fail" if over else "hold", "certificate")


def _waiting(user: User) -> Iterator[Step]:
    if n := Certificate.objects.visible_to(user).waiting().count():
        title = ngettext("%(n)s certificate to verify", "%(n)s certificates to verify", n) % {"n": n}
        detail = gettext("Compare each with its file.")
        yield Step(title, detail, reverse("certificates:queue"), gettext("To the queue"), "run", "certificate")


def _contested() -> Iterator[Step]:
    if n := CertificateConflict.objects.open().count():
        title = ngettext("%(n)s certificate is shown by two merchants", "%(n)s certificates are shown by two merchants", n) % {"n": n}
        detail = gettext("Neither gets a badge until you decide.")
        yield Step(title, detail, reverse("certificates:conflicts"), gettext("Decide"), "hold", "scale")
