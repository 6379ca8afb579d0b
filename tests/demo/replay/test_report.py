"""How the report counts, without a database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assurance.calendar import SHANGHAI
from demo.replay.report import Punctuality, Travelled, judged

PAID = datetime(2017, 5, 3, 22, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def order(merchant: int = 1, **given: Any) -> Travelled:
    values = {
        "merchant_id": merchant,
        "marketplace_state": "delivered",
        "paid_at": PAID,
        "promised_at": datetime(2017, 5, 10, tzinfo=SHANGHAI),
        "picked_up_at": PAID + DAY,
        "delivered_at": PAID + 3 * DAY,
    }
    return Travelled(**(values | given))


class TestTheCount:
    def test_takes_a_whole_day_as_within_a_day_and_a_second_more_as_not(self) -> None:
        found = judged([order(), order(picked_up_at=PAID + DAY + timedelta(seconds=1)), order(picked_up_at=PAID)])

        assert (found.paid_and_picked, found.within_24h) == (3, 2)

    def test_keeps_a_clock_that_ran_backwards_apart(self) -> None:
        found = judged([order() for _ in range(9)] + [order(picked_up_at=PAID - timedelta(minutes=1))])

        assert found == Punctuality(10, 9, 1, 0, 0, 0)

    def test_lets_a_merchant_reach_the_floor_at_45_per_cent_exactly(self) -> None:
        late = PAID + 3 * DAY
        at_the_floor = [order(1) for _ in range(9)] + [order(1, picked_up_at=late) for _ in range(11)]
        below = [order(2) for _ in range(4)] + [order(2, picked_up_at=late) for _ in range(6)]

        found = judged(at_the_floor + below)

        assert (found.merchants_ge_10, found.merchants_ge_45pct) == (2, 1)

    def test_is_late_by_days_in_shanghai_and_only_where_it_was_delivered(self) -> None:
        last_minute = datetime(2017, 5, 10, 23, 59, tzinfo=SHANGHAI)
        orders = [
            order(delivered_at=last_minute),
            order(delivered_at=last_minute + timedelta(minutes=1)),
            order(delivered_at=last_minute + DAY, marketplace_state="canceled"),
            order(delivered_at=None),
        ]

        assert judged(orders).delivered_late == 1
