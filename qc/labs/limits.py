"""Read limits and results as they are written in standards and reports, and judge one by the other.

Six kinds of limits: at most, at least, between, not allowed at all, by a sampling plan (n, c, m, M), and a set value with a tolerance.
A result is compared as it was reported, without rounding (GB/T 8170: 全数值比较法). See docs/rules/limits.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

PASS, WARNING, FAIL = "pass", "warning", "fail"
NEAR: Final = Decimal("0.9")
"""From this part of a limit on, a result without a stated uncertainty is close to it."""


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


WITHIN = gettext_noop("%(found)s is within the limit %(limit)s.")
CLOSE = gettext_noop("%(found)s is within the limit %(limit)s, but close to it.")
UNCERTAIN = gettext_noop("%(found)s is within the limit %(limit)s, but its uncertainty of %(uncertainty)s reaches beyond.")
BEYOND = gettext_noop("%(found)s is beyond the limit %(limit)s.")
ABSENT = gettext_noop("Not detected, as the limit %(limit)s asks.")
PRESENT = gettext_noop("%(found)s was found; the limit is %(limit)s.")
BLIND = gettext_noop("The method sees from %(found)s on, which is beyond the limit %(limit)s: it cannot tell.")
PLAN_KEPT = gettext_noop("%(between)s of %(n)s units lie above m, at most %(c)s may; none is above M (%(limit)s).")
PLAN_FULL = gettext_noop("%(between)s of %(n)s units lie above m, exactly as many as may; none is above M (%(limit)s).")
PLAN_BROKEN = gettext_noop("%(between)s of %(n)s units lie above m and %(above)s above M; the limit is %(limit)s.")
SENTENCES: Final = (WITHIN, CLOSE, UNCERTAIN, BEYOND, ABSENT, PRESENT, BLIND, PLAN_KEPT, PLAN_FULL, PLAN_BROKEN)


class Unreadable(ValueError):
    """A limit or a result that nobody can read."""


class OtherUnit(ValueError):
    """A result in a unit that the limit's cannot be compared with."""


class OtherCount(ValueError):
    """A sampling plan asks for another number of values."""


@dataclass(frozen=True)
class Limit:
    """A limit: ``low`` and ``high`` as far as it has them, or a plan. ``is_absence`` means that nothing may be found."""

    text: str
    unit: str
    low: Decimal | None = None
    high: Decimal | None = None
    is_absence: bool = False
    plan: tuple[int, int, Decimal, Decimal] | None = None

    @property
    def asks_nothing(self) -> bool:
        """Whether no goods can miss it: at least nothing. Such a test only measures what is said of the goods."""
        return self.low == 0 and self.high is None


@dataclass(frozen=True)
class Reading:
    """What was found: numbers with one operand, or ``nd`` / ``detected`` without any.

    Of a list (one value a unit of a sampling plan) a value under the detection limit is read as that limit.
    """

    text: str
    operand: str
    values: tuple[Decimal, ...]
    unit: str


@dataclass(frozen=True)
class Judgement:
    """The verdict on one result with its reason: ``gettext(message) % params`` for screens."""

    verdict: str
    message: str
    facts: tuple[tuple[str, str], ...]

    @property
    def params(self) -> dict[str, str]:
        return dict(self.facts)

    @property
    def because(self) -> str:
        return self.message % self.params


_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FULL_WIDTH: Final = str.maketrans("，；：（）＜＞＝～", ",;:()<>=~")
_POWER: Final = r"10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+"
_NUMBER: Final = rf"(?:{_POWER}|\d+(?:\.\d+)?(?:[×x]{_POWER})?)"
_UNIT: Final = r"(?:[^\d,;≤≥<>=~±×⁰¹²³⁴⁵⁶⁷⁸⁹⁻-][^,;≤≥<>=~±×]*)?"
_PLAN: Final = re.compile(rf"≤?n=(\d+),c=(\d+),m=({_NUMBER})(?:,M=({_NUMBER}))?({_UNIT})")
_TOLERANCE: Final = re.compile(rf"≤?({_NUMBER})±({_NUMBER})({_UNIT})")
_RANGE: Final = re.compile(rf"({_NUMBER})({_UNIT}?)[~–—-]({_NUMBER})({_UNIT})")
_ONE_SIDED: Final = re.compile(rf"([≤≥<>]?)({_NUMBER})({_UNIT})")
_RESULT: Final = re.compile(rf"([<>]?)({_NUMBER})({_UNIT})")
_BETWEEN: Final = re.compile(rf"[;,]|/(?=(?:\d+(?:\.\d+)?[×x])?{_POWER})")
"""Between the values of several units; a slash only before a power of ten, because units have slashes too."""
_EXPONENT: Final = re.compile(r"[eE][+-]?\d.*")
_ABSENCE: Final = frozenset({"不得检出", "不得使用", "不得添加", "阴性", "无"})
_NOT_DETECTED: Final = re.compile(rf"(?:未检出|ND|nd|N\.D\.|阴性|无)({_UNIT})")
_DETECTED: Final = re.compile(rf"(?:检出|阳性|有)({_UNIT})")
_MASS: Final[Mapping[str, Decimal]] = {
    "g/kg": Decimal(1000),
    "mg/g": Decimal(1000),
    "mg/kg": Decimal(1),
    "μg/g": Decimal(1),
    "μg/kg": Decimal("0.001"),
    "ng/g": Decimal("0.001"),
    "g/100g": Decimal(10_000),
    "%": Decimal(10_000),
    "mg/100g": Decimal(10),
}
"""Shares of mass, in mg/kg."""
_VOLUME: Final[Mapping[str, Decimal]] = {
    "g/L": Decimal(1000),
    "mg/mL": Decimal(1000),
    "mg/L": Decimal(1),
    "μg/mL": Decimal(1),
    "μg/L": Decimal("0.001"),
}
"""Shares of volume, in mg/L."""


