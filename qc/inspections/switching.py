"""Follow the severity of inspection from lot to lot: normal, tightened, reduced, suspended.

Source: GB/T 2828.1-2012, 9.1–9.4 (see docs/rules/switching.md). One state per defect class and
merchant × product × warehouse. A state never changes; each function returns the next one. It
gives its reason twice: ``because`` in English for logs, ``message`` and ``params`` for screens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from qc.inspections.sampling import Plan, Tables, find_plan, shipped_tables


class Severity(StrEnum):
    NORMAL = "normal"
    TIGHTENED = "tightened"
    REDUCED = "reduced"
    SUSPENDED = "suspended"


class Reason(StrEnum):
    """Why inspection is at its severity; stored, so a name is never reused."""

    STARTED = "started"
    REJECTIONS = "rejections"
    RECOVERED = "recovered"
    EARNED = "earned"
    REJECTED_ON_REDUCED = "rejected_on_reduced"
    UNSTEADY = "unsteady"
    NOT_AGREED = "not_agreed"
    TOO_MANY_REJECTIONS = "too_many_rejections"
    ACTION_EFFECTIVE = "action_effective"


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


MESSAGES: Mapping[Reason, str] = {
    Reason.STARTED: gettext_noop("Inspection starts at normal."),
    Reason.REJECTIONS: gettext_noop("%(rejected)s of %(lots)s lots in a row were not accepted on normal inspection."),
    Reason.RECOVERED: gettext_noop("%(lots)s lots in a row were accepted on tightened inspection."),
    Reason.EARNED: gettext_noop("The switching score is %(score)s, production is steady and reduced inspection is agreed."),
    Reason.REJECTED_ON_REDUCED: gettext_noop("A lot was not accepted on reduced inspection."),
    Reason.UNSTEADY: gettext_noop("Production is no longer steady."),
    Reason.NOT_AGREED: gettext_noop("Reduced inspection is no longer agreed."),
    Reason.TOO_MANY_REJECTIONS: gettext_noop("%(rejected)s lots were not accepted on tightened inspection."),
    Reason.ACTION_EFFECTIVE: gettext_noop("The corrective action was judged effective."),
}


@dataclass(frozen=True)
class Rules:
    """The numbers of one edition of the switching rules."""

    edition: str = "GB/T 2828.1-2012"
    lots_looked_back: int = 5
    rejections_to_tighten: int = 2
    acceptances_to_return: int = 5
    rejections_to_suspend: int = 5
    score_to_reduce: int = 30
    points_for_small_accept: int = 2  # Ac 0 or 1
    points_for_large_accept: int = 3  # Ac 2 or more


GB_2012 = Rules()


@dataclass(frozen=True)
class Outcome:
    """One lot judged on original inspection. ``lot`` is the caller's name for it, if given."""

    lot: str | None
    accepted: bool


