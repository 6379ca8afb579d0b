"""The same rules behind the API's fields and the pages' fields."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError as FormError
from rest_framework.exceptions import ErrorDetail, ValidationError

from assurance.web import fields, serializers
from assurance.web.handler import flaws, of_exception
from assurance.web.wording import SENTENCES


class LineIn(serializers.StrictSerializer):
    quantity = serializers.QuantityField()


class OrderIn(serializers.StrictSerializer):
    name = serializers.StrictTextField(max_length=10)
    lines = LineIn(many=True, required=False)
    tags = serializers.StrictListField(child=serializers.StrictTextField(max_length=3), most=2, required=False)


def problem_of(body):
    reader = OrderIn(data=body)
    with pytest.raises(ValidationError) as refused:
        reader.is_valid(raise_exception=True)
    return of_exception(refused.value)


class TestAStrictObject:
    def test_returns_what_it_accepts(self):
        reader = OrderIn(data={"name": " 燕窝 ", "lines": [{"quantity": 2}], "tags": ["a"]})

        assert reader.is_valid()
        assert reader.validated_data == {"name": "燕窝", "lines": [{"quantity": 2}], "tags": ["a"]}

    def test_names_the_place_of_every_flaw(self):
        problem = problem_of({"name": "x", "lines": [{"quantity": 1}, {"quantity": 0}, {"quantity": 1, "price": "1"}], "tags": ["abcd"]})

        assert problem.code == "several_problems"
        assert [(flaw.field, flaw.code) for flaw in problem.flaws] == [
            ("lines.1.quantity", "must_be_positive"),
            ("lines.2.price", "unknown_field"),
            ("tags.0", "too_long"),
        ]

    def test_takes_the_code_its_flaws_share(self):
        problem = problem_of({"name": "x", "fee": 0, "state": "paid"})

        assert (problem.status, problem.code) == (400, "unknown_field")
        assert [flaw.field for flaw in problem.flaws] == ["fee", "state"]

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({}, "name", "required"),
            ({"name": None}, "name", "null_not_allowed"),
            ({"name": ""}, "name", "required"),
            ({"name": "x", "lines": {}}, "lines", "list_expected"),
            ({"name": "x", "lines": ["x"]}, "lines.0", "object_expected"),
            ({"name": "x", "lines": [{"quantity": 1}] * 501}, "lines", "too_many_items"),
            ({"name": "x", "tags": ["a", "b", "c"]}, "tags", "too_many_items"),
        ],
    )
    def test_has_one_code_for_each_kind_of_flaw(self, body, field, code):
        problem = problem_of(body)

        assert (problem.code, problem.flaws[0].field) == (code, field)

    def test_repeats_at_most_eighty_characters(self):
        problem = problem_of({"name": "x", "f" * 5000: 1})

        assert problem.flaws[0].as_dict()["field"] == "f" * 79 + "…"

    def test_lists_at_most_a_hundred_flaws(self):
        problem = problem_of({"name": "x", **{f"f{n}": 1 for n in range(5000)}})

        assert len(problem.as_dict("")["errors"]) == 100

    def test_keeps_the_words_of_a_rule_that_has_its_own(self):
        detail = {"expiry_date": [ErrorDetail("The goods expire before they are made.", "dates_inconsistent")]}

        assert [(flaw.field, flaw.message) for flaw in flaws(detail)] == [("expiry_date", "The goods expire before they are made.")]


class TestAnAmountOnTheWire:
    def test_is_text_both_ways(self):
        field = serializers.MoneyField()

        assert field.run_validation("12.3") == Decimal("12.30")
        assert field.to_representation(Decimal("12.3")) == "12.30"


def refusal(field, value) -> str | None:
    with pytest.raises(FormError) as refused:
        field.clean(value)
    return refused.value.code


class TestFormFields:
    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            (fields.StrictCharField(max_length=5), "a\u202eb", "character_not_allowed"),
            (fields.StrictCharField(max_length=5), "a\x00b", "nul_character"),
            (fields.StrictCharField(max_length=5), "abcdef", "too_long"),
            (fields.StrictCharField(max_length=5), "　", "required"),
            (fields.StrictCharField(max_length=5), "a\nb", "character_not_allowed"),
            (fields.StrictTextField(max_length=5), "a\x07b", "character_not_allowed"),
            (fields.QuantityField(), "１２", "integer_expected"),
            (fields.QuantityField(), "0", "must_be_positive"),
            (fields.QuantityField(), "1_0", "integer_expected"),
            (fields.StrictIntegerField(), "9" * 5000, "number_out_of_range"),
            (fields.MoneyField(), "１２.３", "money_format"),
            (fields.MoneyField(), "1E3", "money_format"),
            (fields.MoneyField(), "0", "must_be_positive"),
            (fields.RateField(), "5%", "rate_format"),
            (fields.DayField(), "2026-13-45", "date_format"),
            (fields.MomentField(), "9999-12-31T00:00", "date_out_of_range"),
        ],
    )
    def test_refuse_what_the_api_refuses(self, field, value, code):
        assert refusal(field, value) == code
        assert code in SENTENCES

    def test_accept_what_people_type(self):
        assert fields.StrictCharField(max_length=5).clean(" 燕窝 ") == "燕窝"
        assert fields.StrictTextField(max_length=5).clean("一\r\n二") == "一\n二"
        assert fields.QuantityField().clean(" 12 ") == 12
        assert fields.MoneyField().clean(" 12.3 ") == Decimal("12.30")
        assert fields.RateField().clean("0.05") == Decimal("0.050000")
        assert fields.DayField().clean("2026-03-01") == date(2026, 3, 1)
        assert fields.MomentField().clean("2026-03-01T09:30") == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)

    def test_may_be_left_empty_where_they_are_not_required(self):
        assert fields.MoneyField(required=False).clean("") is None
        assert fields.QuantityField(required=False).clean("") is None
        assert fields.DayField(required=False).clean("") is None
        assert fields.StrictCharField(max_length=5, required=False).clean("") == ""
