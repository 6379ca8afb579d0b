"""A merchant's products as a file: which columns, in which order, for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assurance.products import queries
from assurance.products.models import Product
from assurance.roles import can
from assurance.runs.kinds import Batch
from assurance.sheets.delimited import lines

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.runs.models import Run

ROWS_PER_BATCH: Final = 500
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


def columns_for(user: User) -> list[str]:
    """Return the columns that this person may see."""
    hidden = {name for name, permission in Product.restricted_fields.items() if not can(user, permission)}
    return [name for name in COLUMNS if name not in hidden]


def batch(run: Run) -> Batch:
    """Write the batch that begins at ``run.done``, in the order in which the products were entered."""
    columns = columns_for(run.started_by)
    found = queries.find(run.started_by).order_by("id")[run.done : run.done + ROWS_PER_BATCH]
    rows = [[product.category.code if name == "category" else getattr(product, name) for name in columns] for product in found]
    head = [] if run.done else [columns]
    return Batch(done=len(rows), text=lines([*head, *rows]), is_last=len(rows) < ROWS_PER_BATCH)
