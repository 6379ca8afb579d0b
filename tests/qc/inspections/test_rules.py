"""Pure rules of the floor: plans of small tranches, codes at the bench, dates on packages."""

from __future__ import annotations

from datetime import date

import pytest

from qc.inspections.lifecycle import NEXT, InspectionState
from qc.inspections.plans import plan_tranche
from qc.inspections.sampling import DefectClass
from qc.inspections.scanning import Reading, Scan, read_scan
from qc.inspections.verdict import Tally, decide
from warehouse.inbound.arrival import Flaw, is_of, judge_dates
from warehouse.inbound.printed import read_day
from warehouse.stock.custody import INSIDE, Custody
from warehouse.stock.custody import NEXT as WAYS


class TestTheStates:
    def test_of_an_inspection_are_a_table(self) -> None:
        edges = {(a, b) for a in InspectionState for b in InspectionState if b in NEXT[a]}

        assert edges == {("open", "claimed"), ("claimed", "open"), ("claimed", "accepted"), ("claimed", "rejected"), ("claimed", "doubted")}

    def test_released_goods_come_from_an_inspection_or_a_disposition_only(self) -> None:
        assert {source for source in Custody if Custody.RELEASED in WAYS[source]} == {Custody.PENDING, Custody.HELD}

    def test_nothing_goes_back_out_of_the_door(self) -> None:
        assert all(Custody.ARRIVAL not in WAYS[source] for source in Custody)
        assert set(INSIDE) == set(Custody) - {Custody.ARRIVAL}


class TestAPlanForOneUnit:
    @pytest.mark.parametrize(("found", "verdict"), [(0, "accept"), (1, "reject")])
    def test_rejects_it_for_any_defect(self, found: int, verdict: str) -> None:
        plans = plan_tranche(size=1, level="II", aql_major="2.5", aql_minor="4.0")
        tally = Tally(1, {DefectClass.CRITICAL: 0, DefectClass.MAJOR: 0, DefectClass.MINOR: found})

        assert decide(plans, tally).verdict == verdict

    def test_says_that_it_is_full_inspection_and_keeps_its_shape(self) -> None:
        plans = plan_tranche(size=1, level="II", aql_major="2.5", aql_minor="4.0")

        assert (plans.sample_size, plans.major.full_inspection) == (1, True)
        assert type(plans).from_dict(plans.as_dict()) == plans

    def test_does_not_exist_for_none(self) -> None:
        with pytest.raises(ValueError, match="at least 2 units"):
            plan_tranche(size=0, level="II", aql_major="2.5", aql_minor="4.0")


class TestReadingAScan:
    @pytest.mark.parametrize(
        ("code", "scan"),
        [
            ("6901234567892", Scan(Reading.UNIT)),
            ("06901234567892", Scan(Reading.UNIT)),
            ("HJ-120", Scan(Reading.UNIT)),
            ("HJ261105B", Scan(Reading.UNIT)),
            ("7", Scan(Reading.UNIT, 7)),
            ("007", Scan(Reading.UNIT, 7)),
            ("5", Scan(Reading.RECORDED, 5)),
            ("81", Scan(Reading.OUTSIDE, 81)),
            ("0", Scan(Reading.OUTSIDE, 0)),
            ("6921234567890", Scan(Reading.OTHER)),
            ("７", Scan(Reading.OTHER)),
        ],
    )
    def test_knows_goods_units_and_everything_else(self, code: str, scan: Scan) -> None:
        assert read_scan(code, goods=["HJ-120", "6901234567892", "HJ261105B"], sample_size=80, recorded={5}) == scan


class TestGoodsAtTheGate:
    @pytest.mark.parametrize(
        ("scanned", "same"),
        [("HJ-1", True), ("hj-1", False), ("6901234567892", True), ("06901234567892", True), ("16901234567899", False), ("", False)],
    )
    def test_are_known_by_sku_or_gtin(self, scanned: str, same: bool) -> None:
        assert is_of(scanned, sku="HJ-1", gtin="6901234567892") is same

    def test_without_a_gtin_are_known_by_sku_only(self) -> None:
        assert not is_of("00000000000000", sku="HJ-1", gtin="")

    @pytest.mark.parametrize(
        ("expiry", "flaw"),
        [(date(2026, 11, 19), Flaw.EXPIRED), (date(2026, 11, 20), None), (None, Flaw.EXPIRY_MISSING)],
    )
    def test_may_come_in_on_their_last_day(self, expiry: date | None, flaw: Flaw | None) -> None:
        found = judge_dates(produced=None, expiry=expiry, needs_expiry=True, day=date(2026, 11, 20))

        assert (found and found.flaw) == flaw


class TestADateOnAPackage:
    @pytest.mark.parametrize("printed", ["20291104", "2029-11-04", "2029.11.04", "2029/11/4", "2029 11 04", "2029年11月4日", " 20291104 "])
    def test_is_read_as_it_is_printed(self, printed: str) -> None:
        assert read_day(printed) == date(2029, 11, 4)

    @pytest.mark.parametrize(
        "printed", ["", "291104", "11/04/2029", "20291304", "20290230", "2029", "１９９９1104", "19991231", "20291104x"]
    )
    def test_is_not_guessed(self, printed: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            read_day(printed)
