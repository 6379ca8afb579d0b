#!/usr/bin/env python3
"""Check a badge offline, with nothing but the standard library.

    python tools/verify_badge.py BUNDLE [--key KEY] [--at MOMENT]
    python tools/verify_badge.py CREDENTIAL KEYS

BUNDLE is /verify/<code>/bundle.json. It is checked that the log's key signed the head of the log, that the product's chain stands in that
log whole – no entry left out, put in or changed – and that it tells of this badge and of no revocation. Prints OK or FAIL with one reason;
ends with 0 or 1. A bundle brings its own key: compare it with the one under /.well-known/wuyou-log/key, or give that one with --key.

CREDENTIAL is the answer of /verify/<code>/credential/, KEYS that of /verify/keys/ (both as files). Prints what the credential says and
ends with 0 if the signature is right and the badge was valid when it was asked for, 1 if it was not valid, 2 if the signature is wrong or
the file is no credential. Whether a badge still holds now, only its public page knows.
"""

from __future__ import annotations

import argparse
import base64
import binascii
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
    subject = stated["credentialSubject"]
    return bool(subject["statusWhenIssued"] == "valid" and stated["validFrom"] <= subject["checkedAt"] < stated["validUntil"])


# --- a bundle -----------------------------------------------------------------------------------------------------
FORMAT = "wuyou-badge-bundle/1"
NONE = bytes(32)
TOLD_IN_FULL = "badge_"
"""Kinds of entries that no bundle may hide."""


class BadBundle(ValueError):
    """The bundle does not hold; the message is the one reason."""


def check_bundle(bundle: Any, *, key: str = "", at: str = "") -> str:
    """Return what a bundle proves, in one line. ``key`` is the key that is trusted, ``at`` the moment it is judged at (default: now).

    :raises BadBundle: at the first thing that does not hold
    """
    try:
        return _checked(bundle, key.strip(), at or f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}")
    except BadBundle:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError) as problem:
        raise BadBundle(f"the bundle cannot be read ({type(problem).__name__}: {str(problem)[:60]})") from None


def _checked(bundle: Any, trusted: str, at: str) -> str:
    require(bundle["format"] == FORMAT, "this is no badge bundle")
    require(not trusted or bundle["key"] == trusted, "the bundle was made with another key than the trusted one")
    name, public = read_key(bundle["key"])
    origin, size, root = read_checkpoint(opened(bundle["checkpoint"], name, public, "checkpoint"))
    require(origin == name, "the checkpoint is of another log than the key")
    log, product = hashlib.sha256(origin.encode()).digest(), whole(bundle["product"])
    heads = follow(bundle["chain"], log, product)
    last = bundle["last"]
    leaf = entry_hash(log, last, heads[-1], unhex(bundle["chain"][-1]["digest"], 32))
    require(included(leaf, last, size, root), "the end of the product's chain does not stand in the signed log")
    until = check_anchor(bundle["anchor"], log, product, heads, size, root) if bundle["anchor"] is not None else ""
    told = check_status(bundle, opened(bundle["status"], name, public, "status"), at) if "status" in bundle else ""
    complete = f"complete until {until}" if until else "not anchored yet: entries at its end could be missing"
    return f"{told}{len(heads)} entries of product {product} in the log {origin} of {size}, {complete}"


def follow(chain: list[dict[str, Any]], log: bytes, product: int) -> list[bytes]:
    """Return the hash of every entry of the chain, each bound to the one before it."""
    require(isinstance(chain, list) and len(chain) > 0, "the chain is empty")
    found, last = [], NONE
    for number, entry in enumerate(chain):
        digest, kind = unhex(entry["digest"], 32), entry["kind"]
        if "body" in entry:
            require(
                hashlib.sha256(entry["body"].encode()).digest() == digest, f"entry {number} of the chain does not say what was recorded"
            )
            said = json.loads(entry["body"])
            require(said["kind"] == kind and said["product_id"] == product, f"entry {number} of the chain is about something else")
        else:
            require(not kind.startswith(TOLD_IN_FULL), f"entry {number} of the chain hides what happened to a badge")
        numbers = product.to_bytes(8, "big") + number.to_bytes(8, "big")
        last = hashlib.sha256(b"\x02" + log + numbers + last + digest + kind.encode()).digest()
        found.append(last)
    return found


