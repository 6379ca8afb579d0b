"""What may be done with badges: issue, extend, replace, revoke; and let the tags of products and shops follow."""

from assurance.badges.actions.issuing import CertificateContested, LabResultMissing, NotEnrolled, Release, issue, issue_all, issue_waiting
from assurance.badges.actions.replacing import AlreadyRevoked, AlreadySuperseded, refine, reissue, revoke
from assurance.badges.actions.tagging import follow_products, follow_shops

__all__ = [
    "AlreadyRevoked",
    "AlreadySuperseded",
    "CertificateContested",
    "LabResultMissing",
    "NotEnrolled",
    "Release",
    "follow_products",
    "follow_shops",
    "issue",
    "issue_all",
    "issue_waiting",
    "refine",
    "reissue",
    "revoke",
]
