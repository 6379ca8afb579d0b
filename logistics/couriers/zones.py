"""How far apart two provinces are, in five zones as parcel prices know them (docs/couriers.md).

The groups are an example of ours; couriers cut China differently, a price version may only use these five.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Zone(StrEnum):
    LOCAL = "local"
    """The same province."""
    NEAR = "near"
    """Another province of the same region."""
    MIDDLE = "middle"
    FAR = "far"
    REMOTE = "remote"
    """Xinjiang and Tibet, from anywhere else."""


PROVINCES: Final[dict[str, str]] = {
    "11": "北京",
    "12": "天津",
    "13": "河北",
    "14": "山西",
    "15": "内蒙古",
    "21": "辽宁",
    "22": "吉林",
    "23": "黑龙江",
    "31": "上海",
    "32": "江苏",
    "33": "浙江",
    "34": "安徽",
    "35": "福建",
    "36": "江西",
    "37": "山东",
    "41": "河南",
    "42": "湖北",
    "43": "湖南",
    "44": "广东",
    "45": "广西",
    "46": "海南",
    "50": "重庆",
    "51": "四川",
    "52": "贵州",
    "53": "云南",
    "54": "西藏",
    "61": "陕西",
    "62": "甘肃",
    "63": "青海",
    "64": "宁夏",
    "65": "新疆",
}
"""GB/T 2260 code → the name without its suffix."""
REGIONS: Final = (
    frozenset({"11", "12", "13", "14", "37"}),
    frozenset({"21", "22", "23"}),
    frozenset({"31", "32", "33", "34"}),
    frozenset({"41", "42", "43", "36"}),
    frozenset({"44", "45", "35"}),
    frozenset({"50", "51", "52", "53"}),
    frozenset({"61", "62", "63", "64"}),
)
OUTER: Final = frozenset({"15", "21", "22", "23", "46", "62", "63", "64"})
REMOTE: Final = frozenset({"54", "65"})


class UnknownProvince(ValueError):
    """No parcel goes there: not a province of the mainland, or misspelt."""


def province_code(text: str) -> str:
    """Return the two digits of a province: ``浙江省``, ``浙江``, ``33`` and ``330000`` are the same.

    :raises UnknownProvince: for anything else
    """
    given = text.strip()
    if given[:2] in PROVINCES and (len(given) in (2, 4, 6) and given.isascii() and given.isdigit()):
        return given[:2]
    for code, name in PROVINCES.items():
        if given.startswith(name):
            return code
    raise UnknownProvince(text)


def zone_of(origin_province: str, destination_province: str) -> Zone:
    """Return the zone of a parcel.

    :raises UnknownProvince: if one of them is none
    """
    origin, destination = province_code(origin_province), province_code(destination_province)
    if origin == destination:
        return Zone.LOCAL
    if {origin, destination} & REMOTE:
        return Zone.REMOTE
    if any({origin, destination} <= region for region in REGIONS):
        return Zone.NEAR
    if {origin, destination} & OUTER:
        return Zone.FAR
    return Zone.MIDDLE