def entry_hash(log: bytes, place: dict[str, Any], link: bytes, digest: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + log + whole(place["seq"]).to_bytes(8, "big") + unhex(place["previous"], 32) + link + digest).digest()


def included(leaf: bytes, place: dict[str, Any], size: int, root: bytes) -> bool:
    return leads_to(leaf, whole(place["seq"]), size, [unhex(node, 32) for node in place["path"]]) == root


def leads_to(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Return the root that a path of RFC 9162 (2.1.3.2) leads to, or nothing if it has another length than it must."""
    if index >= size:
        return None
    first, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if first & 1 or first == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        first, last = first >> 1, last >> 1
    return node if last == 0 else None


def check_anchor(anchor: dict[str, Any], log: bytes, product: int, heads: list[bytes], size: int, root: bytes) -> str:
    """Return when the length of the chain was fixed for everybody: it may be longer now, never shorter."""
    body = anchor["body"].encode()
    leaf = entry_hash(log, anchor, NONE, hashlib.sha256(body).digest())
    require(included(leaf, anchor, size, root), "the anchor of the chains does not stand in the signed log")
    said, count = json.loads(body), whole(anchor["count"])
    require(said["kind"] == "chains_anchored", "what is given as the anchor is none")
    require(
        0 < count <= len(heads), f"the chain had {count} entries when it was anchored, the bundle shows {len(heads)}: some were left out"
    )
    ours = hashlib.sha256(b"\x00" + product.to_bytes(8, "big") + count.to_bytes(8, "big") + heads[count - 1]).digest()
    path = [unhex(node, 32) for node in anchor["heads"]]
    found = leads_to(ours, whole(anchor["index"]), whole(said["says"]["products"]), path)
    require(found is not None and found.hex() == said["says"]["root"], "the chain is not the one that was anchored")
    return str(said["recorded_at"])


def check_status(bundle: dict[str, Any], text: str, at: str) -> str:
    """Return what the badge is, if the signed status and the chain agree that it is valid."""
    first, line, *rest = text.split("\n")
    require(first == f"{bundle['key'].split('+')[0]} badge" and rest == [""], "the status is none of a badge")
    status = json.loads(line)
    code = status["code"]
    require(status["product"] == bundle["product"], "the status is of another product")
    told = [json.loads(entry["body"]) for entry in bundle["chain"] if entry["kind"].startswith(TOLD_IN_FULL)]
    first_code = code
    for said in reversed(told):  # a newer code stands for the lot the old one was issued for
        if said["kind"] == "badge_superseded" and said["says"]["by"] == first_code:
            first_code = said["says"]["badge"]
    issued = [said for said in told if said["kind"] == "badge_issued" and said["says"]["badge"] == first_code]
    require(len(issued) == 1, f"the chain tells of no badge {code}")
    replaced = any(said["kind"] == "badge_superseded" and said["says"]["badge"] == code for said in told)
    require(not replaced, f"the badge {code} has a newer code")
    require(issued[0]["says"]["lot_number"] == status["lot_number"], "the badge was issued for another lot")
    revoked = any(said["kind"] == "badge_revoked" and said["says"]["badge"] == code for said in told)
    require(not revoked, f"the badge {code} was revoked")
    require(status["status"] == "valid", f"the badge {code} was {status['status']} at {status['checked_at']}")
    require(
        status["checked_at"] < status["valid_until"] and at < status["valid_until"], f"the badge {code} ended at {status['valid_until']}"
    )
    return f"badge {code}, lot {status['lot_number']}, valid at {status['checked_at']}; "


def opened(note: str, name: str, public: bytes, what: str) -> str:
    """Return the text of a signed note that the key signed."""
    text, found, tail = note.rpartition("\n\n")
    require(bool(found) and tail.endswith("\n") and tail.startswith("\u2014 "), f"the {what} is not signed")
    text += "\n"
    key_id = hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    for line in tail[:-1].split("\n"):
        signer, _, encoded = line.removeprefix("\u2014 ").partition(" ")
        signature = unbase64(encoded)
        if signer == name and signature[:4] == key_id:
            require(signed_by(public, text.encode(), signature[4:]), f"the signature of the {what} is wrong")
            return text
    raise BadBundle(f"the {what} is not signed by the key of the log")


def read_key(text: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a key that is written ``name+id+key``."""
    name, key_id, encoded = text.split("+", 2)
    data = unbase64(encoded)
    right = len(data) == 33 and data[:1] == b"\x01" and hashlib.sha256(name.encode() + b"\n" + data).digest()[:4].hex() == key_id
    require(right, "the key is none")
    return name, data[1:]


def read_checkpoint(text: str) -> tuple[str, int, bytes]:
    """Return origin, size and root of the log's signed head."""
    origin, size, root, *_more = text.split("\n")
    require(size.isascii() and size.isdigit() and str(int(size)) == size, "the checkpoint has no size")
    data = unbase64(root)
    require(len(data) == 32, "the checkpoint has no root")
    return origin, int(size), data


def require(holds: bool, reason: str) -> None:
    if not holds:
        raise BadBundle(reason)


def whole(value: Any) -> int:
    require(isinstance(value, int) and not isinstance(value, bool) and value >= 0, f"{str(value)[:20]!r} is no number")
    return int(value)


def unhex(text: str, length: int) -> bytes:
    data = bytes.fromhex(text)
    require(len(data) == length and data.hex() == text, f"{text[:20]!r} is no hash")
    return data


def unbase64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data).decode() == text, f"{text[:20]!r} is no base64")
    return data


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
    reader = argparse.ArgumentParser(usage=__doc__)
    reader.add_argument("files", nargs="+", type=Path)
    reader.add_argument("--key", default="", help="the log's key that is trusted, as text or as a file")
    reader.add_argument("--at", default="", help="the moment to judge at, such as 2026-11-23T00:00:00.000000Z")
    asked = reader.parse_args(arguments)
    try:
        given = [file.read_text(encoding="utf-8") for file in asked.files]
    except (OSError, UnicodeDecodeError) as problem:
        print(f"FAIL: {problem}")
        return 2
    if len(given) == 2:
        return tell_credential(*given)
    try:
        key = Path(asked.key).read_text(encoding="utf-8") if asked.key and "+" not in asked.key else asked.key
        bundle = json.loads(given[0])
        said = check_bundle(bundle, key=key, at=asked.at)
    except (BadBundle, OSError, ValueError, binascii.Error, RecursionError) as problem:
        print(f"FAIL: {problem}")
        return 1
    print(f"OK: {said}")
    if not key:
        print(f"key: {bundle['key']} (from the bundle itself: compare it with the published one)")
    return 0


def tell_credential(credential: str, keys: str) -> int:
    try:
        stated = verify(credential, json.loads(keys))
    except (BadCredential, ValueError) as problem:
        print(f"NOT RELIABLE: {problem}")
        return 2
    subject, lists = stated["credentialSubject"], [entry["statusListCredential"] for entry in stated["credentialStatus"]]
    print(json.dumps(stated["credentialSubject"], ensure_ascii=False, indent=2))
    print(f"signature: right · state when asked ({subject['checkedAt']}): {subject['statusWhenIssued']} · ends {stated['validUntil']}")
    print(f"read at {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}; whether it still holds: {' '.join(lists)}")
    return 0 if holds(stated) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
