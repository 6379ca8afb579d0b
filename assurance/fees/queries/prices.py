"""What things cost on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from assurance.fees.models import Rate
from assurance.fees.rating import Charge, Price, Unratable, charge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Cards:
    """The prices of every kind over time, read once; the day decides which one counts."""

    def __init__(self) -> None:
        self.rates: dict[str, list[Rate]] = {}
        for rate in Rate.objects.select_related("card").order_by("kind", "from_date"):
            self.rates.setdefault(rate.kind, []).append(rate)
        self.prices = {rate.pk: rate.price() for rates in self.rates.values() for rate in rates}

    def price(self, kind: str, day: date) -> Price:
        """Return the price of a kind on a day.

        :raises Unratable: if there is none
        """
        for rate in self.rates.get(kind, ()):
            if rate.from_date <= day and (rate.until_date is None or day < rate.until_date):
                return self.prices[rate.pk]
        raise Unratable("no_rate")


def card_rates(day: date) -> dict[str, Price]:
    """Return the price of every kind that has one on a day. One query."""
    covering = Rate.objects.filter(Q(until_date=None) | Q(until_date__gt=day), from_date__lte=day).select_related("card")
    return {rate.kind: rate.price() for rate in covering}


def quote(
    kind: str, *, day: date, quantity: int = 1, measures: Mapping[str, int | str] | None = None, prices: Mapping[str, Price] | None = None
) -> Charge:
    """Return what an operation would cost on a day; ``prices`` of ``card_rates`` saves its query.

    :raises Unratable: if there is no rate, or it asks for a measure that is not told
    """
    known = prices if prices is not None else card_rates(day)
    if kind not in known:
        raise Unratable("no_rate")
    return charge(known[kind], quantity=quantity, measures=measures or {})
