"""An empty product file with the right columns, and what belongs into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from assurance.imports.cells import NEEDED
from assurance.products import export
from assurance.products.attributes import AttributeKind
from assurance.products.models import Category
from assurance.sheets.delimited import BYTE_ORDER_MARK, lines
from assurance.sheets.workbook_writing import Sheet, workbook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrPromise

    from assurance.accounts.models import User
    from assurance.products.attributes import Attribute

HINTS: Final[Mapping[str, tuple[_StrPromise, str]]] = {
    "sku": (_("Your own number for it. A row whose SKU you have already changes that product."), "HJ-120"),
    "name": (_("As on the package, in Chinese, at most 80 characters."), "氨基酸洁面乳"),
    "name_en": (_("For readers of English."), "Amino acid cleanser"),
    "category": (_("Name or code of a category."), "skincare"),
    "gtin": (_("The digits under the barcode: 8, 12, 13 or 14."), "6901234567892"),
    "no_gtin_reason": (_("Only where there is no barcode."), ""),
    "specification": (_("For example 120 g × 2"), "120 g"),
    "shelf_life_days": (_("Where goods perish, in days."), "1095"),
    "net_weight_g": (_("In grams, a whole number."), "120"),
    "gross_weight_g": (_("In grams, packed, a whole number."), "165"),
    "length_mm": (_("In millimetres, packed."), "180"),
    "width_mm": (_("In millimetres, packed."), "55"),
    "height_mm": (_("In millimetres, packed."), "40"),
    "price": (_("In yuan, like 59.90."), "59.90"),
    "cost": (_("In yuan; only people who may see costs see it."), "21.40"),
    "commission_rate": (_("As 20 % or 0.2."), "20 %"),
}


def template(user: User, *, category: Category | None, form: str) -> tuple[str, bytes]:
    """Return name and bytes of an empty file for this person, with the columns of one category or of none."""
    language = get_language() or ""
    columns = export.columns_for(user)
    asked = export.asked_by([category] if category else [])
    head = export.headings(columns, asked, language)
    name = f"products-{category.code}" if category else "products"
    if form == "csv":
        return f"{name}.csv", (BYTE_ORDER_MARK + lines([head])).encode()
    choices: dict[int, Sequence[str]] = {
        len(columns) + place: [name for _value, name in ones[0].options(language)]
        for place, ones in enumerate(asked.values())
        if ones[0].kind == AttributeKind.CHOICE
    }
    if category:
        choices[columns.index("category")] = [category.name]
    widths = [export.WIDE.get(column, 16) for column in columns] + [20] * len(asked)
    notes = Sheet(gettext("Notes"), _notes(columns, head, asked, category), [28, 12, 60, 28])
    return f"{name}.xlsx", workbook([Sheet(gettext("Products"), [head], widths, choices), notes])


def _notes(columns: list[str], head: list[str], asked: Mapping[str, list[Attribute]], category: Category | None) -> list[list[str]]:
    """Return a line for every column: its name, whether a draft needs it, what belongs there, an example."""
    rows = [[gettext("Column"), gettext("Needed"), gettext("What belongs there"), gettext("Example")]]
    yes, later = gettext("always"), gettext("to submit")
    for name, label in zip(columns, head, strict=False):
        hint, example = HINTS[name]
        needed = yes if name in NEEDED else later if name in ("gtin", "specification") else ""
        rows.append([label, needed, str(hint), category.code if category and name == "category" else example])
    for label, ones in zip(head[len(columns) :], asked.values(), strict=True):
        rows.append([label, later, *_about(ones[0])])
    return rows


def _about(asked: Attribute) -> tuple[str, str]:
    language = get_language() or ""
    if asked.kind == AttributeKind.CHOICE:
        names = [name for _value, name in asked.options(language)]
        return gettext("One of: %(names)s") % {"names": ", ".join(names)}, names[0]
    if asked.kind == AttributeKind.NUMBER:
        return gettext("A number in %(unit)s. %(hint)s") % {"unit": asked.unit, "hint": asked.hint(language)}, "100"
    return asked.hint(language), ""
