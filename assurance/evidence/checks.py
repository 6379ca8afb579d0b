"""What must be right before the log may be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from assurance.evidence import signing
from assurance.evidence.checkpoint import BadNote, check_name


@register("reliability")
def signing_key_is_usable(**_: Any) -> list[CheckMessage]:
    """Production brings its own key; elsewhere one is made on first use."""
    path = Path(settings.SIGNING_KEY_FILE)
    if not path.exists() and not settings.PRODUCTION:
        return []
    try:
        signing.read_key(path)
    except signing.NoSigningKey as problem:
        return [
            Error(
                f"SIGNING_KEY_FILE: {problem}",
                hint="Make one with: openssl genpkey -algorithm ed25519 -out FILE && chmod 600 FILE. Back it up apart from the database.",
                id="evidence.E001",
            )
        ]
    return []


@register("reliability")
def origin_is_a_name(**_: Any) -> list[CheckMessage]:
    """The log's name stands on a line of every checkpoint."""
    try:
        check_name(settings.CHECKPOINT_ORIGIN)
    except BadNote as problem:
        return [Error(f"CHECKPOINT_ORIGIN: {problem}", hint="Use a name like wuyou.example/log.", id="evidence.E002")]
    return []
