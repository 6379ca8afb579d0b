"""A badge to take along: what was found, signed with the platform's key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from assurance.badges import credential
from assurance.evidence.signing import signing_key

if TYPE_CHECKING:
    from assurance.badges.queries import Verification


def credential_of(found: Verification) -> str:
    """Return a badge that was found as a signed credential, with the state it was found in.

    :raises NoSigningKey: if the platform's key cannot be used
    """
    badge = found.badge
    if badge is None:
        raise ValueError("there is no credential of an unknown code")
    key = signing_key()
    subject = {
        "product": badge.product.name,
        "gtin": badge.product.gtin,
        "lotNumber": badge.lot_number,
        "merchant": badge.merchant.name,
        "warehouse": badge.warehouse.name,
        "inspectedAt": credential.moment(badge.inspected_at),
        "received": badge.received,
        "inspected": badge.inspected,
        "defective": badge.defective,
        "atMostPercentDefective": None if found.at_most_percent is None else f"{found.at_most_percent:.1f}",
        "provenSides": found.sides,
    }
    stated = credential.claims(
        address=settings.PUBLIC_URL + reverse("badges:verify", args=[badge.code]),
        issuer=settings.PUBLIC_URL,
        issued_at=badge.issued_at,
        valid_until=badge.valid_until,
        status=str(found.validity.status),
        asked_at=found.at,
        subject=subject,
    )
    return credential.token(stated, key_id=credential.public_key(key.public_key().public_bytes_raw())["kid"], sign=key.sign)
