"""Switching against the written rules, by example; test_switching_diary.py holds them over any sequence."""

from dataclasses import FrozenInstanceError

import pytest

from qc.inspections.switching import Rules, Severity, State, after_change, after_lot, start

J = {"lot_size": 1000, "level": "II", "aql": "2.5"}  # normal 80: 5/6, tightened 80: 3/4, reduced 32: 3/4; one step tighter: 3
D = {"lot_size": 40, "level": "II", "aql": "2.5"}  # normal 5: 0/1, tightened 8: 0/1, reduced 2: 0/1
GOOD, BAD = 0, 9


def run(state, *counts, lots=None, **plan):
    """Judge one lot after another, named lot-1, lot-2, … ."""
    for number, nonconforming in enumerate(counts, start=1):
        state = after_lot(state, nonconforming=nonconforming, lot=f"lot-{number}", **(plan or J))
    return state


@pytest.fixture
def tightened():
    return run(start(), BAD, BAD)


@pytest.fixture
def suspended(tightened):
    return run(tightened, *[BAD] * 5)


@pytest.fixture
def reduced():
    return run(start(authority_agrees=True), *[GOOD] * 10)


class TestTheStart:
    def test_is_normal_with_nothing_scored(self):
        state = start()

        assert (state.severity, state.score, state.production_steady, state.authority_agrees) == ("normal", 0, True, False)
        assert state.because == "Inspection starts at normal."


@pytest.mark.row("A4.1")
class TestNormalToTightened:
    @pytest.mark.parametrize(
        ("counts", "severity"),
        [
            ([BAD], "normal"),
            ([BAD, BAD], "tightened"),
            ([BAD, GOOD, GOOD, GOOD, BAD], "tightened"),
            ([BAD, GOOD, GOOD, GOOD, GOOD, BAD], "normal"),
            ([BAD, GOOD, GOOD, GOOD, GOOD, BAD, BAD], "tightened"),
            ([GOOD] * 7 + [BAD, BAD], "tightened"),
            ([5, 5, 5, 5, 5], "normal"),  # Ac itself is accepted
            ([6, 6], "tightened"),  # Re is not
        ],
    )
    def test_takes_two_rejections_in_five_lots_or_fewer(self, counts, severity):
        assert run(start(), *counts).severity == severity

    def test_names_the_lots_that_caused_it(self):
        state = run(start(), GOOD, BAD, GOOD, BAD)

        assert state.caused_by == ("lot-2", "lot-4")
        assert state.because == "2 of 3 lots in a row were not accepted on normal inspection."
        assert state.score is None

    def test_ignores_resubmitted_lots(self):
        state = run(start(), BAD)

        assert after_lot(state, nonconforming=BAD, original=False, **J) is state


@pytest.mark.row("A4.1")
class TestTightenedToNormal:
    def test_takes_five_acceptances_in_a_row(self, tightened):
        assert run(tightened, *[GOOD] * 4).severity == "tightened"

        state = run(tightened, *[GOOD] * 5)

        assert (state.severity, state.score) == ("normal", 0)
        assert state.caused_by == ("lot-1", "lot-2", "lot-3", "lot-4", "lot-5")
        assert state.because == "5 lots in a row were accepted on tightened inspection."

    def test_starts_counting_anew_after_a_rejection(self, tightened):
        assert run(tightened, GOOD, GOOD, GOOD, GOOD, BAD, GOOD, GOOD, GOOD, GOOD).severity == "tightened"

    def test_judges_by_the_tightened_plan(self, tightened):
        assert run(tightened, 3, 3, 3, 3, 3).severity == "normal"
        assert run(tightened, 3, 3, 3, 3, 4).severity == "tightened"  # 4 passes on normal, not here

    def test_forgets_the_rejections_that_led_there(self, tightened):
        back = run(tightened, *[GOOD] * 5)

        assert run(back, BAD).severity == "normal"


