"""Product files in the back office; what stands in their cells is not shown."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.imports.models import ProductImport


class ProductImportTable(back_office.Shown):
    noun, nouns = _("product file"), _("product files")
    columns = ("file_name", "merchant", "state", "total", "created", "changed", "unchanged", "flawed", "created_by", "created_at")
    rows = ("form", "sha256")
    list_filter = ("state",)


back_office.tables([(ProductImport, ProductImportTable)])
