"""Papers, entries and metrics made through the actions."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from stdnum.cn import uscc

from assurance.evidence.actions import report_fact
from assurance.qualification import actions
from assurance.qualification.actions import NewPaper
from assurance.reference import newest
from tests.enrolments import picture
from tests.factories import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import Organisation, User
    from assurance.qualification.models import QualificationPaper

_number = itertools.count(1)
DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
"""The day of NOON in Shanghai."""


def credit_code(body: str = "91330109MA2KD07C3") -> str:
    return body + str(uscc.calc_check_digit(body))


def load_rules() -> None:
    actions.load_rules(data=newest("entry_rules"), at=NOON)


def new(actor: User, kind: str = "food_licence", **given: Any) -> NewPaper:
    """Return a complete paper of this kind; its number differs from all others."""
    n = next(_number)
    numbers = {
        "business_licence": actor.organisation.credit_code or credit_code(),
        "food_licence": f"JY1330109{n:07}",
        "brand_authorisation": f"HJ-SQ-{n:04}",
        "trademark": f"{20_000_000 + n}",
    }
    values: dict[str, Any] = {
        "kind": kind,
        "number": numbers[kind],
        "issuer": "杭州市萧山区市场监督管理局",
        "from_date": date(2025, 1, 1),
        "until_date": date(2027, 12, 31),
        "actor": actor,
        "at": NOON,
        "data": picture(),
        "file_name": "paper.jpg",
    }
    if kind in ("brand_authorisation", "trademark"):
        values["brand"] = "禾见"
    if kind == "brand_authorisation":
        values |= {"granted_by": "禾见品牌管理有限公司", "chain_level": 1}
    return NewPaper(**(values | given))


def entered(actor: User, kind: str = "food_licence", **given: Any) -> QualificationPaper:
    return actions.enter([new(actor, kind, **given)])[0]


def verified(actor: User, reviewer: User, kind: str = "food_licence", *, at: datetime = NOON, **given: Any) -> QualificationPaper:
    return actions.verify([entered(actor, kind, at=at, **given).pk], actor=reviewer, at=at)[0]


def measured(merchant: Organisation, *, orders: int, picked: str, ratings: int = 0, satisfied: str = "0") -> None:
    """Report a merchant's two numbers."""
    told = [("paid_to_pickup_24h", picked, orders), ("service_satisfied", satisfied, ratings)]
    for name, value, sample in told:
        if sample:
            share = {"value": Decimal(value), "sample_size": sample, "unit": "share"}
            report_fact(name, subject_kind="merchant", subject_id=merchant.pk, **share, as_of=NOON, at=NOON)  # type: ignore[arg-type]
