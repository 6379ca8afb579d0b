"""What every step of an enrolment does: lock, guard, move, tell, prove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assurance.enrollment import snapshot
from assurance.enrollment.lifecycle import NEXT, EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.events.actions import announce
from assurance.events.changes import change
from assurance.evidence import actions as evidence
from assurance.products.models import Product
from assurance.refusals import WrongState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.events.changes import Changes


def locked(enrolment_id: int) -> Enrolment:
    """Lock product and enrolment, always in this order, so that two steps never wait for each other crosswise."""
    product_id = Enrolment.objects.values_list("product_id", flat=True).get(pk=enrolment_id)
    product = Product.objects.select_for_update(of=("self",)).select_related("category", "picture").get(pk=product_id)
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    enrolment.product = product
    return enrolment


def guard(enrolment: Enrolment, to: EnrolmentState) -> None:
    if to not in NEXT[EnrolmentState(enrolment.state)]:
        raise WrongState(state=enrolment.get_state_display())


def guard_submitted(enrolment: Enrolment) -> None:
    if enrolment.state != EnrolmentState.SUBMITTED:
        raise WrongState(state=enrolment.get_state_display())


def move(
    enrolment: Enrolment,
    to: EnrolmentState,
    verb: str,
    *,
    actor: User | None,
    at: datetime,
    reason: str = "",
    changes: Changes | None = None,
    also: tuple[str, ...] = (),
    new: Mapping[str, Any] | None = None,
) -> Enrolment:
    """Bring a locked enrolment to its next state; a claim ends with every move."""
    new = new or {}
    values = {f"{name}_id" if name.endswith("_by") else name: value for name, value in new.items()}
    moved = change(enrolment, state=to, claimed_by_id=None, claimed_at=None, **values)
    enrolment.save(update_fields=["state", "claimed_by", "claimed_at", *new, *also])
    tell(verb, enrolment, moved | (changes or {}), actor=actor, at=at, reason=reason)
    return enrolment


def tell(verb: str, enrolment: Enrolment, changes: Changes, *, actor: User | None, at: datetime, reason: str = "") -> None:
    announce(
        f"enrollment.enrolment.{verb}",
        actor=actor,
        at=at,
        subject=enrolment,
        changes=changes,
        reason=reason,
        enrolment_id=enrolment.pk,
        product_id=enrolment.product_id,
    )


def prove(kind: str, enrolment: Enrolment, *, actor: User | None, at: datetime) -> None:
    """Append the decision to the evidence. The product stands still since it was submitted, so it is what was judged."""
    until, product = enrolment.valid_until, enrolment.product
    body = {
        "enrolment": enrolment.number,
        "sku": product.sku,
        "gtin": product.gtin,
        "category": product.category.code,
        "category_version": product.category.version,
        "submission_sha256": snapshot.digest(enrolment.snapshot),
        "valid_until": until.isoformat() if until else None,
    }
    evidence.record(kind, product_id=enrolment.product_id, organisation_id=enrolment.merchant_id, at=at, actor=actor, body=body)
