"""The edges of the badge of a product: a tag that stands before each, and the job that takes it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from assurance.badges import actions
from assurance.badges.models import Tag
from assurance.codes import public_code
from assurance.evidence.actions import record
from tests import goods
from tests.experiments.races import Edge
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.products.models import Product
    from tests.experiments.edges import Cast

TAG = "assurance.tag.state"


def tag_edges(cast: Cast) -> list[Edge]:
    def tag(state: str = "tagged", *, falls_at: Any = None, product: Product | None = None) -> Tag:
        product = product or goods.enrolled(cast.amal.organisation)
        until = falls_at.isoformat() if falls_at else ""
        lost = [{"code": "complaints", "because": "x", "since": until, "falls_at": until, "is_safety": False}] if falls_at else []
        return Tag.objects.create(
            level="product",
            merchant_id=product.merchant_id,
            product=product,
            code=public_code(),
            state=state,
            falls_at=falls_at,
            lost=lost,
            tagged_at=NOON,
            changed_at=NOON,
        )

    @transaction.atomic
    def said(found: Tag, kind: str, body: dict[str, Any], times: int = 1) -> Tag:
        for _time in range(times):
            record(kind, product_id=found.product_id, organisation_id=found.merchant_id, at=NOON, actor=None, body=body)
        return found

    def complained(state: str = "tagged", *, falls_at: Any = None) -> Tag:
        return said(tag(state, falls_at=falls_at), "case_confirmed", {"case": "C-1"}, times=5)

    def failed() -> Tag:
        found = tag()
        assert found.product
        type(found.product.category).objects.filter(pk=found.product.category_id).update(lab_result_days=180)
        return said(found, "lab_publication", {"verdict": "fail", "tests": []})

    def follow(pk: int) -> None:
        if not actions.follow_products(product_ids=[Tag.objects.get(pk=pk).product_id or 0], at=NOON):
            from tests.experiments.edges import Lost

            raise Lost

    later = NOON + timedelta(days=3)
    return [
        Edge(TAG, "tagged", "warned", complained, follow),
        Edge(TAG, "tagged", "untagged", failed, follow),
        Edge(TAG, "warned", "tagged", lambda: tag("warned", falls_at=later), follow),
        Edge(TAG, "warned", "untagged", lambda: complained("warned", falls_at=NOON), follow),
        Edge(TAG, "untagged", "tagged", lambda: tag("untagged", falls_at=NOON), follow),
    ]
