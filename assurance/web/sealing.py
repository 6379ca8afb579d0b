"""Keeps answers unreadable for whoever reads the database or a backup of it: they may hold persons' data for a while."""

from __future__ import annotations

import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


class Unreadable(Exception):
    """Sealed under a key that is gone, or for something else."""


def seal(data: bytes, *, about: str) -> bytes:
    """Return the data so that only this installation can read it, and only as what it is about."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, data, about.encode())


def unseal(sealed: bytes, *, about: str) -> bytes:
    """:raises Unreadable: when the key was changed and is not among the fallbacks"""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
        except InvalidTag:
            continue
    raise Unreadable


def mark(data: bytes) -> bytes:
    """Return 32 bytes that tell data apart and that nobody can guess data from: a request may hold a password."""
    return _mark(settings.SECRET_KEY, data)


def is_mark_of(data: bytes, found: bytes) -> bool:
    """Say whether the mark was made of this data, now or under a former secret."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(hmac.compare_digest(found, _mark(secret, data)) for secret in secrets)


def _mark(secret: str, data: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"kept answers" + data, "sha256")


@cache
def _cipher(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"kept answers").derive(secret.encode()))
