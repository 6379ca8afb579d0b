"""What was metered gets its price: once, in its month, by the card of its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from assurance.fees.actions import finalise, load_rate_cards, rate_due
from assurance.fees.actions.loading import CardDiffers, CardTooEarly
from assurance.fees.models import FeeLine, Operation, Posting, Rate, RatingDue, Statement
from tests.charges import OCTOBER, charged, load_prices, metered, told
from tests.factories import NOON


@pytest.mark.usefixtures("prices")
class TestRating:
    def test_writes_a_line_that_explains_itself_and_its_two_legs(self, hejian):
        [line] = charged(told(hejian.pk, "outbound_operation", quantity=3))

        assert (str(line.amount), line.formula, line.rate.card.version) == ("2.90", "2.20 + 2 × 0.35 = 2.90", "2026-01")
        assert (line.at, line.rated_at, line.statement.month) == (OCTOBER, NOON, date(2026, 10, 1))
        legs = {leg.account: leg.amount for leg in line.postings.all()}
        assert legs == {"receivable": Decimal("2.90"), "revenue": Decimal("-2.90")}
        assert not RatingDue.objects.exists()

    @pytest.mark.parametrize(
        ("at", "version", "amount"),
        [
            (datetime(2016, 9, 4, tzinfo=UTC), "2016-01", "0.50"),
            (datetime(2025, 12, 31, 15, 59, 59, 999999, tzinfo=UTC), "2016-01", "0.50"),
            (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "2026-01", "0.60"),
            (datetime(2028, 12, 31, tzinfo=UTC), "2026-01", "0.60"),
        ],
    )
    def test_takes_the_card_and_the_month_of_the_operations_own_day_in_shanghai(self, hejian, at, version, amount):
        [line] = charged(told(hejian.pk, at=at))

        assert (line.rate.card.version, str(line.amount)) == (version, amount)
        local = at + timedelta(hours=8)
        assert line.statement.month == date(local.year, local.month, 1)

    @pytest.mark.row("P15.6")
    def test_writes_no_second_line_when_the_operation_comes_again(self, hejian):
        one = told(hejian.pk)
        [line] = charged(one)

        assert [again.pk for again in charged(one)] == [line.pk]
        assert FeeLine.objects.count() == 1
        assert Posting.objects.count() == 2

    def test_lists_what_has_no_price_and_drops_nothing(self, hejian):
        before_all = told(hejian.pk, at=datetime(2015, 12, 31, 15, 59, tzinfo=UTC))
        nowhere = told(hejian.pk, "forward_delivery", measures={"weight_g": 5, "to_province": "71"})
        metered(before_all, nowhere, told(hejian.pk))

        found = rate_due(at=NOON)

        assert (found.rated, found.unrated) == (1, 2)
        assert list(RatingDue.objects.stuck().order_by("pk").values_list("because", flat=True)) == ["no_rate", "no_zone:71"]
        assert rate_due(at=NOON) == type(found)(0, 0)  # not tried again and again
        assert rate_due(at=NOON, tried_before=NOON + timedelta(seconds=1)) == type(found)(0, 2)

    def test_puts_what_comes_late_into_the_next_open_month(self, hejian, fay):
        [line] = charged(told(hejian.pk))
        finalise([line.statement], actor=fay, at=NOON)

        [late] = charged(told(hejian.pk))

        assert late.statement.month == date(2026, 11, 1)
        assert late.is_late
        assert not Statement.objects.get(pk=line.statement_id).lines.filter(pk=late.pk).exists()

    def test_charges_nothing_without_legs(self, hejian):
        [line] = charged(told(hejian.pk, "lab_test", measures={"cost": "0.00"}))

        assert (str(line.amount), line.postings.count()) == ("0.00", 0)

    @pytest.mark.parametrize("many", [1, 50])
    def test_takes_a_constant_number_of_statements(self, hejian, other_merchant, many):
        metered(*(told(merchant.pk) for _ in range(many) for merchant in (hejian, other_merchant)))

        with CaptureQueriesContext(connection) as asked:
            assert rate_due(at=NOON).rated == 2 * many

        assert len(asked) == 10, [query["sql"][:90] for query in asked]

    def test_takes_no_more_than_it_was_told(self, hejian):
        metered(*(told(hejian.pk) for _ in range(5)))

        assert [rate_due(2, at=NOON).rated for _ in range(4)] == [2, 2, 1, 0]

    @pytest.mark.row("P15.3")
    def test_adds_up_whatever_was_charged(self, hejian):
        lines = charged(
            *(told(hejian.pk, "outbound_operation", quantity=n) for n in range(1, 30)),
            *(told(hejian.pk, "forward_delivery", measures={"to_province": "65", "weight_g": n * 777}) for n in range(30)),
            *(told(hejian.pk, "lab_test", measures={"cost": f"{n}.005"}) for n in range(30)),
        )

        charged_sum = sum(line.amount for line in lines)
        owed = Posting.objects.filter(account="receivable").aggregate(n=Sum("amount"))["n"]
        assert charged_sum == owed == -Posting.objects.filter(account="revenue").aggregate(n=Sum("amount"))["n"]


class TestARateCard:
    def test_is_loaded_once(self, db):
        assert load_prices() == 2
        assert load_prices() == 0
        assert list(Rate.objects.filter(kind="service").order_by("from_date").values_list("from_date", "until_date")) == [
            (date(2016, 1, 1), date(2026, 1, 1)),
            (date(2026, 1, 1), None),
        ]

    def test_wakes_what_waited_for_a_price(self, hejian):
        metered(told(hejian.pk))
        assert rate_due(at=NOON).unrated == 1

        load_prices()

        assert rate_due(at=NOON).rated == 1

    def test_begins_after_all_that_are_there(self, prices):
        with pytest.raises(CardTooEarly):
            load_rate_cards(cards=[card("2020-01", "2020-01-01")], at=NOON)
        assert load_rate_cards(cards=[card("2030-01", "2030-01-01")], at=NOON) == 1
        assert Rate.objects.get(kind="service", card__version="2026-01").until_date == date(2030, 1, 1)

    def test_never_says_something_else_under_the_same_version(self, prices):
        with pytest.raises(CardDiffers):
            load_rate_cards(cards=[card("2026-01", "2026-01-01")], at=NOON)

    def test_leaves_what_was_charged_as_it_was(self, prices, hejian):
        [line] = charged(told(hejian.pk, at=datetime(2027, 3, 1, tzinfo=UTC)))
        load_rate_cards(cards=[card("2028-01", "2028-01-01", price="9.99")], at=NOON)

        line.refresh_from_db()
        assert (str(line.amount), line.rate.card.version) == ("0.60", "2026-01")
        [again] = charged(told(hejian.pk, at=datetime(2027, 3, 2, tzinfo=UTC)))
        assert str(again.amount) == "0.60"
        assert Operation.objects.count() == 2


def card(version: str, from_date: str, price: str = "0.70") -> dict[str, object]:
    words = dict.fromkeys(("title_zh", "title_en", "note_zh", "note_en"), "示例费率")
    rates = [{"kind": "service", "method": "flat", "terms": {"price": price}}]
    return {"version": version, "from_date": from_date, "is_example": True, "rates": rates, **words}
