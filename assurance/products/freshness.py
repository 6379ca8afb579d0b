"""How old goods may be when they arrive, and how near their end nobody sells them any more: a category's shelf-life rule applied.

A rule is a JSON object ``{code, label_zh, label_en, inbound, gift, near}``. ``inbound`` is a list of ``{life_to, age}``: goods that
keep at most ``life_to`` days may have used up the fraction ``age`` of their life; the last row has no ``life_to``. ``gift`` is the fraction
for goods that are given away. ``near`` is a list of ``{life_from, days}`` or ``{life_from, share, most_days}``, the longest lives first,
the last row without ``life_from``. Without a rule (an empty object) neither has a limit.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

Rule = Mapping[str, Any]


def most_age_days(life_days: int, rule: Rule, *, is_gift: bool = False) -> int | None:
    """Return how many days after production goods are still taken in; nothing where there is no rule.

    :raises ValueError: for a life of less than one day
    """
    _check(life_days)
    if not rule:
        return None
    row = next(row for row in rule["inbound"] if life_days <= row.get("life_to", life_days))
    share = Fraction(rule["gift"] if is_gift else row["age"])
    return floor(life_days * share)


def near_days(life_days: int, rule: Rule) -> int | None:
    """Return from how many days before the expiry date goods are near their end; nothing where there is no rule.

    :raises ValueError: for a life of less than one day
    """
    _check(life_days)
    if not rule:
        return None
    row = next(row for row in rule["near"] if life_days >= row.get("life_from", 0))
    if "days" in row:
        return int(row["days"])
    return min(ceil(life_days * Fraction(row["share"])), int(row["most_days"]))


def flaw(rule: object) -> str:
    """Return the code of what is wrong with a rule as it came in, or nothing."""
    if rule == {}:
        return ""
    try:
        is_whole = isinstance(rule, Mapping) and all(_is_label(rule[name]) for name in ("code", "label_zh", "label_en"))
        if not is_whole or not isinstance(rule, Mapping):
            return "rule_unreadable"
        shares = [row["age"] for row in rule["inbound"]] + [rule["gift"]] + [row["share"] for row in rule["near"] if "share" in row]
        if not all(_is_share(share) for share in shares):
            return "share_expected"
        if "life_to" in rule["inbound"][-1] or "life_from" in rule["near"][-1]:
            return "rule_without_end"
        tops = [int(row["life_to"]) for row in rule["inbound"][:-1]]
        bottoms = [int(row["life_from"]) for row in rule["near"][:-1]]
        days = [int(row["days"] if "days" in row else row["most_days"]) for row in rule["near"]]
    except (KeyError, TypeError, ValueError, IndexError):
        return "rule_unreadable"
    in_order = tops == sorted(set(tops)) and bottoms == sorted(set(bottoms), reverse=True)
    return "" if in_order and min([*tops, *bottoms, *days]) > 0 else "rule_out_of_order"


def _is_label(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_share(value: object) -> bool:
    """Say whether this is a fraction between nothing and all, written like 1/3."""
    if not isinstance(value, str) or len(value) > 9:
        return False
    over, _slash, under = value.partition("/")
    return over.isascii() and under.isascii() and over.isdigit() and under.isdigit() and 0 < int(over) < int(under)


def _check(life_days: int) -> None:
    if life_days < 1:
        raise ValueError("a shelf life has at least one day")
