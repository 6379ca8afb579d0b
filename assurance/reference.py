"""Reference data we ship: every package that has some registers how it is loaded; ``manage.py load_reference`` loads all."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).resolve().parent.parent / "data"

Loader = Callable[[datetime], int]
LOADERS: Final[dict[str, Loader]] = {}
"""Name → loader; a loader returns how many rows it changed, and nothing changes when it runs again."""


def reference(name: str) -> Callable[[Loader], Loader]:
    """Register a loader. It stands in the package's ``tasks.py``, so that it is known when Django has started."""

    def register(load: Loader) -> Loader:
        if name in LOADERS:
            raise ValueError(f"two loaders are called {name}")
        LOADERS[name] = load
        return load

    return register


def newest(folder: str) -> dict[str, Any]:
    """Return the newest version of a data file, ``data/<folder>/<version>.json``.

    :raises FileNotFoundError: if there is none
    """
    versions = sorted((DATA / folder).glob("*.json"))
    if not versions:
        raise FileNotFoundError(f"no version of {folder} in {DATA}")
    told: dict[str, Any] = json.loads(versions[-1].read_text(encoding="utf-8"))
    return told
