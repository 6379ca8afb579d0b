"""The ZIP archive around a workbook: judged by its directory before anything is unpacked, and again while reading."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from assurance.sheets.table import Unreadable

MOST_ENTRIES: Final = 1_000
MOST_BYTES: Final = 96 * 2**20
"""All entries unpacked; a workbook of 20,000 full rows needs a third of it."""
PIECE: Final = 2**16


def opened(data: bytes) -> zipfile.ZipFile:
    """Return the archive if its directory promises nothing unreasonable.

    :raises Unreadable: sheet_unreadable, archive_too_large, archive_path
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unreadable("sheet_unreadable") from None
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Unreadable("archive_too_large", max=MOST_BYTES // 2**20)
    for entry in entries:
        if _leads_outside(entry):
            raise Unreadable("archive_path")
        if entry.filename.lower().endswith((".zip", ".7z", ".rar")):  # an archive of archives
            raise Unreadable("archive_too_large", max=MOST_BYTES // 2**20)
        if entry.flag_bits & 0x1:
            raise Unreadable("sheet_encrypted")
    return archive


def pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield an entry's bytes, however large it said it is.

    :raises Unreadable: sheet_unreadable, archive_too_large
    """
    size = 0
    try:
        with archive.open(name) as entry:
            while piece := entry.read(PIECE):
                size += len(piece)
                if size > MOST_BYTES:
                    raise Unreadable("archive_too_large", max=MOST_BYTES // 2**20)
                yield piece
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError, OSError):
        raise Unreadable("sheet_unreadable") from None


def _leads_outside(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or "\\" in name or name.startswith("/") or ":" in name or "\0" in name or ".." in name.split("/")
