"""A verifier that knows nothing of us: written from RFC 7515/7519/8037, VC Data Model 2.0, VC-JOSE-COSE and Bitstring Status List 1.0."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    """The credential cannot be relied on."""


def unbase(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(token: str, keys: dict[str, Any]) -> dict[str, Any]:
    """Check signature and period of a credential and return what it states."""
    try:
        head, body, signature = token.split(".")
        header, stated = json.loads(unbase(head)), json.loads(unbase(body))
    except ValueError as error:
        raise Refused("no JWT") from error
    found = [key for key in keys["keys"] if key["kid"] == header.get("kid") and key["kty"] == "OKP" and key["crv"] == "Ed25519"]
    if header.get("alg") != "EdDSA" or header.get("typ") != "vc+jwt" or len(found) != 1:
        raise Refused("not ours to check")
    try:
        Ed25519PublicKey.from_public_bytes(unbase(found[0]["x"])).verify(unbase(signature), f"{head}.{body}".encode())
    except (InvalidSignature, ValueError) as error:
        raise Refused("signature") from error
    if stated["@context"][0] != "https://www.w3.org/ns/credentials/v2" or "VerifiableCredential" not in stated["type"]:
        raise Refused("no verifiable credential")
    start, end = (datetime.strptime(stated[name], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) for name in ("validFrom", "validUntil"))
    if not start <= datetime.now(UTC) < end:
        raise Refused("not in its period")
    return dict(stated)


def bit(listed: dict[str, Any], purpose: str, index: int) -> bool:
    """Return one bit of a status list credential."""
    subject = listed["credentialSubject"]
    if "BitstringStatusListCredential" not in listed["type"] or subject["type"] != "BitstringStatusList":
        raise Refused("no status list")
    if subject["statusPurpose"] != purpose or not subject["encodedList"].startswith("u"):
        raise Refused("another list")
    bits = gzip.decompress(unbase(subject["encodedList"][1:]))
    if len(bits) * 8 < 131_072:
        raise Refused("too short")
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def bad_bits(stated: dict[str, Any], fetch: Any, keys: dict[str, Any]) -> set[str]:
    """Return the purposes whose bit is set for a credential. ``fetch`` gets the text at an address."""
    found = set()
    for entry in stated["credentialStatus"]:
        if entry["type"] != "BitstringStatusListEntry":
            raise Refused("unknown kind of status")
        listed = opened(fetch(entry["statusListCredential"]), keys)
        if listed["id"] != entry["statusListCredential"] or listed["issuer"] != stated["issuer"]:
            raise Refused("another list")
        if bit(listed, entry["statusPurpose"], int(entry["statusListIndex"])):
            found.add(entry["statusPurpose"])
    return found
