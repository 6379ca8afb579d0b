"""Limits and results as standards and reports print them; the examples are our own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qc.labs.limits import OtherCount, OtherUnit, Unreadable, judge, number, parse_limit, parse_reported, seen_from

D = Decimal


class TestALimit:
    @pytest.mark.parametrize(
        ("text", "low", "high", "unit"),
        [
            ("≤100mg/kg", None, "100", "mg/kg"),
            ("≤ 0.25 g/100g", None, "0.25", "g/100g"),
            ("≤10³CFU/g", None, "1000", "CFU/g"),
            ("≤1.5×10²CFU/mL", None, "150", "CFU/mL"),
            ("50CFU/g", None, "50", "CFU/g"),
            ("≥1.5倍", "1.5", None, "倍"),
            ("≥10⁶CFU/g", "1000000", None, "CFU/g"),
            ("44.0~46.0 %vol", "44.0", "46.0", "%vol"),
            ("41.0%vol～43.0%vol", "41.0", "43.0", "%vol"),
            ("150-800mg/每日", "150", "800", "mg/每日"),
            ("18.0±1.0%vol", "17.0", "19.0", "%vol"),
            ("≤20µg/kg", None, "20", "μg/kg"),
            ("≤1", None, "1", ""),
            ("4.0~7.5", "4.0", "7.5", ""),
        ],
    )
    def test_has_bounds_and_a_unit(self, text: str, low: str | None, high: str | None, unit: str) -> None:
        limit = parse_limit(text)

        assert (limit.low, limit.high, limit.unit) == (low and D(low), high and D(high), unit)

    @pytest.mark.parametrize("text", ["不得检出", "不得使用", "阴性"])
    def test_can_be_absence(self, text: str) -> None:
        assert parse_limit(text).is_absence

    @pytest.mark.parametrize(
        ("text", "plan"),
        [
            ("n=5,c=2,m=10²,M=10³CFU/g", (5, 2, D(100), D(1000))),
            ("n=5，c=2，m=10000，M=100000CFU/g", (5, 2, D(10_000), D(100_000))),
            ("n=5,c=1,m=3×10⁴,M=10⁵CFU/mL", (5, 1, D(30_000), D(100_000))),
            ("≤n=5,c=0,m=0CFU/250mL", (5, 0, D(0), D(0))),
            ("n=5,c=0,m=0/25g", (5, 0, D(0), D(0))),
        ],
    )
    def test_can_be_a_plan_over_several_units(self, text: str, plan: tuple[object, ...]) -> None:
        assert parse_limit(text).plan == plan

    @pytest.mark.parametrize("text", ["", "as usual", "≤", "≤mg/kg", "≤0.25g/100g；干样品", "n=5,c=2"])
    def test_that_cannot_be_read_is_refused(self, text: str) -> None:
        with pytest.raises(Unreadable):
            parse_limit(text)


class TestAResult:
    @pytest.mark.parametrize(
        ("text", "operand", "values", "unit"),
        [
            ("0.0926g/kg", "", ["0.0926"], "g/kg"),
            ("<0.005 mg/kg", "<", ["0.005"], "mg/kg"),
            ("＞2400CFU/g", ">", ["2400"], "CFU/g"),
            ("1.9×10³CFU/g", "", ["1900"], "CFU/g"),
            ("340；120；<10；11；<10CFU/g", "", ["340", "120", "10", "11", "10"], "CFU/g"),
            ("4，0，0，0，0CFU/250mL", "", ["4", "0", "0", "0", "0"], "CFU/250mL"),
            ("未检出,1,53,未检出,0CFU/250mL", "", ["0", "1", "53", "0", "0"], "CFU/250mL"),
            ("2.1×10⁴/3.5×10⁴/10³CFU/g", "", ["21000", "35000", "1000"], "CFU/g"),
            ("未检出", "nd", [], ""),
            ("未检出（检出限：0.008g/100g）", "nd", [], ""),
            ("ND", "nd", [], ""),
            ("检出/50cm²", "detected", [], ""),
            ("6.2", "", ["6.2"], ""),
        ],
    )
    def test_has_values_an_operand_and_a_unit(self, text: str, operand: str, values: list[str], unit: str) -> None:
        found = parse_reported(text)

        assert (found.operand, found.values, found.unit) == (operand, tuple(map(D, values)), unit)

    @pytest.mark.parametrize("text", ["", "about ten", "2.0×105CFU/g", "1,2,x", "--", "1e5"])
    def test_that_cannot_be_read_is_refused(self, text: str) -> None:
        with pytest.raises(Unreadable):
            parse_reported(text)

    def test_with_a_power_is_exact(self) -> None:
        assert (number("10²"), number("1.11×10³"), number("2x10⁻³")) == (D(100), D(1110), D("0.002"))


class TestJudging:
    @pytest.mark.row("P9.3")
    @pytest.mark.parametrize(
        ("limit", "found", "verdict"),
        [
            ("≤10mg/kg", "8.9mg/kg", "pass"),
            ("≤10mg/kg", "10mg/kg", "warning"),
            ("≤10mg/kg", "9.1mg/kg", "warning"),
            ("≤10mg/kg", "10.0001mg/kg", "fail"),
            ("≤10mg/kg", "<0.5mg/kg", "pass"),
            ("≤10mg/kg", "<20mg/kg", "warning"),
            ("≤10mg/kg", ">20mg/kg", "fail"),
            ("≤10mg/kg", ">5mg/kg", "fail"),
            ("≤10mg/kg", "未检出", "pass"),
            ("≤10mg/kg", "0.0101g/kg", "fail"),
            ("≤5.0μg/kg", "0.006mg/kg", "fail"),
            ("≤0.25g/100g", "0.2%", "pass"),
            ("≥1.5倍", "1.2倍", "fail"),
            ("≥1.5倍", "1.6倍", "pass"),
            ("≥10⁶CFU/g", "<10CFU/g", "fail"),
            ("4.0~7.5", "7.5", "pass"),
            ("4.0~7.5", "7.6", "fail"),
            ("4.0~7.5", "3.9", "fail"),
            ("18.0±1.0%vol", "33.6%vol", "fail"),
            ("不得检出", "未检出", "pass"),
            ("不得检出", "<0.5μg/kg", "pass"),
            ("不得检出", "检出", "fail"),
            ("不得使用", "0.0154g/kg", "fail"),
            ("不得检出", "0", "pass"),
            ("n=5,c=2,m=10²,M=10³CFU/g", "<10;<10;<10;<10;<10CFU/g", "pass"),
            ("n=5,c=2,m=10²,M=10³CFU/g", "100;100;100;100;101CFU/g", "pass"),
            ("n=5,c=2,m=10²,M=10³CFU/g", "150;150;10;10;10CFU/g", "warning"),
            ("n=5,c=2,m=10²,M=10³CFU/g", "150;150;150;10;10CFU/g", "fail"),
            ("n=5,c=2,m=10²,M=10³CFU/g", "1001;10;10;10;10CFU/g", "fail"),
            ("n=5,c=0,m=0/25g", "未检出", "pass"),
            ("n=5,c=0,m=0/25g", "检出,检出,检出,检出,检出/25g", "fail"),
        ],
    )
    @pytest.mark.row("P2.4")
    def test_compares_as_it_is_written(self, limit: str, found: str, verdict: str) -> None:
        assert judge(parse_limit(limit), parse_reported(found)).verdict == verdict

    @pytest.mark.parametrize(("uncertainty", "verdict"), [("0.5", "pass"), ("1.0", "pass"), ("1.01", "warning")])
    def test_warns_when_the_uncertainty_reaches_beyond(self, uncertainty: str, verdict: str) -> None:
        assert judge(parse_limit("≤10mg/kg"), parse_reported("9mg/kg"), uncertainty=D(uncertainty)).verdict == verdict

    def test_says_why(self) -> None:
        because = judge(parse_limit("≤10mg/kg"), parse_reported("9.8"), uncertainty=D("0.30")).because

        assert because == "9.8 is within the limit ≤10mg/kg, but its uncertainty of ±0.3 reaches beyond."

    def test_knows_that_a_blind_method_cannot_tell(self) -> None:
        limit = parse_limit("≤10mg/kg")

        assert judge(limit, seen_from(parse_reported("ND"), D(20), limit)).verdict == "warning"
        assert judge(limit, seen_from(parse_reported("ND"), D("0.1"), limit)).verdict == "pass"

    def test_refuses_another_unit_and_another_number_of_values(self) -> None:
        with pytest.raises(OtherUnit):
            judge(parse_limit("≤10mg/kg"), parse_reported("3CFU/g"))
        for limit, found in (("n=5,c=2,m=10,M=100CFU/g", "1;2;3CFU/g"), ("≤10mg/kg", "1;2mg/kg"), ("≤10mg/kg", "检出")):
            with pytest.raises(OtherCount):
                judge(parse_limit(limit), parse_reported(found))
