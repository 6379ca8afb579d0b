"""What is disputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from assurance.fees.models import Dispute

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.fees.models.billing import DisputeQuerySet


def find_disputes(user: User, *, state: str = "") -> DisputeQuerySet:
    """Return the disputes a user sees, those that wait for an answer first, the earliest due on top."""
    related = ("line__operation", "line__statement", "line__rate__card", "merchant", "credit_note", "opened_by", "decided_by")
    found = Dispute.objects.visible_to(user).select_related(*related)
    if state:
        found = found.filter(state=state)
    return found.order_by(F("decided_at").desc(nulls_first=True), "due_at", "-id")
