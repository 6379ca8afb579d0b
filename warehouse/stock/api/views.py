"""The API of lots. It only shows: goods are moved by receiving and by verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from assurance.products.models import Product
from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, TextFilter, VisibleFilter
from warehouse.stock.api.serializers import LotOut
from warehouse.stock.custody import INSIDE
from warehouse.stock.models import CUSTODY_LABELS, Lot

if TYPE_CHECKING:
    from django.db.models import QuerySet


class LotFilters(StrictFilterSet):
    number = TextFilter(max_length=40)
    product = VisibleFilter(model=Product)
    custody = OneOfFilter(choices=[pair for pair in CUSTODY_LABELS if pair[0] in INSIDE], method="standing")

    def standing(self, found: QuerySet[Lot], _name: str, value: str) -> QuerySet[Lot]:
        """Lots with at least one unit there."""
        return found.filter(balances__custody=value, balances__quantity__gt=0)


class LotViews(ReadingDoor):
    """The lots the asker may see with where their units stand; newest first."""

    queryset = Lot.objects.none()
    serializer_class = LotOut
    filterset_class = LotFilters
    orderings: ClassVar = {"id": "id", "expiry_date": "expiry_date"}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("merchant", "warehouse").prefetch_related("balances")
