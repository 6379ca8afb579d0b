"""May a product be chosen? Rules, tried without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assurance.catalog.standing import Obstacle, has_fallen, stand, strength_of

UNTIL = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.row("P12.4")
class TestStanding:
    @pytest.mark.parametrize(
        ("given", "obstacle"),
        [
            ({}, Obstacle.NONE),
            ({"is_listed": False}, Obstacle.NOT_ENROLLED),
            ({"badge_status": "suspended"}, Obstacle.SUSPENDED),
            ({"badge_status": "revoked"}, Obstacle.REVOKED),
            ({"badge_status": "expired"}, Obstacle.EXPIRED),
            ({"badge_status": "none"}, Obstacle.NO_BADGE),
            ({"badge_status": "something new"}, Obstacle.NO_BADGE),
            ({"sellable_units": 0}, Obstacle.NO_STOCK),
            ({"badge_status": "suspended", "sellable_units": 0}, Obstacle.SUSPENDED),
        ],
    )
    def test_names_the_worst_reason(self, given, obstacle):
        values = {"is_listed": True, "badge_status": "valid", "sellable_units": 1} | given

        standing = stand(**values)

        assert (standing.obstacle, standing.may_be_chosen) == (obstacle, obstacle is Obstacle.NONE)

    def test_says_why_and_until_when_a_stop_holds(self):
        standing = stand(is_listed=True, badge_status="suspended", sellable_units=1, because="being retested", until=UNTIL)

        assert (standing.because, standing.until) == ("being retested", UNTIL)

    @pytest.mark.parametrize(
        ("before", "after", "fell"), [("valid", "suspended", True), ("valid", "valid", False), ("none", "suspended", False)]
    )
    def test_falls_only_from_valid(self, before, after, fell):
        assert has_fallen(before, after) is fell

    def test_counts_the_proven_sides(self):
        assert [strength_of(sides) for sides in ("0000", "1000", "1011", "1111")] == [0, 1, 3, 4]
