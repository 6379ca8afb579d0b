#!/usr/bin/env python3
"""Check a badge's credential offline, with nothing but the standard library.

    python tools/verify_badge.py CREDENTIAL KEYS

CREDENTIAL is the answer of /verify/<code>/credential/, KEYS that of /verify/keys/ (both as files). Prints what the credential says and
ends with 0 if the signature is right and the badge was valid when it was asked for, 1 if it was not valid, 2 if the signature is wrong or
the file is no credential. Whether the badge still holds now, only its public page knows.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


class BadCredential(ValueError):
    """The credential cannot be relied on; the message says why."""


def verify(credential: str, keys: dict[str, Any]) -> dict[str, Any]:
    """Return what a credential states, if one of the keys signed it.

    :raises BadCredential: otherwise
    """
    parts = credential.strip().split(".")
    if len(parts) != 3:
        raise BadCredential("it is no compact JWT")
    try:
        head, stated = (json.loads(decoded(part)) for part in parts[:2])
        signature = decoded(parts[2])
    except ValueError:
        raise BadCredential("it cannot be read") from None
    if not isinstance(head, dict) or head.get("alg") != "EdDSA":
        raise BadCredential("it is not signed with EdDSA")
    known = {key.get("kid"): key for key in keys.get("keys", []) if key.get("crv") == "Ed25519"}
    key = known.get(head.get("kid"))
    if key is None:
        raise BadCredential("none of the keys signed it")
    if not signed_by(decoded(key["x"]), f"{parts[0]}.{parts[1]}".encode(), signature):
        raise BadCredential("its signature is wrong")
    return dict(stated)


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def holds(stated: dict[str, Any]) -> bool:
    """Say whether the badge was valid in the moment the credential was asked for."""
    status = stated["credentialStatus"]
    return bool(status["status"] == "valid" and stated["validFrom"] <= status["checkedAt"] < stated["validUntil"])


# --- Ed25519, verifying only (RFC 8032) ---------------------------------------------------------------------------
def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the owner of a public key signed a message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = point(public), point(signature[:32])
    answer = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or answer >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return same(times(answer, BASE), plus(commitment, times(challenge, key)))


def point(data: bytes) -> Point | None:
    """Return the point of the curve that 32 bytes stand for, if there is one."""
    number = int.from_bytes(data, "little")
    odd, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return (x, y, 1, x * y % P)


def plus(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, base: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = plus(total, base)
        base, number = plus(base, base), number >> 1
    return total


def same(one: Point, two: Point) -> bool:
    return (one[0] * two[2] - two[0] * one[2]) % P == 0 and (one[1] * two[2] - two[1] * one[2]) % P == 0


_BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
assert _BASE is not None
BASE: Point = _BASE


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    credential, keys = (Path(name).read_text(encoding="utf-8") for name in arguments)
    try:
        stated = verify(credential, json.loads(keys))
    except (BadCredential, ValueError) as problem:
        print(f"NOT RELIABLE: {problem}")
        return 2
    status = stated["credentialStatus"]
    print(json.dumps(stated["credentialSubject"], ensure_ascii=False, indent=2))
    print(f"signature: right · state when asked ({status['checkedAt']}): {status['status']} · ends {stated['validUntil']}")
    print(f"read at {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}; whether it still holds: {status['id']}")
    return 0 if holds(stated) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
