"""Is it worth the fees? Worked out without a database."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from assurance.fees.rating import Price, Unratable
from assurance.fees.simulator import Scenario, curve, simulate
from assurance.reference import DATA

CARD = json.loads((DATA / "rates" / "2026-01.json").read_text(encoding="utf-8"))
PRICES = {rate["kind"]: Price(1, rate["kind"], rate["method"], rate["terms"], CARD["version"]) for rate in CARD["rates"]}
SCENARIO = Scenario(
    price=Decimal("59.90"),
    cost=Decimal("21.40"),
    commission_rate=Decimal("0.2"),
    volume=1000,
    return_rate=Decimal("0.05"),
    inspected_units=80,
    test_cost=Decimal("600.00"),
)


class TestAScenario:
    @pytest.mark.row("P16.1")
    def test_itemises_every_fee_of_the_card(self):
        found = simulate(SCENARIO, PRICES)

        assert [(fee.kind, str(fee.charge.amount), str(fee.per_order.normalize()), fee.is_fixed) for fee in found.fees] == [
            ("outbound_operation", "2.20", "2.2", False),
            ("forward_delivery", "5.00", "5", False),
            ("service", "0.60", "0.6", False),
            ("return_operation", "2.50", "0.125", False),
            ("return_check", "0.80", "0.04", False),
            ("inbound_check", "24.00", "0.024", True),
            ("lab_test", "600.00", "0.6", True),
        ]
        assert (str(found.commission), str(found.fees_per_order)) == ("11.98", "8.59")
        assert (str(found.margin), str(found.month), found.version) == ("17.93", "17931.00", "2026-01")

    @pytest.mark.row("P16.1")
    def test_breaks_even_where_it_says(self):
        found = simulate(SCENARIO, PRICES)

        assert found.break_even_price is not None
        assert simulate(replace(SCENARIO, price=found.break_even_price), PRICES).margin >= 0
        assert simulate(replace(SCENARIO, price=found.break_even_price - Decimal("0.02")), PRICES).margin < 0
        assert found.break_even_volume is not None
        assert simulate(replace(SCENARIO, volume=found.break_even_volume), PRICES).margin >= 0
        assert simulate(replace(SCENARIO, volume=found.break_even_volume - 1), PRICES).margin < 0

    def test_never_breaks_even_when_every_order_loses(self):
        assert simulate(replace(SCENARIO, price=Decimal("10.00")), PRICES).break_even_volume is None
        assert simulate(replace(SCENARIO, commission_rate=Decimal(1)), PRICES).break_even_price is None

    def test_weighs_a_months_fees_less_the_more_orders_share_them(self):
        points = curve(SCENARIO, PRICES)

        assert [volume for volume, _ in points] == [100, 250, 500, 1000, 2000, 4000, 10000]
        assert [margin for _, margin in points] == sorted(margin for _, margin in points)
        assert curve(replace(SCENARIO, volume=1), PRICES)[0][0] == 1

    def test_names_what_the_card_lacks(self):
        with pytest.raises(Unratable, match="no_rate"):
            simulate(SCENARIO, {kind: price for kind, price in PRICES.items() if kind != "service"})
