"""Examples for merchants' papers, entries and rules of entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from assurance.files import actions as files
from assurance.products.models import Product
from assurance.qualification import actions
from assurance.qualification.models import EntryRules, ProgrammeEntry, QualificationPaper
from assurance.roles import Role
from tests import goods, papers
from tests.factories import NOON
from tests.hostile.examples.example import Example, somebody
from tests.hostile.examples.house import picture

OBJECTIONS: dict[str, Any] = {"objections": [{"field": "until_date", "code": "contradiction", "words": "the paper says 2026"}]}


def paper() -> tuple[Any, QualificationPaper]:
    owner = somebody(Role.MERCHANT_OWNER)
    return owner, papers.entered(owner, "brand_authorisation")


def enter() -> Example:
    owner, old = paper()
    reviewer = somebody(Role.ENROLMENT_REVIEWER)
    actions.verify([old.pk], actor=reviewer, at=NOON)
    product = goods.product(owner.organisation)
    file = files.store(organisation=owner.organisation, uploaded_by=owner, data=picture(), shown_name="paper.jpg", at=NOON)
    body = {
        "kind": "brand_authorisation",
        "number": "SQ-2026-7",
        "issuer": "禾见品牌管理有限公司",
        "brand": "禾见",
        "granted_by": "禾见品牌管理有限公司",
        "chain_level": 1,
        "scope": "products",
        "categories": [product.category.code],
        "products": [product.pk],
        "from_date": "2026-01-01",
        "until_date": "2027-12-31",
        "file": file.pk,
        "replaces": old.pk,
    }
    other, theirs = paper()
    foreign = {"products": [goods.product(other.organisation).pk], "file": theirs.file_id, "replaces": theirs.pk}
    return Example(owner, body, foreign=foreign, shared=frozenset({"categories"}), status=201)


def show() -> Example:
    owner, found = paper()
    return Example(owner, path={"pk": found.pk})


def of_reviewer(**body: Any) -> Example:
    return Example(somebody(Role.ENROLMENT_REVIEWER), body, path={"pk": paper()[1].pk})


def cleared() -> tuple[Any, Product]:
    """Return a merchant and a product of his that was cleared out long ago."""
    papers.load_rules()
    owner, admin = somebody(Role.MERCHANT_OWNER), somebody(Role.PLATFORM_ADMIN)
    product = goods.product(owner.organisation)
    long_ago = timezone.now().replace(year=2025)
    actions.clear_out(merchant_id=owner.organisation_id, product_id=product.pk, reason="fakes", actor=admin, at=long_ago)
    return owner, product


def apply() -> Example:
    owner, product = cleared()
    return Example(owner, {"product": product.pk}, foreign={"product": cleared()[1].pk}, status=201)


def applied() -> ProgrammeEntry:
    owner, product = cleared()
    return actions.apply([actions.Applying(owner, timezone.now(), product.pk)])[0]


def show_entry() -> Example:
    found = applied()
    assert found.applied_by is not None
    return Example(found.applied_by, path={"pk": found.pk})


def decide(**body: Any) -> Example:
    return Example(somebody(Role.ENROLMENT_REVIEWER), body, path={"pk": applied().pk})


def publish() -> Example:
    papers.load_rules()
    body = {
        "version": "2099-01",
        "from_date": date(2099, 1, 1).isoformat(),
        "floors": [{"fact": "paid_to_pickup_24h", "at_least": "0.5"}],
        "least_orders": 40,
        "cool_down_months": [3, 6],
        "most_entries": 3,
        "papers_block": True,
        "because": "faster parcels",
        "accepts": [],
    }
    return Example(somebody(Role.PLATFORM_ADMIN), body, status=201)


def show_rules() -> Example:
    papers.load_rules()
    return Example(somebody(Role.MERCHANT_OWNER), path={"pk": EntryRules.objects.order_by("pk")[0].pk})


def standing() -> Example:
    papers.load_rules()
    owner = somebody(Role.MERCHANT_OWNER)
    return Example(owner, path={"code": owner.organisation.code})


def clear_out() -> Example:
    papers.load_rules()
    product = goods.product(somebody(Role.MERCHANT_OWNER).organisation)
    body = {"reason": "fakes", "product": product.pk}
    return Example(somebody(Role.PLATFORM_ADMIN), body, path={"code": product.merchant.code}, shared=frozenset({"product"}))


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:paper-list": enter,
    "GET api:paper-detail": show,
    "POST api:paper-verify": of_reviewer,
    "POST api:paper-send-back": lambda: of_reviewer(**OBJECTIONS),
    "POST api:entry-list": apply,
    "GET api:entry-detail": show_entry,
    "POST api:entry-admit": lambda: decide(evidence="seen on the spot"),
    "POST api:entry-refuse": lambda: decide(reason="nothing has changed"),
    "POST api:entry-rule-list": publish,
    "GET api:entry-rule-detail": show_rules,
    "GET api:qualification-detail": standing,
    "POST api:qualification-clear-out": clear_out,
}
