"""Drawing, weighing, looking at what arrives, choosing, combining: without a database."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest

from assurance.claims.measuring import Measured
from qc.labs.arrival import look_at
from qc.labs.choosing import Lab, Scope, choose
from qc.labs.drawing import Candidate, commitment_of, draw, hash_of
from qc.labs.limits import parse_limit
from qc.labs.retesting import RULES, Pair, combine, worst
from qc.labs.scheduling import Test as LimitRow
from qc.labs.scheduling import asked_for, day_of, in_force, keep_until, units_for
from qc.labs.weighing import Known, weigh

LOTS = [Candidate(lot, weight) for lot, weight in ((3, 1), (7, 2), (11, 4), (20, 1))]


class TestTheDraw:
    def test_is_the_same_whoever_draws_and_in_whatever_order_the_lots_are_given(self) -> None:
        once, again = draw("ab" * 32, LOTS, 2), draw("ab" * 32, LOTS[::-1], 2)

        assert once == again
        assert [place.is_drawn for place in once] == [True, True, False, False]

    def test_can_be_done_again_with_sha256_alone(self) -> None:
        seed = "cd" * 32
        listed = "3 1\n7 2\n11 4\n20 1\n"
        key = sha256(f"{seed}:{sha256(listed.encode()).hexdigest()}".encode()).hexdigest()
        by_hand = sorted(
            (min(sha256(f"{key}:{lot}:{n}".encode()).hexdigest() for n in range(weight)), lot)
            for lot, weight in ((3, 1), (7, 2), (11, 4), (20, 1))
        )

        assert [(place.ticket, place.candidate.lot_id) for place in draw(seed, LOTS, 1)] == by_hand

    def test_gives_a_lot_with_four_tickets_four_times_the_chance(self) -> None:
        first = Counter(draw(f"{n:064x}", LOTS, 1)[0].candidate.lot_id for n in range(4000))

        assert {lot: round(times / 4000 * 8) for lot, times in first.items()} == {3: 1, 7: 2, 11: 4, 20: 1}

    def test_depends_on_every_lot_of_the_list(self) -> None:
        assert hash_of(LOTS) != hash_of(LOTS[:-1]) != hash_of([*LOTS[:-1], replace(LOTS[-1], weight=2)])

    def test_was_committed_to_by_the_hash_of_the_seeds_bytes(self) -> None:
        assert commitment_of("00" * 32) == sha256(bytes(32)).hexdigest()
        with pytest.raises(ValueError, match="64 hexadecimal digits"):
            commitment_of("abc")

    @pytest.mark.parametrize(("lots", "size"), [(LOTS, 0), ([*LOTS, LOTS[0]], 1), ([Candidate(1, 0)], 1)])
    def test_refuses_what_is_no_list(self, lots: list[Candidate], size: int) -> None:
        with pytest.raises(ValueError, match="at least one"):
            draw("ab" * 32, lots, size)


class TestWeighing:
    def test_adds_up_what_makes_a_lot_risky_and_says_why(self) -> None:
        known = Known("infant", tested_lots=0, failed_lots=0, lots_of_merchant=9, defect_rate=Decimal("0.03"))

        found = weigh(known)

        assert (found.tickets, found.reasons, found.is_high) == (7, ("category", "never_tested", "defects"), True)

    def test_leaves_an_ordinary_lot_one_ticket(self) -> None:
        found = weigh(Known("household", tested_lots=3, failed_lots=0, lots_of_merchant=9, defect_rate=Decimal(0)))

        assert (found.tickets, found.reasons, found.is_high) == (1, ("chance",), False)

    def test_never_forgets_a_failure(self) -> None:
        assert weigh(Known("household", 3, 1, 9, Decimal(0))).tickets == 5


AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.row("P9.2")
class TestArriving:
    @pytest.mark.parametrize(
        ("given", "condition"),
        [
            ({}, "intact"),
            ({"found_seal": " f-1 "}, "intact"),
            ({"condition": "broken_seal"}, "broken_seal"),
            ({"condition": "damaged"}, "damaged"),
            ({"found_seal": "F-2"}, "wrong_seal"),
            ({"found_seal": ""}, "wrong_seal"),
            ({"at": AT + timedelta(seconds=1)}, "late"),
        ],
    )
    def test_is_sound_with_its_own_whole_seal_and_in_time(self, given: dict[str, object], condition: str) -> None:
        values = {"condition": "intact", "expected_seal": "F-1", "found_seal": "F-1", "arrive_by": AT, "at": AT} | given

        found = look_at(**values)  # type: ignore[arg-type]

        assert (found.condition, found.is_sound) == (condition, condition == "intact")


def scope(number: int, test: str = "lead", **given: object) -> Scope:
    values = {"valid_from": date(2026, 1, 1), "valid_until": date(2026, 12, 31), "price": Decimal(100), "turnaround_days": 5}
    return Scope(number, test, **(values | {"capacity_per_week": 10} | given))  # type: ignore[arg-type]


@pytest.mark.row("P9.7")
class TestChoosing:
    DAY = date(2026, 11, 20)

    def test_takes_the_cheapest_of_equals_and_tells_what_was_thought_of_all(self) -> None:
        labs = [Lab(1, "A", (scope(1),)), Lab(2, "B", (scope(2, price=Decimal(60)),)), Lab(3, "C", (scope(3, "mercury"),))]

        found = choose(labs, ["lead"], day=self.DAY)

        assert [(one.lab_id, one.code, one.points) for one in found] == [(2, "able", 100), (1, "able", 82), (3, "not_covered", 0)]
        assert found[0].because == "¥ 60.00, 5 working days, 0 of 10 samples this week: 100 points."

    @pytest.mark.parametrize(
        ("lab", "code"),
        [
            (Lab(1, "A", ()), "not_covered"),
            (Lab(1, "A", (scope(1),)), "able"),
            (Lab(1, "A", (scope(1, valid_until=date(2026, 11, 19)),)), "expired"),
            (Lab(1, "A", (scope(1, valid_from=date(2026, 11, 21)),)), "expired"),
            (Lab(1, "A", (scope(1, valid_until=date(2026, 11, 20)),)), "able"),
            (Lab(1, "A", (scope(1),), tie="same owner"), "tied"),
            (Lab(1, "A", (scope(1),), booked=10), "full"),
            (Lab(7, "A", (scope(1),)), "same_lab"),
        ],
    )
    def test_refuses_who_is_not_accredited_independent_and_free(self, lab: Lab, code: str) -> None:
        assert choose([lab], ["lead"], day=self.DAY, not_again=7)[0].code == code

    def test_asks_for_every_test(self) -> None:
        half = Lab(1, "A", (scope(1),))

        [found] = choose([half], ["lead", "mercury"], day=self.DAY)

        assert (found.code, found.because) == ("not_covered", "Its accreditation does not cover mercury.")

    def test_adds_prices_and_waits_for_the_slowest(self) -> None:
        lab = Lab(1, "A", (scope(1), scope(2, "mercury", price=Decimal("20.50"), turnaround_days=9)))

        [found] = choose([lab], ["lead", "mercury"], day=self.DAY)

        assert (found.price, found.days, found.scopes) == (Decimal("120.50"), 9, (("lead", 1), ("mercury", 2)))

    def test_weighs_price_against_speed_load_and_rotation(self) -> None:
        slow = Lab(1, "slow", (scope(1, price=Decimal(90), turnaround_days=10),), booked=9, is_last_of_merchant=True)
        fast = Lab(2, "fast", (scope(2, turnaround_days=5),))

        assert [one.lab_id for one in choose([slow, fast], ["lead"], day=self.DAY)] == [2, 1]


@pytest.mark.row("A9.1")
class TestCombining:
    RULE = RULES["2026-11"]

    @pytest.mark.parametrize(
        ("pairs", "verdict"),
        [
            ([Pair("fail", "pass", is_safety=True)], "fail"),
            ([Pair("fail", "pass", is_safety=False)], "pass"),
            ([Pair("fail", "fail", is_safety=False)], "fail"),
            ([Pair("pass", "fail", is_safety=True)], "fail"),
            ([Pair("fail", "", is_safety=False)], "fail"),
            ([Pair("pass", "", is_safety=True), Pair("fail", "warning", is_safety=False)], "warning"),
            ([Pair("fail", "", is_safety=True), Pair("fail", "pass", is_safety=False)], "fail"),
        ],
    )
    def test_lets_no_later_pass_erase_a_matter_of_safety(self, pairs: list[Pair], verdict: str) -> None:
        assert combine(self.RULE, pairs) == verdict

    def test_passes_nothing_by_default(self) -> None:
        with pytest.raises(ValueError, match="min"):
            worst([])


class TestScheduling:
    ROWS = (
        LimitRow(1, "lead", "nuts", date(2023, 6, 30), 1),
        LimitRow(2, "lead", "nuts", date(2026, 9, 2), 1),
        LimitRow(3, "germs", "food", date(2015, 1, 1), 5),
        LimitRow(4, "ph", "textile", date(2011, 8, 1), 1),
    )

    @pytest.mark.row("P2.3")
    @pytest.mark.parametrize(("day", "ids"), [("2026-09-01", [3, 1]), ("2026-09-02", [3, 2]), ("2014-12-31", []), ("2020-01-01", [3])])
    def test_takes_the_limit_in_force_when_the_goods_were_made(self, day: str, ids: list[int]) -> None:
        found = in_force(self.ROWS, categories=["nuts", "food"], day=date.fromisoformat(day))

        assert [row.test_id for row in found] == ids

    def test_measures_only_what_is_said(self) -> None:
        power = LimitRow(5, "appliance-rated-power", "appliance", date(2006, 8, 1), 1, "输入功率", asks_nothing=True)
        cotton = LimitRow(6, "textile-fibre-content-cotton", "textile", date(2014, 5, 1), 1, "纤维含量：棉", asks_nothing=True)
        said = [(Measured.FIBRE_CONTENT, "棉"), (Measured.FIBRE_CONTENT, "山羊绒")]

        assert [row.test_id for row in asked_for([*self.ROWS, power, cotton], said)] == [1, 2, 3, 4, 6]
        assert [row.test_id for row in asked_for([power, cotton], [(Measured.RATED_POWER, "")])] == [5]
        assert [parse_limit(text).asks_nothing for text in ("≥0W", "≥1W", "≤0W", "不得检出")] == [True, False, False, False]

    def test_goes_by_the_arrival_of_goods_without_a_date(self) -> None:
        assert day_of(produced=None, received=date(2026, 1, 2)) == date(2026, 1, 2)
        assert day_of(produced=date(2025, 5, 5), received=date(2026, 1, 2)) == date(2025, 5, 5)

    def test_takes_as_many_units_as_the_largest_plan_asks_for(self) -> None:
        assert (units_for(self.ROWS), units_for(())) == (5, 0)

    def test_keeps_the_counter_sample_half_a_year_or_until_it_expires(self) -> None:
        assert keep_until(sealed=date(2026, 1, 1), expires=None) == date(2026, 6, 30)
        assert keep_until(sealed=date(2026, 1, 1), expires=date(2026, 3, 1)) == date(2026, 3, 1)
