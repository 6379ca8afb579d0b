"""How fresh goods are on a day, and how old they may arrive: no database."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from assurance.reference import newest
from warehouse.stock.freshness import Admission, Because, Freshness, Standing, admit, limits, standing

RULES = newest("categories")["shared"]["shelf_life"]
FOOD, FRESH, COSMETICS, INFANT = RULES["food"], RULES["fresh"], RULES["cosmetics"], RULES["infant_formula"]
DAY = date(2026, 11, 20)


def of(life: int, left: int) -> dict[str, date]:
    """Goods of so many days of life, so many of them left."""
    expires = DAY + timedelta(days=left)
    return {"produced": expires - timedelta(days=life), "expires": expires, "on": DAY}


class TestStanding:
    @pytest.mark.parametrize(
        ("life", "rule", "near", "stop"),
        [
            *((730, FOOD, 90, 45), (729, FOOD, 45, 45), (365, FOOD, 45, 36), (180, FOOD, 30, 18), (90, FOOD, 20, 9), (30, FOOD, 10, 3)),
            *((29, FOOD, 2, 2), (10, FOOD, 2, 1), (9, FOOD, 1, 0), (8, FRESH, 2, 0), (1095, COSMETICS, 180, 45), (None, FOOD, 90, 45)),
            *((900, INFANT, 180, 90), (730, INFANT, 146, 73), (1095, INFANT, 180, 100)),
            (365, FOOD | {"stop": [{"life_from": 300, "days": 20}, {"days": 5}]}, 45, 20),
        ],
    )
    def test_has_limits_by_days_or_by_a_share_with_a_cap(self, life, rule, near, stop):
        assert limits(rule, life) == (near, stop)

    @pytest.mark.parametrize(
        ("left", "state"),
        [(46, "fresh"), (45, "near"), (37, "near"), (36, "stopped"), (0, "stopped"), (-1, "expired")],
    )
    def test_grows_worse_day_by_day(self, left, state):
        found = standing(**of(365, left), rules=FOOD)

        assert (found.state, found.remaining_days, found.fraction) == (state, left, max(Fraction(0), Fraction(left, 365)))
        assert found.state.is_sellable is (state in ("fresh", "near"))

    def test_says_which_limit_was_passed(self):
        assert standing(**of(365, 30), rules=FOOD) == Freshness(
            Standing.STOPPED, 30, Fraction(30, 365), Because.WITHIN_STOP_DAYS, limit_days=36
        )

    def test_of_goods_without_a_rule_ends_with_their_last_day(self):
        assert [standing(**of(365, left), rules={}).state for left in (0, -1)] == ["fresh", "expired"]

    def test_of_goods_without_a_date_is_none(self):
        assert standing(produced=None, expires=None, on=DAY, rules=FOOD).state == Standing.UNDATED

    def test_is_never_better_for_what_is_not_known(self):
        known = standing(produced=None, expires=DAY + timedelta(days=60), on=DAY, rules=FOOD, life_days=365)
        unknown = standing(produced=None, expires=DAY + timedelta(days=60), on=DAY, rules=FOOD)

        assert (known.state, unknown.state, unknown.fraction) == ("fresh", "near", None)


@pytest.mark.row("P3.4")
class TestAdmission:
    @pytest.mark.parametrize(
        ("life", "used", "is_gift", "is_admitted"),
        # at most a quarter of up to 60 days, a third of more, half of gifts
        [
            *((60, 15, False, True), (60, 16, False, False), (61, 20, False, True), (61, 21, False, False), (365, 121, False, True)),
            *((365, 122, False, False), (365, 122, True, True), (365, 182, True, True), (365, 183, True, False)),
        ],
    )
    def test_is_for_goods_that_have_used_up_no_more_than_the_rule_says(self, life, used, is_gift, is_admitted):
        assert admit(**of(life, life - used), rules=FOOD, is_gift=is_gift).is_admitted is is_admitted

    def test_names_age_and_limit(self):
        assert admit(**of(365, 165), rules=FOOD) == Admission(False, 200, 121, Because.WITHIN_NEAR_DAYS)

    def test_reckons_the_age_from_the_stated_life(self):
        expires = DAY + timedelta(days=165)

        assert admit(produced=None, expires=expires, on=DAY, rules=FOOD, life_days=365).age_days == 200
        assert admit(produced=None, expires=expires, on=DAY, rules=FOOD).because == Because.LIFE_UNKNOWN

    def test_keeps_expired_goods_out_whatever_the_rule(self):
        assert admit(**of(365, -1), rules={}).because == Because.PAST_EXPIRY
        assert admit(**of(365, 0), rules={}).is_admitted
        assert admit(produced=None, expires=None, on=DAY, rules=FOOD).is_admitted
