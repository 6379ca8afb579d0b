"""Which badges do not hold, as one long row of bits: W3C Bitstring Status List 1.0.

A list has ``SIZE`` places, so that asking for it tells nobody which badge is meant. A badge keeps its place for ever.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

SIZE: Final = 131_072
"""The least the standard allows (16 KB)."""
GOOD_FOR: Final = timedelta(minutes=5)
"""How long a list that was taken along may be relied on; the platform gives out a new one at every request."""


class Purpose(StrEnum):
    REVOCATION = "revocation"
    SUSPENSION = "suspension"


def place_of(number: int) -> tuple[int, int]:
    """Return list and index of a badge by its number."""
    return divmod(number, SIZE)


def encoded(indices: Iterable[int]) -> str:
    """Return the bits as the standard wants them: index 0 is the highest bit of the first byte; gzip, base64url with ``u`` before it."""
    bits = bytearray(SIZE // 8)
    for index in indices:
        bits[index >> 3] |= 0x80 >> (index & 7)
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), 6, mtime=0)).rstrip(b"=").decode()


def entry(purpose: Purpose, *, address: str, index: int) -> dict[str, str]:
    """Return what a credential says about where its state is found. ``address`` is that of the list."""
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": str(purpose),
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def claims(purpose: Purpose, indices: Iterable[int], *, address: str, issuer: str, at: datetime, moment: Any) -> dict[str, Any]:
    """Return what a status list states, as a credential of its own; ``moment`` writes a point in time."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": moment(at),
        "validUntil": moment(at + GOOD_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": str(purpose),
            "encodedList": encoded(indices),
        },
        "iat": int(at.timestamp()),
    }
