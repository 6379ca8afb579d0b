"""What every step of an enrolment does: lock, guard, move, tell, prove. Each takes many; one is a list of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assurance.database import update_each
from assurance.enrollment import snapshot
from assurance.enrollment.lifecycle import NEXT, EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.evidence.actions import Said, record_all
from assurance.products.models import Product
from assurance.refusals import WrongState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.events.changes import Changes


@dataclass(frozen=True)
class Step:
    """One locked enrolment that goes on: by whom, when, and what else changes with it."""

    enrolment: Enrolment
    actor: User | None
    at: datetime
    changes: Changes = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def locked(enrolment_id: int) -> Enrolment:
    """Lock one enrolment and its product; see ``locked_all``."""
    return locked_all([enrolment_id])[0]


def locked_all(enrolment_ids: Sequence[int]) -> list[Enrolment]:
    """Lock products, then enrolments, always in this order and each by number, so that two steps never wait for each other crosswise."""
    product_ids = Enrolment.objects.filter(pk__in=enrolment_ids).values("product_id")
    rows = Product.objects.select_for_update(of=("self",)).select_related("category", "picture")
    products = rows.filter(pk__in=product_ids).order_by("pk").in_bulk()
    enrolments = Enrolment.objects.select_for_update().filter(pk__in=enrolment_ids).order_by("pk").in_bulk()
    for enrolment in enrolments.values():
        enrolment.product = products[enrolment.product_id]
    return [enrolments[number] for number in enrolment_ids]


def guard(enrolment: Enrolment, to: EnrolmentState) -> None:
    if to not in NEXT[EnrolmentState(enrolment.state)]:
        raise WrongState(state=enrolment.get_state_display())


def guard_submitted(enrolment: Enrolment) -> None:
    if enrolment.state != EnrolmentState.SUBMITTED:
        raise WrongState(state=enrolment.get_state_display())


def move(enrolment: Enrolment, to: EnrolmentState, verb: str, *, actor: User | None, at: datetime, reason: str = "") -> Enrolment:
    """Bring one locked enrolment to its next state."""
    return move_all([Step(enrolment, actor, at, reason=reason)], to, verb)[0]


def move_all(steps: Sequence[Step], to: EnrolmentState, verb: str, *, also: tuple[str, ...] = ()) -> list[Enrolment]:
    """Bring locked enrolments to their next state; a claim ends with every move. ``new`` names the same columns in every step."""
    told = []
    for step in steps:
        values = {f"{name}_id" if name.endswith("_by") else name: value for name, value in step.new.items()}
        moved = change(step.enrolment, state=to, claimed_by_id=None, claimed_at=None, **values)
        told.append(_news(step, verb, moved | step.changes))
    enrolments = [step.enrolment for step in steps]
    update_each(enrolments, ["state", "claimed_by", "claimed_at", *(steps[0].new if steps else ()), *also])
    announce_each(told)
    return enrolments


def tell_all(steps: Sequence[Step], verb: str) -> None:
    """Announce what changed without a change of state."""
    announce_each([_news(step, verb, step.changes) for step in steps])


def _news(step: Step, verb: str, changes: Changes) -> News:
    ids = {"enrolment_id": step.enrolment.pk, "product_id": step.enrolment.product_id}
    return News(f"enrollment.enrolment.{verb}", step.enrolment, changes, step.at, step.actor, ids, step.reason)


def prove(kind: str, enrolment: Enrolment, *, actor: User | None, at: datetime) -> None:
    """Append one decision to the evidence."""
    prove_all(kind, [Step(enrolment, actor, at)])


def prove_all(kind: str, steps: Sequence[Step]) -> None:
    """Append decisions to the evidence. A product stands still since it was submitted, so it is what was judged."""
    said = [
        Said(kind, one.enrolment.product_id, one.enrolment.merchant_id, _body(one.enrolment), at=one.at, actor=one.actor) for one in steps
    ]
    if said:
        record_all(said, actor=None, at=said[0].at or steps[0].at)


def _body(enrolment: Enrolment) -> dict[str, Any]:
    until, product = enrolment.valid_until, enrolment.product
    return {
        "enrolment": enrolment.number,
        "sku": product.sku,
        "gtin": product.gtin,
        "category": product.category.code,
        "category_version": product.category.version,
        "submission_sha256": snapshot.digest(enrolment.snapshot),
        "valid_until": until.isoformat() if until else None,
    }
