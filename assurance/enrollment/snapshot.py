"""What was submitted, as text by field, so that a reviewer sees exactly that and two submissions can be laid side by side.

Costs and commissions are never in it: whoever reviews may not see them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

ATTRIBUTE: Final = "attributes."
CERTIFICATE: Final = "certificates."
"""Before a certificate's number it names the file of that certificate."""
CLAIM: Final = "claims."
"""Before a claim's number it names what is said; a paper under it is named by the claim's name and its own fingerprint."""
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


class Paper(Protocol):
    """A certificate with its file."""

    number: str
    file_id: Any
    sha256: str


class Said(Protocol):
    """A claim that is made of the product, with the files that lie under it: number and fingerprint of each."""

    @property
    def pk(self) -> Any: ...

    @property
    def text(self) -> str: ...

    @property
    def files(self) -> Iterable[tuple[int, str]]: ...


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


def with_papers(snapshot: Snapshot, papers: Iterable[Paper]) -> Snapshot:
    """Return the snapshot with the file of every certificate that lies beside the product."""
    files = {f"{CERTIFICATE}{one.number}": {"id": one.file_id, "sha256": one.sha256} for one in papers}
    return snapshot | {"files": snapshot["files"] | files}


def with_claims(snapshot: Snapshot, claims: Iterable[Said]) -> Snapshot:
    """Return the snapshot with what is said of the product, word for word, and the papers under it."""
    said = {f"{CLAIM}{one.pk}": one for one in claims}
    fields = {name: one.text for name, one in said.items()}
    files = {f"{name}.{sha256[:12]}": {"id": number, "sha256": sha256} for name, one in said.items() for number, sha256 in one.files}
    return snapshot | {"fields": snapshot["fields"] | fields, "files": snapshot["files"] | files}


def claim_of(field: str) -> int | None:
    """Return the number of the claim that a field or a file belongs to, if it is one's."""
    number = field.removeprefix(CLAIM).partition(".")[0]
    return int(number) if field.startswith(CLAIM) and number.isdigit() else None


def digest(snapshot: Mapping[str, Any]) -> str:
    """Return the SHA-256 that stands for a submission in logs and evidence."""
    written = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def names(snapshot: Mapping[str, Any]) -> list[str]:
    """Return everything a reason may point at: the fields that were submitted, and the documents."""
    return [*snapshot.get("fields", {}), *FILES]


def _text(value: object) -> str:
    return "" if value is None else str(value)
