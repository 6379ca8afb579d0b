"""What befalls a badge that was issued: a stronger seal, a new code, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from assurance.badges import grounds
from assurance.badges.forgery import new_code
from assurance.badges.models import Badge
from assurance.badges.reading import code_key
from assurance.database import update_each
from assurance.events.actions import announce, announce_all
from assurance.events.changes import change, first
from assurance.evidence.actions import record
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from assurance.accounts.models import User


class AlreadyRevoked(Refused):
    code = "already_revoked"
    message = _("This badge has already been revoked.")


class AlreadySuperseded(Refused):
    code = "already_superseded"
    message = _("This badge has a newer code already.")


@transaction.atomic
def refine(*, product_ids: Collection[int], at: datetime) -> list[Badge]:
    """Bring the sides of these products' seals up to what the evidence holds; return the badges that changed. Constant grounds."""
    badges = list(Badge.objects.current().select_for_update().filter(product_id__in=product_ids).order_by("pk"))
    proven = grounds.sides_of(badges)
    news = [(badge, change(badge, sides=proven[badge.pk])) for badge in badges]
    changed = [(badge, changes) for badge, changes in news if changes]
    update_each([badge for badge, _changes in changed], ["sides"])
    announce_all(
        [("badges.badge.refined", badge, changes, {"badge_id": badge.pk, "product_id": badge.product_id}) for badge, changes in changed],
        actor=None,
        at=at,
    )
    return [badge for badge, _changes in changed]


@transaction.atomic
def revoke(*, badge_id: int, actor: User, at: datetime, reason: str) -> Badge:
    """Withdraw a badge for good; the public page says so at the next look.

    :raises AlreadyRevoked: if it was revoked before
    """
    badge = Badge.objects.select_for_update().get(pk=badge_id)
    if badge.revoked_at:
        raise AlreadyRevoked
    changes = change(badge, revoked_at=at, revoked_reason=reason)
    badge.save(update_fields=["revoked_at", "revoked_reason"])
    record(
        "badge_revoked",
        product_id=badge.product_id,
        organisation_id=badge.merchant_id,
        lot_id=badge.lot_id,
        at=at,
        actor=actor,
        body={"badge": badge.code, "reason": reason},
    )
    announce("badges.badge.revoked", actor=actor, at=at, subject=badge, changes=changes, reason=reason, product_id=badge.product_id)
    return badge


@transaction.atomic
def reissue(*, badge_id: int, actor: User, at: datetime, reason: str) -> Badge:
    """Give a lot a new code, because the old one is not to be relied on any more; whoever scans the old one is told so.

    What was checked stays as it was; so do issue and end.

    :raises AlreadyRevoked: if the badge was revoked
    :raises AlreadySuperseded: if it has a newer code
    """
    old = Badge.objects.select_for_update().get(pk=badge_id)
    if old.revoked_at:
        raise AlreadyRevoked
    if old.superseded_at:
        raise AlreadySuperseded
    new = Badge(**{field.attname: getattr(old, field.attname) for field in Badge._meta.concrete_fields if field.name not in NOT_KEPT})
    new.code = new_code(code_key())
    changes = change(old, superseded_at=at)
    # the lot's one current badge: the old one steps back before the new one can be written, and points at it within the same commit
    [number] = _next_numbers(1)
    new.pk = number
    old.successor_id = number
    old.save(update_fields=["superseded_at", "successor"])
    new.save(force_insert=True)
    body = {"badge": old.code, "by": new.code, "reason": reason}
    record("badge_superseded", product_id=old.product_id, organisation_id=old.merchant_id, lot_id=old.lot_id, at=at, actor=actor, body=body)
    announce("badges.badge.superseded", actor=actor, at=at, subject=old, changes=changes, reason=reason, product_id=old.product_id)
    announce(
        "badges.badge.issued",
        actor=actor,
        at=at,
        subject=new,
        changes=first(new, "code", "lot_number", "valid_until"),
        badge_id=new.pk,
        product_id=new.product_id,
    )
    return new


NOT_KEPT = frozenset({"id", "code", "superseded_at", "successor", "revoked_at", "revoked_reason"})


def _next_numbers(count: int) -> list[int]:
    """Take numbers of badges from their sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('assurance_badge', 'id')) FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]
