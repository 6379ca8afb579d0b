"""Which numbers are accepted, and how they must be written: ASCII digits, no float on the way to money."""

import re
from decimal import Decimal
from typing import Final

from assurance.web.invalid import Invalid

INT64_MAX: Final = 2**63 - 1
INT32_MAX: Final = 2**31 - 1

NOTHING: Final = Decimal(0)
ALL: Final = Decimal(1)

MONEY_DIGITS: Final = 12
"""Digits before the point: amounts are numeric(14,2)."""

MONEY: Final = r"-?(0|[1-9][0-9]*)(\.[0-9]{1,2})?"
RATE: Final = r"-?(0|[1-9][0-9]*)(\.[0-9]{1,6})?"
WHOLE: Final = r"-?(0|[1-9][0-9]*)"


def whole(value: object, *, least: int = 1, most: int = INT32_MAX) -> int:
    """Return a JSON number that is a whole number within the bounds; ``true`` and ``1.0`` are none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid("integer_expected")
    return _within(value, least, most)


def whole_from_text(value: str, *, least: int = 1, most: int = INT32_MAX) -> int:
    """Return the whole number somebody typed into a form or a query."""
    if not re.fullmatch(WHOLE, value):
        raise Invalid("integer_expected")
    if len(value) > len(str(INT64_MAX)) + 1:
        raise Invalid("number_out_of_range", least=least, most=most)
    return _within(int(value), least, most)


def money(value: object, *, zero_ok: bool = False, negative_ok: bool = False) -> Decimal:
    """Return an amount in yuan from a JSON value; it must be a string like ``"12.30"``.

    :raises Invalid: send_money_as_string, money_format, number_out_of_range, must_be_positive, must_not_be_negative
    """
    if not isinstance(value, str):
        raise Invalid("send_money_as_string")
    if not re.fullmatch(MONEY, value):
        raise Invalid("money_format")
    amount = _bounded(value, MONEY_DIGITS)
    _check_sign(amount, zero_ok=zero_ok, negative_ok=negative_ok)
    return amount.quantize(Decimal("0.01"))


def rate(value: object, *, least: Decimal = NOTHING, most: Decimal = ALL) -> Decimal:
    """Return a share or rate with up to six places from a JSON value; it must be a string like ``"0.05"``."""
    if not isinstance(value, str) or not re.fullmatch(RATE, value):
        raise Invalid("rate_format")
    number = _bounded(value, MONEY_DIGITS)
    if not least <= number <= most:
        raise Invalid("number_out_of_range", least=least, most=most)
    return number.quantize(Decimal("0.000001"))


def _within(value: int, least: int, most: int) -> int:
    if least == 1 and value < 1:
        raise Invalid("must_be_positive")
    if least == 0 and value < 0:
        raise Invalid("must_not_be_negative")
    if not least <= value <= most:
        raise Invalid("number_out_of_range", least=least, most=most)
    return value


def _bounded(value: str, digits: int) -> Decimal:
    if len(value.lstrip("-").split(".")[0]) > digits:
        raise Invalid("number_out_of_range", least=f"-{'9' * digits}", most="9" * digits)
    return abs(Decimal(value)) if re.fullmatch(r"-0(\.0+)?", value) else Decimal(value)


def _check_sign(amount: Decimal, *, zero_ok: bool, negative_ok: bool) -> None:
    if amount < 0 and not negative_ok:
        raise Invalid("must_not_be_negative" if zero_ok else "must_be_positive")
    if amount == 0 and not zero_ok:
        raise Invalid("must_be_positive")
