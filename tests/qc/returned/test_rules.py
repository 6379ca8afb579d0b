"""The pure rules of a return: grade, what it allows, who seems to answer for it."""

from __future__ import annotations

from datetime import date

import pytest

from qc.checks.checkpoints import AnswerKind, Checkpoint, Reading
from qc.returned.grading import grade, is_fresh_enough, offered
from qc.returned.responsibility import Change, Party, compare, suggest
from warehouse.returns.grades import Disposition, Grade

TODAY = date(2026, 11, 26)


def point(code, party="", unseen=""):
    return Checkpoint(code, AnswerKind.YES_NO, code, code, party=party, party_unseen=unseen)


BOX = point("box", "courier", "courier")
SEAL = point("seal", "consumer", "warehouse")
FAULT = point("fault", "merchant", "merchant")
POINTS = [BOX, SEAL, FAULT]


def readings(**failing):
    return [Reading(one.code, one.code not in failing, one.code not in failing, grade=failing.get(one.code, "")) for one in POINTS]


class TestAGrade:
    @pytest.mark.row("P8.2")
    @pytest.mark.parametrize(
        ("failing", "mark", "points"),
        [
            ({}, "a", ()),
            ({"seal": "b"}, "b", ("seal",)),
            ({"seal": "b", "box": "c"}, "c", ("box",)),
            ({"seal": "b", "box": "c", "fault": "d"}, "d", ("fault",)),
            ({"fault": ""}, "c", ("fault",)),
        ],
    )
    def test_is_the_worst_of_the_points_that_fail(self, failing, mark, points):
        found = grade(readings(**failing), is_what_was_shipped=True)

        assert (found.grade, found.points) == (mark, points)

    def test_of_something_else_than_was_shipped_is_the_worst(self):
        found = grade(readings(), is_what_was_shipped=False)

        assert (found.grade, found.because) == ("d", "This is not what was shipped.")

    @pytest.mark.row("P8.2")
    @pytest.mark.parametrize(
        ("mark", "may"),
        [
            (Grade.AS_NEW, {"restock", "hold", "return_to_merchant", "destroy"}),
            (Grade.OPENED, {"hold", "return_to_merchant", "destroy"}),
            (Grade.DAMAGED, {"hold", "return_to_merchant", "destroy"}),
            (Grade.UNSELLABLE, {"return_to_merchant", "destroy"}),
        ],
    )
    def test_limits_what_may_be_done(self, mark, may):
        assert offered(mark, is_in_stock=True) == may
        assert offered(mark, is_in_stock=False) == may - {Disposition.RESTOCK}


class TestShelfLife:
    @pytest.mark.row("P8.5")
    @pytest.mark.parametrize(
        ("produced", "expiry", "is_fresh"),
        [
            (None, None, True),
            (date(2026, 1, 1), date(2027, 1, 1), False),
            (date(2026, 6, 1), date(2027, 6, 1), True),
            (None, date(2027, 2, 23), False),
            (None, date(2027, 2, 24), True),
            (None, date(2026, 11, 26), False),
        ],
    )
    def test_of_a_third_or_ninety_days_is_enough(self, produced, expiry, is_fresh):
        assert is_fresh_enough(produced=produced, expiry=expiry, day=TODAY) is is_fresh


class TestASuggestion:
    FINE = {"box": True, "seal": True, "fault": True}

    @pytest.mark.row("A8.1")
    @pytest.mark.parametrize(
        ("failing", "before", "party"),
        [
            ({}, FINE, Party.NONE),
            ({"box": "c"}, FINE, Party.COURIER),
            ({"seal": "b"}, FINE, Party.CONSUMER),
            ({"fault": "d"}, FINE, Party.MERCHANT),
            ({"seal": "b", "box": "c"}, FINE, Party.COURIER),
            ({"seal": "b", "fault": "d"}, FINE, Party.MERCHANT),
            ({"seal": "b"}, None, Party.WAREHOUSE),
            ({"seal": "b"}, {"box": True, "fault": True}, Party.WAREHOUSE),
            ({"seal": "b"}, FINE | {"seal": False}, Party.NONE),
        ],
    )
    def test_weighs_what_changed(self, failing, before, party):
        assert suggest(POINTS, readings(**failing), before=before, is_what_was_shipped=True).party == party

    def test_says_why_point_by_point(self):
        found = suggest(POINTS, readings(box="c", seal="b"), before=self.FINE, is_what_was_shipped=True)

        assert [(reason.point, reason.party, reason.weight) for reason in found.reasons] == [("box", "courier", 2), ("seal", "consumer", 1)]

    def test_between_equals_is_not_the_consumer(self):
        assert suggest(POINTS, readings(box="b", seal="b"), before=self.FINE, is_what_was_shipped=True).party == Party.COURIER

    def test_of_other_goods_is_the_consumer_only_if_what_was_sent_had_been_checked(self):
        assert suggest(POINTS, readings(), before=self.FINE, is_what_was_shipped=False).party == Party.CONSUMER
        assert suggest(POINTS, readings(), before=None, is_what_was_shipped=False).party == Party.WAREHOUSE

    def test_compares_every_point(self):
        after = {"box": False, "seal": True, "fault": False, "odour": False}

        found = compare({"box": True, "seal": True, "fault": False}, after)

        assert found == {"box": Change.WORSE, "seal": Change.SAME, "fault": Change.SAME, "odour": Change.UNSEEN}
