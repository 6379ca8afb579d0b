"""Rows 57–64 of the corpus: product files that mean harm, that are broken, or that a spreadsheet has spoilt."""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile

import openpyxl
import pytest

from assurance.imports import queries
from assurance.imports.models import ProductImport
from assurance.products.models import Product
from tests import enrolments
from tests.doors import Api
from tests.product_files import HEAD, JANUARY, as_csv, as_workbook, checked, counts, imported, row, saved

pytestmark = [pytest.mark.django_db, pytest.mark.promise("G27")]
GOOD = as_workbook([row(1)])
SHEET = "xl/worksheets/sheet1.xml"
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.fixture(autouse=True)
def categories(db, settings):
    settings.API_REQUESTS_PER_SECOND = 0
    enrolments.load_categories()


def repacked(data: bytes = GOOD, *, add: dict[str, bytes] | None = None, change=None) -> bytes:
    """Return the workbook with more entries, or with its sheet changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()).encode() if change and name == SHEET else content)
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def with_entry(name: str, *, attributes: int = 0) -> bytes:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = attributes
        archive.writestr(entry, b"x")
    return out.getvalue()


def lying() -> bytes:
    """Return a workbook whose directory says that a huge sheet is small."""
    data = bytearray(repacked(change=lambda xml: xml.replace("</sheetData>", "</sheetData>" + " " * 12_000_000)))
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    data[place + 24 : place + 28] = struct.pack("<I", 5_000)
    return bytes(data)


def many_entries() -> bytes:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(1_001):
            archive.writestr(f"xl/media/{number}", b"")
    return out.getvalue()


def macros() -> bytes:
    return repacked(add={"xl/vbaProject.bin": b"x"})


def merged() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    book.active.merge_cells("B1:C1")
    return saved(book)


def wide_and_empty(lines: int) -> bytes:
    rows = "".join(f'<row r="{number}" s="1"/>' for number in range(3, lines))
    return repacked(
        change=lambda xml: xml.replace("</sheetData>", rows + "</sheetData>").replace(
            '<dimension ref="A1:G2"', '<dimension ref="A1:XFD1048576"'
        )
    )


REFUSED = [
    (57, "unpacks to 105 MB", lambda: repacked(add={"xl/media/x": b"\0" * 105_000_000}), 422, "archive_too_large"),
    (57, "holds archives", lambda: repacked(add={"lib 0.zip": b"PK"}), 422, "archive_too_large"),
    (57, "1,001 entries more", many_entries, 422, "archive_too_large"),
    (57, "lies about its size", lying, 422, "sheet_unreadable"),
    (58, "billion laughs", lambda: repacked(change=lambda xml: xml.replace("<worksheet", BOMB + "<worksheet", 1)), 422, "xml_not_allowed"),
    (
        58,
        "a file of ours",
        lambda: repacked(change=lambda xml: xml.replace("<worksheet", OUTSIDE + "<worksheet", 1)),
        422,
        "xml_not_allowed",
    ),
    (59, "leads up", lambda: with_entry("../../x"), 422, "archive_path"),
    (59, "absolute", lambda: with_entry("/etc/cron.d/x"), 422, "archive_path"),
    (59, "drive", lambda: with_entry("C:\\x"), 422, "archive_path"),
    (59, "symlink", lambda: with_entry("xl/link", attributes=(stat.S_IFLNK | 0o777) << 16), 422, "archive_path"),
    (60, "a million empty rows", lambda: wide_and_empty(1_000_000), 422, "too_many_rows"),
    (60, "20,001 rows", lambda: as_csv([[str(n), *row(1)[1:]] for n in range(20_001)]), 422, "too_many_rows"),
    (62, "merged header", merged, 422, "header_invalid"),
    (62, "a column twice", lambda: as_csv([[*row(1), "x"]], head=[*HEAD, "name"]), 422, "header_invalid"),
    (62, "a column missing", lambda: as_csv([row(1)[:-1]], head=HEAD[:-1]), 422, "header_invalid"),
    (62, "an unknown column", lambda: as_csv([[*row(1), "x"]], head=[*HEAD, "colour of the sky"]), 422, "header_invalid"),
    (62, "no rows", lambda: as_csv([]), 422, "no_rows"),
    (62, ".xls renamed", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 415, "not_a_workbook"),
    (62, ".xlsm renamed", macros, 415, "macros_not_allowed"),
    (62, "a page", lambda: b"<html><script>alert(1)</script>", 415, "not_a_workbook"),
    (62, "another archive", lambda: repacked(b"PK\x05\x06" + bytes(18), add={"word/document.xml": b"<a/>"}), 415, "not_a_workbook"),
    (62, "half a workbook", lambda: GOOD[: len(GOOD) // 2], 422, "sheet_unreadable"),
    (63, "UTF-16", lambda: as_csv([row(1)], encoding="utf-16"), 422, "csv_unreadable"),
    (63, "semicolons", lambda: as_csv([row(1)]).replace(b",", b";"), 422, "csv_unreadable"),
    (63, "an open quotation mark", lambda: as_csv([row(1)]) + b'x,"y\n', 422, "csv_unreadable"),
    (63, "NUL", lambda: as_csv([row(1), row(2, name="a\0b")]), 422, "csv_unreadable"),
    (63, "one endless line", lambda: b"x" * 1_000_000, 422, "csv_unreadable"),
    (46, "nothing", lambda: b"", 422, "empty_file"),
]


class TestAFileThatIsRefused:
    @pytest.mark.parametrize(("number", "what", "make", "status", "code"), REFUSED, ids=[f"{n} {what}" for n, what, *_ in REFUSED])
    def test_is_told_why_and_leaves_nothing(self, amal, number, what, make, status, code):
        from django.core.files.uploadedfile import SimpleUploadedFile

        data, begun = make(), time.monotonic()
        answer = Api(amal).upload("/product-imports/", file=SimpleUploadedFile("products.xlsx", data))

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert time.monotonic() - begun < 10
        assert not ProductImport.objects.exists()

    def test_names_the_columns_that_are_wrong(self, amal):
        from django.core.files.uploadedfile import SimpleUploadedFile

        data = as_csv([[*row(1)[:-1], "x", "y"]], head=[*HEAD[:-1], "name", "weather"])
        answer = Api(amal).upload("/product-imports/", file=SimpleUploadedFile("a.csv", data)).json()

        assert {(one["column"], one["code"]) for one in answer["errors"]} == {
            ("name", "column_twice"),
            ("weather", "column_unknown"),
            ("price", "column_missing"),
        }

    def test_names_the_line_where_a_csv_file_breaks(self, amal):
        from django.core.files.uploadedfile import SimpleUploadedFile

        answer = Api(amal).upload("/product-imports/", file=SimpleUploadedFile("a.csv", as_csv([row(1), row(2, name="a\0")])))

        assert "line 3" in answer.json()["detail"]


class TestAFileThatOnlyLooksBad:
    def test_is_read_whatever_it_says_of_its_size(self, amal):
        found = checked(amal, wide_and_empty(50_000), name="a.xlsx")

        assert (found.total, counts(found)) == (1, (1, 0, 0, 0))

    def test_keeps_formulas_as_text(self, amal):
        live = ["=HYPERLINK(1)", "+1", "-x", "@SUM", "＝1"]

        imported(amal, as_csv([row(number, name=name) for number, name in enumerate(live)]))

        assert list(Product.objects.order_by("sku").values_list("name", flat=True)) == live

    def test_says_which_sheets_were_not_read(self, amal):
        book = openpyxl.load_workbook(io.BytesIO(GOOD))
        book.create_sheet("Secret").sheet_state = "hidden"

        found = checked(amal, saved(book), name="a.xlsx")

        assert queries.remarks(found) == ["The hidden sheet “Secret” was not read."]

    @pytest.mark.row("P18.6")
    def test_with_real_numbers_and_dates_is_understood(self, amal):
        head = [*HEAD, "attributes.registration"]
        values = ["HJ-1", "洁面乳", "skincare", 6901234567892, "120 g", 1095, 59.9, JANUARY]

        found = imported(amal, as_workbook([values], head=head), name="a.xlsx")

        product = Product.objects.get()
        assert counts(found) == (1, 0, 0, 0)
        assert (product.gtin, product.shelf_life_days, str(product.price)) == ("6901234567892", 1095, "59.90")
        assert product.attributes == {"registration": "2026-01-05"}

    @pytest.mark.parametrize(
        ("column", "value", "code"),
        [
            ("sku", 123, "looks_damaged"),
            ("sku", 1.23e17, "looks_damaged"),
            ("sku", "1.23E+17", "looks_damaged"),
            ("sku", JANUARY, "looks_damaged"),
            ("gtin", "6.90123E+12", "looks_damaged"),
            ("gtin", 12345670 // 10, "gtin_check_digit"),
            ("specification", JANUARY, "looks_damaged"),
            ("price", JANUARY, "looks_damaged"),
            ("shelf_life_days", 36.5, "integer_expected"),
            ("name", "=1+1", "formula_without_value"),
        ],
    )
    def test_is_asked_about_what_the_spreadsheet_changed(self, amal, column, value, code):
        values = dict(zip(HEAD, row(1), strict=True)) | {column: value}

        found = checked(amal, as_workbook([list(values.values())]), name="a.xlsx")

        assert [(one.column, one.code) for one in queries.flaws(found)] == [(column, code)]
