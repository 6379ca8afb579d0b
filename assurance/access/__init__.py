"""Who may use which route and method: the one table that middleware, API and tests walk.

A route that is missing here is nobody's: it answers 403, and ``tests/test_access.py`` fails. ``ground`` and ``floors`` hold the lines.
"""

from collections.abc import Mapping
from typing import Final

from assurance.access.floors import FLOORS
from assurance.access.ground import GROUND
from assurance.access.who import Methods
from assurance.roles import Person, role_of

ACCESS: Final[Mapping[str, Methods]] = {**GROUND, **FLOORS}


def may(user: Person, route: str, method: str = "GET") -> bool:
    """Say whether the user may use this route at all."""
    return role_may(role_of(user), route, method)


def role_may(role: str, route: str, method: str = "GET") -> bool:
    """Say the same of everybody of a role."""
    return role in ACCESS.get(route, {}).get("GET" if method == "HEAD" else method, frozenset())
