"""The pure rule that compares what was scanned with what was shipped."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.returns.counting import Scanned, SerialBack, SerialMissing, Shipped, TooMany, count

CREAM_OLD = Shipped(1, 10, 100, "L1", 2, 0)
CREAM_NEW = Shipped(2, 10, 101, "L2", 1, 0)
SOAP = Shipped(3, 11, 102, "L3", 1, 0)
PARCEL = [CREAM_OLD, CREAM_NEW, SOAP]
CODES = {"cream": 10, "soap": 11}


def counted(*scans, shipped=PARCEL, wrong_before=0, may_exceed=False):
    found = count(shipped, scans, is_of=lambda code, product: CODES.get(code) == product, wrong_before=wrong_before, may_exceed=may_exceed)
    return [(one.kind, one.item_id, one.ordinal) for one in found]


class TestAScan:
    @pytest.mark.row("P8.3")
    @pytest.mark.parametrize(
        ("scan", "found"),
        [
            (Scanned("cream", "L1"), ("expected", 1, 1)),
            (Scanned("cream", "L2"), ("expected", 2, 1)),
            (Scanned("cream", ""), ("expected", 1, 1)),
            (Scanned("cream", "L3"), ("wrong_item", None, None)),
            (Scanned("cream", "other"), ("wrong_item", None, None)),
            (Scanned("brick", "L1"), ("wrong_item", None, None)),
        ],
    )
    def test_is_compared_with_what_was_shipped(self, scan, found):
        assert counted(scan) == [found]

    @pytest.mark.row("P8.3")
    def test_of_a_unit_with_a_number_is_compared_by_its_number(self):
        numbered = [Shipped(1, 10, 100, "L1", 2, 0, frozenset({"S1", "S2"}))]

        assert counted(Scanned("cream", "L1", serial="S2"), Scanned("cream", "", serial="S1"), shipped=numbered) == [
            ("expected", 1, 1),
            ("expected", 1, 2),
        ]
        assert counted(Scanned("cream", "L1", serial="S9"), shipped=numbered) == [("wrong_item", None, None)]
        with pytest.raises(SerialMissing):
            counted(Scanned("cream", "L1"), shipped=numbered)
        assert counted(Scanned("cream", "L1"), shipped=numbered, may_exceed=True) == [("expected", 1, 1)]
        for scans, back in (((Scanned("cream", "L1", serial="S1"),) * 2, ()), ((Scanned("cream", "L1", serial="S1"),), ("S1",))):
            with pytest.raises(SerialBack):
                counted(*scans, shipped=[Shipped(1, 10, 100, "L1", 2, len(back), frozenset({"S1", "S2"}), frozenset(back))])

    def test_of_several_units_counts_on_from_what_is_back(self):
        back = [Shipped(1, 10, 100, "L1", 3, 1)]

        assert counted(Scanned("cream", "L1", 2), shipped=back) == [("expected", 1, 2), ("expected", 1, 3)]

    def test_without_a_lot_number_goes_on_to_the_next_lot(self):
        assert counted(Scanned("cream", "", 3)) == [("expected", 1, 1), ("expected", 1, 2), ("expected", 2, 1)]


class TestMoreThanWasShipped:
    @pytest.mark.row("P8.4")
    def test_is_refused(self):
        with pytest.raises(TooMany) as found:
            counted(Scanned("cream", "L1", 3))

        assert (found.value.shipped, found.value.back) == (4, 2)

    @pytest.mark.row("P8.4")
    def test_is_counted_as_extra_where_somebody_says_why(self):
        assert counted(Scanned("cream", "L1", 3), may_exceed=True)[2] == ("extra", 1, None)

    def test_is_refused_of_wrong_items_too(self):
        with pytest.raises(TooMany):
            counted(Scanned("brick", "", 5))
        with pytest.raises(TooMany):
            counted(Scanned("soap", "L3"), wrong_before=4)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine proves nothing
    @given(
        st.lists(
            st.tuples(st.sampled_from(["cream", "soap", "brick"]), st.sampled_from(["L1", "L2", "L3", ""]), st.integers(1, 3)), max_size=8
        )
    )
    def test_never_happens_whatever_is_scanned(self, scans):
        try:
            found = counted(*(Scanned(*scan) for scan in scans))
        except TooMany:
            return

        assert len(found) <= 4
        expected = [one for one in found if one[0] == "expected"]
        assert len(set(expected)) == len(expected)
