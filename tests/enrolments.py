"""Products and enrolments made through the actions, and pictures made of noise."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING, Any

from PIL import Image

from assurance.categories.actions import load_categories as load
from assurance.certificates.queries import attached_to
from assurance.enrollment import actions
from assurance.enrollment.queries import agreement_in_force
from assurance.enrollment.reasons import Reason
from assurance.products import actions as products
from assurance.products.models import Category
from assurance.reference import newest
from assurance.roles import Kind, Role
from tests import certificates, factories
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.enrollment.models import Enrolment
    from assurance.products.models import Product

_number = itertools.count(1)
GTIN = "6901234567892"
SKINCARE = {
    "registration": "浙G妆网备字2026000123",
    "ingredients": "水、甘油、椰油酰甘氨酸钾",
    "maker": "杭州禾见日化有限公司",
    "standard": "GB/T 29680",
}


def load_categories() -> None:
    load(data=newest("categories"), at=NOON)


def load_agreement() -> None:
    actions.load_agreement(data=newest("agreements"), at=NOON)


def accept(actor: User) -> None:
    """Let the actor's merchant accept the agreement in force; loads it if need be."""
    load_agreement()
    if agreement := agreement_in_force():
        actions.accept_agreement(signing=actions.Signing(agreement.sha256, actor.name), actor=actor, at=NOON)


def values(**given: Any) -> dict[str, Any]:
    """Return a complete product of skin care."""
    n = next(_number)
    complete = {
        "sku": f"HJ-{n:05}",
        "name": "氨基酸洁面乳",
        "name_en": "Amino acid cleanser",
        "specification": "120 g",
        "gtin": GTIN,
        "shelf_life_days": 1095,
        "price": "59.90",
        "attributes": SKINCARE,
    }
    if "category" not in given:
        given["category"] = Category.objects.get(code="skincare")
    return complete | given


def product(actor: User, **given: Any) -> Product:
    """Return a product of a merchant who has accepted the agreement."""
    accept(actor)
    return products.create(values=values(**given), actor=actor, at=NOON)


def draft(actor: User, *, proven: bool = True, **given: Any) -> Enrolment:
    """Return a draft whose product has the certificates that its category requires, unless it shall have none."""
    enrolment = actions.start(product_id=product(actor, **given).pk, actor=actor, at=NOON)
    if proven:
        prove(enrolment.product, actor)
    return enrolment


def prove(product: Product, actor: User) -> None:
    """Attach a verified certificate of every kind that the product's category requires and nothing shows yet."""
    there = {one.kind for one in attached_to([product.pk]).get(product.pk, [])}
    wanted = [one["kind"] for one in product.category.certificates if one["required"] and one["kind"] not in there]
    if wanted:
        checker = factories.user(Role.AUDITOR, factories.organisation(Kind.PLATFORM))
        for kind in wanted:
            certificates.verified(actor, checker, product, kind=kind)


def submitted(actor: User, **given: Any) -> Enrolment:
    return actions.submit(enrolment_id=draft(actor, **given).pk, actor=actor, at=NOON)


def claimed(actor: User, reviewer: User, **given: Any) -> Enrolment:
    return actions.claim(enrolment_id=submitted(actor, **given).pk, actor=reviewer, at=NOON)


def approved(actor: User, reviewer: User, **given: Any) -> Enrolment:
    return actions.approve(enrolment_id=claimed(actor, reviewer, **given).pk, actor=reviewer, at=NOON)


def returned(actor: User, reviewer: User, *reasons: Reason, **given: Any) -> Enrolment:
    found = claimed(actor, reviewer, **given)
    given_reasons = reasons or (Reason("gtin", "contradiction", "包装上是另一个条码"),)
    return actions.return_for_changes(enrolment_id=found.pk, reasons=given_reasons, actor=reviewer, at=NOON)


def rejected(actor: User, reviewer: User, **given: Any) -> Enrolment:
    found = claimed(actor, reviewer, **given)
    reasons = [Reason("name", "forbidden", "不在合作范围")]
    return actions.reject(enrolment_id=found.pk, reasons=reasons, actor=reviewer, at=NOON)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **given: Any) -> bytes:
    """Return a picture that differs from the others also after it was compressed."""
    n, written = next(_number), io.BytesIO()
    Image.new("RGB", size, (n * 37 % 256, n * 91 % 256, n * 151 % 256)).save(written, kind, **given)
    return written.getvalue()
