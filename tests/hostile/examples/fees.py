"""Examples for statements, lines, disputes and the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assurance.accounts.models import User
from assurance.fees import actions
from assurance.fees.models import Dispute, FeeLine
from assurance.roles import Role
from tests import charges
from tests.factories import NOON
from tests.hostile.examples.example import Example, somebody

SCENARIO: dict[str, Any] = {
    "price": "59.90",
    "cost": "21.40",
    "commission_rate": "0.2",
    "volume": 1000,
    "items": 2,
    "weight_g": 500,
    "to_province": "33",
    "return_rate": "0.05",
    "inspected_units": 80,
    "test_cost": "600.00",
}


def line() -> tuple[User, FeeLine]:
    charges.load_prices()
    owner = somebody(Role.MERCHANT_OWNER)
    return owner, charges.charged(charges.told(owner.organisation_id, "outbound_operation", quantity=3))[0]


def show_line() -> Example:
    owner, found = line()
    return Example(owner, path={"pk": found.pk})


def show_statement() -> Example:
    owner, found = line()
    return Example(owner, path={"pk": found.statement_id})


def opened() -> tuple[User, Dispute]:
    owner, found = line()
    return owner, actions.dispute([found], reason="只有一件", actor=owner, at=NOON)[0]


def show_dispute() -> Example:
    owner, found = opened()
    return Example(owner, path={"pk": found.pk})


def close() -> Example:
    _, found = line()
    return Example(somebody(Role.FINANCE), path={"pk": found.statement_id})


def close_month() -> Example:
    line()
    return Example(somebody(Role.FINANCE), {"month": "2026-10-01"}, status=201)


def dispute() -> Example:
    owner, found = line()
    return Example(owner, {"reason": "只有一件"}, path={"pk": found.pk}, status=201)


def accept() -> Example:
    _, found = opened()
    return Example(somebody(Role.FINANCE), {"answer": "多算两件", "amount": "0.70"}, path={"pk": found.pk})


def reject() -> Example:
    _, found = opened()
    return Example(somebody(Role.FINANCE), {"answer": "包裹里是三件"}, path={"pk": found.pk})


def show_card() -> Example:
    owner, found = line()
    return Example(owner, path={"pk": found.rate.card_id})


def run() -> Example:
    line()
    return Example(somebody(Role.FINANCE), status=201)


def simulate() -> Example:
    charges.load_prices()
    return Example(somebody(Role.MERCHANT_OWNER), dict(SCENARIO))


EXAMPLES: dict[str, Callable[[], Example]] = {
    "GET api:statement-detail": show_statement,
    "GET api:statement-bundle": show_statement,
    "POST api:statement-finalise": close,
    "POST api:statement-close-month": close_month,
    "GET api:fee-line-detail": show_line,
    "POST api:fee-line-dispute": dispute,
    "GET api:dispute-detail": show_dispute,
    "POST api:dispute-accept": accept,
    "POST api:dispute-reject": reject,
    "GET api:rate-card-detail": show_card,
    "POST api:fee-run-list": run,
    "POST api:simulation-list": simulate,
}
