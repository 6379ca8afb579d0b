"""Who wants to hear of what: the table of job handlers, filled by the packages' ``tasks.py`` when Django starts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Final

Work = Callable[..., None]


@dataclass(frozen=True)
class Handler:
    """One piece of work that follows an event."""

    name: str
    queue: str
    work: Work


HANDLERS: Final[dict[str, Handler]] = {}
SUBSCRIBERS: Final[dict[str, list[Handler]]] = defaultdict(list)
SCHEDULES: Final[dict[str, tuple[Handler, int]]] = {}


def _register(work: Work, queue: str) -> Handler:
    name = f"{work.__module__.removesuffix('.tasks')}.{work.__name__}"
    if name in HANDLERS:
        raise ValueError(f"two job handlers are called {name}")
    HANDLERS[name] = Handler(name, queue, work)
    return HANDLERS[name]


def job(*kinds: str, queue: str = "work") -> Callable[[Work], Work]:
    """Subscribe a function to kinds of events. It gets the event's ids by keyword, in its own transaction, at least once."""

    def register(work: Work) -> Work:
        handler = _register(work, queue)
        for kind in kinds:
            SUBSCRIBERS[kind].append(handler)
        return work

    return register


def every(seconds: int, *, queue: str = "work") -> Callable[[Work], Work]:
    """Run a function once per period; the period's start is its job's key, so that two clocks do no harm."""

    def register(work: Work) -> Work:
        handler = _register(work, queue)
        SCHEDULES[handler.name] = (handler, seconds)
        return work

    return register


def load(app: str) -> None:
    """Import every package's ``tasks.py``, ``queries.py``, ``home.py`` and ``projections.py``.

    Its handlers, its part of home pages and what it repeats of the evidence are then known.
    """
    for package in iter_modules(import_module(app).__path__, f"{app}."):
        for room in ("tasks", "queries", "home", "projections"):
            if package.ispkg and find_spec(f"{package.name}.{room}"):
                import_module(f"{package.name}.{room}")
