"""Keeps answers unreadable for whoever reads the database or a backup of it: they may hold persons' data for a while."""

from __future__ import annotations

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


@cache
def _cipher(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"kept answers").derive(secret.encode()))
