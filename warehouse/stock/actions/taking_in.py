"""Lots become known as their first goods come through the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.refusals import Refused, at_place
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.products.models import Product


class LotDiffers(Refused):
    code = "lot_differs"
    message = _("Lot %(lot)s is recorded here with the date %(known)s, not %(given)s. Put the goods aside and ask the merchant.")


@dataclass(frozen=True)
class Incoming:
    """Goods at the door. A date that is not given is not compared; ``source`` says who made the lot up."""

    product: Product
    warehouse_id: int
    number: str
    at: datetime
    produced_date: date | None = None
    expiry_date: date | None = None
    source: str = ""

    @property
    def key(self) -> tuple[int, int, str]:
        return self.warehouse_id, self.product.pk, self.number


@transaction.atomic
def take_in_all(incoming: Sequence[Incoming], *, actor: User) -> list[Lot]:
    """Return the lots of these goods, locked; write down those that are new here.

    :raises LotDiffers: if one is known with another date; the known one stays
    """
    wanted = {one.key: one for one in reversed(incoming)}
    before = _lots(wanted)
    new = [one for key, one in sorted(wanted.items()) if key not in before]
    Lot.objects.bulk_create(
        [
            Lot(
                merchant_id=one.product.merchant_id,
                warehouse_id=one.warehouse_id,
                product=one.product,
                number=one.number,
                produced_date=one.produced_date,
                expiry_date=one.expiry_date,
                first_received_at=one.at,
                source=one.source,
            )
            for one in new
        ],
        ignore_conflicts=True,  # somebody may be taking the same lot in: then his row stands and is compared
    )
    lots = before | _lots({one.key: one for one in new})
    for place, one in enumerate(incoming):
        with at_place(place):
            _check_known(lots[one.key], one)
    mine = [(one, lot) for one in new if (lot := lots[one.key]).first_received_at == one.at]
    announce_each(
        [
            News(
                "warehouse.lot.first_received",
                lot,
                first(lot, "number", "product_id", "produced_date", "expiry_date"),
                one.at,
                actor,
                {"lot_id": lot.pk},
            )
            for one, lot in mine
        ]
    )
    return [lots[one.key] for one in incoming]


def _lots(wanted: Mapping[tuple[int, int, str], Incoming]) -> dict[tuple[int, int, str], Lot]:
    """Return those of these lots that are there, locked in the order of their numbers here."""
    if not wanted:
        return {}
    rows = Lot.objects.select_for_update().filter(
        warehouse_id__in={one.warehouse_id for one in wanted.values()},
        product_id__in={one.product.pk for one in wanted.values()},
        number__in={one.number for one in wanted.values()},
    )
    found = {(lot.warehouse_id, lot.product_id, lot.number): lot for lot in rows.order_by("pk")}
    return {key: lot for key, lot in found.items() if key in wanted}


def _check_known(lot: Lot, one: Incoming) -> None:
    for field, known, given in (
        ("expiry_date", lot.expiry_date, one.expiry_date),
        ("produced_date", lot.produced_date, one.produced_date),
    ):
        if given is not None and known != given:
            raise LotDiffers(field=field, lot=one.number, known=known or "–", given=given)
