"""Whoever changes a lot's goods holds the lot first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from collections.abc import Iterable


def lock_lot(lot_id: int) -> Lot:
    """Return the lot, held until the transaction ends. Whoever changes a lot's goods or inspections takes it first."""
    return Lot.objects.select_for_update(of=("self",)).select_related("product__category").get(pk=lot_id)


def lock_lots(lot_ids: Iterable[int]) -> dict[int, Lot]:
    """Return the lots by number, held until the transaction ends; everybody takes them in the same order."""
    found = Lot.objects.select_for_update(of=("self",)).select_related("product__category").filter(pk__in=set(lot_ids)).order_by("id")
    return {lot.pk: lot for lot in found}


def hold_lots(lot_ids: Iterable[int]) -> None:
    """Hold lots as ``lock_lots`` does, without reading them: for who has read what a lot says, which never changes."""
    found = Lot.objects.select_for_update().filter(pk__in=set(lot_ids)).order_by("id")
    list(found.values_list("pk"))
