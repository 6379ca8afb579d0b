"""What a version of a category says, as plain values: read from our files, judged, compared, and given a fingerprint."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from assurance.products import freshness
from assurance.products.attributes import AttributeKind

AQLS: Final = ("0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5", "4.0", "6.5", "10")
"""The preferred series of GB/T 2828.1 as far as it counts nonconforming units."""
LEVELS: Final = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
CERTIFICATES: Final = (
    "ccc",
    "sc",
    "cosmetics_filing",
    "health_food",
    "infant_formula",
    "brand_authorisation",
    "test_report",
    "organic",
    "green_food",
    "catch_certificate",
    "customs",
    "other",
)
"""The kinds of certificates that a category can ask for."""
LISTS: Final = ("required_attributes", "certificates", "labels", "lab_tests")
"""What is a list; inside one, ``KEYS`` names what tells two entries apart."""
KEYS: Final[Mapping[str, str]] = {"required_attributes": "key", "certificates": "kind", "labels": "code", "lab_tests": "code"}
FIELDS: Final = (
    "is_perishable",
    *LISTS,
    "shelf_life",
    "risk_prior",
    "risk_reason_zh",
    "risk_reason_en",
    "inspection_level",
    "aql_major",
    "aql_minor",
    "lab_result_days",
    "badge_days",
    "badge_warning_days",
)
MOST_ENTRIES: Final = 40
MOST_DAYS: Final = 3650
LENGTHS: Final = {
    "required_attributes": {"key": 40, "label_zh": 40, "label_en": 80, "unit": 12, "hint_zh": 80, "hint_en": 120},
    "certificates": {"kind": 32, "class": 4, "from_date": 10, "label_zh": 40, "label_en": 80, "when_zh": 60, "when_en": 120},
    "labels": {"code": 40, "standard": 40, "label_zh": 40, "label_en": 80, "made_from": 10, "made_until": 10},
    "lab_tests": {"code": 40, "label_zh": 40, "label_en": 80, "standard": 40},
}
NEEDED: Final = {
    "required_attributes": ("key", "kind", "label_zh", "label_en"),
    "certificates": ("kind", "label_zh", "label_en", "required"),
    "labels": ("code", "standard", "label_zh", "label_en", "items"),
    "lab_tests": ("code", "label_zh", "label_en", "standard"),
}
ALSO: Final = {"required_attributes": {"choices"}, "certificates": set(), "labels": set(), "lab_tests": set()}

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One category of a file: its place in the tree, and what it says; groups say nothing."""

    code: str
    parent: str
    position: int
    name_zh: str
    name_en: str
    content: dict[str, Any] | None


@dataclass(frozen=True)
class Flaw:
    """What is wrong: at which field, which kind, and what was given."""

    field: str
    code: str
    given: str = ""


@dataclass(frozen=True)
class Difference:
    """One thing that two versions say differently; ``key`` tells which entry of a list."""

    field: str
    key: str
    before: Any
    after: Any