def number(text: str) -> Decimal:
    """Return ``1.9×10³`` and ``10²`` as numbers.

    :raises Unreadable: for anything else
    """
    if not re.fullmatch(_NUMBER, text):
        raise Unreadable(text)
    digits, _, power = text.replace("x", "×").rpartition("×") if "10" in text and not text[-1].isascii() else (text, "", "")
    return Decimal(digits or 1) * (Decimal(10) ** int(power[2:].translate(_SUPERSCRIPTS)) if power else 1)


def unit_of(text: str) -> str:
    """Return a unit as it is compared: no spaces, one letter for micro, decorations left out."""
    bare = re.sub(r"[\s()]", "", text).replace("µ", "μ").replace("ug/", "μg/")
    return bare.removeprefix("/") if bare.startswith("/") and bare[1:2].isalpha() else bare


def parse_limit(text: str) -> Limit:
    """Read a limit as a standard prints it.

    :raises Unreadable: if it is none of the six kinds
    """
    bare = re.sub(r"\s", "", text).translate(_FULL_WIDTH)
    if bare in _ABSENCE:
        return Limit(text, "", is_absence=True)
    if found := _PLAN.fullmatch(bare):
        n, c, m, above, unit = found.groups()
        return Limit(text, unit_of(unit), plan=(int(n), int(c), number(m), number(above or m)))
    if found := _TOLERANCE.fullmatch(bare):
        middle, tolerance = number(found[1]), number(found[2])
        return Limit(text, unit_of(found[3]), low=middle - tolerance, high=middle + tolerance)
    if found := _RANGE.fullmatch(bare):
        return Limit(text, unit_of(found[4] or found[2]), low=number(found[1]), high=number(found[3]))
    if found := _ONE_SIDED.fullmatch(bare):
        sign, value, unit = found.groups()
        is_floor = sign in ("≥", ">")
        return Limit(text, unit_of(unit), low=number(value) if is_floor else None, high=None if is_floor else number(value))
    raise Unreadable(text)


def parse_reported(text: str) -> Reading:
    """Read a result as a laboratory reports it: ``0.0926g/kg``, ``<0.005 mg/kg``, ``未检出``, ``340;120;<10;11;<10CFU/g``.

    :raises Unreadable: if it is none of these
    """
    bare = re.sub(r"\s", "", text).translate(_FULL_WIDTH)
    bare = re.sub(r"\(.*\)$", "", bare) or bare  # a remark behind the result
    parts = _BETWEEN.split(bare)
    found = [_NOT_DETECTED.fullmatch(part) for part in parts]
    if all(found):
        return Reading(text, "nd", (), unit_of(found[-1][1]))  # type: ignore[index]
    if any(_DETECTED.fullmatch(part) for part in parts):
        return Reading(text, "detected", (), "")
    return _of_numbers(text, parts)


def _of_numbers(text: str, parts: list[str]) -> Reading:
    """Read one number or one a unit of a plan; of these, one that was not detected is nothing."""
    values, operands, unit = [], [], ""
    for part in parts:
        if silent := _NOT_DETECTED.fullmatch(part):
            values.append(Decimal(0))
            unit = silent[1] or unit
        elif (read := _RESULT.fullmatch(part)) and not _EXPONENT.fullmatch(read[3]):
            values.append(number(read[2]))
            operands.append(read[1])
            unit = read[3] or unit
        else:
            raise Unreadable(text)
    return Reading(text, operands[0] if len(parts) == 1 else "", tuple(values), unit_of(unit))


