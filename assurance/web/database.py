"""What the database refuses, said as a problem: constraints by their name, waits that took too long, values that do not fit."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext_lazy as _

from assurance.web.problems import Flaw, Problem, again, problem

if TYPE_CHECKING:
    from django.utils.functional import Promise

logger = logging.getLogger(__name__)

LOCK_NOT_AVAILABLE: Final = "55P03"
QUERY_CANCELED: Final = "57014"
SERIALIZATION_FAILURE: Final = "40001"
DEADLOCK_DETECTED: Final = "40P01"
FOREIGN_KEY_VIOLATION: Final = "23503"
NUMERIC_OUT_OF_RANGE: Final = "22003"


@dataclass(frozen=True)
class Rule:
    """What a constraint means to the person who ran into it."""

    code: str
    message: str | Promise
    field: str = ""
    status: int = 409


_RULES: dict[str, Rule] = {}


def explain(constraint: str, *, code: str, message: str | Promise, field: str = "", status: int = 409) -> None:
    """Say once, beside the model, what breaking this constraint means."""
    _RULES[constraint] = Rule(code, message, field, status)


def explained() -> frozenset[str]:
    """Return the names of all constraints that have a sentence."""
    return frozenset(_RULES)


def of_database(error: Exception) -> Problem | None:
    """Return the problem behind a database error, or nothing when it is a fault of ours."""
    if isinstance(error, ProtectedError | RestrictedError):
        return problem("in_use")
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    cause = error.__cause__
    state = getattr(cause, "pgcode", None) or ""
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
    if constraint in _RULES:
        return _of_rule(_RULES[constraint])
    if isinstance(error, IntegrityError | DataError):
        logger.warning("the database refused input: %s %s", state, constraint)
        return _of_values(error, state)
    if isinstance(error, OperationalError | InterfaceError):
        return _of_waiting(state)
    return None


def _of_rule(rule: Rule) -> Problem:
    message = str(rule.message)
    flaws = (Flaw(rule.code, message, rule.field),) if rule.field else ()
    return Problem(rule.status, rule.code, message, flaws)


def _of_values(error: Exception, state: str) -> Problem:
    if isinstance(error, DataError):
        return _too_large() if state == NUMERIC_OUT_OF_RANGE else problem("invalid")
    return problem("in_use" if state == FOREIGN_KEY_VIOLATION else "conflict")


def _of_waiting(state: str) -> Problem:
    if state in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED, SERIALIZATION_FAILURE):
        return again("busy")
    return again("too_slow" if state == QUERY_CANCELED else "unavailable")


def _too_large() -> Problem:
    """A product or sum of accepted numbers does not fit its column."""
    return Problem(400, "number_out_of_range", str(_("The number is too large or too small.")))
