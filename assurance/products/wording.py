"""What the findings of ``completeness`` mean, for the person who must settle them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

FINDINGS: Final[Mapping[str, _StrPromise]] = {
    "missing": _("Fill in this field before submitting."),
    "missing_shelf_life": _("Goods of this category perish. State the shelf life in days."),
    "gtin_check_digit": _("The check digit of this GTIN is wrong. Copy the digits under the barcode again."),
    "gtin_or_reason": _("Give the GTIN, or say why there is none."),
    "number_expected": _("Write a number greater than zero, like 800 or 0.5."),
    "invalid_choice": _("Choose one of the values offered."),
    "too_long": _("At most 300 characters are accepted."),
    "unknown_field": _("The category does not ask for this."),
    "missing_certificate": _("Enter a valid certificate of this kind."),
}

FIELDS: Final[Mapping[str, _StrPromise]] = {
    "name": _("Product name"),
    "name_en": _("English name"),
    "sku": _("SKU"),
    "category": _("Category"),
    "specification": _("Specification"),
    "gtin": _("GTIN"),
    "no_gtin_reason": _("Why there is no GTIN"),
    "shelf_life_days": _("Shelf life in days"),
    "net_weight_g": _("Net weight in grams"),
    "gross_weight_g": _("Packed weight in grams"),
    "length_mm": _("Packed length in mm"),
    "width_mm": _("Packed width in mm"),
    "height_mm": _("Packed height in mm"),
    "price": _("Price"),
    "cost": _("Unit cost"),
    "commission_rate": _("Commission rate"),
    "picture": _("Picture"),
}
"""What the fields of a product are called, in the order of the form; attributes are named by their category."""
