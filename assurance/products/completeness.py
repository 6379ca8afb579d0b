"""What a product still lacks before its enrolment may be submitted (P2.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stdnum import ean

from assurance.products.attributes import Attribute

GTIN_LENGTHS: Final = (8, 12, 13, 14)
ATTRIBUTE: Final = "attributes."
"""Before an attribute's key it makes the name of a field: ``attributes.fibre``."""
CERTIFICATE: Final = "certificates."
"""Before a certificate's kind: ``certificates.ccc``."""


@dataclass(frozen=True)
class Finding:
    """One thing that is missing or wrong: at which field, and which kind."""

    field: str
    code: str


@dataclass(frozen=True)
class Given:
    """What the rule needs to know of a product."""

    name: str
    specification: str
    gtin: str
    no_gtin_reason: str
    shelf_life_days: int | None
    attributes: Mapping[str, str]
    certificates: frozenset[str] = frozenset()
    """The kinds of which it holds a valid one."""


@dataclass(frozen=True)
class Demands:
    """What the rule needs to know of a category."""

    is_perishable: bool
    attributes: Sequence[Attribute]
    certificates: Sequence[str] = ()
    """The kinds without which it fails."""


def findings(given: Given, demands: Demands) -> list[Finding]:
    """Return everything that keeps the product from being submitted, in the order of the form."""
    found = [Finding(field, "missing") for field in ("name", "specification") if not getattr(given, field).strip()]
    found += _of_gtin(given)
    if demands.is_perishable and not given.shelf_life_days:
        found.append(Finding("shelf_life_days", "missing_shelf_life"))
    for attribute in demands.attributes:
        value = given.attributes.get(attribute.key, "").strip()
        code = attribute.flaw(value) if value else "missing"
        if code:
            found.append(Finding(ATTRIBUTE + attribute.key, code))
    return found + [Finding(CERTIFICATE + kind, "missing_certificate") for kind in demands.certificates if kind not in given.certificates]


def is_gtin(digits: str) -> bool:
    """Say whether this is a GTIN-8, -12, -13 or -14 whose check digit is right (GS1 General Specifications, 7.9)."""
    return digits.isascii() and digits.isdigit() and len(digits) in GTIN_LENGTHS and bool(ean.is_valid(digits))


def _of_gtin(given: Given) -> list[Finding]:
    if given.gtin:
        return [] if is_gtin(given.gtin) else [Finding("gtin", "gtin_check_digit")]
    return [] if given.no_gtin_reason.strip() else [Finding("gtin", "gtin_or_reason")]
