"""The key that signs checkpoints: made, read, used. It lies in a file, never in the database."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.conf import settings

from assurance.evidence.checkpoint import BadNote, Head, Signature, VerifierKey, format_head, format_note, parse_head, parse_note

if TYPE_CHECKING:
    from collections.abc import Iterable


class NoSigningKey(Exception):
    """SIGNING_KEY_FILE cannot be used; the message says why."""


def signing_key() -> Ed25519PrivateKey:
    """Return the key of SIGNING_KEY_FILE. Outside production it is made on first use.

    :raises NoSigningKey: if it is missing in production, readable by others, or no Ed25519 key
    """
    path = Path(settings.SIGNING_KEY_FILE)
    if not path.exists() and not settings.PRODUCTION:
        make_key(path)
    return read_key(path)


def read_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key in PEM form (``openssl genpkey -algorithm ed25519``)."""
    try:
        mode, data = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise NoSigningKey(f"{path}: {error.strerror}") from None
    if mode & 0o077:
        raise NoSigningKey(f"{path}: others may read it; run chmod 600")
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoSigningKey(f"{path}: is no Ed25519 private key in PEM form")
    return key


def make_key(path: Path) -> None:
    """Write a new private key that only this user can read; if another process was faster, its key stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".key-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(unfinished, path)
    finally:
        Path(unfinished).unlink()


def verifier_key(key: Ed25519PrivateKey, name: str) -> VerifierKey:
    """Return the public half with the log's name."""
    return VerifierKey(name, key.public_key().public_bytes_raw())


def sign(head: Head, key: Ed25519PrivateKey) -> str:
    """Return the signed note of a head."""
    text = format_head(head)
    return format_note(text, Signature(head.origin, verifier_key(key, head.origin).key_id, key.sign(text.encode())))


def open_note(note: str, keys: Iterable[VerifierKey]) -> Head:
    """Return the head of a note that one of the keys signed.

    :raises BadNote: if it is no checkpoint, not signed by any of the keys, or a signature of theirs is wrong
    """
    text, signatures = parse_note(note)
    head = parse_head(text)
    known = {(key.name, key.key_id): key for key in keys}
    ours = [(known[one.name, one.key_id], one) for one in signatures if (one.name, one.key_id) in known]
    if not any(key.name == head.origin for key, _ in ours):
        raise BadNote("it is not signed by a key that is trusted")
    for key, signature in ours:
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature.value, text.encode())
        except InvalidSignature:
            raise BadNote("its signature is wrong") from None
    return head
