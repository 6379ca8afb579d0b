"""What an operation costs, and the sum that says why: a price of the card with the operation's own numbers put in.

Weight: the larger of scale and volume, length × width × height in centimetres / 6000 in kilograms (the courier trade's usual divisor);
the first kilogram, then every further one begun. Every amount is rounded half up once, at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from assurance.money import TooMuch, fen

VOLUME_DIVISOR: Final = 6000
"""Cubic centimetres a kilogram; the same number of cubic millimetres a gram."""
KILOGRAM: Final = 1000


class Kind(StrEnum):
    """What a merchant is charged for."""

    INBOUND_CHECK = "inbound_check"
    OUTBOUND_OPERATION = "outbound_operation"
    FORWARD_DELIVERY = "forward_delivery"
    SERVICE = "service"
    LAB_TEST = "lab_test"
    RETURN_OPERATION = "return_operation"
    RETURN_CHECK = "return_check"


class Method(StrEnum):
    """How a price becomes an amount."""

    FLAT = "flat"
    FIRST_AND_EXTRA = "first_and_extra"
    PER_UNIT = "per_unit"
    ZONE_WEIGHT = "zone_weight"
    AT_COST = "at_cost"


class Unratable(Exception):
    """The price cannot be worked out; ``because`` is a code with its subject: ``no_rate``, ``no_measure:weight_g``, ``no_zone:81``."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


@dataclass(frozen=True)
class Price:
    """One row of a card: how this kind of operation is charged in a period."""

    rate_id: int
    kind: str
    method: str
    terms: Mapping[str, Any]
    version: str = ""


@dataclass(frozen=True)
class Charge:
    """An amount and its sum, in numbers and signs alone, so that it reads the same in every language."""

    amount: Decimal
    formula: str
    price: Price


def charge(price: Price, *, quantity: int, measures: Mapping[str, Any]) -> Charge:
    """Work out what an operation costs by this price.

    :raises Unratable: if the operation does not say what the price asks for
    """
    try:
        exact, formula = METHODS[Method(price.method)](price.terms, quantity, measures)
        amount = fen(exact)
    except (KeyError, ValueError) as problem:
        raise Unratable("too_much" if isinstance(problem, TooMuch) else f"bad_rate:{price.method}") from problem
    return Charge(amount, formula if exact == amount else f"{formula} ≈ {amount:,.2f}", price)


def billed_grams(measures: Mapping[str, Any]) -> tuple[int, int]:
    """Return what a parcel weighs by scale and by volume, in whole grams begun.

    :raises Unratable: if neither is told
    """
    weight = whole(measures, "weight_g")
    if weight < 0 and volume(measures) < 0:
        raise Unratable("no_measure:weight_g")
    return max(weight, 0), -(-max(volume(measures), 0) // VOLUME_DIVISOR)


def volume(measures: Mapping[str, Any]) -> int:
    """Return the volume in cubic millimetres, or -1 if it is not told."""
    told = whole(measures, "volume_mm3")
    if told >= 0:
        return told
    sides = [whole(measures, name) for name in ("length_mm", "width_mm", "height_mm")]
    return sides[0] * sides[1] * sides[2] if min(sides) >= 0 else -1


def whole(measures: Mapping[str, Any], name: str) -> int:
    """Return a measure, or -1 if it is not told as a number from zero up."""
    told = measures.get(name)
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else -1


def zone_of(zones: list[dict[str, Any]], measures: Mapping[str, Any]) -> dict[str, Any]:
    """Return the zone that the parcel goes to, by the first two digits of the division's code.

    :raises Unratable: if the place is not told or lies in no zone
    """
    province = str(measures.get("to_province") or "")[:2]
    if not province:
        raise Unratable("no_measure:to_province")
    for zone in zones:
        if province in zone["provinces"]:
            return zone
    raise Unratable(f"no_zone:{province}")


def _flat(terms: Mapping[str, Any], quantity: int, measures: Mapping[str, Any]) -> tuple[Decimal, str]:  # noqa: ARG001  one signature
    price = Decimal(terms["price"])
    return price, _yuan(price)


def _per_unit(terms: Mapping[str, Any], quantity: int, measures: Mapping[str, Any]) -> tuple[Decimal, str]:  # noqa: ARG001
    price = Decimal(terms["price"])
    return price * quantity, f"{quantity:,} × {_yuan(price)} = {_yuan(price * quantity)}"


def _first_and_extra(terms: Mapping[str, Any], quantity: int, measures: Mapping[str, Any]) -> tuple[Decimal, str]:  # noqa: ARG001
    first, extra = Decimal(terms["first"]), Decimal(terms["extra"])
    total = first + extra * (quantity - 1)
    return total, f"{_yuan(first)} + {quantity - 1:,} × {_yuan(extra)} = {_yuan(total)}"


def _zone_weight(terms: Mapping[str, Any], quantity: int, measures: Mapping[str, Any]) -> tuple[Decimal, str]:  # noqa: ARG001
    zone, (scale, bulk) = zone_of(terms["zones"], measures), billed_grams(measures)
    kilograms = max(1, -(-max(scale, bulk) // KILOGRAM))
    first, extra = Decimal(zone["first_kg"]), Decimal(zone["extra_kg"])
    total = first + extra * (kilograms - 1)
    weight = f"max({scale:,} g, {bulk:,} g) → {kilograms:,} kg"
    return total, f"{zone['code']} · {weight} · {_yuan(first)} + {kilograms - 1:,} × {_yuan(extra)} = {_yuan(total)}"


def _at_cost(terms: Mapping[str, Any], quantity: int, measures: Mapping[str, Any]) -> tuple[Decimal, str]:  # noqa: ARG001
    told = measures.get("cost")
    try:
        cost = Decimal(told) if isinstance(told, str) else None
    except InvalidOperation:
        cost = None
    if cost is None or not cost.is_finite() or cost < 0:
        raise Unratable("no_measure:cost")
    return cost, _yuan(cost)


def _yuan(amount: Decimal) -> str:
    """Return an amount with two places, or as many as it really has."""
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{places}f}"


Working = Callable[[Mapping[str, Any], int, Mapping[str, Any]], tuple[Decimal, str]]
METHODS: Final[Mapping[Method, Working]] = {
    Method.FLAT: _flat,
    Method.FIRST_AND_EXTRA: _first_and_extra,
    Method.PER_UNIT: _per_unit,
    Method.ZONE_WEIGHT: _zone_weight,
    Method.AT_COST: _at_cost,
}
