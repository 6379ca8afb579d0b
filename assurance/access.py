"""Who may use which route and method: the one table that middleware, API and tests walk.

A route that is missing here is nobody's: it answers 403, and ``tests/test_access.py`` fails.
"""

from collections.abc import Mapping
from typing import Final

from assurance.roles import (
    EVERYBODY,
    FLOOR,
    MERCHANT,
    PLATFORM,
    PUBLIC,
    QC,
    WRITERS,
    Person,
    Role,
    role_of,
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
REVIEWERS: Final = frozenset({Role.ENROLMENT_REVIEWER})
PRODUCT_READERS: Final = MERCHANT | FLOOR | PLATFORM
GOODS_READERS: Final = MERCHANT | FLOOR | frozenset({Role.PLATFORM_ADMIN, Role.AUDITOR, Role.ENROLMENT_REVIEWER})

ACCESS: Final[Mapping[str, Methods]] = {
    # the house
    "home": read(PUBLIC),
    "health": read(PUBLIC),
    "set-language": write(PUBLIC),
}


def may(user: Person, route: str, method: str = "GET") -> bool:
    """Say whether the user may use this route at all."""
    return role_of(user) in ACCESS.get(route, {}).get("GET" if method == "HEAD" else method, frozenset())


