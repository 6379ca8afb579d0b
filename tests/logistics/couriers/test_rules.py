"""Zones, weights, prices, choices and the words of couriers: decided without a database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics.couriers.actions import EXAMPLE_PRICES
from logistics.couriers.billing import fee, volumetric_g, weigh
from logistics.couriers.choosing import Candidate, NobodyFits, Rule, choose
from logistics.couriers.statuses import RESPONSIBLE, Incident, Party, Status, mapped
from logistics.couriers.zones import PROVINCES, UnknownProvince, Zone, province_code, zone_of

provinces = st.sampled_from(sorted(PROVINCES))


class TestAZone:
    @pytest.mark.parametrize(
        ("origin", "destination", "zone"),
        [
            ("浙江省", "33", Zone.LOCAL),
            ("浙江", "江苏省", Zone.NEAR),
            ("330000", "湖北省", Zone.MIDDLE),
            ("浙江省", "黑龙江省", Zone.FAR),
            ("浙江省", "西藏自治区", Zone.REMOTE),
            ("新疆维吾尔自治区", "65", Zone.LOCAL),
            ("广西壮族自治区", "广东省", Zone.NEAR),
            ("内蒙古自治区", "北京市", Zone.FAR),
        ],
    )
    def test_follows_from_two_provinces(self, origin: str, destination: str, zone: Zone):
        assert zone_of(origin, destination) == zone

    @given(provinces, provinces)
    def test_is_the_same_both_ways(self, one: str, other: str):
        assert zone_of(one, other) == zone_of(other, one)

    @given(provinces)
    def test_knows_a_province_by_name_and_number(self, code: str):
        assert province_code(PROVINCES[code]) == province_code(f"{code}0000") == province_code(code) == code

    @pytest.mark.parametrize("text", ["", "加州", "99", "3", "３３", "台湾省", "33000"])
    def test_is_refused_for_what_is_no_province(self, text: str):
        with pytest.raises(UnknownProvince):
            province_code(text)


class TestABilledWeight:
    def test_is_the_larger_of_scale_and_volume(self):
        assert volumetric_g(length_mm=400, width_mm=300, height_mm=200) == 4000
        assert weigh(weight_g=1050, length_mm=400, width_mm=300, height_mm=200).billed_g == 4000
        assert weigh(weight_g=5000, length_mm=400, width_mm=300, height_mm=200).billed_g == 5000

    def test_counts_by_scale_alone_if_a_side_was_not_measured(self):
        assert weigh(weight_g=300, length_mm=400, width_mm=None, height_mm=200).billed_g == 300
        assert weigh(weight_g=None, length_mm=None, width_mm=None, height_mm=None).billed_g == 1

    def test_is_rounded_up_to_the_gram(self):
        assert volumetric_g(length_mm=1, width_mm=1, height_mm=1) == 1


class TestAPrice:
    @pytest.mark.parametrize(("grams", "asked"), [(1, "6.50"), (1000, "6.50"), (1001, "10.50"), (2000, "10.50"), (2001, "14.50")])
    def test_counts_begun_steps_whole(self, grams: int, asked: str):
        band = next(band for band in EXAMPLE_PRICES["standard"] if band.zone == Zone.MIDDLE)
        assert fee(band, grams) == Decimal(asked)

    @given(st.integers(1, 200_000), st.integers(0, 50_000))
    def test_never_falls_with_weight(self, grams: int, more: int):
        for band in EXAMPLE_PRICES["economy"]:
            assert fee(band, grams) <= fee(band, grams + more)

    def test_is_not_asked_for_nothing(self):
        with pytest.raises(ValueError, match="0 g"):
            fee(EXAMPLE_PRICES["economy"][0], 0)


SLOW = Candidate("slow", "慢件", Decimal("4.00"), 4, Decimal("0.99"), 400)
FAST = Candidate("fast", "快件", Decimal("18.00"), 1, Decimal("0.95"), 300)
NEWCOMER = Candidate("new", "新件", Decimal("4.00"), 3, Decimal("1.0"), 3)

candidates = st.lists(
    st.builds(
        Candidate,
        code=st.text("abcdef", min_size=1, max_size=4),
        name=st.just("某件"),
        fee=st.decimals(1, 40, places=2),
        days=st.integers(1, 9),
        on_time=st.none() | st.decimals(0, 1, places=4),
        sample=st.integers(0, 50),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one.code,
)


@pytest.mark.row("P13.2")
class TestAChoice:
    @pytest.mark.parametrize(
        ("rule", "chosen", "because"),
        [
            (Rule.CHEAPEST, "new", "新件 is the cheapest of 3: ¥4.00, 3 days."),
            (Rule.FASTEST, "fast", "快件 is the fastest of 3: 1 days, ¥18.00."),
            (Rule.MOST_RELIABLE, "slow", "慢件 is the most punctual of 3: 99.0 % of 400 parcels on time, ¥4.00."),
        ],
    )
    def test_follows_its_rule_and_says_why(self, rule: Rule, chosen: str, because: str):
        choice = choose([SLOW, FAST, NEWCOMER], rule=rule)

        assert (choice.chosen.code, choice.because) == (chosen, because)
        assert {one.code for one in choice.others} == {"slow", "fast", "new"} - {chosen}

    def test_is_the_cheapest_while_nobody_was_measured(self):
        assert choose([NEWCOMER], rule=Rule.MOST_RELIABLE).because == (
            "No service has 10 measured parcels yet; 新件 is the cheapest of 1: ¥4.00, 3 days."
        )

    def test_needs_somebody(self):
        with pytest.raises(NobodyFits):
            choose([], rule=Rule.CHEAPEST)

    @given(candidates, st.sampled_from(list(Rule)), st.randoms(use_true_random=False))
    def test_is_the_same_in_any_order_and_loses_nobody(self, given_ones, rule, random):
        shuffled = list(given_ones)
        random.shuffle(shuffled)

        choice = choose(given_ones, rule=rule)

        assert choice == choose(shuffled, rule=rule)
        assert sorted(one.code for one in (choice.chosen, *choice.others)) == sorted(one.code for one in given_ones)

    @given(candidates)
    def test_never_pays_more_or_waits_longer_than_it_must(self, given_ones):
        assert choose(given_ones, rule=Rule.CHEAPEST).chosen.fee == min(one.fee for one in given_ones)
        assert choose(given_ones, rule=Rule.FASTEST).chosen.days == min(one.days for one in given_ones)


@pytest.mark.row("P13.4")
class TestACouriersWord:
    @pytest.mark.parametrize(
        ("raw", "reason", "status", "incident", "party"),
        [
            ("picked_up", "", Status.PICKED_UP, None, None),
            ("揽收", "", Status.PICKED_UP, None, None),
            ("1", "", Status.PICKED_UP, None, None),
            ("0", "", Status.DEPARTED, None, None),
            ("5", "", Status.OUT_FOR_DELIVERY, None, None),
            ("501", "", Status.AT_PICKUP_POINT, None, None),
            ("3", "", Status.DELIVERED, None, None),
            ("301", "", Status.DELIVERED, None, None),
            ("签收", "damaged", Status.DELIVERED, None, None),
            ("2", "", Status.PROBLEM, Incident.UNCLEAR, Party.UNCLEAR),
            ("2", "address_wrong", Status.PROBLEM, Incident.ADDRESS_WRONG, Party.RECIPIENT),
            ("14", "", Status.RETURNING, Incident.RECIPIENT_REFUSED, Party.RECIPIENT),
            ("lost", "", Status.LOST, Incident.LOST_BY_COURIER, Party.COURIER),
            ("problem", "packaging", Status.PROBLEM, Incident.PACKAGING, Party.WAREHOUSE),
            ("problem", "forbidden_goods", Status.PROBLEM, Incident.FORBIDDEN_GOODS, Party.MERCHANT),
            ("problem", "weather", Status.PROBLEM, Incident.WEATHER, Party.NOBODY),
            ("somewhere", "", Status.UNKNOWN, None, None),
        ],
    )
    def test_means_one_status_and_one_reason_with_its_party(self, raw, reason, status, incident, party):
        found = mapped(raw, reason=reason)

        assert (found.status, found.incident, found.responsible) == (status, incident, party)

    def test_has_a_responsible_party_for_every_reason(self):
        assert set(RESPONSIBLE) == set(Incident)

    @given(st.text(max_size=12), st.text(max_size=12))
    def test_is_never_refused(self, raw: str, reason: str):
        assert mapped(raw, reason=reason).status in Status
