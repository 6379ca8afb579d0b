"""Who buys in the demo, and where the parcels go. Persons, streets and numbers are made up; provinces, cities and districts are real."""

from __future__ import annotations

from typing import Final

from demo.replay.chance import between, choice
from warehouse.orders.actions import PaidTo

SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN: Final = (
    "雨欣",
    "浩然",
    "静怡",
    "子涵",
    "建华",
    "晓彤",
    "文博",
    "丽娟",
    "志强",
    "思远",
    "佳琪",
    "海燕",
    "梓萱",
    "明辉",
    "秀英",
    "一鸣",
)
PLACES: Final = (
    ("浙江省", "杭州市", "余杭区", "良睦路"),
    ("上海市", "上海市", "闵行区", "七莘路"),
    ("江苏省", "苏州市", "姑苏区", "干将西路"),
    ("广东省", "深圳市", "龙华区", "民治大道"),
    ("广东省", "佛山市", "顺德区", "南国东路"),
    ("四川省", "成都市", "武侯区", "科华北路"),
    ("湖北省", "武汉市", "洪山区", "珞喻路"),
    ("北京市", "北京市", "朝阳区", "望京街"),
    ("陕西省", "西安市", "雁塔区", "小寨东路"),
    ("山东省", "青岛市", "市北区", "敦化路"),
    ("福建省", "厦门市", "思明区", "湖滨南路"),
    ("湖南省", "长沙市", "岳麓区", "枫林三路"),
    ("辽宁省", "沈阳市", "和平区", "太原南街"),
    ("云南省", "昆明市", "五华区", "人民中路"),
    ("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "新华南路"),
    ("河南省", "郑州市", "金水区", "花园路"),
)


def buyer(number: int) -> PaidTo:
    """Return the buyer of an order, the same every time."""
    province, city, district, street = choice(PLACES, "place", number)
    name = choice(SURNAMES, "surname", number) + choice(GIVEN, "given", number)
    phone = f"1{choice(('33', '37', '58', '86', '99'), 'prefix', number)}{between(0, 99_999_999, 'phone', number):08}"
    house = f"{street} {between(1, 480, 'house', number)} 号 {between(1, 18, 'block', number)} 幢 {between(101, 2604, 'flat', number)} 室"
    return PaidTo(name, phone, province, city, district, house)
