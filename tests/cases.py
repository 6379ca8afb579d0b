"""Cases about goods that left the house, made through the same actions as on the pages. Built on the cast's moment NOON."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aftersales.cases import actions
from aftersales.cases.actions import NewCase, Proposal, Said
from assurance.accounts.models import Organisation, User
from assurance.roles import Kind, Role
from tests import factories, goods, orders
from tests.factories import NOON

if TYPE_CHECKING:
    from aftersales.cases.models import Case, CaseDecision
    from warehouse.orders.models import Parcel

TAIL = "5678"
"""The last digits of the telephone number of ``orders.XIAO``."""


def desk(role: Role = Role.CASE_AGENT, **given: Any) -> User:
    """Return a person of the case desk."""
    platform = Organisation.objects.filter(kind=Kind.PLATFORM).order_by("pk").first() or factories.organisation(Kind.PLATFORM)
    return factories.user(role, platform, **given)


def sent(amal: User, wei: User, *, quantity: int = 1, **given: Any) -> Parcel:
    """Return a parcel of Amal's goods that left Wei's warehouse."""
    goods.catalogue()
    lot = orders.stocked(amal, wei, **given)
    return orders.shipped(amal, wei, (lot.product, quantity))


def about(parcel: Parcel, **given: Any) -> NewCase:
    values: dict[str, Any] = {
        "kind": "damaged",
        "origin": "agent",
        "about_kind": "warehouse.parcel",
        "about_id": parcel.pk,
        "summary": "The tube leaks.",
    } | given
    return NewCase(**values)


def opened(parcel: Parcel, actor: User | None = None, **given: Any) -> Case:
    at = given.pop("at", NOON)
    case = actions.open_cases([about(parcel, **given)], actor=actor, at=at)[0]
    assert case is not None
    return case


def taken(parcel: Parcel, agent: User, **given: Any) -> Case:
    """Return a case that an agent handles."""
    return actions.claim([opened(parcel, **given).pk], actor=agent, at=NOON)[0]


def proposal(case: Case, **given: Any) -> Proposal:
    values: dict[str, Any] = {
        "case_id": case.pk,
        "liability": "courier",
        "is_confirmed": True,
        "outcome": "refund",
        "amount": Decimal("59.90"),
        "reason": "The outbound check shows the tube whole; the courier reported damage.",
        "evidence": [case.links.order_by("pk")[0].pk],
    } | given
    return Proposal(**values)


def proposed(case: Case, agent: User, **given: Any) -> CaseDecision:
    at = given.pop("at", NOON)
    return actions.propose([proposal(case, **given)], actor=agent, at=at)[0]


def decided(case: Case, agent: User, reviewer: User, **given: Any) -> CaseDecision:
    return actions.decide([proposed(case, agent, **given).pk], actor=reviewer, at=NOON)[0]


def asked(case: Case, agent: User, side: str = "merchant", at: Any = NOON) -> None:
    """Ask a side for an answer: the clock stands."""
    said = Said(case.pk, "Please send us the batch record.", to_merchant=side == "merchant", to_buyer=side == "buyer", waits_for=side)
    actions.write([said], actor=agent, at=at)
