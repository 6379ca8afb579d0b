"""Work out what claims are worth and tell what changed. The only writer of ``ClaimStatus``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from assurance.claims.models import Claim, ClaimEvidence, ClaimStatus
from assurance.claims.queries import day_of, judged
from assurance.claims.status import Status, has_fallen
from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.evidence.actions import Said, record_all

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.claims.queries import ClaimStanding

PROVEN: Final = frozenset({Status.LAB_VERIFIED, Status.REFUTED, Status.EXPIRED})
"""Statuses whose beginning and end are kept in the evidence for ever."""
SETTLED: Final = ["status", "because", "until_date", "settled_at"]
MOST_AT_ONCE: Final = 500


@transaction.atomic
def settle(claim_ids: Collection[int], *, at: datetime, actor: User | None = None) -> list[ClaimStanding]:
    """Bring the told status of these claims up to date and return those whose status changed. Constant queries.

    Announces ``claims.claim.changed`` of each; what began or ceased to be verified, refuted or expired is recorded as evidence.
    """
    claims = list(Claim.objects.select_for_update().filter(pk__in=claim_ids).order_by("pk"))
    told = ClaimStatus.objects.in_bulk([claim.pk for claim in claims], field_name="claim_id")
    news, fresh, rewritten = [], [], []
    for one in judged(claims, at):
        row = told.get(one.claim.pk)
        if row is None:
            fresh.append(_row(one, at))
            news += [(one, "")] if one.standing.status in PROVEN else []
            continue
        if row.status != one.status:
            news.append((one, row.status))
        if (row.status, row.because, row.until_date) != (one.status, str(one.standing.because), one.standing.until):
            row.status, row.because, row.until_date, row.settled_at = one.status, one.standing.because, one.standing.until, at
            rewritten.append(row)
    ClaimStatus.objects.bulk_create(fresh)
    update_each(rewritten, SETTLED)
    _tell(news, actor=actor, at=at)
    return [one for one, _before in news]


def settle_certificate(certificate_id: int, *, at: datetime) -> None:
    """Settle the claims that stand on a certificate."""
    links = ClaimEvidence.objects.filter(certificate=certificate_id, claim__withdrawn_at=None)
    settle(set(links.values_list("claim_id", flat=True)), at=at)


def settle_over(*, at: datetime) -> int:
    """Settle what time alone has changed; return how many claims that were."""
    over = ClaimStatus.objects.over(day_of(at)).filter(claim__withdrawn_at=None).order_by("until_date", "id")
    numbers = list(over.values_list("claim_id", flat=True)[:MOST_AT_ONCE])
    settle(numbers, at=at)
    return len(numbers)


def _row(one: ClaimStanding, at: datetime) -> ClaimStatus:
    return ClaimStatus(
        claim=one.claim,
        product_id=one.claim.product_id,
        merchant_id=one.claim.merchant_id,
        status=one.status,
        because=one.standing.because,
        until_date=one.standing.until,
        settled_at=at,
    )


def _tell(news: list[tuple[ClaimStanding, str]], *, actor: User | None, at: datetime) -> None:
    announce_each(
        [
            News(
                "claims.claim.changed",
                one.claim,
                {"status": [before or None, one.status], "because": [None, str(one.standing.because)]},
                at,
                actor,
                {"claim_id": one.claim.pk, "product_id": one.claim.product_id, "fell": int(has_fallen(before, one.status))},
            )
            for one, before in news
        ]
    )
    said = [
        Said("claim_status", one.claim.product_id, one.claim.merchant_id, _body(one, before))
        for one, before in news
        if {one.status, before} & PROVEN
    ]
    if said:
        record_all(said, actor=actor, at=at)


def _body(one: ClaimStanding, before: str) -> dict[str, object]:
    claim = one.claim
    return {
        "claim": claim.code,
        "kind": claim.kind,
        "text": claim.text,
        "amount": claim.amount,
        "before": before,
        "status": one.status,
        "because": str(one.standing.because),
        "evidence": one.standing.link,
        "finding": one.standing.finding,
    }
