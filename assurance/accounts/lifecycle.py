"""Who stands where in an organisation: which roles there are, who manages the others, and in which state a person is."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from assurance.roles import ROLES_OF, Kind, Role

MANAGER_OF: Final[Mapping[Kind, Role]] = {Kind.MERCHANT: Role.MERCHANT_OWNER, Kind.PLATFORM: Role.PLATFORM_ADMIN}
"""The role that manages its own organisation's people. At least one such person always remains. Elsewhere the platform does."""


class Standing(StrEnum):
    """Whether a person may sign in, and if not, why."""

    ACTIVE = "active"
    INVITED = "invited"
    DEACTIVATED = "deactivated"


def manages(*, role: str, own_organisation: bool) -> bool:
    """Say whether somebody in this role may invite, change and deactivate people of an organisation."""
    return role == Role.PLATFORM_ADMIN or (own_organisation and role in MANAGER_OF.values())


def fits(role: str, kind: str) -> bool:
    """Say whether the role exists in organisations of this kind."""
    return role in ROLES_OF[Kind(kind)]


def is_last_manager(*, kind: str, role: str, other_managers: int) -> bool:
    """Say whether an organisation would be left without anybody who manages it."""
    return MANAGER_OF.get(Kind(kind)) == role and other_managers == 0


def standing(*, is_active: bool, is_invited: bool) -> Standing:
    """Return the state of a person; ``is_invited`` means a link that was neither used nor withdrawn."""
    if is_active:
        return Standing.ACTIVE
    return Standing.INVITED if is_invited else Standing.DEACTIVATED
