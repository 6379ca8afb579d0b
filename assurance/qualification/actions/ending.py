"""What time does to papers: people are warned, what depends on an ended one is stopped, and let go when a newer one is verified."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from assurance.accounts.models import Organisation, User
from assurance.calendar import SHANGHAI
from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.gates.actions import AlreadyLifted, lift_stop, open_stop
from assurance.gates.models import Stop
from assurance.notices.actions import notify
from assurance.notices.wording import english
from assurance.qualification.lifecycle import PaperState
from assurance.qualification.models import PaperWarning, QualificationPaper
from assurance.qualification.numbers import PaperKind
from assurance.qualification.queries.papers import LAPSED, lapses
from assurance.qualification.term import WARNED_AT, warnings_due
from assurance.roles import MERCHANT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

CODES: Final = tuple(f"paper_{kind}" for kind in PaperKind)
"""Codes of the stops for want of a paper."""
RENEWED: Final = "a paper in force covers it"
AT_ONCE: Final = 500


def warn_of_ends(*, at: datetime) -> int:
    """Tell merchants of papers that end in 30, 7 and 0 days, each threshold once; return how many notices went out.

    What was missed while nothing ran is caught up: the nearest threshold is told, those before it are ticked off.
    """
    day = at.astimezone(SHANGHAI).date()
    ending = QualificationPaper.objects.verified().filter(until_date__isnull=False, until_date__lte=_last_warned(day))
    waiting = ending.exclude(pk__in=PaperWarning.objects.filter(days=WARNED_AT[-1]).values("paper_id"))
    numbers = waiting.order_by("until_date", "pk").values_list("pk", flat=True)[:AT_ONCE]
    return sum(_warn(paper_id, day, at=at) for paper_id in numbers)


def _last_warned(day: date) -> date:
    return day + timedelta(days=WARNED_AT[0])


@transaction.atomic
def _warn(paper_id: int, day: date, *, at: datetime) -> bool:
    """Write the thresholds of one paper that are reached, and tell the last of them. The paper's lock keeps a second turn out."""
    paper = QualificationPaper.objects.select_for_update().get(pk=paper_id)
    if paper.until_date is None:
        return False
    told = set(paper.warnings.values_list("days", flat=True))
    due = warnings_due(paper.until_date, day, told=told)
    if not due:
        return False
    PaperWarning.objects.bulk_create(
        PaperWarning(paper=paper, merchant_id=paper.merchant_id, days=days, is_told=days == due[-1], at=at) for days in due
    )
    notify(
        "paper_ended" if day > paper.until_date else "paper_ends",
        recipients=User.objects.acting_for(paper.merchant_id, MERCHANT),
        key=f"{paper.pk}:{due[-1]}",
        at=at,
        link=reverse("qualification:paper", args=[paper.pk]),
        paper=english(paper.get_kind_display()),
        number=paper.number,
        date=paper.until_date.isoformat(),
        left=max(0, (paper.until_date - day).days),
    )
    return True


def settle_all(*, at: datetime) -> int:
    """Stop and let go whatever the dates ask for, everywhere; return how many stops were opened or lifted."""
    day = at.astimezone(SHANGHAI).date()
    over = Q(pk__in=QualificationPaper.objects.verified().filter(until_date__lt=day).values("merchant_id"))
    stopped = Q(pk__in=Stop.objects.filter(code__in=CODES, lifted_at=None).values("merchant_id"))
    merchants = Organisation.objects.filter(over | stopped).order_by("pk").values_list("pk", flat=True)
    return sum(settle_stops([merchant], at=at) for merchant in merchants)


@transaction.atomic
def settle_stops(merchant_ids: Sequence[int], *, at: datetime) -> int:
    """Let the stops for want of a paper say what the papers say now: one a product (or the whole shop) and kind of paper."""
    day = at.astimezone(SHANGHAI).date()
    changed = 0
    for merchant_id, found in lapses(merchant_ids, day).items():
        wanted: dict[tuple[int | None, str], str] = {}
        for held, products in found:
            because = LAPSED[PaperKind(held.kind)] % {"number": held.number, "day": str(held.until_date)}
            for product_id in [None] if products is None else sorted(products):
                wanted.setdefault((product_id, f"paper_{held.kind}"), because)
        there = {
            (stop.product_id, stop.code): stop for stop in Stop.objects.filter(merchant_id=merchant_id, code__in=CODES, lifted_at=None)
        }
        for key in wanted.keys() - there.keys():
            open_stop(merchant_id=merchant_id, product_id=key[0], code=key[1], because=wanted[key], actor=None, at=at)
        for key in there.keys() - wanted.keys():
            with suppress(AlreadyLifted):  # another turn was faster
                lift_stop(stop_id=there[key].pk, actor=None, at=at, reason=RENEWED)
        changed += len(wanted.keys() ^ there.keys())
    return changed


def replace_due(*, at: datetime) -> int:
    """End papers whose verified successor has begun meanwhile; return how many."""
    day = at.astimezone(SHANGHAI).date()
    begun = QualificationPaper.objects.verified().filter(replaces__state=PaperState.VERIFIED, from_date__lte=day).order_by("pk")[:AT_ONCE]
    return replace_begun(list(begun), at=at)


@transaction.atomic
def replace_begun(papers: Sequence[QualificationPaper], *, at: datetime) -> int:
    """End what verified papers replace, as far as they have begun; return how many ended."""
    day = at.astimezone(SHANGHAI).date()
    wanted = [paper.replaces_id for paper in papers if paper.replaces_id and paper.from_date <= day]
    old = list(QualificationPaper.objects.select_for_update().verified().filter(pk__in=wanted).order_by("pk"))
    told = [News("qualification.paper.replaced", paper, change(paper, state=PaperState.REPLACED), at) for paper in old]
    update_each(old, ["state"])
    announce_each(told)
    return len(old)
