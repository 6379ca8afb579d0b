"""PDF documents written by hand, object by object: whole ones and hostile ones."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

PAGES = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")


def pdf(objects: Sequence[bytes] = PAGES, *, trailer: bytes = b"", title: str = "") -> bytes:
    """Return a document of these objects, numbered from 1; the first is its catalogue."""
    written, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    told = b"/Info<</Title(%s)>>" % title.encode() if title else b""
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    tail = b"trailer\n<</Size %d/Root 1 0 R%s%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, told, trailer, len(written))
    return written + head + tail


def of_pages(count: int) -> bytes:
    """Return a document of so many pages."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    pages = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return pdf([PAGES[0], pages, *[PAGES[2]] * count])


def with_catalogue(more: bytes, *further: bytes) -> bytes:
    """Return a document whose catalogue says more; ``further`` objects are numbered from 4."""
    return pdf([PAGES[0].replace(b"/Pages", more + b"/Pages"), *PAGES[1:], *further])


def stream(data: bytes, said: bytes = b"/Filter/FlateDecode") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (said, len(data), data)


def bomb(size: int) -> bytes:
    """Return a page whose content unpacks to so many bytes, from a thousandth of it."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(size // 2**20)) + packer.flush()
    return pdf([*PAGES[:2], PAGES[2].replace(b">>", b"/Contents 4 0 R>>"), stream(packed)])


def circular() -> bytes:
    """Return a document whose table of objects says that the one before it is itself."""
    plain = pdf()
    place = plain.index(b"xref\n0 ")
    return pdf(trailer=b"/Prev %d" % place)


def of_objects(count: int) -> bytes:
    """Return a document that says it has so many objects; the table is there, the objects are one."""
    written = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(PAGES, start=1))
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (count + 1) + b"0000000009 00000 n \n" * count
    return written + table + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count + 1, len(written))