@dataclass(frozen=True)
class State:
    """Where inspection stands.

    ``score`` counts on normal inspection only, else None. ``outcomes`` are the lots at this
    severity that can still matter, ``scored`` those the score stands on, ``caused_by`` the named
    lots behind the last switch.
    """

    severity: Severity
    score: int | None
    production_steady: bool
    authority_agrees: bool
    reason: Reason
    facts: tuple[tuple[str, int], ...] = ()
    caused_by: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    scored: tuple[Outcome, ...] = ()

    @property
    def message(self) -> str:
        return MESSAGES[self.reason]

    @property
    def params(self) -> dict[str, int]:
        return dict(self.facts)

    @property
    def because(self) -> str:
        return self.message % self.params

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON; :meth:`from_dict` reads them back."""
        return {
            "severity": self.severity.value,
            "score": self.score,
            "production_steady": self.production_steady,
            "authority_agrees": self.authority_agrees,
            "reason": self.reason.value,
            "facts": self.params,
            "caused_by": list(self.caused_by),
            "outcomes": [[outcome.lot, outcome.accepted] for outcome in self.outcomes],
            "scored": [[outcome.lot, outcome.accepted] for outcome in self.scored],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> State:
        """:raises ValueError: if this is not what :meth:`as_dict` wrote"""
        try:
            state = cls(
                severity=Severity(stored["severity"]),
                score=stored["score"],
                production_steady=stored["production_steady"],
                authority_agrees=stored["authority_agrees"],
                reason=Reason(stored["reason"]),
                facts=tuple(stored["facts"].items()),
                caused_by=tuple(stored["caused_by"]),
                outcomes=tuple(Outcome(lot, accepted) for lot, accepted in stored["outcomes"]),
                scored=tuple(Outcome(lot, accepted) for lot, accepted in stored["scored"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a switching state: {stored!r}") from error
        if (state.score is None) == (state.severity == Severity.NORMAL):
            raise ValueError(f"a score of {state.score} on {state.severity} inspection")
        return state


def start(*, production_steady: bool = True, authority_agrees: bool = False) -> State:
    """Return the state before the first lot: normal inspection, score 0."""
    return State(Severity.NORMAL, 0, production_steady, authority_agrees, Reason.STARTED)


def after_lot(
    state: State,
    *,
    nonconforming: int,
    lot_size: int,
    level: str,
    aql: str,
    original: bool = True,
    lot: str | None = None,
    rules: Rules = GB_2012,
    tables: Tables | None = None,
) -> State:
    """Return the state after a lot was judged by the plan for the state's severity.

    A resubmitted lot (``original=False``) changes nothing; nor does a lot while suspended, when
    no sampling plan applies.

    :param nonconforming: failing units in the sample (defects, for an AQL above 10)
    :raises ValueError: as :func:`find_plan`, or for a count that cannot be
    """
    sampled_at = Severity.NORMAL if state.severity == Severity.SUSPENDED else state.severity
    plan = find_plan(lot_size=lot_size, level=level, aql=aql, severity=sampled_at, tables=tables)
    _check_count(nonconforming, plan)
    if not original or state.severity == Severity.SUSPENDED:
        return state
    outcome = Outcome(lot, nonconforming <= plan.accept)
    if state.severity == Severity.TIGHTENED:
        return _after_tightened(state, outcome, rules)
    if state.severity == Severity.REDUCED:
        if outcome.accepted:
            return state
        return _switch(state, Severity.NORMAL, Reason.REJECTED_ON_REDUCED, (outcome,))
    passes_tighter = nonconforming <= _accept_one_step_tighter(plan, tables)
    return _after_normal(state, outcome, plan.accept, passes_tighter, rules)


def after_change(
    state: State,
    *,
    production_steady: bool | None = None,
    authority_agrees: bool | None = None,
    action_effective: bool = False,
    rules: Rules = GB_2012,
) -> State:
    """Return the state after news that is not a lot; None leaves a condition as it was.

    ``action_effective`` ends a suspension, on tightened inspection, and means nothing otherwise.
    """
    if production_steady is not None:
        state = replace(state, production_steady=production_steady)
    if authority_agrees is not None:
        state = replace(state, authority_agrees=authority_agrees)
    if state.severity == Severity.SUSPENDED and action_effective:
        return _switch(state, Severity.TIGHTENED, Reason.ACTION_EFFECTIVE)
    if state.severity == Severity.REDUCED and not state.production_steady:
        return _switch(state, Severity.NORMAL, Reason.UNSTEADY)
    if state.severity == Severity.REDUCED and not state.authority_agrees:
        return _switch(state, Severity.NORMAL, Reason.NOT_AGREED)
    return _reduce_if_earned(state, rules)


def _after_normal(state: State, outcome: Outcome, accept: int, passes_tighter: bool, rules: Rules) -> State:
    outcomes = (*state.outcomes, outcome)[-rules.lots_looked_back :]
    rejected = tuple(seen for seen in outcomes if not seen.accepted)
    if not outcome.accepted and len(rejected) >= rules.rejections_to_tighten:
        lots = len(outcomes) - outcomes.index(rejected[0])
        facts = (("rejected", len(rejected)), ("lots", lots))
        return _switch(state, Severity.TIGHTENED, Reason.REJECTIONS, rejected, facts)
    earned = passes_tighter if accept >= 2 else outcome.accepted
    if not earned:
        return replace(state, score=0, outcomes=outcomes, scored=())
    score = state.score or 0
    # Once the score is reached, later lots cause nothing: the list stays short.
    scored = state.scored if score >= rules.score_to_reduce else (*state.scored, outcome)
    score += rules.points_for_large_accept if accept >= 2 else rules.points_for_small_accept
    return _reduce_if_earned(replace(state, score=score, outcomes=outcomes, scored=scored), rules)


def _after_tightened(state: State, outcome: Outcome, rules: Rules) -> State:
    outcomes = (*state.outcomes, outcome)
    rejected = tuple(seen for seen in outcomes if not seen.accepted)
    if len(rejected) >= rules.rejections_to_suspend:
        facts = (("rejected", len(rejected)),)
        return _switch(state, Severity.SUSPENDED, Reason.TOO_MANY_REJECTIONS, rejected, facts)
    run = outcomes[-rules.acceptances_to_return :]
    if len(run) == rules.acceptances_to_return and all(seen.accepted for seen in run):
        return _switch(state, Severity.NORMAL, Reason.RECOVERED, run, (("lots", len(run)),))
    return replace(state, outcomes=outcomes)


def _reduce_if_earned(state: State, rules: Rules) -> State:
    if state.score is None or state.score < rules.score_to_reduce:
        return state
    if not (state.production_steady and state.authority_agrees):
        return state
    facts = (("score", state.score),)
    return _switch(state, Severity.REDUCED, Reason.EARNED, state.scored, facts)


def _switch(
    state: State,
    severity: Severity,
    reason: Reason,
    lots: tuple[Outcome, ...] = (),
    facts: tuple[tuple[str, int], ...] = (),
) -> State:
    """Return the state at another severity; every count starts anew there."""
    return State(
        severity=severity,
        score=0 if severity == Severity.NORMAL else None,
        production_steady=state.production_steady,
        authority_agrees=state.authority_agrees,
        reason=reason,
        facts=facts,
        caused_by=tuple(seen.lot for seen in lots if seen.lot is not None),
    )


def _accept_one_step_tighter(plan: Plan, tables: Tables | None) -> int:
    """Return Ac one AQL column to the left, in the row of the plan reached (same n).

    From Ac 2 on that cell holds a number; below, nobody asks and -1 says "nothing passes".
    """
    if plan.accept < 2:
        return -1
    tables = tables or shipped_tables()
    tighter = tables.aqls[tables.aqls.index(plan.aql) - 1]
    return tables.cells["normal", plan.plan_letter, tighter].accept


def _check_count(nonconforming: object, plan: Plan) -> None:
    """Refuse a count that cannot be. How many units were inspected is verdict.decide's to check."""
    if isinstance(nonconforming, bool) or not isinstance(nonconforming, int) or nonconforming < 0:
        raise ValueError(f"a count is a whole number from 0, not {nonconforming!r}")
    if plan.counts_units and nonconforming > plan.lot_size:
        raise ValueError(f"{nonconforming} failing units in a lot of {plan.lot_size}")
