"""The corpus as data: rows 1–28 of the hostile inputs, each with the status and code it must be answered with.

A body row spoils a valid body as a whole, a field row puts one value into every field of its kind, a query row asks every list.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from assurance.web import serializers as strict

Body = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """A request body as bytes."""

    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    announced: int = 0


@dataclass(frozen=True)
class BodyRow:
    number: int
    name: str
    spoil: Callable[[Body], Sent]
    status: int
    code: str


@dataclass(frozen=True)
class UploadRow:
    number: int
    name: str
    spoil: Callable[[dict[str, bytes]], Sent]
    status: int
    code: str


@dataclass(frozen=True)
class FieldRow:
    number: int
    kind: type
    value: Any
    code: str
    unless: Callable[[Any], bool] = lambda _: False


@dataclass(frozen=True)
class QueryRow:
    number: int
    query: str
    status: int
    code: str


def as_json(body: Body) -> bytes:
    return json.dumps(body).encode()


def beside(body: Body, raw: bytes) -> Sent:
    """Return the body with one more member, written by hand."""
    whole = as_json(body)
    return Sent(whole[:-1] + (b"," if body else b"") + raw + b"}")


def twice(body: Body) -> Sent:
    return beside(body, b'"qty":1,"qty":900') if not body else beside(body, as_json({next(iter(body)): None})[1:-1])


BODIES = [
    BodyRow(1, "NUL in JSON", lambda b: beside(b, rb'"extra":{"k":"\u0000"}'), 400, "nul_character"),
    BodyRow(1, "NUL in a key", lambda b: beside(b, rb'"ex\u0000tra":1'), 400, "nul_character"),
    BodyRow(2, "half of a character", lambda b: beside(b, rb'"extra":{"k":"\ud800"}'), 400, "invalid_unicode"),
    BodyRow(3, "6 KB of brackets", lambda b: beside(b, b'"extra":' + b"[" * 3000 + b"]" * 3000), 400, "json_too_deep"),
    BodyRow(3, "6 KB of open brackets", lambda _: Sent(b"[" * 6000), 400, "json_too_deep"),
    BodyRow(4, "5,000 digits", lambda b: beside(b, b'"extra":' + b"9" * 5000), 400, "number_out_of_range"),
    BodyRow(5, "NaN", lambda b: beside(b, b'"extra":NaN'), 400, "number_not_finite"),
    BodyRow(5, "Infinity", lambda b: beside(b, b'"extra":Infinity'), 400, "number_not_finite"),
    BodyRow(5, "1e999", lambda b: beside(b, b'"extra":1e999'), 400, "number_not_finite"),
    BodyRow(6, "duplicate key", twice, 400, "duplicate_key"),
    BodyRow(7, "a list", lambda _: Sent(b"[]"), 400, "object_expected"),
    BodyRow(7, "null", lambda _: Sent(b"null"), 400, "object_expected"),
    BodyRow(7, "a string", lambda _: Sent(b'"x"'), 400, "object_expected"),
    BodyRow(8, "invalid UTF-8", lambda b: beside(b, b'"extra":"\xff"'), 400, "invalid_encoding"),
    BodyRow(8, "no JSON", lambda _: Sent(b"{not json"), 400, "invalid_json"),
    BodyRow(9, "bogus charset", lambda b: Sent(as_json(b), "application/json; charset=bogus"), 415, "unsupported_charset"),
    BodyRow(9, "utf-7", lambda b: Sent(as_json(b), "application/json; charset=utf-7"), 415, "unsupported_charset"),
    BodyRow(9, "compressed", lambda b: Sent(as_json(b), headers={"Content-Encoding": "gzip"}), 415, "unsupported_encoding"),
    BodyRow(9, "XML", lambda _: Sent(b"<a/>", "application/xml"), 415, "unsupported_media_type"),
    BodyRow(9, "a form", lambda _: Sent(b"a=1", "application/x-www-form-urlencoded"), 415, "unsupported_media_type"),
    BodyRow(10, "3 MB", lambda b: beside(b, b'"extra":"' + b"x" * 3_100_000 + b'"'), 413, "body_too_large"),
    BodyRow(11, "unknown field", lambda b: beside(b, b'"fee_fen":0'), 400, "unknown_field"),
]


def form(parts: dict[str, Any], files: dict[str, bytes], content_type: str = MULTIPART_CONTENT) -> Sent:
    """Return an upload."""
    uploads = {name: SimpleUploadedFile(f"{name}.jpg", data, "image/jpeg") for name, data in files.items()}
    return Sent(encode_multipart(BOUNDARY, parts | uploads), content_type)


def form_twice(files: dict[str, bytes]) -> Sent:
    return form({"note": ["a", "b"]}, files)


UPLOADS = [
    UploadRow(9, "JSON", lambda _: Sent(b"{}"), 415, "unsupported_media_type"),
    UploadRow(9, "bogus charset", lambda f: form({}, f, MULTIPART_CONTENT + "; charset=bogus"), 415, "unsupported_charset"),
    UploadRow(9, "compressed", lambda f: replace(form({}, f), headers={"Content-Encoding": "gzip"}), 415, "unsupported_encoding"),
    UploadRow(10, "a terabyte", lambda f: replace(form({}, f), announced=10**12), 413, "body_too_large"),
    UploadRow(6, "a field twice", form_twice, 400, "duplicate_key"),
    UploadRow(1, "NUL", lambda f: form({"note": "a\0b"}, f), 400, "nul_character"),
    UploadRow(11, "unknown field", lambda f: form({"fee_fen": "0"}, f), 400, "unknown_field"),
    UploadRow(8, "no boundary", lambda _: Sent(b"x", "multipart/form-data"), 400, "bad_request"),
    UploadRow(8, "cut off", lambda f: Sent(form({}, f).body[:-30], MULTIPART_CONTENT + "x"), 400, "required"),
]

LONG = "x" * 90_000

NO_INTEGERS: tuple[Any, ...] = ("１２", "12", 1.0, True, [], {})

FIELDS = [
    *(FieldRow(12, strict.StrictIntegerField, value, "integer_expected") for value in NO_INTEGERS),
    FieldRow(13, strict.VisibleField, 9 * 10**18, "not_found"),
    FieldRow(13, strict.VisibleField, "no such code", "not_found"),
    FieldRow(13, strict.VisibleField, {"id": 1}, "not_found"),
    FieldRow(13, strict.VisibleField, True, "not_found"),
    FieldRow(13, strict.VisibleListField, [9 * 10**18], "not_found"),
    FieldRow(14, strict.StrictTextField, LONG, "too_long"),
    FieldRow(14, strict.StrictTextField, "Z" + "\u0351" * 16_400, "too_long"),
    FieldRow(14, strict.StrictTextField, "Z" + "\u0351" * 9, "character_not_allowed", lambda f: f.max_length < 10),
    FieldRow(14, strict.StrictTextField, "a\u202eb", "character_not_allowed"),
    FieldRow(14, strict.StrictTextField, "a\u0007b", "character_not_allowed"),
    FieldRow(14, strict.StrictTextField, "a\nb", "character_not_allowed", lambda f: f.several_lines),
    FieldRow(14, strict.StrictTextField, 5, "text_expected"),
    FieldRow(14, strict.StrictTextField, "　 ", "required", lambda f: f.allow_blank),
    *(FieldRow(23, strict.MoneyField, value, "send_money_as_string") for value in (0.1, 1, True)),
    *(FieldRow(24, strict.MoneyField, value, "money_format") for value in ("1_000", " 5 ", "１２.３", "1E3", "1,000", "1.234")),
    FieldRow(24, strict.RateField, "１", "rate_format"),
    FieldRow(24, strict.RateField, 0.1, "rate_format"),
    FieldRow(25, strict.StrictIntegerField, 0, "must_be_positive", lambda f: f.least != 1),
    FieldRow(25, strict.StrictIntegerField, -1, "must_be_positive", lambda f: f.least != 1),
    FieldRow(25, strict.StrictIntegerField, -1, "must_not_be_negative", lambda f: f.least != 0),
    FieldRow(25, strict.MoneyField, "0", "must_be_positive", lambda f: f.zero_ok or f.negative_ok),
    FieldRow(25, strict.MoneyField, "-1", "must_be_positive", lambda f: f.zero_ok or f.negative_ok),
    FieldRow(25, strict.MoneyField, "-1", "must_not_be_negative", lambda f: f.negative_ok or not f.zero_ok),
    FieldRow(26, strict.StrictIntegerField, 2**63, "number_out_of_range"),
    FieldRow(26, strict.StrictIntegerField, 2**63 - 1, "number_out_of_range", lambda f: f.most == 2**63 - 1),
    FieldRow(26, strict.MoneyField, "92233720368547758.08", "number_out_of_range"),
    FieldRow(27, strict.MomentField, "2026-03-01T09:30:00", "timezone_required"),
    FieldRow(28, strict.MomentField, "0001-01-01T00:00:00+14:00", "date_out_of_range"),
    FieldRow(28, strict.MomentField, "9999-12-31T23:59:59Z", "date_out_of_range"),
    FieldRow(28, strict.MomentField, "2026-13-45", "moment_format"),
    FieldRow(28, strict.MomentField, 1767225600, "moment_format"),
    FieldRow(28, strict.DayField, "9999-12-31", "date_out_of_range"),
    FieldRow(28, strict.DayField, "2026-13-45", "date_format"),
    FieldRow(28, strict.DayField, "2026-3-1", "date_format"),
    *(FieldRow(12, strict.StrictBooleanField, value, "boolean_expected") for value in ("true", 1, 0, "on")),
    *(FieldRow(12, strict.StrictChoiceField, value, "invalid_choice") for value in ("no such", 1, True, ["a"], "x" * 5000)),
    FieldRow(7, strict.StrictListField, {"0": 1}, "list_expected"),
    FieldRow(7, strict.StrictList, {"0": 1}, "list_expected"),
    FieldRow(7, strict.VisibleListField, "1", "list_expected"),
    FieldRow(10, strict.StrictListField, [1] * 5001, "too_many_items"),
    FieldRow(10, strict.StrictList, [{}] * 5001, "too_many_items"),
    FieldRow(10, strict.VisibleListField, [1] * 5001, "too_many_items"),
]

QUERIES = [
    QueryRow(15, "?name=%00", 400, "invalid_filter"),
    QueryRow(15, "?page=1%00", 400, "invalid_filter"),
    QueryRow(15, "?page=%ff", 400, "invalid_filter"),
    QueryRow(18, "?page=0", 404, "no_such_page"),
    QueryRow(18, "?page=-1", 404, "no_such_page"),
    QueryRow(18, "?page=" + "9" * 30, 404, "no_such_page"),
    QueryRow(18, "?page=999999999", 404, "no_such_page"),
    QueryRow(18, "?page=%EF%BC%91", 404, "no_such_page"),
    QueryRow(18, "?page=last", 404, "no_such_page"),
    QueryRow(19, "?page_size=0", 400, "invalid_filter"),
    QueryRow(19, "?page_size=%EF%BC%91", 400, "invalid_filter"),
    QueryRow(20, "?ordering=merchant__owner__password", 400, "invalid_ordering"),
    QueryRow(20, "?ordering=pk%2Cid", 400, "invalid_ordering"),
    QueryRow(22, "?page=1&page=2", 400, "repeated_parameter"),
    QueryRow(22, "?no_such_parameter=1", 400, "unknown_parameter"),
]

FILTERS: dict[str, list[str]] = {
    "TextFilter": ["%00", "x" * 5000, "%E2%80%AE"],
    "IdFilter": ["abc", "-1", "0", "1.5", "%EF%BC%91", "9" * 5000, "1_0"],
    "WholeFilter": ["abc", "1.5", "%EF%BC%91", "9" * 5000],
    "MoneyFilter": ["abc", "1.234", "-1", "1e3", "%EF%BC%91", "9" * 5000],
    "RateFilter": ["abc", "2", "-0.1", "1e-1", "9" * 5000],
    "OneOfFilter": ["no+such", "x" * 5000],
    "DayFilter": ["2026-13-45", "20260301", "9999-12-31", "now"],
    "MomentFilter": ["2026-13-45", "0001-01-01T00:00:00%2B14:00", "now"],
    "FlagFilter": ["1", "True", "yes"],
    "VisibleFilter": ["no+such", "%00", "9" * 5000],
}
"""Values that each kind of filter must refuse with ``invalid_filter`` (rows 15–17)."""

PATHS = ["9" * 4301, "9" * 30, "abc", "-1", "1.5", "%00", "%EF%BC%91", "..", "1'--", "%ED%A0%80"]
"""Values in a path that must be answered with 404 (row 21)."""
