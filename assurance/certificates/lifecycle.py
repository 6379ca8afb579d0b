"""The states of a certificate. That it has expired is no state: the date says so at every look."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CertificateState(StrEnum):
    ENTERED = "entered"
    VERIFIED = "verified"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


NEXT: Final[Mapping[CertificateState, frozenset[CertificateState]]] = {
    CertificateState.ENTERED: frozenset({CertificateState.VERIFIED, CertificateState.REJECTED}),
    CertificateState.VERIFIED: frozenset({CertificateState.SUSPENDED, CertificateState.WITHDRAWN}),
    CertificateState.REJECTED: frozenset(),
    CertificateState.SUSPENDED: frozenset({CertificateState.VERIFIED, CertificateState.WITHDRAWN}),
    CertificateState.WITHDRAWN: frozenset({CertificateState.VERIFIED}),
}

LIVE: Final = frozenset({CertificateState.ENTERED, CertificateState.VERIFIED, CertificateState.SUSPENDED})
"""While these hold, the same certificate is not entered again for the same product."""
ATTACHABLE: Final = frozenset({CertificateState.ENTERED, CertificateState.VERIFIED})


class ConflictState(StrEnum):
    OPEN = "open"
    BOTH_KEPT = "both_kept"
    FIRST_KEPT = "first_kept"
    SECOND_KEPT = "second_kept"
    NONE_KEPT = "none_kept"


CONFLICT_NEXT: Final[Mapping[ConflictState, frozenset[ConflictState]]] = {
    ConflictState.OPEN: frozenset(set(ConflictState) - {ConflictState.OPEN}),
    ConflictState.BOTH_KEPT: frozenset(),
    ConflictState.FIRST_KEPT: frozenset(),
    ConflictState.SECOND_KEPT: frozenset(),
    ConflictState.NONE_KEPT: frozenset(),
}
