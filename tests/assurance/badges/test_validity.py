"""Is it valid now: every reason, and which one wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from assurance.badges.validity import Holding, Status, judge
from tests.factories import NOON

DAY = timedelta(days=1)
GOOD = Holding(issued_at=NOON - DAY, valid_until=NOON + DAY, revoked_at=None, is_enrolled=True, stopped_at=None)


class TestTheAnswer:
    def test_is_valid_while_everything_holds(self) -> None:
        assert judge(GOOD, at=NOON).status is Status.VALID

    def test_is_unknown_without_a_badge_and_not_yet_valid_before_its_time(self) -> None:
        assert judge(None, at=NOON).status is Status.UNKNOWN
        assert judge(GOOD, at=GOOD.issued_at - DAY).status is Status.NOT_YET

    def test_is_suspended_from_the_moment_a_lost_ground_falls(self) -> None:
        assert judge(replace(GOOD, lost_at=NOON), at=NOON - timedelta(microseconds=1)).is_valid
        assert judge(replace(GOOD, lost_at=NOON), at=NOON).status is Status.SUSPENDED

    def test_is_superseded_from_the_moment_the_lot_has_a_newer_code(self) -> None:
        assert judge(replace(GOOD, superseded_at=NOON), at=NOON).status is Status.SUPERSEDED

    def test_expires_at_the_very_moment_and_not_before(self) -> None:
        assert judge(GOOD, at=GOOD.valid_until - timedelta(microseconds=1)).is_valid
        assert judge(GOOD, at=GOOD.valid_until).status is Status.EXPIRED

    def test_is_suspended_by_a_stop_or_by_leaving_the_programme(self) -> None:
        assert judge(replace(GOOD, stopped_at=NOON), at=NOON).status is Status.SUSPENDED
        assert judge(replace(GOOD, is_enrolled=False), at=NOON).status is Status.SUSPENDED

    def test_says_the_worst_reason(self) -> None:
        everything = replace(GOOD, revoked_at=NOON, stopped_at=NOON, is_enrolled=False, valid_until=NOON)

        assert judge(everything, at=NOON).status is Status.REVOKED
        assert judge(replace(everything, revoked_at=None), at=NOON).status is Status.SUSPENDED
