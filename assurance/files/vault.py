"""Where the bytes lie: under their SHA-256 in MEDIA_ROOT, written whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

UNFINISHED: Final = "unfinished"
DIGEST_LENGTH: Final = 64


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def place(digest: str) -> Path:
    """Return the path of some content. The digest is ours, never a name from outside."""
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def put(data: bytes, digest: str) -> None:
    """Write content under its digest. After a crash there is the whole file or none.

    The caller holds the content's lock (``files.actions``), so that the sweeper does not take it away meanwhile.
    """
    target = place(digest)
    if target.exists():
        return
    unfinished = Path(settings.MEDIA_ROOT) / UNFINISHED / secrets.token_hex(16)
    for folder in (unfinished.parent, target.parent):
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def digests() -> Iterator[str]:
    """Yield what lies in the vault."""
    for folder in sorted(Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]")):
        for file in sorted(folder.iterdir()):
            if len(file.name) == DIGEST_LENGTH:
                yield file.name


def remove(digest: str) -> None:
    """Take content away; the caller holds its lock and knows that no row needs it."""
    place(digest).unlink(missing_ok=True)


def remove_unfinished(*, older_than_seconds: int) -> int:
    """Take away what writers left that were killed; return how many."""
    removed = 0
    for file in (Path(settings.MEDIA_ROOT) / UNFINISHED).glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if file.stat().st_mtime < time.time() - older_than_seconds:
                file.unlink()
                removed += 1
    return removed


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
