"""What actions ask about lots before they are drawn: their tests, their risk, what they were tested for before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q

from assurance.calendar import SHANGHAI
from assurance.claims.queries import measured_of
from assurance.evidence.models import Fact
from assurance.products.models import Category
from qc.labs.lifecycle import OVER, SampleState
from qc.labs.limits import parse_limit
from qc.labs.models import LabTest, Sample
from qc.labs.scheduling import Test, asked_for, day_of, in_force
from qc.labs.weighing import Known, Weight, weigh
from warehouse.stock.custody import Custody
from warehouse.stock.models import Lot, StockBalance

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import Organisation


@dataclass(frozen=True)
class Weighed:
    """A lot that may be drawn: its tickets, and what it would be tested for."""

    lot: Lot
    weight: Weight
    tests: list[Test]


def chains() -> dict[int, list[str]]:
    """Return the codes of every category and of everything above it, its own first. One query."""
    rows = {category.pk: category for category in Category.objects.all()}

    def chain(pk: int | None) -> list[str]:
        return [rows[pk].code, *chain(rows[pk].parent_id)] if pk else []

    return {pk: chain(pk) for pk in rows}


def tests_of(lots: Sequence[Lot]) -> dict[int, list[Test]]:
    """Return what each lot is tested for: limits in force when it was made, and what is said of it. Three queries; products were read."""
    known = [
        Test(row.pk, row.code, row.category, row.effective_from, row.units, row.name_zh, parse_limit(row.limit).asks_nothing)
        for row in LabTest.objects.order_by("position", "id")
    ]
    above, said = chains(), measured_of({lot.product_id for lot in lots})
    found = {}
    for lot in lots:
        day = day_of(produced=lot.produced_date, received=lot.first_received_at.astimezone(SHANGHAI).date())
        found[lot.pk] = asked_for(in_force(known, categories=above[lot.product.category_id], day=day), said.get(lot.product_id, ()))
    return found


def drawable(warehouse: Organisation) -> list[Lot]:
    """Return the lots of a warehouse that stand released, in the order of ids, without a sample under way or published."""
    released = StockBalance.objects.filter(lot=OuterRef("pk"), custody=Custody.RELEASED, quantity__gt=F("reserved"))
    sampled = Sample.objects.filter(lot=OuterRef("pk")).exclude(state=SampleState.VOIDED)
    found = Lot.objects.filter(Exists(released), ~Exists(sampled), warehouse=warehouse)
    return list(found.select_related("product").order_by("pk"))


def weighed(lots: Sequence[Lot]) -> list[Weighed]:
    """Weigh the lots. The same number of queries, whatever the number of lots. What has no test is left out."""
    tests, above = tests_of(lots), chains()
    published = Sample.objects.filter(product__in={lot.product_id for lot in lots}, state=SampleState.PUBLISHED)
    counted = published.values_list("product_id").annotate(tested=Count("pk"), failed=Count("pk", filter=Q(verdict="fail")))
    of_product = {product_id: (tested, failed) for product_id, tested, failed in counted}
    of_merchant = Lot.objects.filter(merchant__in={lot.merchant_id for lot in lots}).values("merchant_id").annotate(n=Count("pk"))
    lots_of = {row["merchant_id"]: row["n"] for row in of_merchant}
    rates = _defect_rates([lot.pk for lot in lots])
    return [
        Weighed(
            lot,
            weigh(
                Known(
                    category=above[lot.product.category_id][-1],
                    tested_lots=of_product.get(lot.product_id, (0, 0))[0],
                    failed_lots=of_product.get(lot.product_id, (0, 0))[1],
                    lots_of_merchant=lots_of[lot.merchant_id],
                    defect_rate=rates[lot.pk],
                )
            ),
            tests[lot.pk],
        )
        for lot in lots
        if tests[lot.pk]
    ]


def _defect_rates(lot_ids: Sequence[int]) -> dict[int, Decimal]:
    newest = Fact.objects.filter(subject_kind="lot", name="defect_rate", subject_id__in=lot_ids).latest_of_each()
    return defaultdict(Decimal, {fact.subject_id: fact.value for fact in newest})


def has_waiting(lot_id: int) -> bool:
    """Say whether a sample of the lot is under way."""
    return Sample.objects.filter(lot_id=lot_id).exclude(state__in=sorted(OVER)).exists()


def newest_good(product_id: int, *, since: datetime) -> bool:
    """Say whether a lot of the product passed in the laboratory since that moment."""
    passed = Sample.objects.filter(product_id=product_id, state=SampleState.PUBLISHED, verdict__in=["pass", "warning"])
    return passed.filter(ended_at__gt=since).exists()
