"""The rules of papers and entry, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from assurance.qualification.numbers import paper_number
from assurance.qualification.objections import Objection, flaw
from assurance.qualification.outcome import Measured, Verdict, judge, months_after, read_terms, return_date
from assurance.qualification.term import Good, Held, Term, lapsed, lapsed_for_all, missing, term, warnings_due
from assurance.reference import newest
from assurance.web.invalid import Invalid

TOLD = newest("entry_rules")
TERMS = read_terms(TOLD["version"], TOLD)
AT = datetime(2026, 11, 20, tzinfo=UTC)
DAY = date(2026, 11, 20)
NUTS = Good(1, frozenset({"nuts", "food"}))
SOAP = Good(2, frozenset({"skincare", "cosmetics"}))


def held(**given: object) -> Held:
    values = {
        "paper_id": 1,
        "kind": "brand_authorisation",
        "number": "SQ-1",
        "brand": "禾见",
        "scope": "shop",
        "categories": frozenset(),
        "products": frozenset(),
        "from_date": date(2025, 1, 1),
        "until_date": date(2026, 11, 19),
    } | given
    return Held(**values)  # type: ignore[arg-type]


def numbers(orders: int, picked: str, ratings: int, satisfied: str) -> dict[str, Measured]:
    return {
        "paid_to_pickup_24h": Measured(Decimal(picked), orders, AT),
        "service_satisfied": Measured(Decimal(satisfied), ratings, AT),
    }


class TestTheMetrics:
    @pytest.mark.parametrize(
        ("orders", "picked", "ratings", "satisfied", "verdict"),
        [
            (30, "0.45", 10, "0.65", Verdict.PASS),  # the floors belong to what is met
            (30, "0.449999", 10, "0.99", Verdict.FAIL),
            (30, "0.99", 10, "0.649999", Verdict.FAIL),
            (29, "0.10", 10, "0.10", Verdict.UNKNOWN),  # below 30 orders nothing is known, however bad
            (29, "0.99", 10, "0.99", Verdict.UNKNOWN),
            (30, "0.99", 9, "0.10", Verdict.UNKNOWN),  # too few answers say nothing by themselves
            (30, "0.10", 9, "0.99", Verdict.FAIL),  # but what is known to be missed is missed
        ],
    )
    def test_are_judged_by_the_published_floors(self, orders, picked, ratings, satisfied, verdict):
        assert judge(TERMS, numbers(orders, picked, ratings, satisfied)).verdict == verdict

    def test_are_not_known_without_any_measurement(self):
        outcome = judge(TERMS, {})

        assert (outcome.verdict, outcome.orders) == (Verdict.UNKNOWN, 0)
        assert [line.because for line in outcome.lines] == ["few_orders", "few_orders"]

    def test_keep_the_numbers_they_were_judged_by(self):
        kept = judge(TERMS, numbers(40, "0.5", 12, "0.5")).numbers()

        assert kept["version"] == "2026-11"
        assert kept["metrics"]["service_satisfied"] == {
            "verdict": "fail",
            "because": "below",
            "at_least": "0.65",
            "share": "0.5",
            "sample": 12,
        }


class TestTheWayBack:
    def test_is_open_after_three_months_then_six_then_never(self):
        days = [return_date(TERMS, cleared_on=date(2026, 11, 30), times=times) for times in (1, 2, 3)]

        assert days == [date(2027, 2, 28), date(2027, 5, 30), None]

    def test_is_counted_over_the_ends_of_months_and_years(self):
        assert months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)


class TestTheDaysOfAPaper:
    @pytest.mark.parametrize(
        ("day", "found"),
        [
            (date(2024, 12, 31), Term.NOT_YET),
            (date(2025, 1, 1), Term.IN_FORCE),
            (date(2026, 10, 19), Term.IN_FORCE),
            (date(2026, 10, 20), Term.SOON),
            (date(2026, 11, 19), Term.SOON),  # its last day still counts
            (date(2026, 11, 20), Term.OVER),
        ],
    )
    def test_lie_before_within_or_after_it(self, day, found):
        assert term(date(2025, 1, 1), date(2026, 11, 19), day) == found

    def test_never_end_without_a_last_one(self):
        assert term(date(2025, 1, 1), None, date(2999, 1, 1)) == Term.IN_FORCE

    @pytest.mark.row("P1.4")
    @pytest.mark.parametrize(
        ("day", "told", "due"),
        [
            (date(2026, 10, 20), (), []),
            (date(2026, 10, 21), (), [30]),
            (date(2026, 10, 21), (30,), []),
            (date(2026, 11, 13), (30,), [7]),
            (date(2026, 11, 20), (30, 7), [0]),
            (date(2026, 11, 14), (), [30, 7]),  # after an interruption: told once, for the nearer one
            (date(2026, 12, 1), (30,), [7, 0]),
            (date(2026, 12, 1), (30, 7, 0), []),
        ],
    )
    def test_call_for_a_warning_at_30_7_and_0_days(self, day, told, due):
        assert warnings_due(date(2026, 11, 20), day, told=told) == due


class TestALapse:
    def test_is_what_an_ended_paper_leaves_uncovered(self):
        assert lapsed([held()], NUTS, DAY) == [held()]
        assert lapsed_for_all([held()], DAY) == [held()]

    def test_is_healed_by_another_paper_of_the_same_brand_that_covers_it(self):
        newer = held(paper_id=2, until_date=None, scope="categories", categories=frozenset({"food"}))

        assert lapsed([held(), newer], NUTS, DAY) == []
        assert lapsed([held(), newer], SOAP, DAY) == [held()]

    def test_is_not_healed_by_another_brand_or_by_one_that_has_not_begun(self):
        other = held(paper_id=2, brand="山里", until_date=None)
        to_come = held(paper_id=3, from_date=date(2026, 12, 1), until_date=None)

        assert lapsed([held(), other, to_come], NUTS, DAY) == [held()]

    def test_hits_only_the_products_that_were_named(self):
        named = held(scope="products", products=frozenset({1}))

        assert (lapsed([named], NUTS, DAY), lapsed([named], SOAP, DAY)) == ([named], [])

    def test_is_none_where_nothing_was_ever_verified(self):
        assert lapsed([], NUTS, DAY) == []

    def test_differs_from_a_paper_that_is_missing(self):
        demanded = [("business_licence", ()), ("food_licence", ("food",))]

        assert missing(demanded, [], NUTS, DAY) == ["business_licence", "food_licence"]
        assert missing(demanded, [held(kind="business_licence", until_date=None)], SOAP, DAY) == []


class TestANumber:
    def test_of_a_licence_is_the_merchants_own_credit_code(self):
        assert paper_number("business_licence", "9144 0300 7152 6726 xg", holder_code="9144030071526726XG") == "9144030071526726XG"

    @pytest.mark.parametrize(
        ("kind", "text", "code"),
        [
            ("business_licence", "9144030071526726X1", "credit_code_check"),
            ("business_licence", "9144030071526726X", "credit_code_length"),
            ("food_licence", "JY133010900000", "paper_number_shape"),
            ("food_licence", "SC13330109000001", "paper_number_shape"),
            ("trademark", "第12345678号", "paper_number_shape"),
        ],
    )
    def test_is_refused_with_what_is_wrong(self, kind, text, code):
        with pytest.raises(Invalid) as refused:
            paper_number(kind, text, holder_code="")

        assert refused.value.code == code


class TestObjections:
    @pytest.mark.parametrize(
        ("given", "found"),
        [
            ([], ("objections", "reason_required")),
            ([Objection("colour", "unreadable")], ("objections.0.field", "unknown_reason_field")),
            ([Objection("file", "ugly")], ("objections.0.code", "unknown_reason")),
            ([Objection("file", "other", " ")], ("objections.0.words", "words_required")),
            ([Objection("file", "unreadable"), Objection("file", "not_proven")], ("objections.1.field", "duplicate_reason")),
            ([Objection("file", "unreadable")], ("", "")),
        ],
    )
    def test_are_tied_to_a_field(self, given, found):
        assert flaw(given) == found
