"""What the rows of a product file are judged by, and how a file is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext, override

from assurance.imports import cells, wording
from assurance.imports.header import Columns, Known, normal
from assurance.imports.lifecycle import ImportState
from assurance.imports.models import ImportFlaw, ImportPart
from assurance.imports.rows import AMBIGUOUS, Around, Asks, Standing
from assurance.products import attributes
from assurance.products.models import Category, Product
from assurance.products.wording import FIELDS
from assurance.roles import can
from assurance.sheets.table import TEXT, Cell, Row
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.core.paginator import Page
    from django.http import HttpRequest

    from assurance.accounts.models import User
    from assurance.imports.models import ImportFlawQuerySet, ProductImport

LANGUAGES: Final = ("zh-hans", "en")


@dataclass(frozen=True)
class Note:
    """One bad cell in words."""

    row: int
    column: str
    value: str
    code: str
    message: str


def known_columns(user: User) -> Known:
    """Return what columns may be called: the fields in both languages and by their codes, and what categories ask for."""
    fields: dict[str, str] = {}
    for language in LANGUAGES:
        with override(language):
            fields |= {normal(str(label)): name for name, label in FIELDS.items() if name in cells.READERS or name == "category"}
    fields |= {name: name for name in (*cells.READERS, "category")}
    labels = {
        normal(name)
        for category in Category.objects.only("required_attributes")
        for one in attributes.read(category.required_attributes)
        for name in (one.key, one.label_zh, one.label_en)
    }
    forbidden = {name for name, permission in Product.restricted_fields.items() if not can(user, permission)}
    return Known(fields, labels, forbidden)


def around(found: ProductImport, products: Iterable[Product]) -> Around:
    """Return what rows are judged by, with the products that stand."""
    categories = list(Category.objects.order_by("pk"))
    groups = {one.parent_id for one in categories}
    asks = {}
    for category in categories:
        asked = attributes.read(category.required_attributes)
        labels = {normal(name): one.key for one in asked for name in (one.label_zh, one.label_en)}
        asks[category.pk] = Asks(category.pk, category.pk in groups, asked, labels | {normal(one.key): one.key for one in asked})
    standing = {
        one.sku: Standing(one.pk, one.category_id, {name: getattr(one, name) for name in cells.READERS}, one.attributes, one.is_locked)
        for one in products
    }
    return Around(
        columns=Columns(tuple(found.fields), tuple(found.columns)),
        categories=_by_name(one for one in categories if one.pk in groups) | _by_name(one for one in categories if one.pk not in groups),
        asks=asks,
        products=standing,
        twins={int(row): first for row, first in found.twins.items()},
    )


def _by_name(some: Iterable[Category]) -> dict[str, int]:
    """Return categories by code and by their names in both languages; a name that several have says so."""
    names: dict[str, int] = {}
    categories = list(some)
    for category in categories:
        for name in {normal(category.name_zh), normal(category.name_en)}:
            names[name] = AMBIGUOUS if name in names else category.pk
    return names | {normal(category.code): category.pk for category in categories}


def rows_of(part: ImportPart) -> list[Row]:
    return [Row(number, [_cell(cell) for cell in listed]) for number, listed in part.rows]


def stored(rows: Sequence[Row]) -> list[list[Any]]:
    """Return rows as a part keeps them."""
    return [[row.number, [text if kind == TEXT else [kind, text] for kind, text in row.cells]] for row in rows]


def _cell(cell: str | list[str]) -> Cell:
    return (TEXT, cell) if isinstance(cell, str) else (cell[0], cell[1])


def flaws(found: ProductImport) -> ImportFlawQuerySet:
    """Return what the latest run found, in the order of the sheet."""
    return ImportFlaw.objects.filter(run=found.run).order_by("row", "place", "id")


def notes(listed: Iterable[ImportFlaw]) -> list[Note]:
    """Return flaws in the language that is active now."""
    return [Note(one.row, one.column, one.value, one.code, wording.of_cell(one.code, one.params)) for one in listed]


def page_of_notes(request: HttpRequest, found: ProductImport) -> tuple[Page[ImportFlaw], list[Note]]:
    page = page_of(request, flaws(found), size=50)
    return page, notes(page.object_list)


def remarks(found: ProductImport) -> list[str]:
    return [wording.of_remark(code, name) for code, name in found.remarks]


def handed_back(found: ProductImport) -> Iterator[tuple[Row, str]]:
    """Yield every row the latest run refused, with what is wrong in the language that is active now."""
    wrong: dict[int, list[str]] = {}
    for note in notes(flaws(found)):
        wrong.setdefault(note.row, []).append(f"{note.column}: {note.message}")
    for part in ImportPart.objects.filter(product_import=found).order_by("begins_at"):
        for row in rows_of(part):
            if row.number in wrong:
                yield row, " ".join(wrong[row.number])


@dataclass(frozen=True)
class Step:
    """One of the three steps of a file (templates/ui/steps.html)."""

    label: str
    mark: str


def steps(found: ProductImport) -> list[Step]:
    """Return how far a file is: sent in, checked, imported."""
    now = {ImportState.UPLOADED: 1, ImportState.CHECKED: 2, ImportState.IMPORTING: 2, ImportState.IMPORTED: 3}.get(ImportState(found.state))
    if now is None:
        return [Step(gettext("Sent in"), "done"), Step(gettext("Checked"), "back"), Step(gettext("Imported"), "todo")]
    marks = ["done" if place < now else "now" if place == now else "todo" for place in range(3)]
    return [Step(label, mark) for label, mark in zip((gettext("Sent in"), gettext("Checked"), gettext("Imported")), marks, strict=True)]
