"""The witness: keeps the log's checkpoints in a folder that no database reaches, and takes none that contradicts the one before.

The database and whoever rules over it can be made to tell another story with every hash right; a witness only has to remember the
newest head it saw and to ask for the proof that the next one continues it. It lies in ``WITNESS_DIR``, on a disk of its own:

    key             the log's public key, as it was when the first checkpoint came; another key is another log
    latest          the newest checkpoint that was taken (a signed note): the state, replaced in one step
    history.jsonl   every checkpoint that was taken, a line each, appended before the state is replaced
    refused/        what contradicted: both signed notes side by side, which is the proof that two stories were told

Nothing here asks the database. ``handover`` brings checkpoints with their proofs.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from assurance.evidence.checkpoint import BadNote, parse_key
from assurance.evidence.signing import open_note
from assurance.evidence.tree import is_consistent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from assurance.evidence.checkpoint import Head, VerifierKey

KEY: Final = "key"
LATEST: Final = "latest"
HISTORY: Final = "history.jsonl"
REFUSED: Final = "refused"
SPLIT: Final = "two roots for one size"
UNPROVEN: Final = "not proven to continue the log"
SHORTER: Final = "shorter than what was seen"


class WitnessRefused(Exception):
    """The witness does not take this checkpoint; the message says why, ``kept`` names the proof in its folder."""

    def __init__(self, why: str, kept: str = "") -> None:
        super().__init__(f"{why}; both are kept in {kept}" if kept else why)
        self.kept = kept


@dataclass(frozen=True)
class Seen:
    """The newest checkpoint the witness took: its head, and the note as it was signed."""

    head: Head
    note: str


class Witness:
    """One folder. Several processes may bring checkpoints; they take turns."""

    def __init__(self, folder: Path, key: VerifierKey) -> None:
        self.folder = folder
        self.key = key

    def seen(self) -> Seen | None:
        """Return the newest checkpoint that was taken.

        :raises WitnessRefused: if the witness follows another key or its state cannot be read
        """
        self._check_key()
        try:
            note = (self.folder / LATEST).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            return Seen(open_note(note, [self.key]), note)
        except BadNote as problem:
            raise WitnessRefused(f"the witness's own state cannot be read: {problem}") from None

    def take(self, note: str, path: Sequence[bytes] = ()) -> Head:
        """Take a checkpoint that continues the newest one, as ``path`` proves. The same one again changes nothing.

        :raises WitnessRefused: if it is not signed by the log's key, is shorter, or contradicts; then both notes are kept as proof
        """
        try:
            head = open_note(note, [self.key])
        except BadNote as problem:
            raise WitnessRefused(f"the checkpoint is not the log's: {problem}") from None
        with self._alone():
            seen = self.seen()
            if seen and not self._continues(seen, head, note, path):
                return head
            if not seen:
                _write_whole(self.folder / KEY, f"{self.key}\n")
            self._append({"size": head.size, "note": note})
            _write_whole(self.folder / LATEST, note)
        return head

    def _continues(self, seen: Seen, head: Head, note: str, path: Sequence[bytes]) -> bool:
        """Say whether there is anything new; refuse what contradicts, and keep it."""
        if head.size == seen.head.size and head.root == seen.head.root:
            return False
        if head.size == seen.head.size:
            raise self._contradiction(SPLIT, seen, note)
        if head.size < seen.head.size:
            raise self._contradiction(SHORTER, seen, note)
        if not is_consistent(seen.head.size, head.size, seen.head.root, head.root, path):
            raise self._contradiction(UNPROVEN, seen, note, path)
        return True

    def _contradiction(self, why: str, seen: Seen, note: str, path: Sequence[bytes] = ()) -> WitnessRefused:
        """Keep both notes side by side, once, and return the refusal."""
        proof = {"why": why, "seen": seen.note, "shown": note, "path": [node.hex() for node in path]}
        text = json.dumps(proof, ensure_ascii=False, indent=1) + "\n"
        name = f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
        folder = self.folder / REFUSED
        folder.mkdir(mode=0o755, exist_ok=True)
        if not (folder / name).exists():
            _write_whole(folder / name, text)
        return WitnessRefused(f"the checkpoint is {why}", f"{REFUSED}/{name}")

    def _check_key(self) -> None:
        try:
            known = parse_key((self.folder / KEY).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except BadNote as problem:
            raise WitnessRefused(f"the witness's key cannot be read: {problem}") from None
        if known != self.key:
            raise WitnessRefused(f"the witness follows the key {known}, not {self.key}")

    def _append(self, line: dict[str, Any]) -> None:
        """Add a line for good. A line that a crash left unfinished is taken away first: it was never the state."""
        with (self.folder / HISTORY).open("ab+") as file:
            if not _ends_whole(file):
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait for other processes; the lock ends with the process, whatever happens to it."""
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def history(folder: Path) -> list[str]:
    """Return every checkpoint that was taken, oldest first; an unfinished last line was none."""
    try:
        data = (folder / HISTORY).read_bytes()
    except FileNotFoundError:
        return []
    return [str(json.loads(line)["note"]) for line in data[: data.rfind(b"\n") + 1].splitlines()]


def contradictions(folder: Path) -> list[str]:
    """Return the names of the proofs that the log was told in two ways."""
    return sorted(f"{REFUSED}/{file.name}" for file in (folder / REFUSED).glob("*.json"))


def _ends_whole(file: Any) -> bool:
    if file.seek(0, os.SEEK_END) == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")


def _write_whole(path: Path, text: str) -> None:
    """Write a file in one step: after a crash there is the old one or the new one, on the disk."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
