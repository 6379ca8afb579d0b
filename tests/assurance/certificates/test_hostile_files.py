"""The corpus of pictures and documents that hurt (E and F), brought in as a certificate's file: each has its own answer."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from assurance.certificates.models import Certificate
from assurance.files import documents as reading
from assurance.files import vault
from assurance.files.models import StoredFile
from tests import certificates as papers
from tests import documents, goods
from tests.doors import Api, browser, said
from tests.enrolments import picture


def big(side: int) -> bytes:
    written = io.BytesIO()
    Image.new("1", (side, side)).save(written, "PNG")
    return written.getvalue()


def moving() -> bytes:
    written = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), (n, n, n)) for n in range(0, 250, 10)]
    frames[0].save(written, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    return written.getvalue()


ROOM: Final = 2**20
PARTS: Final = 1000
LOCK: Final = b"<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>" % (b"o" * 32, b"u" * 32)

REFUSED: Final[tuple[tuple[str, str, Callable[[], bytes], int, str], ...]] = (
    ("42", "a.png", lambda: big(13_000), 422, "image_too_many_pixels"),
    ("43", "a.png", lambda: big(30_000), 422, "image_too_many_pixels"),
    ("44 html", "a.jpg", lambda: b"<!doctype html><script>alert(1)</script>", 415, "not_an_image"),
    ("44 svg", "a.jpg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 415, "not_an_image"),
    ("44 gif", "a.jpg", lambda: b"GIF89a=1;alert(1)//", 415, "not_an_image"),
    ("46 truncated", "a.jpg", lambda: picture("JPEG", (400, 300))[:300], 422, "image_damaged"),
    ("46 empty", "a.jpg", lambda: b"", 422, "empty_file"),
    ("46 one byte", "a.jpg", lambda: b"\xff", 415, "not_an_image"),
    ("48 tiff", "a.jpg", lambda: b"II*\x00\x08\x00\x00\x00", 415, "not_an_image"),
    ("48 eps", "a.jpg", lambda: b"%!PS-Adobe-3.0 EPSF-3.0", 415, "not_an_image"),
    ("48 fits", "a.jpg", lambda: b"SIMPLE  =                    T", 415, "not_an_image"),
    ("48 psd", "a.jpg", lambda: b"8BPS\x00\x01", 415, "not_an_image"),
    ("48 ico", "a.jpg", lambda: b"\x00\x00\x01\x00\x01\x00", 415, "not_an_image"),
    ("48 jpeg 2000", "a.jpg", lambda: b"\x00\x00\x00\x0cjP  \r\n\x87\n", 415, "not_an_image"),
    ("49", "a.webp", moving, 422, "animation_not_allowed"),
    ("51", "a.pdf", lambda: b"%PDF-1.7\n<html><script>alert(1)</script>", 415, "not_a_pdf"),
    ("52 unpacks to too much", "a.pdf", lambda: documents.bomb(3 * ROOM), 422, "pdf_unreadable"),
    ("52 in circles", "a.pdf", documents.circular, 422, "pdf_unreadable"),
    ("52 no pages", "a.pdf", lambda: documents.pdf([b"<<>>"]), 422, "pdf_unreadable"),
    ("53", "a.pdf", lambda: documents.pdf([*documents.PAGES, LOCK], trailer=b"/Encrypt 4 0 R/ID[<00><00>]"), 422, "pdf_encrypted"),
    ("54 script", "a.pdf", lambda: documents.with_catalogue(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), 422, "pdf_active"),
    ("54 launch", "a.pdf", lambda: documents.with_catalogue(b"/OpenAction 4 0 R", b"<</S/Launch/F(cmd.exe)>>"), 422, "pdf_active"),
    (
        "54 file",
        "a.pdf",
        lambda: documents.with_catalogue(b"/Names<</EmbeddedFiles<</Names[(a)4 0 R]>>>>", b"<</EF<<>>>>"),
        422,
        "pdf_active",
    ),
    ("55", "a.pdf", lambda: documents.of_pages(501), 413, "pdf_too_many_pages"),
    ("55 parts", "a.pdf", lambda: documents.of_objects(PARTS + 1), 413, "pdf_too_many_objects"),
)
"""Row of the corpus, file name, content, status and code."""


@pytest.mark.promise("G26")
class TestAFileThatHurts:
    @pytest.fixture(autouse=True)
    def small_bounds(self, monkeypatch):
        """What is refused beyond a bound is refused beyond a smaller one; the file is quicker made."""
        monkeypatch.setattr(reading, "MAX_UNPACKED", ROOM)
        monkeypatch.setattr(reading, "MAX_OBJECTS", PARTS)

    def test_has_its_own_answer_and_leaves_nothing(self, amal, settings):
        api = Api(amal)
        for row, name, make, status, code in REFUSED:
            answer = api.upload("/files/", file=SimpleUploadedFile(name, make()))
            assert (row, *said(answer)) == (row, status, code)
        settings.UPLOAD_MAX_BYTES = 1000
        assert said(api.upload("/files/", file=SimpleUploadedFile("a.pdf", papers.pdf() + bytes(2000)))) == (413, "file_too_large")
        assert not StoredFile.objects.exists()

    def test_stands_at_the_field_of_the_form(self, amal):
        product = goods.product(amal.organisation)
        for row, name, make, status, _code in REFUSED[2:]:
            values = {key: "" if value is None else str(value) for key, value in papers.values(amal).items()}
            given = values | {"products": [product.pk], "file": SimpleUploadedFile(name, make())}
            answer = browser(amal).post(reverse("certificates:create"), given)
            assert (row, answer.status_code) == (row, 422), status
        assert not Certificate.objects.exists()


class TestAFileWithSomethingHidden:
    def test_is_kept_but_shown_without_it_under_a_harmless_name(self, amal):
        hidden = Image.Exif()
        hidden[0x0112], hidden[0x010E] = 8, "30.2741,120.1551"
        data = picture("JPEG", (40, 30), exif=hidden, comment=b"x" * 50_000) + b"PK\x03\x04 <?php"
        for name in ("../../etc/cron.d/x", "CON.jpg", "=cmd.jpg", "n" * 4096 + ".jpg"):
            made = papers.entered(amal, goods.product(amal.organisation), data=data + name[:9].encode())
            served = vault.place(made.file.served_sha256).read_bytes()
            assert not any(word in served for word in (b"php", b"30.2741", b"xxxx"))
            assert Image.open(io.BytesIO(served)).size == (30, 40)

    def test_takes_the_child_down_and_not_the_one_who_asks(self, monkeypatch):
        monkeypatch.setattr(reading, "read", lambda _data: time.sleep(9))
        assert reading.flaw_of(b"", seconds=0.01) is reading.Flaw.UNREADABLE
        monkeypatch.setattr(reading, "read", lambda _data: bytes(2 * reading.MEMORY) and None)
        assert reading.flaw_of(b"") is reading.Flaw.UNREADABLE

    def test_of_a_document_that_goes_to_a_page_is_kept_and_only_saved(self, amal, cleanser):
        made = papers.entered(amal, cleanser, data=documents.with_catalogue(b"/OpenAction[3 0 R/Fit]"))

        answer = browser(amal).get(reverse("files:show", args=[made.file_id]))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