@pytest.mark.row("A4.1")
class TestSuspension:
    def test_takes_five_rejections_while_tightened_however_spread(self, tightened):
        spread = [BAD, GOOD, GOOD, GOOD, GOOD] * 4

        assert run(tightened, *spread).severity == "tightened"
        state = run(tightened, *spread, BAD)

        assert (state.severity, state.score) == ("suspended", None)
        assert state.caused_by == ("lot-1", "lot-6", "lot-11", "lot-16", "lot-21")
        assert state.because == "5 lots were not accepted on tightened inspection."

    def test_counts_only_this_spell_of_tightened_inspection(self, tightened):
        again = run(run(tightened, BAD, BAD, BAD, BAD, *[GOOD] * 5), BAD, BAD)

        assert again.severity == "tightened"
        assert run(again, BAD, BAD, BAD, BAD).severity == "tightened"

    def test_is_not_ended_by_lots(self, suspended):
        assert run(suspended, *[GOOD] * 20) == suspended

    def test_is_ended_by_effective_action_alone_and_on_tightened(self, suspended):
        assert after_change(suspended, production_steady=True, authority_agrees=True).severity == "suspended"

        state = after_change(suspended, action_effective=True)

        assert (state.severity, state.score) == ("tightened", None)
        assert state.because == "The corrective action was judged effective."
        assert run(state, BAD, BAD, BAD, BAD).severity == "tightened"
        assert run(state, BAD, BAD, BAD, BAD, BAD).severity == "suspended"

    @pytest.mark.parametrize("severity", ["normal", "tightened", "reduced"])
    def test_is_the_only_thing_effective_action_changes(self, severity, tightened, reduced):
        state = {"normal": run(start(), GOOD), "tightened": tightened, "reduced": reduced}[severity]

        assert after_change(state, action_effective=True) == state


@pytest.mark.row("A4.1")
class TestTheScore:
    @pytest.mark.parametrize(
        ("counts", "score"),
        [
            ([3], 3),  # Ac 5, and 3 at the next tighter AQL
            ([4], 0),  # accepted, but not one step tighter
            ([5], 0),
            ([3, 3, 4], 0),
            ([3, 4, 3], 3),
            ([3, 6], 0),
        ],
    )
    def test_with_a_larger_ac_gains_three_one_step_tighter(self, counts, score):
        assert run(start(), *counts).score == score

    @pytest.mark.parametrize(("counts", "score"), [([0], 2), ([0, 0], 4), ([0, 1], 0), ([0, 1, 0], 2)])
    def test_with_an_ac_below_two_gains_two_when_accepted(self, counts, score):
        assert run(start(), *counts, **D).score == score

    @pytest.mark.parametrize(("counts", "score"), [([0], 2), ([1], 2), ([1, 1], 4), ([2], 0), ([1, 2, 1], 2)])
    def test_with_an_ac_of_one_does_not_look_one_step_tighter(self, counts, score):
        assert run(start(), *counts, lot_size=40, level="II", aql="4.0").score == score  # 13: 1/2

    def test_looks_one_step_tighter_in_the_row_the_arrow_led_to(self):
        # R at 1.0 leads up to Q, 1250 and 21; one step left in row Q is 14 (in row R it would be 21).
        plan = {"lot_size": 600_000, "level": "III", "aql": "1.0"}

        assert [run(start(), count, **plan).score for count in (14, 15, 21, 22)] == [3, 0, 0, 0]

    def test_mixes_lots_of_different_size(self):
        assert run(run(start(), 0, 0, **D), 3).score == 7

    def test_goes_on_while_reduced_inspection_is_not_agreed(self):
        assert run(start(), *[GOOD] * 12).score == 36


