"""What a parcel weighs for its courier, and what that costs: the larger of scale and volume, a first weight and steps after it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

CM3_PER_KG: Final = 6000
"""L×W×H in cm, divided by this, is kilograms. Courier contracts differ; ours says 6000 (docs/couriers.md)."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Grams by scale and by volume."""

    actual_g: int
    volumetric_g: int

    @property
    def billed_g(self) -> int:
        """The larger one; at least one gram, because a parcel is never nothing."""
        return max(self.actual_g, self.volumetric_g, 1)


@dataclass(frozen=True, slots=True)
class Band:
    """The price of one zone: a first weight, then steps, begun steps counted whole. ``days`` is the promise."""

    zone: str
    first_weight_g: int
    first_fee: Decimal
    step_weight_g: int
    step_fee: Decimal
    days: int


def volumetric_g(*, length_mm: int, width_mm: int, height_mm: int) -> int:
    """Return the weight by volume in grams, rounded up.

    1 cm³ / 6000 kg = 1 mm³ / 6 000 000 kg = 1 mm³ / 6000 g.
    """
    return -(-length_mm * width_mm * height_mm // CM3_PER_KG)


def weigh(*, weight_g: int | None, length_mm: int | None, width_mm: int | None, height_mm: int | None) -> Weight:
    """Return both weights; what was not measured counts nothing."""
    if length_mm and width_mm and height_mm:
        return Weight(weight_g or 0, volumetric_g(length_mm=length_mm, width_mm=width_mm, height_mm=height_mm))
    return Weight(weight_g or 0, 0)


def fee(band: Band, billed_g: int) -> Decimal:
    """Return what the courier asks for this weight, in CNY.

    :raises ValueError: for a weight below one gram
    """
    if billed_g < 1:
        raise ValueError(f"a parcel of {billed_g} g")
    beyond = max(0, billed_g - band.first_weight_g)
    steps = -(-beyond // band.step_weight_g)
    return band.first_fee + steps * band.step_fee
