"""Examples for products and enrolments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils import timezone

from assurance.enrollment import actions
from assurance.enrollment.models import Agreement, Enrolment
from assurance.imports import actions as imports
from assurance.imports.lifecycle import ImportState
from assurance.products.models import Product
from assurance.roles import Kind, Role
from assurance.runs import actions as runs
from tests import enrolments, factories, goods, product_files
from tests.hostile.examples.example import Example, somebody
from tests.hostile.examples.house import picture

REASONS: dict[str, Any] = {"reasons": [{"field": "name", "code": "contradiction", "words": "the label says 100 g"}]}


def create() -> Example:
    goods.category()
    body = {
        "sku": "HJ-120",
        "name": "氨基酸洁面乳",
        "name_en": "Amino acid cleanser",
        "category": "skincare",
        "gtin": "6901234567892",
        "no_gtin_reason": "",
        "specification": "120 g",
        "attributes": {},
        "shelf_life_days": 1095,
        "net_weight_g": 120,
        "price": "59.90",
        "cost": "21.40",
        "commission_rate": "0.2",
    }
    return Example(somebody(Role.MERCHANT_OWNER), body, shared=frozenset({"category"}), status=201)


def product(**given: Any) -> tuple[Any, Product]:
    owner = somebody(Role.MERCHANT_OWNER)
    return owner, goods.product(owner.organisation, specification="120 g", **given)


def show() -> Example:
    owner, made = product()
    return Example(owner, path={"pk": made.pk})


def change() -> Example:
    owner, made = product()
    body = create().body | {"version": made.version}
    return Example(owner, body, path={"pk": made.pk}, shared=frozenset({"category"}))


def upload() -> Example:
    return replace(show(), files={"file": picture()})


def start() -> Example:
    owner, made = product()
    foreign = goods.product(factories.organisation(Kind.MERCHANT))
    return Example(owner, {"product": made.pk}, foreign={"product": foreign.pk}, status=201)


def draft() -> tuple[Any, Enrolment]:
    owner, made = product()
    enrolments.accept(owner)
    return owner, actions.start(product_id=made.pk, actor=owner, at=timezone.now())


def submitted() -> tuple[Any, Enrolment]:
    owner, enrolment = draft()
    return owner, actions.submit(enrolment_id=enrolment.pk, actor=owner, at=timezone.now())


def of_merchant(**body: Any) -> Example:
    owner, enrolment = draft()
    return Example(owner, body, path={"pk": enrolment.pk})


def agreement() -> Agreement:
    enrolments.load_agreement()
    return Agreement.objects.get()


def sign() -> Example:
    owner, text = somebody(Role.MERCHANT_OWNER), agreement()
    return Example(owner, {"sha256": text.sha256, "name": owner.name}, path={"pk": text.pk})


def of_reviewer(*, claimed: bool = True, **body: Any) -> Example:
    _, enrolment = submitted()
    reviewer = somebody(Role.ENROLMENT_REVIEWER)
    if claimed:
        actions.claim(enrolment_id=enrolment.pk, actor=reviewer, at=timezone.now())
    return Example(reviewer, body, path={"pk": enrolment.pk})


def export() -> Example:
    owner, _ = product()
    return Example(owner, status=202)


def product_file() -> Example:
    goods.category()
    return Example(somebody(Role.MERCHANT_OWNER), files={"file": product_files.as_csv([product_files.row(1)])}, status=201)


def sent_in(*, state: ImportState) -> Example:
    goods.category()
    owner = somebody(Role.MERCHANT_OWNER)
    data = product_files.as_csv([product_files.row(1), product_files.row(2, price="x")])
    found = imports.take_in(data=data, name="a.csv", actor=owner, at=timezone.now())
    if state == ImportState.STOPPED:
        imports.stop(run_id=found.run_id or 0, at=timezone.now())
    else:
        runs.advance(run_id=found.run_id or 0, at=timezone.now())
    return Example(owner, path={"pk": found.pk}, status=202)


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:product-import-list": product_file,
    "GET api:product-import-detail": lambda: replace(sent_in(state=ImportState.CHECKED), status=200),
    "GET api:product-import-flaws": lambda: replace(sent_in(state=ImportState.CHECKED), status=200),
    "POST api:product-import-bring-in": lambda: sent_in(state=ImportState.CHECKED),
    "POST api:product-import-check-again": lambda: sent_in(state=ImportState.STOPPED),
    "POST api:product-export": export,
    "POST api:product-list": create,
    "GET api:product-detail": show,
    "PATCH api:product-detail": change,
    "POST api:product-picture": upload,
    "GET api:agreement-detail": lambda: Example(somebody(Role.MERCHANT_OWNER), path={"pk": agreement().pk}),
    "POST api:agreement-accept": sign,
    "GET api:enrolment-outlook": of_merchant,
    "POST api:enrolment-list": start,
    "GET api:enrolment-detail": of_merchant,
    "POST api:enrolment-submit": of_merchant,
    "POST api:enrolment-withdraw": lambda: of_merchant(reason="a new recipe"),
    "POST api:enrolment-claim": lambda: of_reviewer(claimed=False),
    "POST api:enrolment-release-claim": lambda: of_reviewer(reason="on holiday"),
    "POST api:enrolment-approve": of_reviewer,
    "POST api:enrolment-return-for-changes": lambda: of_reviewer(**REASONS),
    "POST api:enrolment-reject": lambda: of_reviewer(**REASONS),
}
