"""What a number says, when dates hold, whose certificate it is: pure rules, without a database."""

from __future__ import annotations

from datetime import date

import pytest

from assurance.certificates import days, demands, holders, numbers

PUBLISHED_SC = [
    "11532139200465",
    "11333019700024",
    "12434017430075",
    "11432010400101",
    "12636098200051",
    "11464010500015",
    "11837048101233",
    "11834020305037",
    "12744040400094",
    "11435078213641",
    "10341147101351",
    "10432062101169",
    "11334160230808",
    "10644512106525",
    "10634160212611",
    "10435058302205",
]
"""Licences as they stand on packages and shop pages: that the check digit is MOD 11,10 can be seen in them."""


def read(kind: str, number: str, **given: str) -> numbers.Reading:
    return numbers.read(kind, number, year=2026, **given)


def flaws(kind: str, number: str, **given: str) -> list[tuple[str, int, int]]:
    return [(flaw.code, flaw.start, flaw.end) for flaw in read(kind, number, **given).flaws]


class TestAThreeCNumber:
    def test_is_taken_apart(self):
        reading = read("ccc", "2016 0109 0112-3456", product_class="09")

        assert [(part.name, part.text, part.start) for part in reading.parts] == [
            ("year", "2016", 0),
            ("body", "01", 4),
            ("class", "0901", 6),
            ("serial", "123456", 10),
        ]
        assert (reading.key, reading.flaws) == ("2016010901123456", ())

    @pytest.mark.parametrize(
        ("number", "found"),
        [
            ("201601090112345", [("wrong_length", 0, 15)]),
            ("20160109011234567890", [("wrong_length", 0, 20)]),
            ("201601O901123456", [("not_a_digit", 6, 7)]),
            ("2001010901123456", [("year_out_of_range", 0, 4)]),
            ("2027010901123456", [("year_out_of_range", 0, 4)]),
            ("", [("wrong_length", 0, 0)]),
        ],
    )
    def test_says_where_it_is_wrong(self, number, found):
        assert flaws("ccc", number) == found

    def test_belongs_to_the_class_of_its_goods(self):
        assert flaws("ccc", "2016010901123456", product_class="07") == [("class_differs", 6, 10)]


class TestAFoodLicence:
    @pytest.mark.parametrize("number", PUBLISHED_SC)
    def test_that_was_published_has_its_check_digit(self, number):
        assert flaws("sc", number) == []

    def test_is_taken_apart(self):
        reading = read("sc", "ｓｃ１１８３４０２０３０５０３７")

        assert [(part.name, part.text) for part in reading.parts] == [
            ("food_class", "118"),
            ("province", "34"),
            ("city", "02"),
            ("county", "03"),
            ("serial", "0503"),
            ("check", "7"),
        ]
        assert reading.key == "SC11834020305037"

    def test_finds_every_single_wrong_digit(self):
        right = "SC11834020305037"
        wrong = [right[:place] + other + right[place + 1 :] for place in range(2, 16) for other in "0123456789" if other != right[place]]

        assert all(flaws("sc", number) for number in wrong)
        assert flaws("sc", "SC11834020305038") == [("check_digit", 15, 16)]

    @pytest.mark.parametrize(
        ("number", "found"),
        [
            ("SC1183402030503", [("wrong_length", 2, 15)]),
            ("SC1183402030503X", [("not_a_digit", 15, 16)]),
            ("SC19934020305035", [("unknown_food_class", 2, 5)]),
            ("SC11899020305037", [("unknown_province", 5, 7), ("check_digit", 15, 16)]),
        ],
    )
    def test_says_where_it_is_wrong(self, number, found):
        assert set(found) <= set(flaws("sc", number))


class TestOtherNumbers:
    @pytest.mark.parametrize(
        ("kind", "number"),
        [
            ("cosmetics_filing", "浙G妆网备字2026000123"),
            ("cosmetics_filing", "国妆网备进字（沪）2019000001"),
            ("cosmetics_filing", "国妆备字G20201234"),
            ("cosmetics_filing", "国妆特字G20201234"),
            ("health_food", "国食健注G20200001"),
            ("health_food", "食健备G202033000123"),
            ("customs", "310120261123456789"),
            ("test_report", "（2026）检字第 01 号"),
            ("organic", "001OP2600123"),
        ],
    )
    def test_are_known_by_their_pattern(self, kind, number):
        assert flaws(kind, number) == []

    @pytest.mark.parametrize(
        ("kind", "number", "code"),
        [
            ("cosmetics_filing", "浙G妆网备字20260001", "pattern"),
            ("cosmetics_filing", "浙G妆网备字2027000123", "year_out_of_range"),
            ("health_food", "国食健字2020", "pattern"),
            ("customs", "3101202611234567", "pattern"),
            ("test_report", "无", "pattern"),
            ("other", "﷽" * 30, "pattern"),
        ],
    )
    def test_are_refused_otherwise(self, kind, number, code):
        assert [flaw[0] for flaw in flaws(kind, number)] == [code]

    def test_are_the_same_however_they_are_typed(self):
        typed = ("JX-2026-0042", "jx 2026 0042", "ＪＸ２０２６００４２", "JX·2026·0042")

        assert {numbers.key_of("test_report", number) for number in typed} == {"JX20260042"}


class TestDays:
    @pytest.mark.parametrize(
        ("day", "is_held"),
        [(date(2026, 1, 31), False), (date(2026, 2, 1), True), (date(2026, 3, 1), True), (date(2026, 3, 2), False)],
    )
    def test_hold_from_the_first_to_the_last(self, day, is_held):
        assert days.holds(valid_from=date(2026, 2, 1), expires=date(2026, 3, 1), day=day) is is_held

    def test_hold_for_ever_without_an_end(self):
        assert days.holds(valid_from=None, expires=None, day=date(2099, 1, 1))

    @pytest.mark.parametrize(
        ("left", "told", "due"),
        [
            (31, (), []),
            (30, (), [30]),
            (30, (30,), []),
            (8, (30,), []),
            (7, (30,), [7]),
            (3, (), [30, 7]),
            (0, (30, 7), [0]),
            (-4, (30,), [7, 0]),
            (-4, (30, 7, 0), []),
        ],
    )
    def test_are_told_at_thirty_seven_and_nothing_and_catch_up(self, left, told, due):
        assert days.due(date(2026, 3, 31), date.fromordinal(date(2026, 3, 31).toordinal() - left), told) == due


class TestAHolder:
    def test_is_the_same_but_for_width_spaces_and_brackets(self):
        assert holders.is_same("禾见（杭州）日化 有限公司", "禾见(杭州)日化有限公司")
        assert not holders.is_same("禾见日化有限公司", "禾见食品有限公司")


class TestDemands:
    def test_are_read_from_a_category(self):
        read = demands.read([{"kind": "ccc", "required": True, "class": "07"}, {"kind": "test_report", "required": False}, {"kind": "sc"}])

        assert demands.missing(read, {"ccc"}, date(2026, 11, 20)) == ["sc"]
        assert demands.missing(read, {"customs"}, date(2026, 11, 20)) == ["ccc"]
        assert demands.missing(read, {"ccc", "sc"}, date(2026, 11, 20)) == []

    def test_begin_on_their_day(self):
        read = demands.read([{"kind": "ccc", "required": True, "from_date": "2024-08-01"}])

        assert [demands.missing(read, (), date(2024, *day)) for day in ((7, 31), (8, 1))] == [[], ["ccc"]]
