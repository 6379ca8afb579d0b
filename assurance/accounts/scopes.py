"""What an API key may do beyond its user's role: the scope of a route follows from its name.

``api:product-list`` belongs to the area of the noun ``product``; reading methods need ``<area>:read``, all others ``<area>:write``.
A noun stands in exactly one area. What belongs to none – keys, sessions, persons' data – no program can do.
"""

from collections.abc import Mapping
from typing import Final

AREAS: Final[Mapping[str, tuple[str, ...]]] = {
    "account": ("me", "member", "organisation"),
    "products": ("product", "product-import", "category", "category-version"),
    "enrolments": ("enrolment", "agreement", "paper", "entry", "entry-rule", "qualification"),
    "claims": ("claim",),
    "certificates": ("certificate", "certificate-conflict"),
    "inbound": ("shipment", "receipt", "discrepancy", "slot", "warehouse"),
    "stock": ("lot", "stock", "bin", "count", "ending-lot", "life-rule"),
    "orders": ("order", "parcel", "wave"),
    "inspections": (
        "inspection",
        "non-conformance",
        "corrective-action",
        "plan",
        "disposition",
        "checklist",
        "outbound-check",
        "check-share",
        "return-unit",
        "defect",
    ),
    "labs": ("sample", "round", "lab-scope", "lab-tie", "lab-test"),
    "returns": ("return",),
    "parcels": ("waybill", "courier"),
    "catalogue": ("catalog", "selection", "talk-sheet"),
    "cases": ("case", "rule", "diagnosis"),
    "evidence": ("evidence", "fact", "checkpoint", "badge", "verify"),
    "gates": ("stop", "clearance"),
    "fees": ("statement", "fee-line", "dispute", "rate-card", "unrated", "fee-run", "simulation"),
    "files": ("file",),
    "runs": ("run",),
    "notices": ("notice",),
    "events": ("event", "job"),
}
"""Area → the nouns of its routes. A noun may have several words: the longest that fits decides."""

PERSONS_ONLY: Final = frozenset(
    {
        "key",
        "session",
        "member-reveal",
        "order-reveal",
        "parcel-label",
        "member-remove-second-factor",
        "registration",
        "invitation",
        "inquiry",
        "schema",
        "docs",
    }
)
"""What no key reaches: a stolen one must not make another, look behind a mask, or weaken how somebody signs in."""

READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SCOPES: Final = tuple(f"{area}:{deed}" for area in AREAS for deed in ("read", "write"))


def noun_of(route: str) -> str:
    """Return the noun of ``api:<noun>-<verb>``, or nothing when the table does not know it."""
    name = route.removeprefix("api:")
    known = (noun for nouns in (*AREAS.values(), PERSONS_ONLY) for noun in nouns if f"{name}-".startswith(f"{noun}-"))
    return max(known, key=len, default="")


def scope_of(route: str, method: str) -> str:
    """Return the scope a key needs for this route and method, or nothing when no key may use it."""
    noun = noun_of(route)
    area = next((area for area, nouns in AREAS.items() if noun in nouns), "")
    return f"{area}:{'read' if method in READS else 'write'}" if area else ""
