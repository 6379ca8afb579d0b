"""What follows without anybody asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assurance.products import export
from assurance.runs.kinds import run_kind

if TYPE_CHECKING:
    from assurance.runs.kinds import Batch
    from assurance.runs.models import Run


@run_kind("products_export", title=_("Product export"), finish=export.file_of)
def export_products(run: Run) -> Batch:
    """Write the next products into the file."""
    return export.batch(run)
