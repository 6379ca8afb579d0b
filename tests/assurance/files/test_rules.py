"""What a file is, and what it is called: told by its bytes, never by its sender."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from assurance.files import pictures
from assurance.files.naming import shown_name
from assurance.files.sniffing import CSV, JPEG, PDF, PNG, WEBP, is_pdf, media_type_of
from tests import documents
from tests.enrolments import picture

WHOLE_PDF = documents.pdf()


class TestTheType:
    @pytest.mark.parametrize(
        ("data", "found"),
        [
            (picture("JPEG"), JPEG),
            (picture("PNG"), PNG),
            (picture("WEBP"), WEBP),
            (WHOLE_PDF, PDF),
            ("\ufeff商品,售价\n围巾,128.00\n".encode(), CSV),
            (b"<html>a,b</html>", ""),
            (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', ""),
            (b"GIF89a\x01\x00", ""),
            (b"II*\x00\x08\x00\x00\x00", ""),
            (b"MM\x00*", ""),
            (b"8BPS\x00\x01", ""),
            (b"%!PS-Adobe-3.0 EPSF-3.0", ""),
            (b"SIMPLE  =                    T", ""),
            (b"\x00\x00\x01\x00\x01\x00", ""),
            (b"\x00\x00\x00\x0cjP  \r\n\x87\n", ""),
            (b"PK\x03\x04", ""),
            (b"MZ\x90\x00", ""),
            (b"RIFF\x00\x00\x00\x00WAVE", ""),
            (b"a,b\x00c", ""),
            (b"\xff", ""),
        ],
    )
    def test_is_told_by_the_first_bytes(self, data, found):
        assert media_type_of(data) == found

    @pytest.mark.parametrize(
        "data", [b"%PDF-<html>", b"%PDF-1.7 <html><script>", WHOLE_PDF[:-6], WHOLE_PDF.replace(b"startxref", b""), b""]
    )
    def test_of_a_pdf_needs_its_end_too(self, data):
        assert (is_pdf(WHOLE_PDF), is_pdf(data)) == (True, False)


class TestTheShownName:
    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("正面.jpg", "正面.jpg"),
            ("PHOTO.JPEG", "PHOTO.jpg"),
            ("../../etc/cron.d/x", "x.jpg"),
            ("C:\\Users\\amal\\图片.jpg", "图片.jpg"),
            ("a\x00.jpg", "a.jpg"),
            ("CON.jpg", "file-CON.jpg"),
            ("=SUM(A1).jpg", "SUM(A1).jpg"),
            ("=cmd|' /C calc'!A1.jpg", "C calc'!A1.jpg"),
            ("＝1+1.jpg", "1+1.jpg"),
            ("invoice\u202egpj.exe", "invoicegpj.exe.jpg"),
            ("a.html", "a.html.jpg"),
            ("", "file.jpg"),
            (".jpg", "file.jpg"),
            ("..", "file.jpg"),
            ('"><img src=x>.jpg', "img src=x.jpg"),
            ("很" * 4096 + ".jpg", "很" * 116 + ".jpg"),
        ],
    )
    def test_is_harmless_and_ends_as_its_content(self, given, shown):
        assert shown_name(given, JPEG) == shown
        assert len(shown) <= 120


class TestAPicture:
    @pytest.mark.parametrize(("kind", "media_type"), [("JPEG", JPEG), ("PNG", PNG), ("WEBP", WEBP)])
    def test_is_written_anew_in_its_own_kind(self, kind, media_type):
        read = pictures.read(picture(kind, (40, 30)), media_type)

        assert (read.width, read.height) == (40, 30)
        assert Image.open(io.BytesIO(read.copy)).format == kind

    def test_loses_what_was_hidden_in_it_and_stands_upright(self):
        hidden = Image.Exif()
        hidden[0x0112] = 6  # turned by a quarter
        hidden[0x010E] = "30.2741,120.1551"
        data = picture("JPEG", (40, 30), exif=hidden, comment=b"secret") + b"PK\x03\x04 a trailer"

        copy = pictures.read(data, JPEG).copy

        shown = Image.open(io.BytesIO(copy))
        assert (shown.size, dict(shown.getexif())) == ((30, 40), {})
        assert not any(word in copy for word in (b"secret", b"30.2741", b"trailer"))

    def test_is_shown_with_an_edge_of_2000_at_most(self):
        read = pictures.read(picture("PNG", (3000, 1500)), PNG)

        assert (read.width, read.height) == (3000, 1500)
        assert Image.open(io.BytesIO(read.copy)).size == (2000, 1000)

    @pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA", "I;16"])
    def test_may_have_any_colours(self, mode):
        written = io.BytesIO()
        Image.new(mode, (20, 10)).save(written, "PNG")

        assert Image.open(io.BytesIO(pictures.read(written.getvalue(), PNG).copy)).size == (20, 10)

    @pytest.mark.promise("G26")
    @pytest.mark.parametrize("size", [(13_000, 13_000), (30_000, 30_000), (8_001, 5_000)])
    def test_with_too_many_pixels_is_refused_from_its_head(self, size):
        written = io.BytesIO()
        Image.new("1", (8, 8)).save(written, "PNG")
        head = b"IHDR" + struct.pack(">II", *size) + written.getvalue()[24:29]
        claiming = written.getvalue()[:12] + head + struct.pack(">I", zlib.crc32(head)) + written.getvalue()[33:]

        with pytest.raises(pictures.PictureTooLarge):
            pictures.read(claiming, PNG)

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_that_moves_is_refused(self, kind):
        frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue", "green")]
        written = io.BytesIO()
        frames[0].save(written, kind, save_all=True, append_images=frames[1:], lossless=True)

        with pytest.raises(pictures.PictureMoves):
            pictures.read(written.getvalue(), {"PNG": PNG, "WEBP": WEBP}[kind])

    @pytest.mark.parametrize(
        ("data", "media_type"),
        [
            (picture("JPEG", (400, 300))[:300], JPEG),
            (picture("JPEG")[:3], JPEG),
            (picture("PNG", (400, 300))[:60], PNG),
            (picture("WEBP")[:20], WEBP),
            (b"\xff\xd8\xff" + b"\x00" * 500, JPEG),
            (picture("PNG"), JPEG),
        ],
    )
    def test_that_is_damaged_is_refused(self, data, media_type):
        with pytest.raises(pictures.PictureDamaged):
            pictures.read(data, media_type)
