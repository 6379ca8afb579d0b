"""What home pages offer about papers: to verify what waits, to renew what ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from assurance.calendar import SHANGHAI
from assurance.home import Step, offers_steps
from assurance.qualification.lifecycle import PaperState
from assurance.qualification.models import QualificationPaper
from assurance.qualification.term import SOON
from assurance.roles import MERCHANT, Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from assurance.accounts.models import User

SHOWN: Final = 4


@offers_steps
def papers(user: User, *, at: datetime) -> Iterator[Step]:
    """Offer reviewers the papers that wait, merchants those that came back or end soon. One query."""
    if user.role == Role.ENROLMENT_REVIEWER:
        for paper in QualificationPaper.objects.waiting().select_related("merchant").order_by("entered_at", "id")[:SHOWN]:
            names = {"paper": paper.get_kind_display(), "merchant": paper.merchant.name}
            url = reverse("qualification:paper", args=[paper.pk])
            title = gettext("%(paper)s of %(merchant)s") % names
            yield Step(title, gettext("Compare it with what was entered."), url, gettext("Open"), "run", "license")
    elif user.role in MERCHANT:
        yield from _of_merchant(user, timezone.localdate(at, SHANGHAI))


def _of_merchant(user: User, day: date) -> Iterator[Step]:
    ending = Q(state=PaperState.VERIFIED, until_date__lte=day + timedelta(days=SOON))
    wanted = ending | Q(state=PaperState.RETURNED)
    answered = QualificationPaper.objects.exclude(replaces=None).exclude(state=PaperState.RETURNED).values("replaces_id")
    found = QualificationPaper.objects.visible_to(user).filter(wanted).exclude(pk__in=answered)
    for paper in found.order_by("until_date", "id")[:SHOWN]:
        yield _step(paper, day)


def _step(paper: QualificationPaper, day: date) -> Step:
    name, url = {"paper": paper.get_kind_display()}, reverse("qualification:paper", args=[paper.pk])
    if paper.state == PaperState.RETURNED:
        title, detail = gettext("%(paper)s was returned"), gettext("Each point stands beside its field.")
        return Step(title % name, detail, url, gettext("Look"), "hold", "arrow-back-up")
    if paper.until_date is not None and paper.until_date < day:
        title, detail = gettext("%(paper)s has ended"), gettext("What depends on it is stopped until a newer one is verified.")
        return Step(title % name, detail, url, gettext("Look"), "fail", "calendar-off")
    title, detail = gettext("%(paper)s ends soon"), gettext("Enter its successor, so that it is verified in time.")
    return Step(title % name, detail, url, gettext("Look"), "hold", "hourglass")
