"""Write down that what was decided has been done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aftersales.cases.actions.steps import check_state, lock, place, save, step, tell
from aftersales.cases.lifecycle import CaseState, RemedyKind, RemedyState
from aftersales.cases.models import Remedy
from assurance.events.actions import announce_all
from assurance.events.changes import change
from assurance.fees.models import CreditNote
from assurance.refusals import Refused, WrongState
from warehouse.orders.models import Order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User

RETURN_TABLE = "warehouse.returnparcel"


class NoReference(Refused):
    code = "required"
    status = 422
    message = _("Write down the number it can be found by.")


class UnknownReference(Refused):
    code = "unknown_reference"
    status = 422
    message = _("There is nothing of this merchant with this number.")


class DoneByTheWarehouse(Refused):
    code = "done_by_the_warehouse"
    message = _("A return is done when the warehouse has settled it.")


@dataclass(frozen=True)
class Finished:
    """A remedy that was done. ``reference``: the refund's number, the order that replaces, or the credit note (``CH-000012``)."""

    remedy_id: int
    reference: str


@dataclass(frozen=True)
class Became:
    """The record that a remedy became."""

    kind: str = ""
    pk: int | None = None


@transaction.atomic
def finish_remedies(finished: Sequence[Finished], *, actor: User, at: datetime) -> list[Remedy]:
    """Write down that remedies were done, each with the number it can be found by; a case whose last one is done is remedied.

    :raises DoneByTheWarehouse: for a return, which ends by itself
    :raises NoReference, UnknownReference: if nobody could find it again
    :raises WrongState: if it was done or called off, or the case was appealed against
    """
    remedies = _held([one.remedy_id for one in finished])
    done = []
    for number, one in enumerate(finished):
        remedy = remedies[one.remedy_id]
        field = place(number, finished, "reference")
        check_state(remedy.case, CaseState.DECIDED, number=number, items=finished)
        if remedy.kind == RemedyKind.RETURN:
            raise DoneByTheWarehouse
        if remedy.state != RemedyState.ORDERED:
            raise WrongState(state=remedy.get_state_display())
        if not one.reference.strip():
            raise NoReference(field=field)
        became = _became(remedy, one.reference.strip(), field=field)
        done.append((remedy, _finish(remedy, one.reference.strip(), became, actor=actor, at=at)))
    _keep(done, actor=actor, at=at)
    return [remedies[one.remedy_id] for one in finished]


@transaction.atomic
def finish_returns(return_ids: Sequence[int], *, at: datetime) -> int:
    """Note that the warehouse settled these returns; return how many remedies that ended."""
    waiting = Remedy.objects.filter(subject_kind=RETURN_TABLE, subject_id__in=return_ids, kind=RemedyKind.RETURN, state=RemedyState.ORDERED)
    remedies = _held(list(waiting.values_list("pk", flat=True)))
    done = [
        (one, _finish(one, "", Became(one.subject_kind, one.subject_id), actor=None, at=at))
        for one in remedies.values()
        if one.state == RemedyState.ORDERED
    ]
    _keep(done, actor=None, at=at)
    return len(done)


def _held(remedy_ids: Sequence[int]) -> dict[int, Remedy]:
    """Lock the cases first, then their remedies."""
    cases = lock(Remedy.objects.filter(pk__in=remedy_ids).values_list("case_id", flat=True))
    remedies = {one.pk: one for one in Remedy.objects.select_for_update().filter(pk__in=remedy_ids).order_by("pk")}
    if len(remedies) != len(set(remedy_ids)):
        raise Remedy.DoesNotExist
    for one in remedies.values():
        one.case = cases[one.case_id]
    return remedies


def _became(remedy: Remedy, reference: str, *, field: str | None) -> Became:
    """Return the record behind the number, where it is one of ours. A query for each that is not a refund."""
    if remedy.kind == RemedyKind.REPLACEMENT:
        orders = Order.objects.filter(number=reference, lines__merchant_id=remedy.merchant_id)
        found = orders.order_by("-pk").values_list("pk", flat=True).first()
        if found is None:
            raise UnknownReference(field=field)
        return Became("warehouse.order", found)
    if remedy.kind == RemedyKind.CREDIT:
        tail = reference.upper().removeprefix("CH-")
        number = int(tail) if tail.isascii() and tail.isdigit() and len(tail) <= 18 else 0
        if not CreditNote.objects.filter(pk=number, merchant_id=remedy.merchant_id).exists():
            raise UnknownReference(field=field)
        return Became("assurance.creditnote", number)
    return Became()


def _finish(remedy: Remedy, reference: str, became: Became, *, actor: User | None, at: datetime) -> dict[str, list[Any]]:
    remedy.subject_kind, remedy.subject_id = became.kind, became.pk
    return change(remedy, state=RemedyState.DONE, reference=reference, done_at=at, done_by_id=actor.pk if actor else None)


def _keep(done: Sequence[tuple[Remedy, dict[str, list[Any]]]], *, actor: User | None, at: datetime) -> None:
    remedies = [one for one, _changes in done]
    Remedy.objects.bulk_update(remedies, ["state", "reference", "subject_kind", "subject_id", "done_at", "done_by"])
    announce_all(
        [("aftersales.remedy.done", one, changes, {"remedy_id": one.pk, "case_id": one.case_id}) for one, changes in done],
        actor=actor,
        at=at,
    )
    cases = {one.case_id: one.case for one in remedies}
    left = set(Remedy.objects.filter(case_id__in=cases, state=RemedyState.ORDERED).values_list("case_id", flat=True))
    whole = [
        (case, step(case, state=CaseState.REMEDIED)) for pk, case in cases.items() if pk not in left and case.state == CaseState.DECIDED
    ]
    if whole:
        save(case for case, _changes in whole)
        tell("aftersales.case.remedied", whole, actor=actor, at=at)