def entries(data: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield every category of a file, groups before what is in them, with everything that the file says once in its place.

    :raises KeyError: if a category names what the file does not hold
    """
    yield from _below(data["categories"], "", data["shared"])


def _below(level: Iterable[Mapping[str, Any]], parent: str, shared: Mapping[str, Any]) -> Iterator[Entry]:
    for position, one in enumerate(level):
        children = one.get("children")
        yield Entry(one["code"], parent, position, one["name_zh"], one["name_en"], None if children else _said(one, shared))
        yield from _below(children or (), one["code"], shared)


def _said(one: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {name: one[name] for name in FIELDS if name in one}
    said |= {name: [shared["attributes" if name == "required_attributes" else name][key] for key in one[name]] for name in LISTS}
    said["shelf_life"] = shared["shelf_life"][one["shelf_life"]] if one["shelf_life"] else {}
    risk = one["risk"]
    return said | {"risk_prior": risk["prior"], "risk_reason_zh": risk["zh"], "risk_reason_en": risk["en"]}


def flaws(content: Content) -> list[Flaw]:
    """Return everything that keeps a version from being kept."""
    found = [Flaw(name, "required") for name in FIELDS if name not in content]
    if found:
        return found
    found += [Flaw(name, "aql_not_preferred", str(content[name])) for name in ("aql_major", "aql_minor") if content[name] not in AQLS]
    if not found and AQLS.index(content["aql_minor"]) < AQLS.index(content["aql_major"]):
        found.append(Flaw("aql_minor", "aql_stricter_than_major", content["aql_minor"]))
    if content["inspection_level"] not in LEVELS:
        found.append(Flaw("inspection_level", "invalid_choice", str(content["inspection_level"])))
    found += [Flaw("badge_days", "out_of_range")] if not 1 <= content["badge_days"] <= MOST_DAYS else []
    found += [Flaw("badge_warning_days", "out_of_range")] if not 0 <= content["badge_warning_days"] <= MOST_DAYS else []
    found += [Flaw("lab_result_days", "out_of_range")] if not 0 <= content["lab_result_days"] <= MOST_DAYS else []
    if not _is_prior(content["risk_prior"]):
        found.append(Flaw("risk_prior", "prior_expected", str(content["risk_prior"])))
    found += [Flaw(name, "required") for name in ("risk_reason_zh", "risk_reason_en") if not content[name].strip()]
    if code := freshness.flaw(content["shelf_life"]):
        found.append(Flaw("shelf_life", code))
    for name in LISTS:
        found += _of_list(name, content[name])
    return found


def _of_list(name: str, rows: Any) -> list[Flaw]:
    if not isinstance(rows, list):
        return [Flaw(name, "list_expected")]
    if len(rows) > MOST_ENTRIES:
        return [Flaw(name, "too_many_items")]
    found = [flaw for place, row in enumerate(rows) for flaw in _of_row(name, f"{name}.{place}", row)]
    if found:
        return found
    keys = [row[KEYS[name]] for row in rows]
    return [Flaw(name, "named_twice", key) for key in sorted({key for key in keys if keys.count(key) > 1})]


def _of_row(name: str, at: str, row: Any) -> list[Flaw]:
    if not isinstance(row, dict):
        return [Flaw(at, "object_expected")]
    lengths = LENGTHS[name]
    known = set(lengths) | set(NEEDED[name]) | ALSO[name]
    found = [Flaw(f"{at}.{key}", "unknown_field") for key in row if key not in known]
    found += [Flaw(f"{at}.{key}", "required") for key in NEEDED[name] if key not in row]
    for key, value in row.items():
        if key in lengths and (not isinstance(value, str) or len(value) > lengths[key] or (key in NEEDED[name] and not value.strip())):
            found.append(Flaw(f"{at}.{key}", "text_expected", str(value)[:40]))
    return found or JUDGES[name](at, row)


def _of_attribute(at: str, row: Mapping[str, Any]) -> list[Flaw]:
    if row["kind"] not in list(AttributeKind):
        return [Flaw(f"{at}.kind", "attribute_kind_unknown", str(row["kind"])[:40])]
    if not _is_key(row["key"]):
        return [Flaw(f"{at}.key", "key_expected", row["key"])]
    choices = row.get("choices", [])
    is_choice = row["kind"] == AttributeKind.CHOICE
    whole = isinstance(choices, list) and all(
        isinstance(one, dict) and set(one) == {"value", "zh", "en"} and all(isinstance(part, str) and part.strip() for part in one.values())
        for one in choices
    )
    if not whole or bool(choices) is not is_choice or len({one["value"] for one in choices}) != len(choices):
        return [Flaw(f"{at}.choices", "choices_expected")]
    return []


def _of_certificate(at: str, row: Mapping[str, Any]) -> list[Flaw]:
    if row["kind"] not in CERTIFICATES:
        return [Flaw(f"{at}.kind", "certificate_kind_unknown", row["kind"])]
    if row.get("from_date") and not _is_day(row["from_date"]):
        return [Flaw(f"{at}.from_date", "date_expected", row["from_date"])]
    return [] if isinstance(row["required"], bool) else [Flaw(f"{at}.required", "boolean_expected")]


def _of_label(at: str, row: Mapping[str, Any]) -> list[Flaw]:
    days = [name for name in ("made_from", "made_until") if name in row]
    found = [Flaw(f"{at}.{name}", "date_expected", row[name]) for name in days if not _is_day(row[name])]
    items = row["items"]
    whole = isinstance(items, list) and 0 < len(items) <= MOST_ENTRIES
    whole = whole and all(isinstance(one, dict) and set(one) == {"code", "zh", "en"} and all(map(_is_text, one.values())) for one in items)
    return found if whole else [*found, Flaw(f"{at}.items", "items_expected")]


def _of_test(_at: str, _row: Mapping[str, Any]) -> list[Flaw]:
    return []


JUDGES: Final[Mapping[str, Callable[[str, Mapping[str, Any]], list[Flaw]]]] = {
    "required_attributes": _of_attribute,
    "certificates": _of_certificate,
    "labels": _of_label,
    "lab_tests": _of_test,
}


def differences(before: Content, after: Content) -> list[Difference]:
    """Return what the second says differently, in the order of the fields; lists entry by entry."""
    found = []
    for name in FIELDS:
        old, new = before[name], after[name]
        if old == new:
            continue
        if name not in LISTS:
            found.append(Difference(name, "", old, new))
            continue
        was, becomes = ({row[KEYS[name]]: row for row in rows} for rows in (old, new))
        keys = dict.fromkeys([*was, *becomes])
        found += [Difference(name, key, was.get(key), becomes.get(key)) for key in keys if was.get(key) != becomes.get(key)]
    return found


def labels_for(labels: Iterable[Mapping[str, Any]], made: date) -> list[Mapping[str, Any]]:
    """Return the label checklists that count for goods made on a day; ``made_until`` is the first day on which one does not count."""
    day = made.isoformat()
    return [one for one in labels if one.get("made_from", "") <= day and (not one.get("made_until") or day < one["made_until"])]


def digest(said: object) -> str:
    """Return the SHA-256 of plain values, the same whatever the order of their keys."""
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _is_prior(value: Any) -> bool:
    """Say whether this is a number from 0 to 1 with two decimals at most, as text."""
    if not isinstance(value, str) or not value.isascii():
        return False
    whole, _dot, rest = value.partition(".")
    return whole in ("0", "1") and rest.isdigit() and len(rest) <= 2 and (whole == "0" or not rest.strip("0"))


def _is_key(value: str) -> bool:
    return value.isascii() and value.replace("_", "a").isalnum() and value == value.lower() and value[0].isalpha()


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
