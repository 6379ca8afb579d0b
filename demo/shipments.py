"""What was sent to the warehouses in the last month, and how far each shipment got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Load:
    """One lot of one product. ``age`` and ``life`` are days before and after today; ``fate`` is how far it got."""

    sku: str
    lot: str
    units: int
    age: int
    life: int | None
    fate: str
    defects: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Shipment:
    """One shipment notice, announced so many days ago."""

    seller: str
    reference: str
    warehouse: str
    days_ago: int
    loads: tuple[Load, ...]


SHIPMENTS: Final = (
    Shipment("owner", "HJ-2609-04", "HZXS", 36, (Load("HJ-MS-50", "HJ260830A", 600, 80, 1015, "released", (("print-flaw", 1),)),)),
    Shipment("owner.shanli", "SL-1017", "HZXS", 30, (Load("SL-XH-300", "SL2610-X1", 360, 36, 9, "released"),)),
    Shipment(
        "owner",
        "HJ-2610-01",
        "HZXS",
        27,
        (
            Load("HJ-JM-120", "HJ260918A", 6000, 65, 1030, "released", (("print-flaw", 1),)),
            Load("HJ-MS-50", "HJ260920B", 1200, 63, 1032, "released"),
        ),
    ),
    Shipment("owner.shanli", "SL-1024", "HZXS", 24, (Load("SL-HT-250", "SL2609-7", 800, 54, 186, "released", (("food-crushed", 2),)),)),
    Shipment(
        "owner", "HJ-2610-02", "HZXS", 18, (Load("HJ-JM-120", "HJ261016C", 3200, 37, 1058, "failed", (("leaking", 9), ("deformed", 3))),)
    ),
    Shipment(
        "owner.shanli",
        "SL-1102",
        "HZXS",
        15,
        (
            Load("SL-YP-180", "SL2610-2", 2400, 24, 156, "released", (("food-crushed", 1),)),
            Load("SL-HT-250", "SL2610-9", 500, 20, 220, "suspended"),
        ),
    ),
    Shipment("owner.xiaoshu", "XS-0087", "HZXS", 12, (Load("XS-LT-90", "XS26-1021", 900, 32, None, "released", (("deformed", 2),)),)),
    Shipment("owner", "HJ-2611-01", "HZXS", 5, (Load("HJ-MS-50", "HJ261105B", 6000, 17, 1078, "half"),)),
    Shipment("owner", "HJ-2611-02", "HZXS", 3, (Load("HJ-FS-60", "HJ261112A", 3000, 10, 1085, "waiting"),)),
    Shipment("owner.shanli", "SL-1119", "HZXS", 2, (Load("SL-YP-180", "SL2611-1", 1600, 6, 174, "partly"),)),
    Shipment("owner.xiaoshu", "XS-0093", "HZXS", 1, (Load("XS-LT-90", "XS26-1115", 600, 7, None, "announced"),)),
    Shipment("owner", "HJ-2611-03", "GZBY", 1, (Load("HJ-JM-120", "HJ261118A", 2000, 4, 1091, "announced"),)),
)