@pytest.mark.row("A4.1")
class TestNormalToReduced:
    @pytest.mark.parametrize(("plan", "lots"), [(J, 10), (D, 15)])
    def test_takes_ten_lots_or_fifteen_at_a_small_ac(self, plan, lots):
        agreed = start(authority_agrees=True)

        assert run(agreed, *[GOOD] * (lots - 1), **plan).severity == "normal"
        state = run(agreed, *[GOOD] * lots, **plan)

        assert (state.severity, state.score) == ("reduced", None)
        assert state.because == "The switching score is 30, production is steady and reduced inspection is agreed."
        assert state.caused_by == tuple(f"lot-{number}" for number in range(1, lots + 1))

    @pytest.mark.parametrize("conditions", [{}, {"production_steady": False, "authority_agrees": True}])
    def test_waits_for_the_other_conditions(self, conditions):
        state = run(start(**conditions), *[GOOD] * 11)
        assert state.severity == "normal"

        state = after_change(state, production_steady=True, authority_agrees=True)

        assert state.severity == "reduced"
        assert state.caused_by == tuple(f"lot-{number}" for number in range(1, 11))

    def test_names_only_the_lots_since_the_score_was_last_nought(self):
        state = run(start(authority_agrees=True), GOOD, 4, *[GOOD] * 10)

        assert state.caused_by == tuple(f"lot-{number}" for number in range(3, 13))


@pytest.mark.row("A4.1")
class TestReducedToNormal:
    @pytest.mark.parametrize(("nonconforming", "severity"), [(3, "reduced"), (4, "normal")])
    def test_takes_one_rejection_by_the_reduced_plan(self, reduced, nonconforming, severity):
        assert run(reduced, nonconforming).severity == severity

    def test_starts_a_new_score_and_a_new_look_back(self, reduced):
        state = run(reduced, GOOD, BAD)

        assert (state.severity, state.score, state.caused_by) == ("normal", 0, ("lot-2",))
        assert state.because == "A lot was not accepted on reduced inspection."
        assert run(state, BAD).severity == "normal"

    @pytest.mark.parametrize(
        ("news", "because"),
        [
            ({"production_steady": False}, "Production is no longer steady."),
            ({"authority_agrees": False}, "Reduced inspection is no longer agreed."),
        ],
    )
    def test_takes_any_condition_that_no_longer_holds(self, reduced, news, because):
        state = after_change(reduced, **news)

        assert (state.severity, state.score, state.because) == ("normal", 0, because)

    def test_is_not_taken_by_news_that_nothing_changed(self, reduced):
        assert after_change(reduced, production_steady=True) == reduced


class TestAState:
    def test_cannot_be_changed(self):
        with pytest.raises(FrozenInstanceError):
            start().score = 30

    def test_is_not_changed_by_the_lot_it_is_given(self):
        before = start()
        run(before, BAD, BAD)

        assert before == start()

    def test_stays_small(self):
        state = run(start(), *[GOOD] * 500)

        assert (len(state.outcomes), len(state.scored)) == (5, 10)

    @pytest.mark.parametrize(
        "damage",
        [{"severity": "lenient"}, {"reason": "because"}, {"score": None}, {"severity": "reduced"}, {"outcomes": [1]}, {"facts": None}],
    )
    def test_refuses_what_it_did_not_write(self, damage):
        with pytest.raises(ValueError, match=r"."):
            State.from_dict({**start().as_dict(), **damage})

    def test_refuses_an_empty_store(self):
        with pytest.raises(ValueError, match="not a switching state"):
            State.from_dict({})


class TestALot:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"nonconforming": -1},
            {"nonconforming": True},
            {"nonconforming": 1.0},
            {"nonconforming": None},
            {"nonconforming": 1001},
            {"aql": "0"},
            {"aql": "3"},
            {"level": "IV"},
            {"lot_size": 1},
        ],
    )
    @pytest.mark.parametrize("original", [True, False])
    def test_that_cannot_be_is_refused_even_when_it_would_not_count(self, wrong, original):
        with pytest.raises(ValueError, match=r"."):
            after_lot(start(), **{**J, "nonconforming": 0, "original": original, **wrong})

    def test_may_hold_more_defects_than_units_above_aql_ten(self):
        assert after_lot(start(), nonconforming=30, lot_size=5, level="II", aql="1000").outcomes[0].accepted

    def test_is_followed_by_other_numbers_if_those_are_given(self):
        strict = Rules(edition="house", rejections_to_tighten=1)

        assert after_lot(start(), nonconforming=BAD, rules=strict, **J).severity == "tightened"


def test_every_severity_is_a_plain_word():
    assert {severity.value for severity in Severity} == {"normal", "tightened", "reduced", "suspended"}
