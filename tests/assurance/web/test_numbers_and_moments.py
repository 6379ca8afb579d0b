from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from assurance.web import moments, numbers
from assurance.web.invalid import Invalid


def refusal(rule, value, **bounds) -> str:
    with pytest.raises(Invalid) as refused:
        rule(value, **bounds)
    return refused.value.code


class TestWholeNumbers:
    def test_are_accepted_as_json_numbers(self):
        assert numbers.whole(1) == 1
        assert numbers.whole(0, least=0) == 0
        assert numbers.whole(-3, least=-5) == -3

    @pytest.mark.parametrize("value", ["１２", "12", 1.0, True, None, [1], {}])
    def test_are_nothing_that_looks_like_one(self, value):
        assert refusal(numbers.whole, value) == "integer_expected"

    def test_stay_in_their_bounds(self):
        assert refusal(numbers.whole, 0) == "must_be_positive"
        assert refusal(numbers.whole, -1, least=0) == "must_not_be_negative"
        assert refusal(numbers.whole, 2**31) == "number_out_of_range"
        assert refusal(numbers.whole, 4, least=5) == "number_out_of_range"

    @pytest.mark.parametrize("value", ["１２", "1_0", " 1", "1.0", "+1", "01", "1e3", ""])
    def test_are_typed_in_ascii_digits(self, value):
        assert refusal(numbers.whole_from_text, value) == "integer_expected"

    def test_that_were_typed_are_read(self):
        assert numbers.whole_from_text("240") == 240
        assert refusal(numbers.whole_from_text, "9" * 5000) == "number_out_of_range"


class TestMoney:
    @pytest.mark.parametrize(
        ("value", "amount"), [("12.30", "12.30"), ("12", "12.00"), ("0.5", "0.50"), ("999999999999.99", "999999999999.99")]
    )
    def test_is_text_with_at_most_two_decimals(self, value, amount):
        assert str(numbers.money(value)) == amount

    @pytest.mark.parametrize("value", [0.1, 1, True, None, ["1"]])
    def test_is_no_number(self, value):
        assert refusal(numbers.money, value) == "send_money_as_string"

    @pytest.mark.parametrize("value", ["1_000", " 5 ", "１２.３", "1E3", "1,000", "+1", "01", ".5", "5.", "1.234", "", "--1", "NaN", "1\n"])
    def test_has_one_spelling(self, value):
        assert refusal(numbers.money, value) == "money_format"

    def test_has_a_sign_only_where_it_may(self):
        assert refusal(numbers.money, "0") == "must_be_positive"
        assert refusal(numbers.money, "-1") == "must_be_positive"
        assert refusal(numbers.money, "-0.01", zero_ok=True) == "must_not_be_negative"
        assert str(numbers.money("-0.00", zero_ok=True)) == "0.00"
        assert str(numbers.money("-5", negative_ok=True)) == "-5.00"

    def test_fits_its_column(self):
        assert refusal(numbers.money, "1000000000000") == "number_out_of_range"
        assert refusal(numbers.money, "9" * 100_000) == "number_out_of_range"


class TestRates:
    def test_are_text_with_at_most_six_decimals(self):
        assert numbers.rate("0.05") == Decimal("0.050000")
        assert refusal(numbers.rate, 0.05) == "rate_format"
        assert refusal(numbers.rate, "0.1234567") == "rate_format"
        assert refusal(numbers.rate, "1.000001") == "number_out_of_range"
        assert refusal(numbers.rate, "-0.1") == "number_out_of_range"


class TestMoments:
    @pytest.mark.parametrize(
        "value", ["2026-03-01T09:30:00+08:00", "2026-03-01T01:30:00Z", "2026-03-01T01:30Z", "2026-03-01 01:30:00.000+00:00"]
    )
    def test_are_read_with_their_zone(self, value):
        assert moments.moment(value) == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)

    def test_need_their_zone(self):
        assert refusal(moments.moment, "2026-03-01T09:30:00") == "timezone_required"

    @pytest.mark.parametrize(
        "value",
        [
            20260301,
            "2026-13-45",
            "2026-03-01",
            "2026-W09-7T10:00Z",
            "２026-03-01T01:30Z",
            "2026-02-30T00:00Z",
            "2026-03-01T24:00Z",
            "",
        ],
    )
    def test_have_one_spelling(self, value):
        assert refusal(moments.moment, value) == "moment_format"

    @pytest.mark.parametrize("value", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1999-12-31T00:00Z"])
    def test_lie_in_years_this_platform_can_mean(self, value):
        assert refusal(moments.moment, value) == "date_out_of_range"

    def test_typed_on_a_page_are_meant_by_the_clock_on_the_wall(self):
        typed = moments.local_moment("2026-03-01T09:30", zone=ZoneInfo("Asia/Shanghai"))

        assert typed == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)

    def test_are_written_in_utc(self):
        assert moments.written(datetime(2026, 3, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))) == "2026-03-01T01:30:00Z"
        assert moments.written(datetime(2026, 3, 1, 1, 30, 0, 120000, tzinfo=UTC)) == "2026-03-01T01:30:00.120Z"


class TestDays:
    def test_are_read(self):
        assert moments.day("2026-03-01") == date(2026, 3, 1)

    @pytest.mark.parametrize("value", ["2026-13-45", "20260301", "2026-3-1", "２026-03-01", 5, "2026-02-29"])
    def test_have_one_spelling(self, value):
        assert refusal(moments.day, value) == "date_format"

    def test_lie_in_years_this_platform_can_mean(self):
        assert refusal(moments.day, "9999-12-31") == "date_out_of_range"
