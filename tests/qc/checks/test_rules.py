"""The pure rules of a check: what an answer means, which list counts, what a whole check says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assurance.evidence.tree import includes
from qc.checks.checkpoints import AnswerKind, Checkpoint, Option, PhotoRule, Unclear, Version, choose, in_order, merged, read
from qc.checks.judging import Incomplete, judge
from qc.checks.leaves import leaf_hash, path_of, root_of

TODAY = date(2026, 11, 20)
EXPIRES = date(2027, 3, 1)
SEAL = Checkpoint("seal", AnswerKind.YES_NO, "封签完好", "Seal is intact", grade="b")
BOX = Checkpoint(
    "box",
    AnswerKind.CHOICE,
    "外包装",
    "Box",
    photo=PhotoRule.ON_FAILURE,
    options=(Option("intact", "完好", "Intact", True), Option("torn", "破损", "Torn", False, "c")),
)
WARMTH = Checkpoint("warmth", AnswerKind.NUMBER, "温度", "Temperature", lowest=Decimal(-25), highest=Decimal(-18), unit="°C")
DATE = Checkpoint("date", AnswerKind.DATE, "到期日", "Expiry date", min_days=15)


def reading(point, value, *, expiry=EXPIRES):
    return read(point, value, expiry=expiry, day=TODAY)


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("point", "value", "is_fine", "because"),
        [
            (SEAL, True, True, ""),
            (SEAL, False, False, "Not fulfilled."),
            (BOX, "intact", True, ""),
            (BOX, "torn", False, "Not fulfilled."),
            (WARMTH, "-25", True, ""),
            (WARMTH, "-18.0", True, ""),
            (WARMTH, "-17.9", False, "-17.9 is above -18."),
            (WARMTH, "-25.1", False, "-25.1 is below -25."),
            (DATE, "2027-03-01", True, ""),
            (DATE, "2027-03-02", False, "2027-03-02 is printed, the lot expires on 2027-03-01."),
            (DATE, "2026-12-04", False, "Expires on 2026-12-04, less than 15 days from the check."),
            (DATE, "none", False, "No date is printed, the lot expires on 2027-03-01."),
        ],
    )
    def test_is_fine_or_says_why_not(self, point, value, is_fine, because):
        found = reading(point, value)

        assert (found.is_fine, found.because) == (is_fine, because)

    def test_of_a_date_counts_whole_days(self):
        assert read(DATE, "2026-12-05", expiry=date(2026, 12, 5), day=TODAY).is_fine
        assert read(DATE, "none", expiry=None, day=TODAY).is_fine

    @pytest.mark.parametrize(
        ("point", "value"),
        [
            (SEAL, "true"),
            (SEAL, 1),
            (SEAL, None),
            (BOX, "TORN"),
            (BOX, True),
            (WARMTH, "warm"),
            (WARMTH, "NaN"),
            (WARMTH, -20),
            (DATE, "1.3.27"),
        ],
    )
    def test_that_cannot_be_meant_is_refused(self, point, value):
        with pytest.raises(Unclear):
            reading(point, value)

    def test_that_fails_costs_the_grade_of_the_word_or_the_point(self):
        assert reading(BOX, "torn").grade == "c"
        assert reading(SEAL, False).grade == "b"
        assert reading(SEAL, True).grade == ""


class TestACheck:
    def test_passes_only_if_every_point_is_fine(self):
        good = judge([SEAL, BOX], {"seal": True, "box": "intact"}, photographed=frozenset(), expiry=None, day=TODAY)
        bad = judge([SEAL, BOX], {"seal": False, "box": "intact"}, photographed=frozenset(), expiry=None, day=TODAY)

        assert (good.verdict, good.because) == ("passed", "All 2 points are in order.")
        assert (bad.verdict, bad.because) == ("failed", "Not in order: 1 of 2 points.")

    @pytest.mark.parametrize(
        ("answers", "fault"),
        [
            ({"seal": True}, ("missing", "box")),
            ({"seal": None, "box": "intact"}, ("missing", "seal")),
            ({"seal": True, "box": "torn"}, ("photo", "box")),
            ({"seal": True, "box": "?"}, ("unclear", "box")),
            ({"seal": True, "box": "intact", "hue": True}, ("unknown", "hue")),
        ],
    )
    def test_takes_nothing_for_granted(self, answers, fault):
        with pytest.raises(Incomplete) as found:
            judge([SEAL, BOX], answers, photographed=frozenset(), expiry=None, day=TODAY)

        assert (found.value.fault, found.value.code) == fault

    def test_of_somebody_who_found_everything_in_order_passes(self):
        points = [SEAL, BOX, WARMTH, DATE]

        found = judge(points, in_order(points, expiry=EXPIRES), photographed=frozenset(), expiry=EXPIRES, day=TODAY)

        assert found.verdict == "passed"


class TestTheList:
    ALL = Version(1, None, "", date(2016, 1, 1), (SEAL,))
    FOOD = Version(2, None, "food", date(2016, 1, 1), (SEAL,))
    SNACKS = Version(3, None, "snacks", date(2026, 1, 1), (SEAL,))
    OWN = Version(4, 77, "", date(2026, 11, 1), (SEAL,))
    NEW_FOOD = Version(5, None, "food", date(2026, 11, 20), (SEAL,))

    @pytest.mark.parametrize(
        ("product", "categories", "day", "chosen"),
        [
            (77, ("snacks", "food"), TODAY, 4),
            (1, ("snacks", "food"), TODAY, 3),
            (1, ("drinks", "food"), TODAY, 5),
            (1, ("drinks", "food"), date(2026, 11, 19), 2),
            (1, ("toys",), TODAY, 1),
            (1, ("toys",), date(2015, 1, 1), 1),
        ],
    )
    def test_is_the_products_before_the_nearest_categorys_before_everybodys(self, product, categories, day, chosen):
        versions = [self.ALL, self.FOOD, self.SNACKS, self.OWN, self.NEW_FOOD]

        assert choose(versions, product_id=product, categories=categories, day=day).id == chosen

    def test_is_none_where_there_is_none(self):
        assert choose([self.OWN], product_id=1, categories=("toys",), day=TODAY) is None

    def test_of_a_parcel_asks_every_point_once(self):
        assert [point.code for point in merged([[SEAL, BOX], [BOX, DATE]])] == ["seal", "box", "date"]


class TestTheTreeOfADay:
    @given(st.integers(1, 40), st.data())
    def test_proves_every_leaf_and_no_other(self, size, data):
        hashes = [leaf_hash(f"leaf {n}") for n in range(size)]
        index = data.draw(st.integers(0, size - 1))

        path, root = path_of(index, hashes), root_of(hashes)

        assert includes(hashes[index], index, size, path, root)
        assert not includes(leaf_hash("another"), index, size, path, root)
