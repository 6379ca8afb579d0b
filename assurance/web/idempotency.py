"""What makes two requests the same request."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from assurance.web.invalid import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
KEPT_FOR: Final = timedelta(days=7)
WAIT: Final = timedelta(seconds=2)


@dataclass(frozen=True)
class Reply:
    """An answer as it went out."""

    status: int
    content_type: str
    location: str
    body: bytes


def check_key(key: str | None) -> str:
    """:raises Invalid: idempotency_key_required, idempotency_key_invalid"""
    if not key:
        raise Invalid("idempotency_key_required")
    if not KEY.fullmatch(key):
        raise Invalid("idempotency_key_invalid")
    return key


def digest(*, method: str, path: str, body: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> bytes:
    """Return the same 32 bytes for the same request, however its JSON was spaced or ordered.

    ``files`` holds the SHA-256 of each uploaded file by its field.
    """
    content = json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    sums = {name: value.hex() for name, value in (files or {}).items()}
    parts = (method, path, content, json.dumps(sums, sort_keys=True))
    return hashlib.sha256("\n".join(parts).encode()).digest()
