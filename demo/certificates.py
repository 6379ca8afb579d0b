"""The products' certificates in the demo: verified ones, one that ends soon, one that waits. Numbers belong to nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from assurance.certificates import actions
from assurance.certificates.actions import Decision, NewCertificate, Paper
from assurance.products.models import Product
from demo.papers import scan

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from demo.story import Stage

ISSUED_DAYS_AGO: Final = 400
ENDS_SOON: Final = 20
FILINGS: Final = "浙江省药品监督管理局"
GIVEN: Final = (
    ("HJ-JM-120", "cosmetics_filing", "浙G妆网备字2025018342", FILINGS, None),
    ("HJ-MS-50", "cosmetics_filing", "浙G妆网备字2025018377", FILINGS, ENDS_SOON),
)
"""SKU, kind, number, issuer, days until its end."""
WAITING: Final = (("HJ-XF-400", "cosmetics_filing", "浙G妆网备字2025020116", FILINGS, None),)


def show(stage: Stage, *, at: datetime) -> None:
    """Enter certificates for the products that are there, and have them verified as far as each got."""
    made = actions.enter_all([one for given in GIVEN if (one := _certificate(stage, *given, at=at))])
    actions.verify_all([Decision(one.pk, at + timedelta(hours=2)) for one in made], actor=stage.people["reviewer"])
    recent = stage.ago(1.1)
    actions.enter_all([one for given in WAITING if (one := _certificate(stage, *given, at=recent))])


def _certificate(stage: Stage, sku: str, kind: str, number: str, issuer: str, ends: int | None, *, at: datetime) -> NewCertificate | None:
    product = Product.objects.filter(sku=sku).select_related("merchant").first()
    if product is None:
        return None
    seller: User = next(one for one in stage.people.values() if one.organisation_id == product.merchant_id)
    values: dict[str, Any] = {
        "kind": kind,
        "number": number,
        "issuer": issuer,
        "holder": product.merchant.name,
        "model_names": product.specification,
        "issued_date": stage.today - timedelta(days=ISSUED_DAYS_AGO),
        "valid_from_date": None,
        "expires_date": None if ends is None else stage.today + timedelta(days=ends),
    }
    return NewCertificate(values, [product.pk], Paper(scan(kind, product.sku), f"{number}.png"), seller, at)
