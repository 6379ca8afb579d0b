"""PDF documents are taken apart before they are kept: whole, of a bearable size, in the clear, and with nothing in them that acts.

Reading is done in a child process with bounds on its time and memory: what a hostile document does to the reader, it does to nobody else.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import re
import resource
import select
import signal
import zlib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_PAGES: Final = 500
MAX_OBJECTS: Final = 100_000
MAX_UNPACKED: Final = 256 * 2**20
"""Bytes that all of a document's streams may unpack to together."""
MAX_KNOWN: Final = 1000
"""Documents whose finding a process remembers."""
SECONDS: Final = 10
CPU_SECONDS: Final = 4
MEMORY: Final = 512 * 2**20
"""What the child may take on top of what the process had."""
ACTIONS: Final = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/RichMediaExecute"})
"""Actions that run something, send something, or open another file; going to a page is none of them."""
CARRIERS: Final = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
"""Keys under which scripts and files are carried along."""


BEFORE: Final = re.compile(rb"/Prev\s+(\d+)")


class Flaw(StrEnum):
    """Why a document is not kept."""

    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_OBJECTS = "too_many_objects"


CODES: Final = ("", *Flaw)
"""What the child answers: the place of its finding in one byte."""
BROKEN: Final = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What a reader raises on broken bytes."""


class _Found(Exception):
    def __init__(self, flaw: Flaw) -> None:
        self.flaw = flaw


_known: dict[bytes, Flaw | None] = {}
"""What was found in a document, by its digest: the same bytes are the same document."""


def flaw_of(data: bytes, *, seconds: float = SECONDS) -> Flaw | None:
    """Return what is wrong with a document, or nothing. What takes too long or too much memory is unreadable."""
    digest = hashlib.sha256(data).digest()
    if digest not in _known:
        said = _asked(data, seconds)
        if not said:
            return Flaw.UNREADABLE  # this time: another time there may be more time
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        _known[digest] = Flaw(CODES[said[0]]) if said[0] else None
    return _known[digest]


def _asked(data: bytes, seconds: float) -> bytes:
    """Have a child read the document; return its answer, which is empty if it gave none in time."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(data, theirs)
    os.close(theirs)
    try:
        waiting = select.poll()
        waiting.register(ours, select.POLLIN)
        return os.read(ours, 1) if waiting.poll(seconds * 1000) else b""
    finally:
        os.close(ours)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _answer(data: bytes, out: int) -> None:
    """Read in the child and end it at once, whatever happens: nothing of the parent's is tidied up here."""
    try:
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, held + MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        logging.disable(logging.CRITICAL)
        os.write(out, bytes([CODES.index(read(data) or "")]))
    finally:
        os._exit(0)


def read(data: bytes) -> Flaw | None:
    """Take a document apart here and now; ``flaw_of`` does so where it can hurt nobody."""
    if _goes_in_circles(data):
        return Flaw.UNREADABLE
    try:
        _look(PdfReader(io.BytesIO(data), strict=False))
    except _Found as found:
        return found.flaw
    except BROKEN:
        return Flaw.UNREADABLE
    return None


def _look(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise _Found(Flaw.ENCRYPTED)
    numbers = [(number, generation) for generation, places in reader.xref.items() for number in places]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MAX_OBJECTS:
        raise _Found(Flaw.TOO_MANY_OBJECTS)
    if not _pages(reader.root_object["/Pages"]):
        raise _Found(Flaw.UNREADABLE)
    room = MAX_UNPACKED
    for number, generation in numbers:
        given = reader.get_object(IndirectObject(number, generation, reader))
        if any(_acts(one) for one in _parts(given)):
            raise _Found(Flaw.ACTIVE)
        if isinstance(given, StreamObject):
            room -= _unpacked(given, room)


def _goes_in_circles(data: bytes) -> bool:
    """Say whether the tables of objects, each naming the one before it, lead back to one of themselves."""
    seen: set[int] = set()
    last = re.search(rb"startxref\s+(\d+)", data[data.rfind(b"startxref") :])
    while last:
        place = int(last[1])
        if place in seen:
            return True
        seen.add(place)
        end = min(found for found in (data.find(b"startxref", place), data.find(b"stream", place), len(data)) if found >= 0)
        last = BEFORE.search(data, place, end)
    return False


def _pages(top: Any) -> int:
    """Return how many pages the tree holds, counted leaf by leaf: what a node says of its leaves may be a lie."""
    seen: set[int] = set()
    found, waiting = 0, [top]
    while waiting:
        node = waiting.pop()
        if isinstance(node, IndirectObject):
            if node.idnum in seen:
                raise _Found(Flaw.UNREADABLE)
            seen.add(node.idnum)
            node = node.get_object()
        if not isinstance(node, DictionaryObject):
            continue
        if "/Kids" in node:
            kids = node["/Kids"]
            waiting += kids if isinstance(kids, ArrayObject) else [kids]
            continue
        found += 1
        if found > MAX_PAGES:
            raise _Found(Flaw.TOO_MANY_PAGES)
    return found


def _parts(given: Any) -> Iterator[DictionaryObject]:
    """Yield every dictionary that stands in an object itself, not in what it refers to."""
    waiting: list[Any] = [given]
    while waiting:
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            yield one
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += list(one)


def _acts(one: DictionaryObject) -> bool:
    kind = one.raw_get("/S") if "/S" in one else None
    return str(kind) in ACTIONS or any(key in one for key in CARRIERS)


def _unpacked(stream: StreamObject, room: int) -> int:
    """Return to how many bytes a stream unpacks, as far as it is deflated; nothing of it is kept.

    :raises _Found: if that is more than there is room for
    """
    filters = stream.get("/Filter", ArrayObject())
    names = [str(one) for one in (filters if isinstance(filters, ArrayObject) else [filters])]
    pieces: Iterable[bytes] = [stream._data]
    for name in names:
        if name not in ("/FlateDecode", "/Fl"):
            break
        pieces = _inflated(pieces, room)
    return sum(len(piece) for piece in pieces)


def _inflated(pieces: Iterable[bytes], room: int) -> Iterator[bytes]:
    unpacker, left = zlib.decompressobj(), room
    for piece in pieces:
        rest = piece
        while rest and not unpacker.eof:
            some = unpacker.decompress(rest, 2**20)
            left -= len(some)
            if left < 0:
                raise _Found(Flaw.UNREADABLE)
            yield some
            rest = unpacker.unconsumed_tail
