"""The rows that the benchmarks stand on, written in sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone

from assurance.accounts.models import Organisation, User
from assurance.enrollment.models import Enrolment
from assurance.products.models import Category, Product
from assurance.roles import Kind, Role

PRODUCTS: Final = 2_000


@dataclass(frozen=True)
class Ground:
    """What the requests need to know."""

    merchant: Organisation
    owner: User
    warehouse: Organisation
    product_ids: list[int]


@transaction.atomic
def lay() -> Ground:
    """Write one merchant with products and enrolments."""
    now = timezone.now()
    merchant = Organisation.objects.create(kind=Kind.MERCHANT, code="BENCH", name="杭州禾见日化", created_at=now)
    warehouse = Organisation.objects.create(kind=Kind.WAREHOUSE, code="BENCHW", name="杭州萧山云仓", created_at=now)
    owner = User(
        organisation=merchant,
        organisation_kind=merchant.kind,
        role=Role.MERCHANT_OWNER,
        email="bench@wuyou.example",
        name="测试",
        created_at=now,
    )
    owner.set_unusable_password()
    owner.save()
    platform = Organisation.objects.create(kind=Kind.PLATFORM, code="BENCHP", name="平台", created_at=now)
    reviewer = User(
        organisation=platform,
        organisation_kind=platform.kind,
        role=Role.ENROLMENT_REVIEWER,
        email="bench.reviewer@wuyou.example",
        name="审核",
        created_at=now,
    )
    reviewer.save()
    category = Category.objects.create(code="bench", name_zh="面部清洁", name_en="Face care", version="bench")
    products = Product.objects.bulk_create(
        Product(
            merchant=merchant,
            sku=f"HJ-{number:06}",
            name=f"氨基酸洁面乳 {number}",
            category=category,
            no_gtin_reason="自有包装",
            price=Decimal("59.90"),
            created_by=owner,
            created_at=now,
            updated_at=now,
        )
        for number in range(PRODUCTS)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            product=product,
            merchant=merchant,
            state="approved",
            created_by=owner,
            created_at=now,
            submitted_by=owner,
            submitted_at=now,
            due_at=now,
            decided_by=reviewer,
            decided_at=now,
            valid_until=now + timedelta(days=365),
        )
        for product in products
    )
    return Ground(merchant, owner, warehouse, [product.pk for product in products])
