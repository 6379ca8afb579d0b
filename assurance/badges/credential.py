"""A badge as a signed credential: the W3C data model for verifiable credentials 2.0, secured as a JWT (EdDSA, Ed25519).

The credential says what was checked and what the badge's state was in the moment it was asked for. Whoever keeps it can check the
signature offline (``tools/verify_badge.py``); whether the badge still holds, the signed lists under ``credentialStatus`` know.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from assurance.evidence import canonical

CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
UNDEFINED_TERMS: Final = "https://www.w3.org/ns/credentials/undefined-terms/v2"
"""The standard's own context for terms that only the issuer explains."""
MEDIA_TYPE: Final = "application/vc+jwt"
Sign = Callable[[bytes], bytes]


def moment(at: datetime) -> str:
    """Return a moment as the data model writes it, in UTC to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def claims(
    *,
    address: str,
    issuer: str,
    issued_at: datetime,
    valid_until: datetime,
    status: Sequence[Mapping[str, str]],
    asked_at: datetime,
    subject: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what the credential states. ``address`` is the badge's public page; its state is that of ``asked_at``."""
    return {
        "@context": [CONTEXT, UNDEFINED_TERMS],
        "id": address,
        "type": ["VerifiableCredential", "WuyouBadge"],
        "issuer": issuer,
        "validFrom": moment(issued_at),
        "validUntil": moment(valid_until),
        "credentialStatus": [dict(entry) for entry in status],
        "credentialSubject": dict(subject),
        "iat": int(asked_at.timestamp()),
    }


def token(stated: Mapping[str, Any], *, key_id: str, sign: Sign) -> str:
    """Return the signed credential as a compact JWT."""
    head = {"alg": "EdDSA", "kid": key_id, "typ": "vc+jwt"}
    signed = f"{_base64(canonical.encode(head))}.{_base64(canonical.encode(dict(stated)))}"
    return f"{signed}.{_base64(sign(signed.encode()))}"


def public_key(public: bytes) -> dict[str, str]:
    """Return a public key as a JWK; its ``kid`` is the thumbprint of RFC 7638."""
    key = {"crv": "Ed25519", "kty": "OKP", "x": _base64(public)}
    return key | {"kid": _base64(hashlib.sha256(canonical.encode(key)).digest()), "alg": "EdDSA", "use": "sig"}


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
