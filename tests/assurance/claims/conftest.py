"""Claims made through the actions."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from assurance.claims import actions
from assurance.claims.actions import Attached, NewClaim
from assurance.evidence.actions import record
from assurance.files.actions import store
from tests import enrolments, goods
from tests.factories import NOON

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from assurance.accounts.models import User
    from assurance.claims.models import Claim, ClaimEvidence
    from assurance.evidence.models import EvidenceEntry
    from assurance.products.models import Product

_number = itertools.count(1)


@pytest.fixture
def blender(hejian, amal) -> Product:
    return goods.product(hejian, name="破壁机", name_en="Blender", created_by=amal)


@pytest.fixture
def claim(amal, blender) -> Callable[..., Claim]:
    def made(text: str = "搅拌功率 300 W", **given: Any) -> Claim:
        power = {"kind": "rated_number", "measured": "rated_power", "value": Decimal(300), "unit": "W"}
        values = {"product_id": blender.pk, "said_by": "page", "actor": amal, "at": NOON} | (given if "kind" in given else power | given)
        return actions.make(NewClaim(text=text, **values))

    return made


@pytest.fixture
def paper(amal) -> Callable[..., ClaimEvidence]:
    def attached(claim: Claim, until: date | None = None, actor: User | None = None, **given: Any) -> ClaimEvidence:
        file = store(organisation=amal.organisation, uploaded_by=amal, data=enrolments.picture(), shown_name="报告.jpg", at=NOON)
        return actions.attach(Attached(claim.pk, "document", file=file, until=until, **given), actor=actor or amal, at=NOON)

    return attached


@pytest.fixture
def publication(blender) -> Callable[..., EvidenceEntry]:
    def published(reported: str, code: str = "kitchen-rated-power", unit: str = "W", origin: str = "random", at=NOON) -> EvidenceEntry:
        test = {"code": code, "zh": "额定功率", "en": "Rated power", "reported": reported, "unit": unit, "standard": "GB 4706.1"}
        body = {"sample": f"S{next(_number):05}", "origin": origin, "verdict": "pass", "tests": [test]}
        given = {"product_id": blender.pk, "organisation_id": blender.merchant_id, "at": at, "actor": None}
        return record("lab_publication", body=body, **given)

    return published
