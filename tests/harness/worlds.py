"""What a fixture made in the database stands for the next test too, as long as that test begins with the same fixtures.

Most tests begin with the same few people and goods, and making them is most of their cost. A plain fixture that stands on ``db`` and on
nothing else but such fixtures is *kept*: after it ran, a savepoint is set, and the next test that asks for the same fixtures in the same
order finds their rows there and is handed copies of their values. What a test itself does is rolled back to the last savepoint; what
the next one does not ask for is rolled back before it begins. So every test still sees only what its own fixtures made.

Not kept, and therefore made anew each time: generators, parametrised fixtures, fixtures that stand on anything else of one test
(``tmp_path``, ``settings``, ``monkeypatch``, ``request``), that return functions, or that leave something on the test's instance –
and everything that comes after one of these.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FunctionType, MethodType
from typing import Any

import pytest
from django.db import connection, connections, transaction

GROUND = frozenset({"db", "_django_db_helper"})
CHANGES_WHAT_IS_MADE = frozenset({"settings", "monkeypatch"})
OF_ONE_TEST = frozenset({"request", "tmp_path", "django_db_blocker"})


@dataclass(frozen=True)
class Step:
    """A kept fixture, and what had been changed around it (settings, the clock) by the fixtures before it."""

    fixture: Any
    around: tuple[Any, ...]


@dataclass
class _Level:
    """The rows up to one step: the savepoint after them, and the values of all fixtures so far."""

    step: Step | None
    values: list[Any]
    block: transaction.Atomic = field(init=False)

    def enter(self) -> None:
        self.block = transaction.atomic()
        self.block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own test transaction: durable blocks may stand in it
        self.block.__enter__()

    def undo(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def again(self) -> None:
        self.undo()
        self.enter()


class Worlds:
    """The levels of this process, deepest last, and how far the running test has come on its own plan."""

    def __init__(self) -> None:
        self._levels: list[_Level] = []
        self._connection: Any = None
        self._plan: list[Step] = []
        self._handed: list[Any] = []
        self._done = 0
        self._is_clean = False
        self._never: set[Any] = set()

    def kept(self) -> list[str]:
        """Return the names of the fixtures whose rows stand now, in order."""
        return [level.step.fixture.argname for level in self._levels if level.step]

    def begin(self, item: pytest.Item) -> None:
        """Go back to the last level that this test wants too."""
        self._leave_another_connection()
        self._plan = _plan(item, self._never)
        wanted = [None, *self._plan]
        same = 0
        while same < min(len(wanted), len(self._levels)) and self._levels[same].step == wanted[same]:
            same += 1
        if not self._levels:
            self._connection = connections["default"]
            self._push(None, [])
        elif len(self._levels) > same:
            while len(self._levels) > same:
                self._levels.pop().undo()
            self._levels[-1].again()  # what the next step had made lies inside this one's block
        self._handed = copy.deepcopy(self._levels[-1].values)
        self._done, self._is_clean = 0, True

    def end(self) -> None:
        """Roll back what the test did itself; its deferred constraints are checked first, as they would be at a commit."""
        self._is_clean = False
        try:
            if not connection.needs_rollback and connection.is_usable():
                connection.check_constraints()
        finally:
            self._levels[-1].again()

    def forget(self) -> None:
        """Roll everything back, for somebody who needs the connection to himself."""
        self._is_clean = False
        self._leave_another_connection()
        while self._levels:
            self._levels.pop().undo()

    def _leave_another_connection(self) -> None:
        """Give the levels up with their connection: since the browser runs, Django gives this thread another one."""
        if self._levels and connections["default"] is not self._connection:
            self._levels.clear()
            self._connection.in_atomic_block = False  # it ends here, and a forked process may meet it again
            self._connection.close()

    def found(self, fixture: Any) -> tuple[bool, Any]:
        """Tell whether this fixture's rows are there already, and its value."""
        if self._is_clean and self._is_next(fixture) and self._done < len(self._levels) - 1:
            self._done += 1
            return True, self._handed[self._done - 1]
        return False, None

    def made(self, fixture: Any, value: Any) -> None:
        """Keep what a fixture has just made, if it is this test's next step; else nothing after it can be kept."""
        if not self._is_clean:
            return
        step = self._plan[self._done] if self._is_next(fixture) else None
        self._handed.append(value)
        if step is None:
            self._is_clean = False
            return
        if not _is_copied(value):
            self.refuse(fixture)
            return
        connection.check_constraints()  # once, instead of at the end of every test that stands on it
        self._push(step, self._handed)
        self._done += 1

    def refuse(self, fixture: Any) -> None:
        """Remember that this fixture does more than making rows."""
        self._never.add(fixture)
        self._is_clean = False

    def _is_next(self, fixture: Any) -> bool:
        return self._done < len(self._plan) and self._plan[self._done].fixture is fixture

    def _push(self, step: Step | None, values: list[Any]) -> None:
        level = _Level(step, copy.deepcopy(values))
        level.enter()
        self._levels.append(level)


