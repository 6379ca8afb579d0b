"""The states of an enrolment and who may bring it from one to the next (P1.1)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class EnrolmentState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_CHANGES = "needs_changes"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


NEXT: Final[Mapping[EnrolmentState, frozenset[EnrolmentState]]] = {
    EnrolmentState.DRAFT: frozenset({EnrolmentState.SUBMITTED, EnrolmentState.WITHDRAWN}),
    EnrolmentState.SUBMITTED: frozenset(
        {
            EnrolmentState.NEEDS_CHANGES,
            EnrolmentState.APPROVED,
            EnrolmentState.REJECTED,
            EnrolmentState.WITHDRAWN,
        }
    ),
    EnrolmentState.NEEDS_CHANGES: frozenset({EnrolmentState.SUBMITTED, EnrolmentState.WITHDRAWN}),
    EnrolmentState.APPROVED: frozenset({EnrolmentState.WITHDRAWN, EnrolmentState.EXPIRED}),
    EnrolmentState.REJECTED: frozenset(),
    EnrolmentState.WITHDRAWN: frozenset(),
    EnrolmentState.EXPIRED: frozenset(),
}

OPEN: Final = frozenset({EnrolmentState.DRAFT, EnrolmentState.SUBMITTED, EnrolmentState.NEEDS_CHANGES, EnrolmentState.APPROVED})
"""A product has at most one enrolment in these states."""
EDITABLE: Final = frozenset({EnrolmentState.DRAFT, EnrolmentState.NEEDS_CHANGES})
"""While these hold, the merchant may change the product."""
