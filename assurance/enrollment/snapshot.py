"""What was submitted, as text by field, so that a reviewer sees exactly that and two submissions can be laid side by side.

Costs and commissions are never in it: whoever reviews may not see them.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

ATTRIBUTE: Final = "attributes."
FIELDS: Final = (
    "sku",
    "name",
    "name_en",
    "specification",
    "gtin",
    "no_gtin_reason",
    "shelf_life_days",
    "net_weight_g",
    "gross_weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "price",
)
FILES: Final = ("picture",)
FILLED_AT_NEED: Final = frozenset({"no_gtin_reason", "shelf_life_days", "gross_weight_g", "length_mm", "width_mm", "height_mm"})
"""Fields that say nothing when they are empty."""

Snapshot = dict[str, Any]


class Named(Protocol):
    code: str
    version: str


class Submitted(Protocol):
    """What a product must have to be written down."""

    version: int
    attributes: Mapping[str, str]

    @property
    def category(self) -> Any: ...

    @property
    def picture(self) -> Any: ...


def of(product: Submitted) -> Snapshot:
    """Return a product as it is now: every field as text, every file by number and content."""
    fields = {name: _text(getattr(product, name)) for name in FIELDS}
    fields["category"] = product.category.code
    fields |= {ATTRIBUTE + key: value for key, value in sorted(product.attributes.items())}
    picture = product.picture
    files = {"picture": {"id": picture.pk, "sha256": picture.sha256}} if picture else {}
    return {
        "product_version": product.version,
        "category_version": product.category.version,
        "fields": fields,
        "files": files,
    }


def digest(snapshot: Mapping[str, Any]) -> str:
    """Return the SHA-256 that stands for a submission in logs and evidence."""
    written = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def names(snapshot: Mapping[str, Any]) -> list[str]:
    """Return everything a reason may point at: the fields that were submitted, and the documents."""
    return [*snapshot.get("fields", {}), *FILES]


def _text(value: object) -> str:
    return "" if value is None else str(value)
