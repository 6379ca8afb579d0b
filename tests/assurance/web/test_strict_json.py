import contextlib
import json
import time

import pytest

from assurance.web.invalid import Invalid
from assurance.web.strict_json import read_object


def refusal_of(body: bytes) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        read_object(body)
    return refused.value.code, refused.value.field


class TestReadingAJsonObject:
    def test_returns_what_was_sent(self):
        sent = {"name": "燕窝 “A”", "lines": [{"quantity": 3, "cold": True, "note": None}], "share": 0.5}

        assert read_object(json.dumps(sent).encode()) == sent

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (rb'{"extra":{"k":"\u0000"}}', "nul_character"),
            (rb'{"extra":{"k":"\ud800"}}', "invalid_unicode"),
            (b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}", "json_too_deep"),
            (b"[" * 6000, "json_too_deep"),
            (b'{"a":' + b"[" * 32 + b"]" * 32 + b"}", "json_too_deep"),
            (b'{"qty":' + b"9" * 5000 + b"}", "number_out_of_range"),
            (b'{"qty":9223372036854775808}', "number_out_of_range"),
            (b'{"a":NaN}', "number_not_finite"),
            (b'{"a":Infinity}', "number_not_finite"),
            (b'{"a":-Infinity}', "number_not_finite"),
            (b'{"a":1e999}', "number_not_finite"),
            (b'{"qty":1,"qty":900}', "duplicate_key"),
            (b"[]", "object_expected"),
            (b"null", "object_expected"),
            (b'"x"', "object_expected"),
            (b'{"a":"\xff"}', "invalid_encoding"),
            (b'\xef\xbb\xbf{"a":1}', "invalid_json"),
            (b"", "invalid_json"),
            (b"{'a':1}", "invalid_json"),
            (b'{"a":1,}', "invalid_json"),
            (b'{"a":"\x01"}', "invalid_json"),
        ],
    )
    def test_refuses_what_two_readers_could_read_differently(self, body, code):
        assert refusal_of(body)[0] == code

    def test_accepts_thirty_two_levels(self):
        read_object(b'{"a":' + b"[" * 31 + b"]" * 31 + b"}")

    def test_accepts_the_largest_number_the_database_holds(self):
        assert read_object(b'{"a":9223372036854775807}') == {"a": 9223372036854775807}

    def test_names_the_place(self):
        assert refusal_of(rb'{"lines":[{"note":"ok"},{"note":"\u0000"}]}') == ("nul_character", "lines.1.note")
        assert refusal_of(rb'{"a":{"\ud800":1}}') == ("invalid_unicode", "a")
        assert refusal_of(b'{"qty":1,"qty":2}') == ("duplicate_key", "qty")

    @pytest.mark.parametrize(
        "body",
        [
            b'{"a":{"' + b"k" * 40_000 + b'":[' + b"1," * 30_000 + b"1]}}",
            b"{" + b",".join(b'"%d":0' % n for n in range(12_000)) + b',"0":1}',
            b"[" * 100_000,
            b'{"a":' + b"9" * 100_000 + b"}",
            b'{"a":1' + b"0" * 100_000 + b"e-100000}",
        ],
    )
    def test_stays_quick_on_the_worst_hundred_kilobytes(self, body):
        began = time.process_time()
        with contextlib.suppress(Invalid):
            read_object(body)

        assert time.process_time() - began < 0.5
