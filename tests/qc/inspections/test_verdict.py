from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qc.inspections.sampling import DefectClass, plan_for_classes
from qc.inspections.verdict import Tally, count, decide

CRITICAL, MAJOR, MINOR = DefectClass
J = plan_for_classes(lot_size=1000)  # 80 units: critical 0/1, major 5/6, minor 7/8
C = plan_for_classes(lot_size=20)  # 5 units: critical 0/1 and major 0/1 on 5, minor 0/1 on the first 3


def found(inspected, critical=0, major=0, minor=0):
    return Tally(inspected, {CRITICAL: critical, MAJOR: major, MINOR: minor})


class TestAVerdict:
    @pytest.mark.row("P4.5")
    @pytest.mark.parametrize(
        ("tally", "verdict"),
        [
            (found(0), "undecided"),
            (found(79), "undecided"),
            (found(80), "accept"),
            (found(80, major=5, minor=7), "accept"),
            (found(79, major=5, minor=7), "undecided"),
            (found(80, major=6), "reject"),
            (found(80, minor=8), "reject"),
            (found(80, critical=1), "reject"),
            (found(1, critical=1), "reject"),
            (found(6, major=6), "reject"),
            (found(7, minor=7), "undecided"),
            (found(8, minor=8), "reject"),
        ],
    )
    def test_follows_the_limits_at_their_edges(self, tally, verdict):
        assert decide(J, tally).verdict == verdict

    @given(st.integers(0, 80), st.integers(0, 80), st.integers(0, 80), st.integers(0, 80))
    def test_accepts_only_a_whole_sample_with_every_class_inside_its_limit(self, inspected, critical, major, minor):
        counts = (min(critical, inspected), min(major, inspected), min(minor, inspected))

        verdict = decide(J, found(inspected, *counts)).verdict

        beyond = counts[0] >= 1 or counts[1] >= 6 or counts[2] >= 8
        assert verdict == ("reject" if beyond else "accept" if inspected == 80 else "undecided")

    def test_cannot_be_changed(self):
        with pytest.raises(FrozenInstanceError):
            decide(J, found(80)).verdict = "reject"


class TestTheReason:
    def test_of_a_rejection_names_the_worst_class_beyond_its_limit(self):
        decision = decide(J, found(40, major=6, minor=9))

        assert decision.because == "Units with major defects: 6. The lot is rejected at 6."
        assert decision.message % decision.params == decision.because

    def test_of_an_acceptance_is_the_whole_sample(self):
        assert decide(J, found(80, minor=7)).because == "All 80 units were inspected, every class is within its limit."

    def test_of_no_verdict_yet_is_what_was_inspected(self):
        assert decide(J, found(30)).because == "Inspected so far: 30 of 80 units."

    def test_is_given_for_each_class(self):
        classes = decide(J, found(40, major=6, minor=2)).classes

        assert [(outcome.defect_class, outcome.verdict, outcome.nonconforming, outcome.accept, outcome.reject) for outcome in classes] == [
            (CRITICAL, "undecided", 0, 0, 1),
            (MAJOR, "reject", 6, 5, 6),
            (MINOR, "undecided", 2, 7, 8),
        ]

    def test_of_a_class_is_found_by_its_name(self):
        assert decide(J, found(80, minor=3)).of(MINOR).verdict == "accept"


class TestAnImpossibleTally:
    @pytest.mark.parametrize(
        "tally",
        [
            found(-1),
            found(81),
            found(10, minor=11),
            found(10, critical=-1),
            found(True),
            found(10.0),
            found(10, major=1.5),
            found(10, major=None),
            Tally(80, {CRITICAL: 0, MAJOR: 0}),
            Tally(80, {}),
            Tally(80, {CRITICAL: 0, MAJOR: 0, MINOR: 0, "cosmetic": 0}),
        ],
    )
    def test_is_refused(self, tally):
        with pytest.raises(ValueError, match=r"."):
            decide(J, tally)


class TestCounting:
    def test_puts_a_unit_under_its_worst_class_once(self):
        tally = count({1: {MINOR, MAJOR}, 2: set(), 3: {MINOR}, 4: {MINOR, CRITICAL, MAJOR}}, J)

        assert tally == found(4, critical=1, major=1, minor=1)

    def test_leaves_out_a_class_beyond_its_own_sample(self):
        assert count({4: {MINOR}, 5: {MINOR}}, C) == found(2)
        assert count({3: {MINOR}}, C) == found(1, minor=1)

    def test_counts_a_unit_beyond_the_sample_of_its_worst_class_under_the_next(self):
        plans = plan_for_classes(lot_size=40)  # 13 units: major on the first 5, minor on all

        assert count({9: {MAJOR, MINOR}}, plans) == found(1, minor=1)

    def test_does_not_depend_on_the_order_of_inspection(self):
        units = {5: {MINOR}, 2: {MAJOR}, 1: {MINOR}}

        assert count(units, C) == count(dict(sorted(units.items())), C) == found(3, major=1, minor=1)

    def test_takes_the_stored_names_of_classes(self):
        assert count({1: ["major"]}, J) == found(1, major=1)

    @pytest.mark.parametrize("units", [{0: []}, {81: []}, {1: ["cosmetic"]}])
    def test_refuses_a_unit_outside_the_sample_or_of_no_class(self, units):
        with pytest.raises(ValueError, match=r"unit \d+ of a sample|not a valid DefectClass"):
            count(units, J)

    def test_leads_to_acceptance_of_a_clean_sample(self):
        assert decide(C, count({place: [] for place in range(1, 6)}, C)).verdict == "accept"
