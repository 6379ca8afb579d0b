"""What becomes of the rows of a product file: entered, changed, left as they are, or handed back. No database in here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from assurance.imports import cells
from assurance.imports.header import Columns, normal
from assurance.products import attributes
from assurance.products.attributes import Attribute, AttributeKind
from assurance.products.completeness import ATTRIBUTE
from assurance.sheets.table import TEXT, Cell, Row
from assurance.web.invalid import Invalid

MOST_FLAWS: Final = 30
"""Of one row; who has mended these sees the others."""
AMBIGUOUS: Final = -1
EMPTY: Final[Cell] = (TEXT, "")


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FLAWED = "flawed"


@dataclass(frozen=True)
class Asks:
    """What a category asks for, by every name its attributes go under."""

    pk: int
    is_group: bool
    attributes: tuple[Attribute, ...]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Standing:
    """A product as it is."""

    pk: int
    category: int
    values: Mapping[str, Any]
    attributes: Mapping[str, str]
    is_locked: bool


@dataclass(frozen=True)
class Around:
    """What the rows are judged by: columns, categories by name and number, the merchant's products by SKU, rows that repeat a SKU."""

    columns: Columns
    categories: Mapping[str, int]
    asks: Mapping[int, Asks]
    products: Mapping[str, Standing]
    twins: Mapping[int, int]


@dataclass(frozen=True)
class Flaw:
    """One bad cell: the place of its column, what is wrong, and the numbers the sentence needs. Without a place it is the whole row."""

    place: int
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Judged:
    """What becomes of one row."""

    row: Row
    outcome: Outcome = Outcome.FLAWED
    values: dict[str, Any] = field(default_factory=dict)
    product: int | None = None
    flaws: list[Flaw] = field(default_factory=list)


def judged(row: Row, around: Around) -> Judged:
    """Return what becomes of a row, or everything that is wrong with it."""
    found = Judged(row)
    category: int | None = None
    given: dict[str, tuple[int, Cell]] = {}
    for place, name in enumerate(around.columns.fields):
        cell = row.cells[place] if place < len(row.cells) else EMPTY
        if name.startswith(ATTRIBUTE):
            given[name.removeprefix(ATTRIBUTE)] = (place, cell)
            continue
        try:
            if name == "category":
                category = _category(cell, around)
            elif name:
                found.values[name] = cells.READERS[name](cell)
        except Invalid as invalid:
            found.flaws.append(Flaw(place, invalid.code, _plain(invalid.params)))
    standing = around.products.get(found.values.get("sku", ""))
    if category is not None:
        found.values["category"] = category
        found.values["attributes"] = _attributes(found, given, around.asks[category], standing)
    if row.number in around.twins:
        found.flaws.append(Flaw(around.columns.fields.index("sku"), "row_twice", {"row": around.twins[row.number]}))
    _conclude(found, standing, around)
    return found


def _conclude(found: Judged, standing: Standing | None, around: Around) -> None:
    if not found.flaws:
        if standing is None:
            found.outcome = Outcome.NEW
            return
        found.product = standing.pk
        found.outcome = Outcome.SAME if _is_same(found.values, standing) else Outcome.CHANGED
        if found.outcome == Outcome.SAME or not standing.is_locked:
            return
        found.flaws.append(Flaw(around.columns.fields.index("sku"), "product_locked"))
    del found.flaws[MOST_FLAWS:]
    found.outcome, found.values = Outcome.FLAWED, {}


def _category(cell: Cell, around: Around) -> int:
    name = normal(cells.said(cell))
    if not name:
        raise Invalid("required")
    if name not in around.categories:
        raise Invalid("category_unknown")
    number = around.categories[name]
    if number == AMBIGUOUS:
        raise Invalid("category_ambiguous")
    if around.asks[number].is_group:
        raise Invalid("category_is_group")
    return number


def _attributes(found: Judged, given: Mapping[str, tuple[int, Cell]], asks: Asks, standing: Standing | None) -> dict[str, str]:
    """Return the attributes as they will stand: what the file says over what stands already."""
    before = dict(standing.attributes) if standing else {}
    values = attributes.kept(before, asks.attributes) if standing and standing.category != asks.pk else before
    known = {attribute.key: attribute for attribute in asks.attributes}
    for name, (place, cell) in given.items():
        key = asks.names.get(name)
        try:
            value = _attribute(cell, known.get(key) if key else None)
        except Invalid as invalid:
            found.flaws.append(Flaw(place, invalid.code, _plain(invalid.params)))
            continue
        if key:
            values.pop(key, None)
            values |= {key: value} if value else {}
    return values


def _attribute(cell: Cell, asked: Attribute | None) -> str:
    value = str(cells.plain_text(attributes.TEXT_LENGTH, dates=True)(cell))
    if not value:
        return ""
    if asked is None:
        raise Invalid("unknown_attribute")
    if asked.kind == AttributeKind.CHOICE:
        value = _chosen(value, asked)
    if code := asked.flaw(value):
        raise Invalid(code)
    return value


def _chosen(value: str, asked: Attribute) -> str:
    """Return the stored value of a choice that may be written by its name."""
    names = {normal(name): choice.value for choice in asked.choices for name in (choice.zh, choice.en, choice.value)}
    return names.get(normal(value), value)


def _is_same(values: Mapping[str, Any], standing: Standing) -> bool:
    if values["category"] != standing.category or values["attributes"] != standing.attributes:
        return False
    return all(standing.values[name] == value for name, value in values.items() if name not in ("category", "attributes"))


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | str) else str(value) for name, value in params.items()}


def twins(rows: Sequence[Row], place: int) -> dict[int, int]:
    """Return the rows whose SKU an earlier row has, with that row's number."""
    first: dict[str, int] = {}
    found = {}
    for number, sku in _skus(rows, place):
        if first.setdefault(sku, number) != number:
            found[number] = first[sku]
    return found


def _skus(rows: Sequence[Row], place: int) -> Iterator[tuple[int, str]]:
    for row in rows:
        try:
            yield row.number, cells.sku(row.cells[place] if place < len(row.cells) else EMPTY)
        except Invalid:
            continue
