"""Examples for versions of categories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assurance.categories.queries import fingerprint
from assurance.products.models import CategoryVersion
from assurance.roles import Role
from tests import goods, versions
from tests.hostile.examples.example import Example, somebody

BODY = {
    "effective_from": "2099-01-01",
    "note": "新标准",
    "is_perishable": True,
    "required_attributes": [
        {
            "key": "storage",
            "kind": "choice",
            "label_zh": "贮存条件",
            "label_en": "Storage",
            "unit": "g",
            "hint_zh": "照标签",
            "hint_en": "As printed",
            "choices": [{"value": "cool", "zh": "阴凉", "en": "Cool"}],
        }
    ],
    "certificates": [
        {
            "kind": "ccc",
            "label_zh": "3C 证书",
            "label_en": "CCC",
            "required": True,
            "class": "07",
            "when_zh": "目录内",
            "when_en": "On the list",
        }
    ],
    "labels": [
        {
            "code": "gb",
            "standard": "GB 7718",
            "label_zh": "食品标签",
            "label_en": "Food label",
            "made_from": "2016-01-01",
            "made_until": "2027-03-16",
            "items": [{"code": "name", "zh": "名称", "en": "Name"}],
        }
    ],
    "lab_tests": [{"code": "lead", "label_zh": "铅", "label_en": "Lead", "standard": "GB 2762"}],
    "shelf_life": {
        "code": "food",
        "label_zh": "食品",
        "label_en": "Food",
        "inbound": [{"life_to": 60, "age": "1/4"}, {"age": "1/3"}],
        "gift": "1/2",
        "near": [{"life_from": 30, "days": 10}, {"share": "1/4", "most_days": 5}],
    },
    "risk_prior": "0.25",
    "risk_reason_zh": "添加剂",
    "risk_reason_en": "Additives",
    "inspection_level": "II",
    "aql_major": "2.5",
    "aql_minor": "4.0",
    "lab_result_days": 0,
    "badge_days": 90,
}


def draft() -> Example:
    body = BODY | {"category": goods.category().code}
    return Example(somebody(Role.PLATFORM_ADMIN), body, shared=frozenset({"category"}), status=201)


def of_draft(code: str = "skincare") -> Example:
    version = versions.draft(goods.category(code), days=10_000)
    return Example(somebody(Role.PLATFORM_ADMIN), path={"pk": version.pk})


def change() -> Example:
    return replace(of_draft(), body=BODY | {"revision": 1})


def activate() -> Example:
    found = of_draft("nothing-enrolled")  # other examples' products would stand on the list
    version = CategoryVersion.objects.get(pk=found.path["pk"])
    return replace(found, body={"digest": fingerprint(version, [])})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:category-version-list": draft,
    "GET api:category-version-detail": of_draft,
    "PATCH api:category-version-detail": change,
    "GET api:category-version-impact": of_draft,
    "POST api:category-version-activate": activate,
    "POST api:category-version-discard": of_draft,
}
