"""The replay as long work in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance.runs.kinds import Batch, run_kind
from demo.replay.plan import Play
from demo.replay.wording import bad_rows

if TYPE_CHECKING:
    from assurance.runs.models import Run

KIND = "replay"


class FolderChanged(RuntimeError):
    """The files are no longer those that the run began with."""


@run_kind(KIND, title=_("Replay of a marketplace's history"), file_name="bad-rows.csv")
def advance(run: Run) -> Batch:
    """Play the next batch; the first one hands back the rows that were not taken."""
    from demo.replay.running import batch_from, read_from  # every floor: only a worker that replays needs them

    folder = read_from(Path(run.given["folder"]))
    if folder.digest != run.given["digest"]:
        raise FolderChanged
    play = Play(folder, timezone.now())
    batch = batch_from(play, run.done)
    batch.stage.work(play, batch.items)
    is_first = run.done == 0 and bool(folder.flaws)
    return Batch(
        done=len(batch.items),
        errors=len(folder.flaws) if is_first else 0,
        text=bad_rows(folder.flaws) if is_first else "",
        is_last=batch.last == run.total,
    )
