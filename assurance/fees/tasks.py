"""What follows without anybody asking: prices are found, people are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI
from assurance.events.actions import enqueue
from assurance.events.registry import every, job
from assurance.fees import actions
from assurance.fees.lifecycle import DisputeState
from assurance.fees.models import Dispute, RatingDue, Statement
from assurance.notices.actions import notify
from assurance.reference import DATA, reference
from assurance.roles import MERCHANT, Role
from assurance.runs.kinds import run_kind

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from assurance.runs.kinds import Batch
    from assurance.runs.models import Run

RATED_AT_ONCE = 4000
RATE_MORE = "assurance.fees.rate_more"


@reference("rates")
def load_rates(at: datetime) -> int:
    """Load every version of the rate card that is shipped."""
    versions = sorted((DATA / "rates").glob("*.json"))
    return actions.load_rate_cards(cards=[json.loads(path.read_text(encoding="utf-8")) for path in versions], at=at)


@run_kind(actions.FEE_RUN, title=_("Fee run"), file_name="unrated_operations.csv")
def fee_run(run: Run) -> Batch:
    """Rate the next operations."""
    return actions.rate_some(run, at=timezone.now())


@run_kind(actions.MONTH_CLOSE, title=_("Closing of a month"), file_name="closed_statements.csv")
def month_close(run: Run) -> Batch:
    """Close the next statements."""
    return actions.close_some(run, at=timezone.now())


@every(10)
def rate_what_is_due() -> None:
    """Rate what was metered; where that was not all, go on at once."""
    _rate()


@job()
def rate_more(**_from_newer_writers: object) -> None:
    """Go on where the last turn ended."""
    _rate()


@every(3600)
def tell_of_unrated() -> None:
    """Tell the finance people once a day that something has no price."""
    count = RatingDue.objects.stuck().count()
    if count:
        at = timezone.now()
        notify(
            "operations_unrated",
            recipients=User.objects.holding(Role.FINANCE),
            key=f"{at.astimezone(SHANGHAI):%Y-%m-%d}",
            at=at,
            link=reverse("fees:unrated"),
            count=count,
        )


@job("fees.statement.finalised", queue="notices")
def tell_of_statement(*, statement_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people what a month came to."""
    statement = Statement.objects.get(pk=statement_id)
    notify(
        "statement_final",
        recipients=_people_of(statement.merchant_id),
        key=str(statement.pk),
        at=timezone.now(),
        link=reverse("fees:statement", args=[statement.pk]),
        month=f"{statement.month:%Y-%m}",
        total=f"{statement.total:,.2f}",
        lines=statement.line_count,
    )


@job("fees.dispute.opened", queue="notices")
def tell_of_dispute(*, dispute_id: int, **_from_newer_writers: object) -> None:
    """Tell the finance people that an answer is due."""
    dispute = Dispute.objects.select_related("line", "merchant").get(pk=dispute_id)
    notify(
        "dispute_opened",
        recipients=User.objects.holding(Role.FINANCE),
        key=str(dispute.pk),
        at=timezone.now(),
        link=reverse("fees:dispute", args=[dispute.pk]),
        merchant=dispute.merchant.name,
        merchant_en=dispute.merchant.name_en,
        amount=f"{dispute.line.amount:,.2f}",
        due=dispute.due_at.isoformat(),
    )


@job("fees.dispute.decided", queue="notices")
def tell_of_decision(*, dispute_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people the answer."""
    dispute = Dispute.objects.select_related("line").get(pk=dispute_id)
    is_accepted = dispute.state == DisputeState.ACCEPTED
    notify(
        "dispute_accepted" if is_accepted else "dispute_rejected",
        recipients=_people_of(dispute.merchant_id),
        key=str(dispute.pk),
        at=timezone.now(),
        link=reverse("fees:dispute", args=[dispute.pk]),
        dispute=dispute.code,
        amount=f"{dispute.credit_note.amount if is_accepted else dispute.line.amount:,.2f}",
        answer=dispute.answer,
    )


def _rate() -> None:
    at = timezone.now()
    found = actions.rate_due(RATED_AT_ONCE, at=at)
    if found.rated + found.unrated == RATED_AT_ONCE:
        enqueue(RATE_MORE, key=at.isoformat(), at=at)


def _people_of(merchant_id: int) -> QuerySet[User]:
    return User.objects.acting_for(merchant_id, MERCHANT)
