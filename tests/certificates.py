"""Certificates made through the actions, with papers that differ from each other."""

from __future__ import annotations

import hashlib
import itertools
from datetime import date
from typing import TYPE_CHECKING, Any

from assurance.certificates import actions, numbers
from assurance.files import documents as reading
from tests import documents
from tests.factories import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.certificates.models import Certificate

_number = itertools.count(1)
ISSUED = date(2025, 3, 1)
EXPIRES = date(2027, 2, 28)


PLAIN = documents.pdf(title="0")
"""Read once for all that differ in their title only: each reading forks this process."""


def pdf(n: int | None = None) -> bytes:
    """Return a small document that differs from the others."""
    data = documents.pdf(title=str(next(_number) if n is None else n))
    reading._known.setdefault(hashlib.sha256(data).digest(), reading.flaw_of(PLAIN))
    return data


def number_of(kind: str) -> str:
    """Return a number of this kind that nobody has yet."""
    n = next(_number)
    if kind == "sc":
        digits = f"106330109{n:04}"
        return f"SC{digits}{numbers.check_digit(digits)}"
    return {"ccc": f"2024010901{n:06}", "cosmetics_filing": f"浙G妆网备字2026{n:06}"}.get(kind, f"WY-{n:06}")


def values(actor: User, **given: Any) -> dict[str, Any]:
    kind = given.get("kind", "cosmetics_filing")
    complete = {
        "kind": kind,
        "number": number_of(kind),
        "issuer": "浙江省药品监督管理局",
        "holder": actor.organisation.name,
        "model_names": "",
        "issued_date": ISSUED,
        "valid_from_date": None,
        "expires_date": EXPIRES,
    }
    return complete | given


def entered(
    actor: User, *products: Any, at: datetime = NOON, data: bytes | None = None, attaching: bool = True, **given: Any
) -> Certificate:
    """Enter a certificate that covers these products."""
    paper = actions.Paper(data or pdf(), "证书.pdf")
    numbers_of = [product.pk for product in products]
    return actions.enter(values=values(actor, **given), product_ids=numbers_of, paper=paper, actor=actor, at=at, attaching=attaching)


def verified(actor: User, reviewer: User, *products: Any, at: datetime = NOON, **given: Any) -> Certificate:
    made = entered(actor, *products, at=at, **given)
    return actions.verify(certificate_id=made.pk, actor=reviewer, at=at)
