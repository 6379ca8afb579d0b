"""Examples for claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from assurance.claims import actions
from assurance.claims.actions import NewClaim
from assurance.claims.models import Claim
from assurance.files.actions import store
from assurance.roles import Kind, Role
from tests import certificates, enrolments, factories, goods
from tests.hostile.examples.example import Example, somebody
from tests.hostile.examples.products import product

SAID: dict[str, Any] = {"kind": "rated_number", "said_by": "page", "text": "搅拌功率 300 W"}
FINDING: dict[str, Any] = {
    "grade": "alleged",
    "source": "press",
    "words": "电机铭牌为 105 W",
    "reference": "https://example.com/video",
    "found_date": "2026-11-01",
}


def make() -> Example:
    owner, made = product()
    foreign = goods.product(factories.organisation(Kind.MERCHANT))
    body = SAID | {"product": made.pk, "measured": "rated_power", "component": "", "value": "300", "unit": "W", "declared": True}
    return Example(owner, body, foreign={"product": foreign.pk}, status=201)


def claim() -> tuple[Any, Claim]:
    owner, made = product()
    new = NewClaim(made.pk, "efficacy", "page", "清洁温和", owner, timezone.now())
    return owner, actions.make(new)


def paper(owner: Any) -> int:
    found = store(organisation=owner.organisation, uploaded_by=owner, data=enrolments.picture(), shown_name="a.jpg", at=timezone.now())
    return found.pk


def attach() -> Example:
    owner, made = claim()
    foreign = paper(somebody(Role.MERCHANT_OWNER))
    body = {"basis": "document", "file": paper(owner), "words": "报告", "from_date": "2026-11-01", "until_date": "2027-11-01"}
    another = somebody(Role.MERCHANT_OWNER)
    certificate = certificates.entered(another, goods.product(another.organisation))
    return Example(owner, body, path={"pk": made.pk}, foreign={"file": foreign, "certificate": certificate.pk})


def retract() -> Example:
    owner, made = claim()
    _, other = claim()
    body = {"evidence": made.evidence.get().pk}
    return Example(owner, body, path={"pk": made.pk}, foreign={"evidence": other.evidence.get().pk})


def own() -> Example:
    owner, made = claim()
    return Example(owner, path={"pk": made.pk})


def find() -> Example:
    _, made = claim()
    return Example(somebody(Role.ENROLMENT_REVIEWER), FINDING, path={"pk": made.pk})


def check() -> Example:
    goods.category()
    return Example(somebody(Role.MERCHANT_OWNER), {"text": "全网第一", "category": "skincare"}, shared=frozenset({"category"}))


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:claim-list": make,
    "GET api:claim-detail": own,
    "POST api:claim-attach": attach,
    "POST api:claim-retract": retract,
    "POST api:claim-withdraw": own,
    "POST api:claim-find": find,
    "POST api:claim-check": check,
}
