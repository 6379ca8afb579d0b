"""What an operation costs, worked out without a database."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from assurance.fees.rating import Price, Unratable, billed_grams, charge
from assurance.money import TooMuch, fen, split
from assurance.reference import DATA

CARD = json.loads((DATA / "rates" / "2026-01.json").read_text(encoding="utf-8"))
TERMS = {rate["kind"]: rate for rate in CARD["rates"]}
DELIVERY = "forward_delivery"


def cost(kind: str, quantity: int = 1, **measures: Any) -> tuple[str, str]:
    rate = TERMS[kind]
    found = charge(Price(1, kind, rate["method"], rate["terms"], CARD["version"]), quantity=quantity, measures=measures)
    return str(found.amount), found.formula


class TestAPrice:
    @pytest.mark.parametrize(
        ("kind", "quantity", "measures", "amount", "formula"),
        [
            ("service", 1, {}, "0.60", "0.60"),
            ("inbound_check", 20, {}, "6.00", "20 × 0.30 = 6.00"),
            ("inbound_check", 1250, {}, "375.00", "1,250 × 0.30 = 375.00"),
            ("outbound_operation", 1, {}, "2.20", "2.20 + 0 × 0.35 = 2.20"),
            ("outbound_operation", 3, {}, "2.90", "2.20 + 2 × 0.35 = 2.90"),
            ("return_operation", 2, {}, "5.00", "2 × 2.50 = 5.00"),
            ("return_check", 1, {}, "0.80", "1 × 0.80 = 0.80"),
            ("lab_test", 1, {"cost": "350.00"}, "350.00", "350.00"),
            ("lab_test", 1, {"cost": "12.345"}, "12.35", "12.345 ≈ 12.35"),
            ("forward_delivery", 1, {"to_province": "330100", "weight_g": 0}, "5.00", "A · max(0 g, 0 g) → 1 kg · 5.00 + 0 × 1.00 = 5.00"),
            (
                "forward_delivery",
                1,
                {"to_province": "33", "weight_g": 1000},
                "5.00",
                "A · max(1,000 g, 0 g) → 1 kg · 5.00 + 0 × 1.00 = 5.00",
            ),
            (
                "forward_delivery",
                1,
                {"to_province": "33", "weight_g": 1001},
                "6.00",
                "A · max(1,001 g, 0 g) → 2 kg · 5.00 + 1 × 1.00 = 6.00",
            ),
            (
                "forward_delivery",
                1,
                {"to_province": "65", "weight_g": 820, "length_mm": 300, "width_mm": 200, "height_mm": 201},
                "56.00",
                "F · max(820 g, 2,010 g) → 3 kg · 20.00 + 2 × 18.00 = 56.00",
            ),
            (
                "forward_delivery",
                1,
                {"to_province": "51", "volume_mm3": 6_000_001},
                "13.00",
                "C · max(0 g, 1,001 g) → 2 kg · 10.00 + 1 × 3.00 = 13.00",
            ),
        ],
    )
    def test_says_the_sum_with_its_numbers(self, kind, quantity, measures, amount, formula):
        assert cost(kind, quantity, **measures) == (amount, formula)

    @pytest.mark.parametrize(
        ("kind", "measures", "because"),
        [
            ("forward_delivery", {"weight_g": 5}, "no_measure:to_province"),
            ("forward_delivery", {"weight_g": 5, "to_province": "71"}, "no_zone:71"),
            ("forward_delivery", {"to_province": "33"}, "no_measure:weight_g"),
            ("forward_delivery", {"to_province": "33", "weight_g": -3}, "no_measure:weight_g"),
            ("forward_delivery", {"to_province": "33", "length_mm": 3, "width_mm": 3}, "no_measure:weight_g"),
            ("lab_test", {}, "no_measure:cost"),
            ("lab_test", {"cost": "free"}, "no_measure:cost"),
            ("lab_test", {"cost": "NaN"}, "no_measure:cost"),
            ("lab_test", {"cost": "-1.00"}, "no_measure:cost"),
            ("lab_test", {"cost": "1000000000000.00"}, "too_much"),
        ],
    )
    def test_names_what_is_missing(self, kind, measures, because):
        with pytest.raises(Unratable) as refused:
            cost(kind, **measures)

        assert refused.value.because == because

    def test_is_the_larger_of_scale_and_volume(self):
        assert billed_grams({"weight_g": 900, "length_mm": 100, "width_mm": 100, "height_mm": 100}) == (900, 167)
        assert billed_grams({"volume_mm3": 6001}) == (0, 2)

    def test_finds_every_province_in_exactly_one_zone(self):
        zones = TERMS["forward_delivery"]["terms"]["zones"]
        provinces = [province for zone in zones for province in zone["provinces"]]

        assert len(provinces) == len(set(provinces)) == 31
        for code in ("11", "12", "13", "14", "15", "21", "22", "23", "31", "37", "46", "50", "54", "61", "65"):
            assert code in provinces

    def test_calls_the_shipped_prices_examples(self):
        for path in (DATA / "rates").glob("*.json"):
            card = json.loads(path.read_text(encoding="utf-8"))
            assert card["is_example"] is True
            assert card["title_zh"].startswith("示例费率")
            assert {rate["kind"] for rate in card["rates"]} == set(TERMS)


class TestTheFen:
    @pytest.mark.row("P15.3")
    @pytest.mark.parametrize(
        ("exact", "rounded"),
        [("0.005", "0.01"), ("0.0049", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1", "1.00")],
    )
    def test_is_rounded_half_up(self, exact, rounded):
        assert str(fen(Decimal(exact))) == rounded

    def test_is_never_taken_from_a_float(self):
        with pytest.raises(TypeError):
            fen(0.1)  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            fen(True)
        for huge in ("1e12", "NaN", "Infinity"):
            with pytest.raises(TooMuch):
                fen(Decimal(huge))


class TestASplit:
    def test_gives_the_largest_remainders_the_fen_that_are_left(self):
        assert split(Decimal("0.05"), [1, 1, 1]) == [Decimal("0.02"), Decimal("0.02"), Decimal("0.01")]
        assert split(Decimal("-10.00"), [Decimal("1.5"), 2, 0]) == [Decimal("-4.29"), Decimal("-5.71"), 0]

    @pytest.mark.promise("G3")
    def test_loses_nothing_whatever_is_split(self):
        import random

        dice = random.Random(20261122)
        for _ in range(2000):
            total = Decimal(dice.randrange(-(10**9), 10**9)) / 100
            weights = [dice.choice((0, 1, 3, Decimal("0.37"), dice.randrange(1, 10**6))) for _ in range(dice.randrange(1, 12))]
            if not any(weights):
                continue
            parts = split(total, weights)
            assert sum(parts) == total
            assert all(part * total >= 0 for part in parts)
            shuffled = weights[:]
            dice.shuffle(shuffled)
            assert sorted(zip(map(Decimal, weights), parts, strict=True)) == sorted(
                zip(map(Decimal, shuffled), split(total, shuffled), strict=True)
            )

    @pytest.mark.parametrize(("total", "weights"), [("1.00", []), ("1.00", [0, 0]), ("1.00", [1, -1]), ("1.005", [1])])
    def test_refuses_what_has_no_answer(self, total, weights):
        with pytest.raises(ValueError, match=r"split|fen"):
            split(Decimal(total), weights)
