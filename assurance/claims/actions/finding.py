"""Say what was found about a claim: an accusation, or what became of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.claims.actions.making import held_claims
from assurance.claims.actions.settling import settle
from assurance.claims.models import ClaimFinding
from assurance.claims.queries import day_of
from assurance.events.actions import announce
from assurance.events.changes import first
from assurance.refusals import OwnWork, Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from assurance.accounts.models import User


class FoundEarlier(Refused):
    code = "not_in_the_future"
    status = 422
    message = _("A finding cannot lie in the future.")


@transaction.atomic
def find(
    *, claim_id: int, grade: str, source: str, words: str, found_on: date, actor: User, at: datetime, reference: str = ""
) -> ClaimFinding:
    """Keep what somebody found about a claim, and settle what it is worth. One that is confirmed refutes it at once.

    :raises FoundEarlier: if the day has not come yet
    :raises OwnWork: if the claim is of the actor's own organisation
    """
    claim = held_claims([claim_id])[0]
    if claim.merchant_id == actor.organisation_id:
        raise OwnWork
    if found_on > day_of(at):
        raise FoundEarlier(field="found_date")
    made = ClaimFinding.objects.create(
        claim=claim,
        merchant_id=claim.merchant_id,
        grade=grade,
        source=source,
        words=words,
        reference=reference,
        found_date=found_on,
        made_by=actor,
        made_at=at,
    )
    ids: dict[str, Any] = {"claim_id": claim.pk, "product_id": claim.product_id}
    changes = first(made, "claim_id", "grade", "source", "words", "reference", "found_date")
    announce("claims.finding.made", actor=actor, at=at, subject=made, changes=changes, **ids)
    settle([claim.pk], at=at, actor=actor)
    return made
