"""A merchant's products as a file: which columns, in which order, for whom. ``imports`` reads it back without a change."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext, override

from assurance.products import attributes, queries
from assurance.products.attributes import AttributeKind
from assurance.products.completeness import ATTRIBUTE
from assurance.products.models import Category, Product
from assurance.products.wording import FIELDS
from assurance.roles import can
from assurance.runs.kinds import Batch
from assurance.sheets.delimited import BYTE_ORDER_MARK, lines
from assurance.sheets.escaping import restored
from assurance.sheets.workbook_writing import Sheet, workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from assurance.accounts.models import User
    from assurance.products.attributes import Attribute
    from assurance.runs.models import Run

ROWS_PER_BATCH: Final = 500
FORMS: Final = ("csv", "xlsx")
COLUMNS: Final = (
    "sku",
    "name",
    "name_en",
    "category",
    "gtin",
    "no_gtin_reason",
    "specification",
    "shelf_life_days",
    "net_weight_g",
    "gross_weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "price",
    "cost",
    "commission_rate",
)
WIDE: Final = {"name": 32, "name_en": 32, "specification": 24, "category": 20}


def columns_for(user: User) -> list[str]:
    """Return the columns that this person may see."""
    hidden = {name for name, permission in Product.restricted_fields.items() if not can(user, permission)}
    return [name for name in COLUMNS if name not in hidden]


def asked_by(categories: Iterable[Category]) -> dict[str, list[Attribute]]:
    """Return what these categories ask for, by key, each as every category words it."""
    found: dict[str, list[Attribute]] = {}
    for category in categories:
        for one in attributes.read(category.required_attributes):
            found.setdefault(one.key, []).append(one)
    return found


def headings(columns: Sequence[str], asked: Mapping[str, Sequence[Attribute]], language: str) -> list[str]:
    """Return what the columns are called for people; an attribute whose label is not clear by itself keeps its code."""
    with override(language):
        fields = {name: str(FIELDS[name]) for name in columns}
    labels = {key: {one.label(language) for one in ones} for key, ones in asked.items()}
    often = Counter(label for some in labels.values() for label in some)
    plain = {key: next(iter(some)) for key, some in labels.items() if len(some) == 1}
    clear = {key: label for key, label in plain.items() if often[label] == 1 and label not in fields.values()}
    return [*fields.values(), *(clear.get(key, ATTRIBUTE + key) for key in asked)]


@dataclass
class Writing:
    """How one run writes: for programs by codes, for people by names in their language."""

    columns: list[str]
    asked: dict[str, list[Attribute]]
    language: str
    category_names: dict[int, str]

    @classmethod
    def of(cls, run: Run) -> Writing:
        """Return how this run writes; the same for every batch as long as categories stay."""
        language = run.started_by.language if run.given.get("names") == "labels" else ""
        used = Product.objects.visible_to(run.started_by).order_by().values("category_id").distinct()
        categories = list(Category.objects.filter(pk__in=used).order_by("parent__position", "position", "pk"))
        with override(language or None):
            often = Counter(Category.objects.for_products().values_list("name_en" if language.startswith("en") else "name_zh", flat=True))
            names = {one.pk: one.name if language and often[one.name] == 1 else one.code for one in categories}
        return cls(columns_for(run.started_by), asked_by(categories), language, names)

    def head(self) -> list[str]:
        if self.language:
            return headings(self.columns, self.asked, self.language)
        return [*self.columns, *(ATTRIBUTE + key for key in self.asked)]

    def row(self, product: Product) -> list[str]:
        return [*(self._field(product, name) for name in self.columns), *(self._attribute(product, key) for key in self.asked)]

    def _field(self, product: Product, name: str) -> str:
        if name == "category":
            return self.category_names.get(product.category_id, product.category.code)
        value = getattr(product, name)
        if name == "commission_rate":
            return share(value)
        return "" if value is None else str(value)

    def _attribute(self, product: Product, key: str) -> str:
        value = str(product.attributes.get(key, ""))
        if not (value and self.language):
            return value
        asked = {one.key: one for one in attributes.read(product.category.required_attributes)}
        one = asked.get(key)
        return one.written(value, self.language) if one and one.kind == AttributeKind.CHOICE else value


def share(value: Decimal | None) -> str:
    """Return a share as its shortest decimal: 0.205."""
    return "" if value is None else f"{value.normalize():f}"


def batch(run: Run) -> Batch:
    """Write the batch that begins at ``run.done``, in the order in which the products were entered."""
    writing = Writing.of(run)
    found = queries.find(run.started_by).order_by("id")[run.done : run.done + ROWS_PER_BATCH]
    rows = [writing.row(product) for product in found]
    head = [] if run.done else [writing.head()]
    return Batch(done=len(rows), text=lines([*head, *rows]), is_last=len(rows) < ROWS_PER_BATCH)


def file_of(run: Run, text: str) -> tuple[str, bytes]:
    """Return the file in the form that was asked for."""
    if run.given.get("form") != "xlsx":
        return "products.csv", (BYTE_ORDER_MARK + text).encode()
    rows = [[restored(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
    with override(run.started_by.language):
        name = gettext("Products")
    widths = [WIDE.get(column, 16) for column in Writing.of(run).columns]
    return "products.xlsx", workbook([Sheet(name, rows, widths + [20] * (len(rows[0]) - len(widths)))])
