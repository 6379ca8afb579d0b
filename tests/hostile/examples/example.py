"""What an example is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from assurance.accounts.models import User
from assurance.roles import ROLES_OF, Role
from tests import factories

number = itertools.count(1).__next__
"""For names that must differ, also where examples are committed one beside the other."""

KIND_OF = {role: kind for kind, roles in ROLES_OF.items() for role in roles}


@dataclass(frozen=True)
class Example:
    """Who sends what, and to which row.

    ``foreign`` holds, by field, keys that exist but belong to others; ``shared`` names fields that point at what everybody sees.
    """

    user: User
    body: dict[str, Any] = field(default_factory=dict)
    path: dict[str, object] = field(default_factory=dict)
    foreign: dict[str, object] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 200


def somebody(role: Role, **given: Any) -> User:
    """Return a person of this role in a new organisation."""
    return factories.user(role, factories.organisation(KIND_OF[role]), **given)
