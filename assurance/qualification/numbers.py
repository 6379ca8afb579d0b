"""Which numbers a paper may carry, by its kind."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from assurance.accounts.credit_codes import credit_code
from assurance.web.invalid import Invalid


class PaperKind(StrEnum):
    BUSINESS_LICENCE = "business_licence"
    FOOD_LICENCE = "food_licence"
    BRAND_AUTHORISATION = "brand_authorisation"
    TRADEMARK = "trademark"


SHAPES: Final[Mapping[PaperKind, str]] = {
    PaperKind.FOOD_LICENCE: r"JY[0-9]{14}",
    PaperKind.TRADEMARK: r"[0-9]{4,10}[A-Z]?",
}
"""食品经营许可证: JY and fourteen digits (administrative measures for food business licences); trademark: the registration number,
with a letter for a part of a divided one. The check digit of JY numbers is not published with its algorithm, so it is not judged."""
BRANDED: Final = frozenset({PaperKind.BRAND_AUTHORISATION, PaperKind.TRADEMARK})
"""Papers about one brand."""


def paper_number(kind: str, text: str, *, holder_code: str) -> str:
    """Return the number as it is kept; ``holder_code`` is the merchant's own unified social credit code, if it is known.

    :raises Invalid: credit_code_…, credit_code_of_another, paper_number_shape
    """
    number = "".join(text.split()).upper()
    if kind == PaperKind.BUSINESS_LICENCE:
        number = credit_code(number)
        if holder_code and number != holder_code:
            raise Invalid("credit_code_of_another")
        return number
    shape = SHAPES.get(PaperKind(kind))
    if shape and not re.fullmatch(shape, number):
        raise Invalid("paper_number_shape")
    return number if shape else " ".join(text.split())