def _is_copied(value: Any) -> bool:
    """Tell whether a copy of the value stands for itself: a function would still reach the first test's objects."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else (value,)
    if any(isinstance(part, FunctionType | MethodType) for part in parts):
        return False
    try:
        copy.deepcopy(value)
    except TypeError:
        return False
    return True


class _Family:
    """The fixtures of one test by name, each with what it stands on."""

    def __init__(self, defs: dict[str, Sequence[Any]], never: set[Any]) -> None:
        self._defs = defs
        self._never = never
        self._closures: dict[str, frozenset[str]] = {}

    def of(self, name: str) -> Any | None:
        found = self._defs.get(name)
        return found[-1] if found else None

    def closure(self, name: str) -> frozenset[str]:
        if name not in self._closures:
            self._closures[name] = frozenset({name})  # an overriding fixture may name itself
            made = self.of(name)
            below = made.argnames if made and name not in GROUND else ()
            self._closures[name] = frozenset({name}).union(*(self.closure(other) for other in below))
        return self._closures[name]

    def is_kept(self, name: str) -> bool:
        return "db" in self.closure(name) and name not in GROUND and all(self._is_plain(other) for other in self.closure(name))

    def _is_plain(self, name: str) -> bool:
        made = self.of(name)
        if name in GROUND or (made and made.scope != "function"):
            return True
        return bool(
            made
            and "db" in self.closure(name)
            and made.params is None
            and name not in made.argnames
            and made not in self._never
            and not inspect.isgeneratorfunction(made.func)
        )

    def spoils(self, name: str) -> bool:
        """Tell whether nothing after this fixture can be kept: it may write, or differs with every test."""
        return bool(self.closure(name) & (OF_ONE_TEST | {"db"})) or getattr(self.of(name), "params", None) is not None


def _plan(item: pytest.Item, never: set[Any]) -> list[Step]:
    """Return the kept fixtures of the test in the order in which pytest will ask for them."""
    family = _Family(item._fixtureinfo.name2fixturedefs, never)  # type: ignore[attr-defined]
    steps: list[Step] = []
    around: tuple[Any, ...] = ()
    for name in _in_order(item.fixturenames, family):  # type: ignore[attr-defined]
        made = family.of(name)
        if made is None or made.scope != "function" or name in GROUND:
            continue
        if family.is_kept(name):
            steps.append(Step(made, around))
        elif family.spoils(name) and not _is_of_pytest(made):
            break
        elif family.closure(name) & CHANGES_WHAT_IS_MADE:
            around = (*around, made)
    return steps


def _in_order(names: Sequence[str], family: _Family) -> Iterator[str]:
    seen: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name not in seen:
            seen.add(name)
            made = family.of(name)
            for other in made.argnames if made else ():
                yield from visit(other)
            yield name

    for name in names:
        yield from visit(name)


def _is_of_pytest(made: Any) -> bool:
    """Tell whether the fixture belongs to a plugin: those look at the request, and write no rows."""
    return not made.func.__module__.startswith("tests.")


worlds = Worlds()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Iterator[None]:
    """Hand out what is kept, and keep what a kept fixture has just made."""
    if fixturedef.scope != "function" or not fixturedef.func.__module__.startswith("tests.") or fixturedef.argname in GROUND:
        return (yield)
    is_there, value = worlds.found(fixturedef)
    if is_there:
        return (yield from _instead(fixturedef, lambda *_, **__: value))
    before = dict(vars(request.instance)) if request.instance else {}
    result = yield
    if "db" in _names(fixturedef, request):
        if request.instance and vars(request.instance) != before:
            worlds.refuse(fixturedef)
        worlds.made(fixturedef, result)
    return result


def _instead(fixturedef: Any, function: Callable[..., Any]) -> Iterator[Any]:
    made = fixturedef.func
    fixturedef.func = function
    try:
        return (yield)
    finally:
        fixturedef.func = made


def _names(fixturedef: Any, request: Any) -> frozenset[str]:
    return _Family(request._pyfuncitem._fixtureinfo.name2fixturedefs, set()).closure(fixturedef.argname)
