"""What a file is, told by its bytes; its name and what the sender says of it prove nothing."""

from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
WEBP: Final = "image/webp"
PDF: Final = "application/pdf"
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PICTURES: Final = frozenset({JPEG, PNG, WEBP})
DOCUMENTS: Final = PICTURES | {PDF}
TABLES: Final = frozenset({CSV, XLSX})
ALL: Final = DOCUMENTS | TABLES

EXTENSIONS: Final = {
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    WEBP: (".webp",),
    PDF: (".pdf",),
    CSV: (".csv",),
    XLSX: (".xlsx",),
}
PDF_HEADS: Final = (b"%PDF-1.", b"%PDF-2.")
DIRECTORY: Final = 2**16
"""An archive ends with the names of what is in it."""
PDF_TAIL: Final = 2048
"""A PDF ends with its cross-reference and ``%%EOF``; producers may append a little behind it."""


def media_type_of(data: bytes) -> str:
    """Return which of the known types the bytes begin like, or nothing. Only decoding proves a picture."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in data[-DIRECTORY:]:
        return XLSX
    return CSV if is_table_text(data) else ""


def is_pdf(data: bytes) -> bool:
    """Say whether the bytes have a PDF's head and its end; what lies between, ``documents`` takes apart."""
    tail = data[-PDF_TAIL:]
    return data.startswith(PDF_HEADS) and b"startxref" in tail and b"%%EOF" in tail


def is_table_text(data: bytes) -> bool:
    """Say whether the bytes are UTF-8 text with separators and no markup: what our own exports look like."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    first_line = text.partition("\n")[0]
    if "<" in first_line or not any(separator in first_line for separator in ",;\t\r"):
        return False
    return not any(character < " " and character not in "\t\r\n" for character in text)
