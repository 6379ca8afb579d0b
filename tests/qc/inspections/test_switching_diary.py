"""Switching over any sequence of lots and news, against a diary that keeps every lot and rereads the rules."""

import json

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from qc.inspections.switching import State, after_change, after_lot, start
from tests.harness import session

# What the diary knows of the plans, written out. One AQL tighter than J at 2.5 is Ac 3 (normal).
ACCEPT = {"normal": {"J": 5, "D": 0, "E": 1}, "tightened": {"J": 3, "D": 0, "E": 1}, "reduced": {"J": 3, "D": 0, "E": 1}}
EARNS = {"J": (3, 3), "D": (2, 0), "E": (2, 1)}  # points on normal, and the largest count that still earns them
PLANS = {
    "J": {"lot_size": 1000, "level": "II", "aql": "2.5"},
    "D": {"lot_size": 40, "level": "II", "aql": "2.5"},
    "E": {"lot_size": 40, "level": "II", "aql": "4.0"},
}


class Switching(RuleBasedStateMachine):
    """Keep a diary of every original lot and read the severity off it by the written rules."""

    def __init__(self):
        super().__init__()
        self.state = start()
        self.severity, self.steady, self.agreed = "normal", True, False
        self.spell = []  # the lots since the last switch: (accepted, points or None for a reset)

    def score(self):
        points = [points for _, points in self.spell]
        resets = [at for at, gained in enumerate(points) if gained is None]
        return sum(points[resets[-1] + 1 :] if resets else points)

    def go(self, severity):
        self.severity, self.spell = severity, []

    def look(self):
        """Apply the rules of 9.3 and 9.4 to the diary of this spell."""
        verdicts = [accepted for accepted, _ in self.spell]
        if self.severity == "normal" and verdicts[-5:].count(False) >= 2:
            self.go("tightened")
        elif self.severity == "normal" and self.score() >= 30 and self.steady and self.agreed:
            self.go("reduced")
        elif self.severity == "tightened" and verdicts.count(False) == 5:
            self.go("suspended")
        elif self.is_back_to_normal(verdicts):
            self.go("normal")

    def is_back_to_normal(self, verdicts):
        if self.severity == "tightened":
            return verdicts[-5:] == [True] * 5
        return self.severity == "reduced" and (False in verdicts or not self.steady or not self.agreed)

    @rule(plan=st.sampled_from("JDE"), nonconforming=st.sampled_from([0, 0, 0, 1, 3, 4, 5, 6, 9]))
    def original_lot(self, plan, nonconforming):
        self.state = after_lot(self.state, nonconforming=nonconforming, **PLANS[plan])
        if self.severity == "suspended":
            return
        accepted = nonconforming <= ACCEPT[self.severity][plan]
        points, limit = EARNS[plan]
        self.spell.append((accepted, points if nonconforming <= limit else None))
        self.look()

    @rule(times=st.integers(3, 11))
    def clean_lots(self, times):
        for _ in range(times):
            self.original_lot("J", 0)

    @rule(nonconforming=st.integers(0, 20))
    def resubmitted_lot(self, nonconforming):
        self.state = after_lot(self.state, nonconforming=nonconforming, original=False, **PLANS["J"])

    @rule(steady=st.booleans())
    def news_of_production(self, steady):
        self.state = after_change(self.state, production_steady=steady)
        self.steady = steady
        self.look()

    @rule(agrees=st.booleans())
    def word_of_the_authority(self, agrees):
        self.state = after_change(self.state, authority_agrees=agrees)
        self.agreed = agrees
        self.look()

    @precondition(lambda self: self.severity == "suspended")
    @rule()
    def effective_action(self):
        self.state = after_change(self.state, action_effective=True)
        self.go("tightened")

    @rule()
    def store_and_load(self):
        self.state = State.from_dict(json.loads(json.dumps(self.state.as_dict())))

    @invariant()
    def the_diary_agrees(self):
        assert self.state.severity == self.severity
        assert self.state.score == (self.score() if self.severity == "normal" else None)
        assert (self.state.production_steady, self.state.authority_agrees) == (self.steady, self.agreed)
        assert self.state.because
        assert State.from_dict(self.state.as_dict()) == self.state


TestSwitchingByTheDiary = pytest.mark.sampled(pytest.mark.row("A4.1")(Switching.TestCase))
TestSwitchingByTheDiary.settings = settings(max_examples=session.many(150, here=40), stateful_step_count=40, deadline=None)
