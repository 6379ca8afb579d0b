"""Decide what two merchants claim at once (A2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.certificates.actions.deciding import NoReason, lose
from assurance.certificates.lifecycle import ConflictState
from assurance.certificates.models import Certificate, CertificateConflict
from assurance.certificates.wording import LOST_CONFLICT
from assurance.events.actions import announce
from assurance.events.changes import change
from assurance.refusals import OwnWork, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User

KEPT: Final = {
    "both": ConflictState.BOTH_KEPT,
    "first": ConflictState.FIRST_KEPT,
    "second": ConflictState.SECOND_KEPT,
    "none": ConflictState.NONE_KEPT,
}
"""What an administrator may decide."""


class AlreadyDecided(Refused):
    code = "already_decided"
    message = _("Somebody else has decided this: %(state)s.")


@transaction.atomic
def decide_conflict(*, conflict_id: int, keep: str, reason: str, actor: User, at: datetime) -> CertificateConflict:
    """Say whose certificate it is: ``both``, ``first``, ``second`` or ``none``. Who loses it, loses what it proved, at once.

    :raises AlreadyDecided: if somebody was faster
    :raises NoReason: without a reason
    :raises OwnWork: if the actor belongs to one of the two, or entered one of the certificates
    """
    if not reason.strip():
        raise NoReason(field="reason")
    conflict = CertificateConflict.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=conflict_id)
    if not conflict.is_open:
        raise AlreadyDecided(state=conflict.get_state_display())
    if actor.organisation_id in (conflict.first_merchant_id, conflict.second_merchant_id):
        raise OwnWork
    if actor.pk in (conflict.first.entered_by_id, conflict.second.entered_by_id):
        raise OwnWork
    changes = change(conflict, state=KEPT[keep], decided_by_id=actor.pk, decided_at=at, reason=reason.strip())
    conflict.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    announce(
        "certificates.conflict.decided",
        actor=actor,
        at=at,
        subject=conflict,
        changes=changes,
        reason=reason.strip(),
        conflict_id=conflict.pk,
    )
    for certificate in _lost(conflict, keep):
        lose(certificate, reason=LOST_CONFLICT, actor=actor, at=at)
    return conflict


def _lost(conflict: CertificateConflict, keep: str) -> list[Certificate]:
    lost = {"both": [], "first": [conflict.second], "second": [conflict.first], "none": [conflict.first, conflict.second]}
    return lost[keep]
