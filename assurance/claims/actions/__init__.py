"""Make claims, put evidence under them, say what was found about them; nobody sets what they are worth."""

from assurance.claims.actions.attaching import (
    AlreadyRetracted,
    Attached,
    CertificateMissing,
    NotYourFile,
    PaperMissing,
    PapersAreFixed,
    attach,
    attach_all,
    link_laboratory,
    retract,
)
from assurance.claims.actions.finding import FoundEarlier, find
from assurance.claims.actions.making import (
    AlreadyWithdrawn,
    ClaimsAreFixed,
    NewClaim,
    TooManyClaims,
    ValueMissing,
    make,
    make_all,
    withdraw,
    withdraw_all,
)
from assurance.claims.actions.settling import settle, settle_certificate, settle_over

__all__ = [
    "AlreadyRetracted",
    "AlreadyWithdrawn",
    "Attached",
    "CertificateMissing",
    "ClaimsAreFixed",
    "FoundEarlier",
    "NewClaim",
    "NotYourFile",
    "PaperMissing",
    "PapersAreFixed",
    "TooManyClaims",
    "ValueMissing",
    "attach",
    "attach_all",
    "find",
    "link_laboratory",
    "make",
    "make_all",
    "retract",
    "settle",
    "settle_certificate",
    "settle_over",
    "withdraw",
    "withdraw_all",
]
