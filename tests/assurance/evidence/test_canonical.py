import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assurance.evidence.canonical import LARGEST, NotCanonical, encode

text = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | text,
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(text, parts, max_size=4),
    max_leaves=20,
)


class TestCanonicalJson:
    def test_orders_keys_and_wastes_no_byte(self):
        assert encode({"b": [1, None, True], "a": {"d": "", "c": -5}}) == b'{"a":{"c":-5,"d":""},"b":[1,null,true]}'

    def test_writes_chinese_as_it_is_and_escapes_as_little_as_possible(self):
        assert encode(["禾见", '"\\/\n\x01\x7f']) == '["禾见","\\"\\\\/\\n\\u0001\x7f"]'.encode()

    def test_orders_keys_by_their_utf16_units_as_the_rfc_says(self):
        keys = ["€", "\r", "\ufb33", "1", "\U0001f600", "\x80", "ö"]

        assert list(json.loads(encode(dict.fromkeys(keys, 0)))) == ["\r", "1", "\x80", "ö", "€", "\U0001f600", "\ufb33"]

    @given(values)
    def test_says_the_same_as_the_value(self, value):
        assert json.loads(encode(value)) == value

    @given(st.dictionaries(text, st.integers(-9, 9), min_size=2))
    def test_does_not_depend_on_the_order_of_keys(self, value):
        assert encode(dict(reversed(value.items()))) == encode(value)

    @pytest.mark.parametrize(
        ("value", "place"),
        [
            (1.0, "$: a float"),
            ({"limit": [1, 0.1]}, "$.limit[1]: a float"),
            (float("nan"), "$: a float"),
            (Decimal("1.5"), "$: a Decimal"),
            ({"n": LARGEST + 1}, "beyond 2^53"),
            ({1: "x"}, "the key 1 is no text"),
            ({"body": b"x"}, "$.body: a bytes"),
            ("\ud800", "surrogate"),
            ({"\ud800": 1}, "surrogate"),
        ],
    )
    def test_refuses_what_has_no_one_spelling_and_says_where(self, value, place):
        with pytest.raises(NotCanonical, match=place.replace("$", r"\$").replace("[", r"\[").replace("^", r"\^")):
            encode(value)
