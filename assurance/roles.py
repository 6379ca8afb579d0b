"""Who takes part: kinds of organisations, the roles of their people, and what a role was granted."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

ANONYMOUS: Final = "anonymous"


class Role(StrEnum):
    """What a person does here. A person has one role in one organisation."""

    MERCHANT_OWNER = "merchant_owner"
    MERCHANT_OPERATOR = "merchant_operator"
    WAREHOUSE_OPERATOR = "warehouse_operator"
    QC_INSPECTOR = "qc_inspector"
    QC_LEAD = "qc_lead"
    LAB_ANALYST = "lab_analyst"
    LAB_VERIFIER = "lab_verifier"
    COURIER_AGENT = "courier_agent"
    STREAMER = "streamer"
    CASE_AGENT = "case_agent"
    CASE_REVIEWER = "case_reviewer"
    ENROLMENT_REVIEWER = "enrolment_reviewer"
    FINANCE = "finance"
    PLATFORM_ADMIN = "platform_admin"
    AUDITOR = "auditor"


class Kind(StrEnum):
    """What an organisation is."""

    MERCHANT = "merchant"
    WAREHOUSE = "warehouse"
    LAB = "lab"
    COURIER = "courier"
    STUDIO = "studio"
    PLATFORM = "platform"


ROLES_OF: Final[Mapping[Kind, frozenset[Role]]] = {
    Kind.MERCHANT: frozenset({Role.MERCHANT_OWNER, Role.MERCHANT_OPERATOR}),
    Kind.WAREHOUSE: frozenset({Role.WAREHOUSE_OPERATOR, Role.QC_INSPECTOR, Role.QC_LEAD}),
    Kind.LAB: frozenset({Role.LAB_ANALYST, Role.LAB_VERIFIER}),
    Kind.COURIER: frozenset({Role.COURIER_AGENT}),
    Kind.STUDIO: frozenset({Role.STREAMER}),
    Kind.PLATFORM: frozenset(
        {
            Role.CASE_AGENT,
            Role.CASE_REVIEWER,
            Role.ENROLMENT_REVIEWER,
            Role.FINANCE,
            Role.PLATFORM_ADMIN,
            Role.AUDITOR,
        }
    ),
}

MERCHANT: Final = ROLES_OF[Kind.MERCHANT]
FLOOR: Final = ROLES_OF[Kind.WAREHOUSE]
QC: Final = frozenset({Role.QC_INSPECTOR, Role.QC_LEAD})
PLATFORM: Final = ROLES_OF[Kind.PLATFORM]
SEES_ALL: Final = PLATFORM
EVERYBODY: Final = frozenset(Role)
WRITERS: Final = EVERYBODY - {Role.AUDITOR}
PUBLIC: Final[frozenset[str]] = EVERYBODY | {ANONYMOUS}
STAFF: Final = EVERYBODY - MERCHANT - {Role.STREAMER, Role.COURIER_AGENT}
"""Who must sign in with a second factor: everybody who decides something about somebody else's goods."""


class Permission(StrEnum):
    """Fields and deeds that a route alone does not decide."""

    SEE_COST = "see_cost"
    SEE_MARGIN = "see_margin"
    SEE_COMMISSION = "see_commission"
    REVEAL_PERSON = "reveal_person"


GRANTS: Final[Mapping[Permission, frozenset[Role]]] = {
    Permission.SEE_COST: frozenset({Role.MERCHANT_OWNER, Role.AUDITOR}),
    Permission.SEE_MARGIN: frozenset({Role.MERCHANT_OWNER, Role.AUDITOR}),
    Permission.SEE_COMMISSION: frozenset(
        {
            Role.MERCHANT_OWNER,
            Role.MERCHANT_OPERATOR,
            Role.STREAMER,
            Role.FINANCE,
            Role.PLATFORM_ADMIN,
            Role.AUDITOR,
        }
    ),
    Permission.REVEAL_PERSON: frozenset({Role.PLATFORM_ADMIN, Role.MERCHANT_OWNER}),
}


class Person(Protocol):
    """What this module needs to know of a user, signed in or not."""

    @property
    def is_authenticated(self) -> bool: ...


def role_of(user: Person) -> str:
    """Return the user's role, or ``anonymous``; a deactivated user is nobody."""
    if not user.is_authenticated or not getattr(user, "is_active", False):
        return ANONYMOUS
    return str(user.role)  # type: ignore[attr-defined]


def can(user: Person, permission: Permission) -> bool:
    """Say whether the user's role was granted this permission."""
    return role_of(user) in GRANTS[permission]
