"""Groups of roles, and how a route is opened to one."""

from collections.abc import Mapping
from typing import Final

from assurance.roles import (
    FLOOR,
    MERCHANT,
    PLATFORM,
    QC,
    ROLES_OF,
    Kind,
    Role,
)

Who = frozenset[str]
Methods = Mapping[str, Who]


def read(who: frozenset[str]) -> Methods:
    """May be looked at."""
    return {"GET": who}


def write(who: frozenset[str]) -> Methods:
    """May only be posted to."""
    return {"POST": who}


def form(who: frozenset[str]) -> Methods:
    """A page with a form on it: shown and posted by the same people."""
    return {"GET": who, "POST": who}


def listed(see: frozenset[str], add: frozenset[str] = frozenset()) -> Methods:
    """An API collection: who may list it and who may add to it."""
    return {"GET": see, "POST": add} if add else {"GET": see}


ADMIN: Final = frozenset({Role.PLATFORM_ADMIN})
OVERSIGHT: Final = frozenset({Role.PLATFORM_ADMIN, Role.AUDITOR})
MANAGERS: Final = frozenset({Role.MERCHANT_OWNER, Role.PLATFORM_ADMIN})
"""Who manages people: a merchant's owner those of his company, the platform everybody's."""
REVIEWERS: Final = frozenset({Role.ENROLMENT_REVIEWER})
PRODUCT_READERS: Final = MERCHANT | FLOOR | PLATFORM
RECEIVERS: Final = frozenset({Role.WAREHOUSE_OPERATOR})
SETTLERS: Final = frozenset({Role.WAREHOUSE_OPERATOR, Role.QC_LEAD})
"""Who takes care of goods that arrived otherwise than announced, and says when trucks may come."""
GOODS_READERS: Final = MERCHANT | FLOOR | frozenset({Role.PLATFORM_ADMIN, Role.AUDITOR, Role.ENROLMENT_REVIEWER})

COUNTERS: Final = frozenset({Role.WAREHOUSE_OPERATOR, Role.QC_LEAD})
"""Who counts stock and settles differences; the large ones not both."""
DISPOSERS: Final = MERCHANT | frozenset({Role.WAREHOUSE_OPERATOR, Role.QC_LEAD, Role.PLATFORM_ADMIN})
"""Who may look after a lot near its end."""

SENDERS: Final = frozenset({Role.WAREHOUSE_OPERATOR})
CARRIERS: Final = frozenset({Role.COURIER_AGENT})
PARCEL_WATCHERS: Final = MERCHANT | FLOOR | CARRIERS | PLATFORM
"""Who follows parcels: those who own, send and carry them, and the platform."""

AGENTS: Final = frozenset({Role.CASE_AGENT})
DECIDERS: Final = frozenset({Role.CASE_REVIEWER})
CASE_DESK: Final = AGENTS | DECIDERS
"""Who looks into complaints: opens every record that belongs to one, and moves no goods."""

STREAMERS: Final = frozenset({Role.STREAMER})
CATALOG_READERS: Final = STREAMERS | OVERSIGHT
ORDER_READERS: Final = MERCHANT | PLATFORM
PARCEL_READERS: Final = MERCHANT | FLOOR | PLATFORM

PAYERS: Final = MERCHANT
OWNERS: Final = frozenset({Role.MERCHANT_OWNER})
"""Who may see costs and margins, and so may try prices out."""
BOOKS: Final = frozenset({Role.FINANCE})
FEE_READERS: Final = MERCHANT | BOOKS | OVERSIGHT
"""Who sees what the service costs: who pays, who keeps the books, who oversees."""

FILERS: Final = MERCHANT | FLOOR
"""Who brings files in by the API: pictures and papers of products, photographs of what was found."""

LAB: Final = ROLES_OF[Kind.LAB]
ANALYSTS: Final = frozenset({Role.LAB_ANALYST})
VERIFIERS: Final = frozenset({Role.LAB_VERIFIER})
QC_LEADS: Final = frozenset({Role.QC_LEAD})
PROMISE_READERS: Final = MERCHANT | QC_LEADS | OVERSIGHT
"""Who sees how the promises of a warehouse were kept: the merchant his own."""
SAMPLE_READERS: Final = MERCHANT | QC | LAB | OVERSIGHT
