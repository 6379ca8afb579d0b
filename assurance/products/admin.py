"""Products and categories in the back office; what a product costs its merchant is not shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.products.models import Category, Product, ProductShare


class CategoryTable(back_office.Shown):
    noun, nouns = _("category"), _("categories")
    columns = ("code", "name_zh", "name_en", "parent", "inspection_level", "aql_major", "aql_minor", "badge_days", "version")
    rows = ("is_perishable",)
    search_fields = ("code", "name_zh", "name_en")


class ProductTable(back_office.Shown):
    noun, nouns = _("product"), _("products")
    columns = ("sku", "name", "merchant", "category", "price", "version", "updated_at")
    rows = (
        "name_en",
        "gtin",
        "no_gtin_reason",
        "specification",
        "shelf_life_days",
        "net_weight_g",
        "gross_weight_g",
        "length_mm",
        "width_mm",
        "height_mm",
        "source",
        "locked_at",
        "created_by",
        "created_at",
    )
    search_fields = ("sku", "name", "gtin")


class ProductShareTable(back_office.Shown):
    noun, nouns = _("shared product"), _("shared products")
    columns = ("product", "merchant", "organisation", "shared_at")


back_office.tables([(Category, CategoryTable), (Product, ProductTable), (ProductShare, ProductShareTable)])
