"""Where a parcel stands and what became of its promises: decided without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.couriers.statuses import Status
from logistics.dispatch.lifecycle import NEXT, WaybillState
from logistics.tracking.legs import Figures, Kept, Times, count, delivery, pick_up
from logistics.tracking.state import RANKS, Seen, standing

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def seen(*said: tuple[str, float]) -> list[Seen]:
    return [
        Seen.of(at(hours), status, "unclear" if status in ("problem", "returning", "returned", "lost") else "") for status, hours in said
    ]


events = st.lists(
    st.builds(
        lambda status, minutes: Seen.of(
            at(minutes / 60), status, "unclear" if status in ("problem", "returning", "returned", "lost") else ""
        ),
        st.sampled_from(sorted(RANKS)),
        st.integers(0, 600),
    ),
    max_size=9,
)


@pytest.mark.promise("G19")
class TestTheStateOfAParcel:
    @pytest.mark.parametrize(
        ("said", "state"),
        [
            ([], "handed_over"),
            ([("unknown", 1)], "handed_over"),
            ([("picked_up", 1)], "in_transit"),
            ([("out_for_delivery", 1), ("departed", 2)], "out_for_delivery"),
            ([("out_for_delivery", 1), ("problem", 2)], "exception"),
            ([("problem", 2), ("out_for_delivery", 3)], "out_for_delivery"),
            ([("problem", 2), ("out_for_delivery", 2)], "exception"),
            ([("delivered", 1), ("picked_up", 5)], "delivered"),
            ([("delivered", 5), ("problem", 9)], "delivered"),
            ([("lost", 3), ("delivered", 1)], "delivered"),
            ([("lost", 3), ("returned", 9)], "returned"),
            ([("returning", 3)], "exception"),
        ],
    )
    def test_follows_from_its_events(self, said, state):
        assert standing(seen(*said)).state == state

    @given(events, st.randoms(use_true_random=False), st.integers(1, 3))
    def test_is_the_same_for_every_order_and_any_number_of_copies(self, given_ones, random, copies):
        shuffled = given_ones * copies
        random.shuffle(shuffled)

        assert standing(shuffled) == standing(given_ones)

    @given(events)
    def test_never_takes_a_step_that_the_database_forbids(self, given_ones):
        """However the events arrive, one after the other: each new state is reached by an edge of the lifecycle."""
        before = WaybillState.HANDED_OVER
        for place in range(len(given_ones)):
            after = WaybillState(standing(given_ones[: place + 1]).state)
            assert after == before or after in NEXT[before]
            before = after

    @given(events, events)
    def test_never_takes_a_delivery_back(self, given_ones, later):
        if standing(given_ones).state == "delivered":
            assert standing(given_ones + later).state == "delivered"

    def test_names_the_incident_only_while_it_holds(self):
        assert standing(seen(("problem", 2))).incident == "unclear"
        assert standing(seen(("problem", 2), ("delivered", 3))).incident == ""

    def test_says_when_two_ends_are_claimed(self):
        assert standing(seen(("returned", 2), ("delivered", 3))).contradictory
        assert not standing(seen(("problem", 2), ("delivered", 3))).contradictory

    def test_keeps_the_first_pick_up_and_the_first_delivery(self):
        found = standing(seen(("picked_up", 2), ("picked_up", 1), ("delivered", 9), ("delivered", 8)))
        assert (found.picked_up_at, found.delivered_at, found.last_event_at) == (at(1), at(8), at(9))

    def test_ranks_every_status(self):
        assert set(RANKS) == set(Status)


@pytest.mark.row("P13.5")
class TestALeg:
    @pytest.mark.parametrize(
        ("picked", "now", "kept"),
        [
            (None, 23, Kept.OPEN),
            (None, 25, Kept.BROKEN),
            (24, 99, Kept.KEPT),
            (24.01, 99, Kept.BROKEN),
            (-0.01, 99, Kept.CLOCK),
            (0, 99, Kept.KEPT),
        ],
    )
    def test_is_kept_if_picked_up_within_24_hours_of_payment(self, picked, now, kept):
        times = Times(NOON, None if picked is None else at(picked))
        assert pick_up(times, at=at(now)) == kept

    @pytest.mark.parametrize(
        ("delivered", "now", "kept"),
        [
            (None, 11.9, Kept.OPEN),  # 20 November, 23:54 in Shanghai
            (None, 12, Kept.BROKEN),
            (11.9, 99, Kept.KEPT),
            (12, 99, Kept.BROKEN),
        ],
    )
    def test_is_broken_after_the_promised_day_in_shanghai(self, delivered, now, kept):
        times = Times(NOON, None, None if delivered is None else at(delivered), date(2026, 11, 20))
        assert delivery(times, at=at(now)) == kept

    def test_is_counted_without_wrong_clocks(self):
        parcels = [
            Times(NOON, at(1), at(5), date(2026, 11, 20)),
            Times(NOON, at(30), at(50), date(2026, 11, 20)),
            Times(NOON, at(-1)),
            Times(NOON),
        ]
        found = count(parcels)
        assert found == Figures(paid_and_picked=3, within_24h=1, picked_before_paid=1, delivered=2, delivered_late=1)
        assert found.counted == 2
