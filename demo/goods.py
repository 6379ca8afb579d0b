"""What the demo's merchants sell. Products, brands and licence numbers are made up; the numbers are right in their form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from stdnum import ean


@dataclass(frozen=True)
class Goods:
    """One product of the demo; ``item`` is the middle of its GTIN."""

    seller: str
    sku: str
    name: str
    name_en: str
    category: str
    specification: str
    item: str
    price: str
    cost: str
    commission: str
    grams: int
    life: int | None
    attributes: dict[str, str] = field(default_factory=dict)
    outcome: str = "approved"

    @property
    def gtin(self) -> str:
        """The number with its check digit; a draft may still lack it."""
        return self.item and self.item + ean.calc_check_digit(self.item)


SKIN: Final = {"maker": "杭州禾见日化有限公司", "standard": "QB/T 1645", "ingredients": "水、甘油、椰油酰甘氨酸钾"}
SNACK: Final = {"sc_licence": "SC11333078100217", "origin": "浙江兰溪", "storage": "ambient", "standard": "GB/T 22165"}
WEAR: Final = {"safety_class": "A", "standard": "FZ/T 81014", "fibre": "棉 100%"}

GOODS: Final = (
    Goods(
        "owner", "HJ-JM-120", "氨基酸洁面乳", "Amino acid cleanser", "skincare", "120 g", "690123456701",
        "59.90", "14.20", "0.20", 146, 1095, SKIN | {"registration": "浙G妆网备字2025018342"},
    ),
    Goods(
        "owner", "HJ-MS-50", "保湿面霜", "Moisturising cream", "skincare", "50 g", "690123456702",
        "89.00", "21.50", "0.22", 118, 1095, SKIN | {"registration": "浙G妆网备字2025018377"},
    ),
    Goods(
        "owner", "HJ-FS-60", "清透防晒乳", "Light sunscreen", "skincare", "60 ml", "690123456703",
        "79.00", "19.80", "0.18", 92, 1095, SKIN | {"registration": "国妆特字20250931"},
    ),
    Goods(
        "owner", "HJ-MB-02", "双头眉笔", "Double-ended brow pencil", "makeup", "0.2 g", "690123456704",
        "39.90", "8.60", "0.25", 24, 1095, SKIN | {"registration": "浙G妆网备字2025", "shade": "浅棕"}, "returned",
    ),
    Goods(
        "operator", "HJ-XF-400", "无硅油洗发水", "Silicone-free shampoo", "skincare", "400 ml", "690123456705",
        "69.00", "16.00", "0.20", 462, 1095, SKIN | {"registration": "浙G妆网备字2025020116"}, "submitted",
    ),
    Goods("operator", "HJ-HS-75", "护手霜", "Hand cream", "skincare", "75 g", "", "29.90", "", "0.20", 96, None, {}, "draft"),
    Goods(
        "owner.shanli", "SL-HT-250", "手剥山核桃", "Hand-peeled hickory nuts", "nuts", "250 g", "690234567801",
        "68.00", "33.00", "0.15", 290, 240, SNACK | {"ingredients": "山核桃、食用盐"},
    ),
    Goods(
        "owner.shanli", "SL-YP-180", "香酥玉米片", "Crisp corn flakes", "snacks", "180 g", "690234567802",
        "19.90", "6.10", "0.18", 205, 180, SNACK | {"ingredients": "玉米、植物油、食用盐"},
    ),
    Goods(
        "owner.shanli", "SL-XH-300", "鲜花饼礼盒", "Fresh flower cakes, boxed", "snacks", "300 g", "690234567804",
        "45.00", "18.00", "0.15", 380, 45, SNACK | {"ingredients": "小麦粉、食用玫瑰、植物油、白砂糖"},
    ),
    Goods(
        "owner.shanli", "SL-CY-500", "冷榨山茶油", "Cold-pressed camellia oil", "grain-oil", "500 ml", "690234567803",
        "128.00", "61.00", "0.12", 905, 540, SNACK | {"ingredients": "油茶籽", "standard": "GB/T 11765"}, "claimed",
    ),
    Goods(
        "owner.xiaoshu", "XS-LT-90", "婴儿连体衣", "Baby bodysuit", "infant-clothing", "90 cm", "690345678901",
        "79.00", "24.00", "0.20", 130, None, WEAR | {"size": "90/48"},
    ),
    Goods(
        "owner.xiaoshu", "XS-WZ-3", "新生儿袜三双", "Newborn socks, three pairs", "infant-clothing", "0–6 个月", "690345678902",
        "25.90", "7.20", "0.22", 45, None, WEAR | {"size": "7–9 cm", "fibre": "棉 82%，锦纶 16%，氨纶 2%"}, "rejected",
    ),
)  # fmt: skip
