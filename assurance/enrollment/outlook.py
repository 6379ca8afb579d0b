"""What the merchant sees before submitting: what is missing, tests, days and fees, by the rules that the reviewer works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import get_language

from assurance.calendar import SHANGHAI
from assurance.enrollment.hurdles import hurdles
from assurance.enrollment.models import Acceptance, Agreement
from assurance.enrollment.queries import agreement_in_force
from assurance.enrollment.way import Way, lab_tests, way_to_badge
from assurance.fees.models import FeeKind
from assurance.fees.queries import card_rates, quote
from assurance.fees.rating import Unratable
from assurance.products.queries import Lack, lacks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from assurance.enrollment.models import Enrolment
    from assurance.fees.rating import Price
    from assurance.products.models import Category, Product

BESIDE: Final = ("certificates", "claims", "papers.", "entry")
"""How fields begin that no field of the form stands for."""
EXAMPLE_PROVINCE: Final = "330000"
"""Where the parcel of the example goes: Zhejiang, the nearest zone of the first warehouse."""


@dataclass(frozen=True)
class Fee:
    """What one operation would cost today, with its sum in numbers."""

    kind: str
    label: str
    amount: Decimal
    formula: str


@dataclass(frozen=True)
class Outlook:
    """What awaits a product if it is submitted now, by the versions of the rules in force."""

    missing: list[Lack]
    tests: list[tuple[str, str]]
    way: Way
    fees: list[Fee]
    rates_version: str
    category: Category
    agreement: Agreement | None
    acceptance: Acceptance | None

    @property
    def aql(self) -> str:
        return f"{self.category.aql_major} / {self.category.aql_minor}"

    @property
    def is_of_the_form(self) -> bool:
        """Whether something is missing that the product's form asks for; papers and claims are handed in beside it."""
        return any(not lack.field.startswith(BESIDE) for lack in self.missing)

    @property
    def is_ready(self) -> bool:
        return not self.missing and self.agreement is not None


def outlook(enrolment: Enrolment, *, at: datetime) -> Outlook:
    """Return what the merchant should know before submitting. Four queries if the product's category is read, and those of the hurdles."""
    product = enrolment.product
    category, agreement = product.category, agreement_in_force()
    accepted = Acceptance.objects.filter(merchant_id=enrolment.merchant_id, agreement=agreement).first() if agreement else None
    prices = card_rates(timezone.localdate(at, SHANGHAI))
    language = get_language() or ""
    return Outlook(
        missing=[*lacks(product), *hurdles([product], at=at).get(product.pk, [])],
        tests=[(test.label(language), test.standard) for test in lab_tests(category.lab_tests)],
        way=way_to_badge(lab_result_days=category.lab_result_days),
        fees=_fees(product, prices, day=timezone.localdate(at, SHANGHAI)),
        rates_version=max((price.version for price in prices.values()), default=""),
        category=category,
        agreement=agreement,
        acceptance=accepted,
    )


def _fees(product: Product, prices: Mapping[str, Price], *, day: date) -> list[Fee]:
    """Return what one piece in one parcel costs; a kind that needs a measure nobody knows yet is left out."""
    weight = product.gross_weight_g or product.net_weight_g
    measures: dict[str, int | str] = {"to_province": EXAMPLE_PROVINCE} | ({"weight_g": weight} if weight else {})
    sides = {"length_mm": product.length_mm, "width_mm": product.width_mm, "height_mm": product.height_mm}
    measures |= {name: side for name, side in sides.items() if side}
    found = []
    for kind, label in FeeKind.choices:
        try:
            charge = quote(kind, day=day, measures=measures, prices=prices)
        except Unratable:
            continue
        found.append(Fee(kind, str(label), charge.amount, charge.formula))
    return found
