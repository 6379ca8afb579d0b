"""What a product still lacks before its enrolment may be submitted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assurance.products.attributes import Attribute, AttributeKind, Choice
from assurance.products.completeness import Demands, Finding, Given, findings, is_gtin

FIBRE = Attribute("fibre", AttributeKind.TEXT, "纤维成分", "Fibre content")
POWER = Attribute("power", AttributeKind.NUMBER, "额定功率", "Rated power", unit="W")
CLASS = Attribute("class", AttributeKind.CHOICE, "安全类别", "Safety class", choices=(Choice("A", "A 类", "Class A"),))
WHOLE = Given("围巾", "180 × 30 cm", "6901234567892", "", None, {"fibre": "羊毛 100 %", "power": "0.5", "class": "A"})
ASKED = Demands(is_perishable=False, attributes=(FIBRE, POWER, CLASS))


@pytest.mark.row("P2.1")
class TestAProduct:
    def test_lacks_nothing_when_everything_is_stated(self):
        assert findings(WHOLE, ASKED) == []

    @pytest.mark.parametrize(
        ("attributes", "found"),
        [
            ({}, ["fibre missing", "power missing", "class missing"]),
            ({"fibre": "  ", "power": "800", "class": "A"}, ["fibre missing"]),
            ({"fibre": "棉", "power": "-1", "class": "A"}, ["power number_expected"]),
            ({"fibre": "棉", "power": "０.５", "class": "A"}, ["power number_expected"]),
            ({"fibre": "棉", "power": "1e3", "class": "B"}, ["power number_expected", "class invalid_choice"]),
            ({"fibre": "棉" * 301, "power": "0", "class": "A"}, ["fibre too_long", "power number_expected"]),
        ],
    )
    def test_lacks_what_its_category_asks_for(self, attributes, found):
        expected = [Finding(f"attributes.{line.split()[0]}", line.split()[1]) for line in found]

        assert findings(replace(WHOLE, attributes=attributes), ASKED) == expected

    @pytest.mark.parametrize(
        ("gtin", "reason", "code"),
        [
            ("", "", "gtin_or_reason"),
            ("", "   ", "gtin_or_reason"),
            ("", "手工现做，没有条码", ""),
            ("6901234567891", "", "gtin_check_digit"),
            ("6901234567891", "条码写错了", "gtin_check_digit"),
        ],
    )
    def test_needs_a_right_gtin_or_a_reason(self, gtin, reason, code):
        found = findings(replace(WHOLE, gtin=gtin, no_gtin_reason=reason), ASKED)

        assert found == ([Finding("gtin", code)] if code else [])

    @pytest.mark.parametrize(("days", "found"), [(None, [Finding("shelf_life_days", "missing_shelf_life")]), (365, [])])
    def test_needs_a_shelf_life_where_goods_perish(self, days, found):
        assert findings(replace(WHOLE, shelf_life_days=days), replace(ASKED, is_perishable=True)) == found

    def test_names_everything_at_once_in_the_order_of_the_form(self):
        bare = Given("围巾", "", "", "", None, {})

        assert [one.field for one in findings(bare, replace(ASKED, is_perishable=True))] == [
            "specification",
            "gtin",
            "shelf_life_days",
            "attributes.fibre",
            "attributes.power",
            "attributes.class",
        ]


class TestAGtin:
    @pytest.mark.parametrize("digits", ["96385074", "036000291452", "6901234567892", "16901234567899"])
    def test_has_8_12_13_or_14_digits_and_a_right_check_digit(self, digits):
        assert is_gtin(digits)

    @pytest.mark.parametrize(
        "digits", ["", "6901234567890", "690123456789", "６９０１２３４５６７８９２", "690123456789２", "6901234567892 ", "abc", "1" * 40]
    )
    def test_is_nothing_else(self, digits):
        assert not is_gtin(digits)
