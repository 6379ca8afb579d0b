"""What follows without anybody asking: people are told, ends are kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from assurance.accounts.models import User
from assurance.events.registry import every, job
from assurance.notices.actions import notify
from assurance.notices.wording import english
from assurance.qualification import actions
from assurance.qualification.models import ProgrammeEntry, QualificationPaper
from assurance.reference import newest, reference
from assurance.roles import MERCHANT, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet


@reference("entry_rules")
def load_entry_rules(at: datetime) -> int:
    """Load the newest version of the entry rules we ship."""
    return actions.load_rules(data=newest("entry_rules"), at=at)


@every(300)
def keep_ends_of_papers(**_from_newer_writers: object) -> None:
    """Let successors take over, stop what an ended paper leaves uncovered, let go what is covered again."""
    now = timezone.now()
    actions.replace_due(at=now)
    actions.settle_all(at=now)


@every(3600, queue="notices")
def warn_of_ends(**_from_newer_writers: object) -> None:
    """Tell merchants of papers that end in 30, 7 and 0 days."""
    actions.warn_of_ends(at=timezone.now())


@job("qualification.paper.entered", queue="notices")
def tell_reviewers(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell the reviewers that a paper waits."""
    paper = QualificationPaper.objects.select_related("merchant").get(pk=subject_id)
    people = User.objects.holding(Role.ENROLMENT_REVIEWER)
    _tell("paper_waits", people, paper, merchant=paper.merchant.name)


@job("qualification.paper.verified", queue="notices")
def tell_of_verification(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that a paper is verified."""
    paper = QualificationPaper.objects.get(pk=subject_id)
    _tell("paper_verified", _people_of(paper.merchant_id), paper)


@job("qualification.paper.returned", queue="notices")
def tell_of_return(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that a paper came back."""
    paper = QualificationPaper.objects.get(pk=subject_id)
    _tell("paper_returned", _people_of(paper.merchant_id), paper, count=len(paper.objections))


@job("qualification.entry.applied", queue="notices")
def tell_of_application(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell the reviewers of a return; a first entry is decided with its enrolment."""
    entry = ProgrammeEntry.objects.select_related("merchant").get(pk=subject_id)
    if entry.number > 1:
        people = User.objects.holding(Role.ENROLMENT_REVIEWER)
        _notify("entry_applied", people, entry, merchant=entry.merchant.name)


@job("qualification.entry.admitted", queue="notices")
def tell_of_admission(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that he takes part."""
    entry = ProgrammeEntry.objects.get(pk=subject_id)
    _notify("entry_admitted", _people_of(entry.merchant_id), entry)


@job("qualification.entry.refused", queue="notices")
def tell_of_refusal(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant why he does not."""
    entry = ProgrammeEntry.objects.get(pk=subject_id)
    _notify("entry_refused", _people_of(entry.merchant_id), entry, reason=entry.evidence)


@job("qualification.entry.cleared_out", queue="notices")
def tell_of_clearing(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that he, or a product of his, was cleared out, why, and from when a return is possible."""
    entry = ProgrammeEntry.objects.get(pk=subject_id)
    until = {"date": entry.return_date.isoformat()} if entry.return_date else {}
    _notify(
        "entry_cleared_out" if entry.return_date else "entry_cleared_for_good",
        _people_of(entry.merchant_id),
        entry,
        reason=entry.clear_reason,
        **until,
    )


def _people_of(merchant_id: int) -> QuerySet[User]:
    return User.objects.acting_for(merchant_id, MERCHANT)


def _tell(kind: str, people: QuerySet[User], paper: QualificationPaper, **params: Any) -> None:
    notify(
        kind,
        recipients=people.order_by("pk"),
        key=str(paper.pk),
        at=timezone.now(),
        link=reverse("qualification:paper", args=[paper.pk]),
        paper=english(paper.get_kind_display()),
        number=paper.number,
        **params,
    )


def _notify(kind: str, people: QuerySet[User], entry: ProgrammeEntry, **params: Any) -> None:
    of_platform = kind == "entry_applied"
    link = reverse("qualification:merchant", args=[entry.merchant_id]) if of_platform else reverse("qualification:show")
    notify(kind, recipients=people.order_by("pk"), key=str(entry.pk), at=timezone.now(), link=link, **params)
