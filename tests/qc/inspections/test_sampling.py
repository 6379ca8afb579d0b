import json
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qc.inspections.sampling import SHIPPED, ClassPlans, DefectClass, find_plan, load_tables, plan_for_classes, shipped_tables

LEVELS = shipped_tables().levels
AQLS = shipped_tables().aqls
SEVERITIES = ("normal", "tightened", "reduced")


class TestFindingAPlan:
    @given(st.integers(2, 10**9), st.sampled_from(LEVELS), st.sampled_from(AQLS), st.sampled_from(SEVERITIES))
    def test_never_asks_for_more_than_the_lot(self, lot_size, level, aql, severity):
        plan = find_plan(lot_size=lot_size, level=level, aql=aql, severity=severity)

        assert plan.sample_size == min(plan.table_size, lot_size)
        assert plan.full_inspection == (plan.sample_size == lot_size)
        assert plan.reject == plan.accept + 1

    @pytest.mark.parametrize(("lot_size", "sample_size", "full"), [(4, 4, True), (5, 5, True), (6, 5, False)])
    def test_inspects_all_of_a_lot_no_larger_than_the_sample(self, lot_size, sample_size, full):
        plan = find_plan(lot_size=lot_size, aql="2.5")

        assert (plan.sample_size, plan.full_inspection, plan.table_size) == (sample_size, full, 5)

    @pytest.mark.parametrize("lot_size", [1, 0, -5, True, 2.0, 10.5, "100", None, float("nan")])
    def test_refuses_a_lot_below_two_or_not_whole(self, lot_size):
        with pytest.raises(ValueError, match="a lot is a whole number"):
            find_plan(lot_size=lot_size, aql="2.5")

    @pytest.mark.parametrize("level", ["IV", "ii", "", "S-5", "2", None, 2])
    def test_refuses_an_unknown_level(self, level):
        with pytest.raises(ValueError, match="unknown inspection level"):
            find_plan(lot_size=100, level=level, aql="2.5")

    @pytest.mark.parametrize("aql", ["0", "", "2.50", "4", "3.0", "-1", "abc", 2.5, 10, None])
    def test_refuses_an_unknown_aql(self, aql):
        with pytest.raises(ValueError, match="unknown AQL"):
            find_plan(lot_size=100, aql=aql)

    @pytest.mark.parametrize("severity", ["suspended", "Normal", "", None])
    def test_refuses_a_severity_without_a_table(self, severity):
        with pytest.raises(ValueError, match="unknown severity"):
            find_plan(lot_size=100, aql="2.5", severity=severity)

    def test_gives_a_plan_that_cannot_be_changed(self):
        plan = find_plan(lot_size=100, aql="2.5")

        with pytest.raises(FrozenInstanceError):
            plan.accept = 99

    def test_takes_another_edition(self, tmp_path):
        book = json.loads(SHIPPED.read_text(encoding="utf-8"))
        book["edition"] = "ISO 2859-1:2026"
        other = tmp_path / "other.json"
        other.write_text(json.dumps(book))

        assert find_plan(lot_size=100, aql="2.5", tables=load_tables(other)).edition == "ISO 2859-1:2026"

    @pytest.mark.parametrize(("cells", "wrong"), [("1 2 3", "does not have 26 cells"), (" ".join("↑" * 26), "leads nowhere")])
    def test_refuses_a_damaged_edition(self, tmp_path, cells, wrong):
        book = json.loads(SHIPPED.read_text(encoding="utf-8"))
        book["plans"]["normal"]["rows"][0]["cells"] = cells
        damaged = tmp_path / "damaged.json"
        damaged.write_text(json.dumps(book))

        with pytest.raises(ValueError, match=wrong):
            load_tables(damaged)


class TestPlansOfTheClasses:
    def test_are_by_default_nought_two_and_a_half_and_four(self):
        plans = plan_for_classes(lot_size=1000)

        assert [(plan.aql, plan.sample_size, plan.accept, plan.reject) for _, plan in plans.items()] == [
            ("0", 80, 0, 1),
            ("2.5", 80, 5, 6),
            ("4.0", 80, 7, 8),
        ]

    @pytest.mark.parametrize(
        ("lot_size", "critical", "major", "minor"),
        [
            (20, (5, 0), (5, 0), (3, 0)),  # C: major stays, minor goes up to B
            (40, (13, 0), (5, 0), (13, 1)),  # D: major goes up to C, minor down to E
            (80, (20, 0), (20, 1), (13, 1)),  # E: major goes down to F
            (4, (4, 0), (4, 0), (3, 0)),  # A: major would need 5 of 4
        ],
    )
    def test_hold_critical_to_nought_on_the_largest_sample(self, lot_size, critical, major, minor):
        plans = plan_for_classes(lot_size=lot_size)

        assert [(plan.sample_size, plan.accept) for _, plan in plans.items()] == [critical, major, minor]
        assert plans.critical.reject == 1
        assert plans.sample_size == critical[0]

    def test_take_a_severity_for_each_class(self):
        plans = plan_for_classes(lot_size=1000, severities={DefectClass.MAJOR: "tightened", DefectClass.MINOR: "reduced"})

        assert (plans.major.sample_size, plans.major.accept) == (80, 3)
        assert (plans.minor.sample_size, plans.minor.accept) == (32, 5)
        assert (plans.critical.sample_size, plans.critical.accept, plans.critical.dispute) == (80, 0, None)

    def test_take_plain_words_for_classes(self):
        assert plan_for_classes(lot_size=1000, aqls={"major": "1.0"}).of(DefectClass.MAJOR).accept == 2

    def test_come_back_from_json_as_they_were(self):
        plans = plan_for_classes(lot_size=1000, severities={DefectClass.MINOR: "reduced"})
        assert plans.minor.dispute

        assert ClassPlans.from_dict(json.loads(json.dumps(plans.as_dict()))) == plans

    @pytest.mark.parametrize("stored", [{}, {"critical": None}, {"critical": {}, "major": {}, "minor": {}}])
    def test_refuse_what_was_not_kept_by_them(self, stored):
        with pytest.raises(ValueError, match="not the plans of a lot"):
            ClassPlans.from_dict(stored)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"aqls": {"critical": "0.65"}},
            {"aqls": {"major": "0"}},
            {"aqls": {"minor": "15"}},
            {"aqls": {"cosmetic": "4.0"}},
            {"severities": {"major": "suspended"}},
            {"severities": {"critical": "normal"}},
            {"lot_size": 1},
            {"level": "IV"},
        ],
    )
    def test_refuse_what_has_no_plan(self, wrong):
        with pytest.raises(ValueError, match=r"."):
            plan_for_classes(**{"lot_size": 1000, **wrong})
