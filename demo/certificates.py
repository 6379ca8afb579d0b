"""The products' certificates in the demo: verified ones, one that ends soon, one that waits. Numbers belong to nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from assurance.certificates import actions
from assurance.certificates.actions import Paper
from demo.papers import scan

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.products.models import Product
    from demo.story import Stage

ISSUED_DAYS_AGO: Final = 400
ENDS_SOON: Final = 20
FILINGS: Final = "浙江省药品监督管理局"
LICENCES: Final = "兰溪市市场监督管理局"
SHOWN: Final[dict[str, tuple[str, str, str, int | None]]] = {
    "HJ-JM-120": ("cosmetics_filing", "浙G妆网备字2025018342", FILINGS, None),
    "HJ-MS-50": ("cosmetics_filing", "浙G妆网备字2025018377", FILINGS, ENDS_SOON),
    "HJ-FS-60": ("cosmetics_filing", "国妆特字20250931", "国家药品监督管理局", 1200),
    "HJ-MB-02": ("cosmetics_filing", "浙G妆网备字2025019055", FILINGS, None),
    "HJ-XF-400": ("cosmetics_filing", "浙G妆网备字2025020116", FILINGS, None),
    "SL-HT-250": ("sc", "SC11333078100217", LICENCES, 1100),
    "SL-XH-300": ("sc", "SC11333078100217", LICENCES, 1100),
    "SL-YP-180": ("sc", "SC11333078100217", LICENCES, 1100),
    "SL-CY-500": ("sc", "SC11333078100217", LICENCES, 1100),
}
"""By SKU: kind, number, issuer, days until its end."""
WAITING: Final = "HJ-XF-400"


def show(stage: Stage, product: Product, *, actor: User, at: datetime) -> None:
    """Enter the certificate that a draft's category requires, and have it verified an hour later; one still waits for that."""
    if product.sku not in SHOWN:
        return
    kind, number, issuer, ends = SHOWN[product.sku]
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
    paper = Paper(scan(kind, product.sku), f"{number}.png")
    made = actions.enter(values=values, product_ids=[product.pk], paper=paper, actor=actor, at=at)
    if product.sku != WAITING:
        actions.verify(certificate_id=made.pk, actor=stage.people["reviewer"], at=at + timedelta(hours=1))
