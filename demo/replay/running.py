"""Do the batches: all at once for the command, one at a time for a run in the background."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from demo.replay.folder import FILES, from_disk, read_folder
from demo.replay.plan import Play, batches
from demo.replay.stages.courier import COURIER
from demo.replay.stages.money import MONEY
from demo.replay.stages.orders import ORDERS
from demo.replay.stages.people import PEOPLE
from demo.replay.stages.products import PRODUCTS
from demo.replay.stages.stock import STOCK

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from demo.replay.folder import Folder
    from demo.replay.plan import Batch, Stage

STAGES: Final[tuple[Stage, ...]] = (*PEOPLE, *PRODUCTS, *STOCK, *ORDERS, *COURIER, *MONEY)
"""Everything in its order."""


def play_all(folder: Folder, *, at: datetime, tell: Callable[[str, int, float], None] | None = None) -> None:
    """Do every batch in a transaction of its own; ``tell`` hears the stage, its items and its seconds."""
    play = Play(folder, at)
    stage, items, began = "", 0, time.monotonic()
    for batch in batches(play, STAGES):
        if tell and stage and batch.stage.name != stage:
            tell(stage, items, time.monotonic() - began)
        if batch.stage.name != stage:
            stage, items, began = batch.stage.name, 0, time.monotonic()
        with transaction.atomic():
            batch.stage.work(play, batch.items)
        items += len(batch.items)
    if tell:
        tell(stage, items, time.monotonic() - began)


def total_of(folder: Folder) -> int:
    """Return how many items all batches have together."""
    return sum(len(batch.items) for batch in batches(Play(folder, timezone.now()), STAGES))


def batch_from(play: Play, done: int) -> Batch:
    """Return the batch that begins where a run has come to.

    :raises LookupError: if the folder is no longer the one it began with
    """
    for batch in batches(play, STAGES):
        if batch.first == done:
            return batch
    raise LookupError(f"no batch begins at {done}")


def read_from(path: Path) -> Folder:
    """Return what a folder holds; read again only when a file has changed."""
    files = [path / name for name in FILES]
    return _read(path, tuple(file.stat().st_mtime_ns if file.exists() else 0 for file in files))


@lru_cache(maxsize=2)
def _read(path: Path, _stamps: tuple[int, ...]) -> Folder:
    return read_folder(from_disk(path))