def factor(from_unit: str, to_unit: str) -> Decimal:
    """Return what a value is multiplied by to be said in another unit; an unnamed unit is the other one.

    :raises OtherUnit: if the two cannot be compared
    """
    if from_unit == to_unit or not from_unit or not to_unit:
        return Decimal(1)
    for table in (_MASS, _VOLUME):
        if from_unit in table and to_unit in table:
            return table[from_unit] / table[to_unit]
    raise OtherUnit(f"{from_unit} and {to_unit}")


def seen_from(reading: Reading, detection_limit: Decimal | None, limit: Limit) -> Reading:
    """Return what “not detected” means against a number, where it is known from where on the method sees: less than that.

    ``detection_limit`` is in the limit's unit.
    """
    if reading.operand != "nd" or detection_limit is None or limit.is_absence or limit.plan:
        return reading
    return Reading(f"{reading.text} (<{detection_limit.normalize():f}{limit.unit})", "<", (detection_limit,), limit.unit)


def judge(limit: Limit, reading: Reading, *, uncertainty: Decimal | None = None) -> Judgement:
    """Say whether a result keeps a limit. ``uncertainty`` is the expanded one, in the result's unit.

    :raises OtherUnit: if result and limit cannot be compared
    :raises OtherCount: if a sampling plan asks for another number of values
    """
    scale = factor(reading.unit, limit.unit)
    values = tuple(value * scale for value in reading.values)
    if limit.is_absence:
        return _of_absence(limit, reading)
    if limit.plan:
        return _of_plan(limit, limit.plan, reading, values)
    if reading.operand == "nd":
        return _said(PASS if limit.low is None else FAIL, ABSENT if limit.low is None else PRESENT, limit, reading)
    if reading.operand == "detected" or len(values) != 1:
        raise OtherCount(f"one value is compared with {limit.text}")
    return _of_value(limit, reading, values[0], None if uncertainty is None else uncertainty * scale)


def _of_absence(limit: Limit, reading: Reading) -> Judgement:
    """Below the limit of detection is not detected; whatever has a value was found."""
    if reading.operand in ("nd", "<") or (reading.values and not any(reading.values)):
        return _said(PASS, ABSENT, limit, reading)
    return _said(FAIL, PRESENT, limit, reading)


def _of_value(limit: Limit, reading: Reading, value: Decimal, uncertainty: Decimal | None) -> Judgement:
    low, high = limit.low, limit.high
    if reading.operand == "<" and low is None and high is not None:
        return _said(PASS, WITHIN, limit, reading) if value <= high else _said(WARNING, BLIND, limit, reading)
    if reading.operand == ">" and high is None and low is not None:
        return _said(PASS, WITHIN, limit, reading) if value >= low else _said(WARNING, BLIND, limit, reading)
    if reading.operand:  # “less than” against a floor, “more than” against a ceiling: the value itself is the best case
        return _said(FAIL, BEYOND, limit, reading)
    if (high is not None and value > high) or (low is not None and value < low):
        return _said(FAIL, BEYOND, limit, reading)
    if uncertainty is not None:
        reaches = (high is not None and value + uncertainty > high) or (low is not None and value - uncertainty < low)
        return (
            _said(WARNING, UNCERTAIN, limit, reading, uncertainty=f"±{uncertainty.normalize():f}")
            if reaches
            else _said(PASS, WITHIN, limit, reading)
        )
    is_close = low is None and high is not None and high > 0 and value > high * NEAR
    return _said(WARNING, CLOSE, limit, reading) if is_close else _said(PASS, WITHIN, limit, reading)


def _of_plan(limit: Limit, plan: tuple[int, int, Decimal, Decimal], reading: Reading, values: tuple[Decimal, ...]) -> Judgement:
    n, c, m, most = plan
    if reading.operand == "detected" and most == 0:
        return _said(FAIL, PRESENT, limit, reading)
    if reading.operand == "nd":
        values = (Decimal(0),) * n
    if len(values) != n or reading.operand in ("<", ">", "detected"):
        raise OtherCount(f"{n} values are asked for, {len(values)} are given")
    above = sum(value > most for value in values)
    between = sum(m < value <= most for value in values)
    counts = {"n": str(n), "c": str(c), "between": str(between), "above": str(above)}
    if above or between > c:
        return _said(FAIL, PLAN_BROKEN, limit, reading, **counts)
    is_full = 0 < between == c
    return _said(WARNING if is_full else PASS, PLAN_FULL if is_full else PLAN_KEPT, limit, reading, **counts)


def _said(verdict: str, message: str, limit: Limit, reading: Reading, **more: str) -> Judgement:
    return Judgement(verdict, message, tuple(({"found": reading.text, "limit": limit.text} | more).items()))
