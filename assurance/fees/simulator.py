"""What price, commission and volume make the service worth its fees: pure sums over the card that is in force.

A unit here is one order of ``items`` pieces. Shares of a fee (returns by their rate, a month's tests over its orders) stay exact; amounts
are rounded where they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Final

from assurance.fees.rating import Charge, Kind, Price, Unratable, charge
from assurance.money import FEN, fen

ONE: Final = Decimal(1)


@dataclass(frozen=True)
class Scenario:
    """What the merchant assumes: price and cost of a piece, orders a month, where they go, what comes back, what is tested."""

    price: Decimal
    cost: Decimal
    commission_rate: Decimal
    volume: int
    items: int = 1
    weight_g: int = 500
    to_province: str = "33"
    return_rate: Decimal = Decimal(0)
    inspected_units: int = 0
    test_cost: Decimal = Decimal(0)


@dataclass(frozen=True)
class Fee:
    """One fee of the card: what it comes to for an order, and how."""

    kind: str
    charge: Charge
    per_order: Decimal
    is_fixed: bool = False
    """Whether a month pays it however many orders there are."""


@dataclass(frozen=True)
class Outcome:
    """What a scenario comes to."""

    scenario: Scenario
    version: str
    fees: list[Fee]
    revenue: Decimal
    goods: Decimal
    commission: Decimal
    fees_per_order: Decimal
    margin: Decimal
    month: Decimal
    break_even_price: Decimal | None
    break_even_volume: int | None

    @property
    def is_worth_it(self) -> bool:
        return self.margin > 0


def simulate(scenario: Scenario, prices: Mapping[str, Price]) -> Outcome:
    """Work a scenario out by the prices of a card.

    :raises Unratable: if the card has no price for a fee, or the place lies in no zone
    """
    fees = _fees(scenario, prices)
    varying = sum((fee.per_order for fee in fees if not fee.is_fixed), Decimal(0))
    fixed = sum((fee.charge.amount for fee in fees if fee.is_fixed), Decimal(0))
    revenue, goods = scenario.price * scenario.items, scenario.cost * scenario.items
    commission = revenue * scenario.commission_rate
    before_fixed = revenue - goods - commission - varying
    margin = before_fixed - fixed / scenario.volume
    return Outcome(
        scenario=scenario,
        version=next(iter(prices.values())).version,
        fees=fees,
        revenue=fen(revenue),
        goods=fen(goods),
        commission=fen(commission),
        fees_per_order=fen(varying + fixed / scenario.volume),
        margin=fen(margin),
        month=fen(margin * scenario.volume),
        break_even_price=_break_even_price(scenario, goods + varying + fixed / scenario.volume),
        break_even_volume=_break_even_volume(before_fixed, fixed),
    )


def _fees(scenario: Scenario, prices: Mapping[str, Price]) -> list[Fee]:
    def quoted(kind: Kind, quantity: int = 1, **measures: int | str) -> Charge:
        if kind not in prices:
            raise Unratable("no_rate")
        return charge(prices[kind], quantity=quantity, measures=measures)

    outbound = quoted(Kind.OUTBOUND_OPERATION, scenario.items)
    delivery = quoted(Kind.FORWARD_DELIVERY, weight_g=scenario.weight_g, to_province=scenario.to_province)
    service = quoted(Kind.SERVICE)
    fees = [Fee(one.price.kind, one, one.amount) for one in (outbound, delivery, service)]
    if scenario.return_rate:
        back = [quoted(kind, scenario.items) for kind in (Kind.RETURN_OPERATION, Kind.RETURN_CHECK)]
        fees += [Fee(one.price.kind, one, one.amount * scenario.return_rate) for one in back]
    monthly = []
    if scenario.inspected_units:
        monthly.append(quoted(Kind.INBOUND_CHECK, scenario.inspected_units))
    if scenario.test_cost:
        monthly.append(quoted(Kind.LAB_TEST, cost=str(scenario.test_cost)))
    return fees + [Fee(one.price.kind, one, one.amount / scenario.volume, is_fixed=True) for one in monthly]


def _break_even_price(scenario: Scenario, outlay: Decimal) -> Decimal | None:
    """Return the lowest price of a piece that loses nothing, or None if the commission takes all of it."""
    kept = (ONE - scenario.commission_rate) * scenario.items
    return None if kept <= 0 else (outlay / kept).quantize(FEN, ROUND_CEILING)


def _break_even_volume(before_fixed: Decimal, fixed: Decimal) -> int | None:
    """Return how many orders a month pay what a month costs anyway, or None if each of them loses."""
    if before_fixed <= 0:
        return None
    return max(1, int((fixed / before_fixed).to_integral_value(ROUND_CEILING)))


def curve(scenario: Scenario, prices: Mapping[str, Price]) -> list[tuple[int, Decimal]]:
    """Return what is left of an order at volumes around the scenario's: the fees of a month weigh less the more orders share them."""
    steps = (Decimal(1) / 10, Decimal(1) / 4, Decimal(1) / 2, ONE, Decimal(2), Decimal(4), Decimal(10))
    volumes = sorted({max(1, int(scenario.volume * step)) for step in steps})
    return [(volume, simulate(replace(scenario, volume=volume), prices).margin) for volume in volumes]
