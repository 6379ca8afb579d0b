"""``manage.py verify_evidence``: check that nothing in the log was altered, removed or inserted."""

from __future__ import annotations

import base64
import gc
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assurance.evidence import signing
from assurance.evidence.checkpoint import BadNote, VerifierKey, parse_key
from assurance.evidence.verification import NotAsWritten, Verified, verify

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Recompute the evidence log and the audit trail from their rows; name the first entry that is not as it was written and exit "
        "with 1. The witness's checkpoints, and those given with --checkpoint, show a log that was rewritten or cut as a whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--checkpoint", metavar="FILE", type=Path, action="append", default=[], help="a saved signed checkpoint")
        parser.add_argument("--key", metavar="KEY", action="append", default=[], help="trust this public key (name+id+key) instead")

        parser.add_argument("--witness", metavar="FOLDER", type=Path, default=Path(settings.WITNESS_DIR), help="the witness's folder")
        parser.add_argument("--no-files", action="store_false", dest="files", help="do not read the stored files")

    def handle(self, *_: Any, **options: Any) -> None:
        keys = [self.read_key(text) for text in options["key"]] or [self.own_key()]
        saved = [self.read(path) for path in options["checkpoint"]]
        started = time.monotonic()
        gc.freeze()  # the collector need not look through the whole program again for every few hundred entries
        try:
            verified = verify(keys=keys, saved=saved, folder=options["witness"], files=options["files"], told=self.tell)
        except NotAsWritten as found:
            self.clear()
            self.stdout.write(self.style.ERROR(f"NOT AS WRITTEN: {found}"))
            sys.exit(1)
        self.clear()
        self.report(verified, time.monotonic() - started)

    def report(self, verified: Verified, seconds: float) -> None:
        sources = verified.by_source
        self.stdout.write(f"log          {settings.CHECKPOINT_ORIGIN}")
        self.stdout.write(f"entries      {verified.entries:,} ({sources['evidence']:,} evidence, {sources['event']:,} audit events)")
        self.stdout.write(f"products     {verified.products:,} chains")
        self.stdout.write(f"checkpoints  {verified.checkpoints:,}; {verified.entries - verified.checkpointed:,} entries since the newest")
        self.stdout.write(f"witness      {self.witnessed(verified)}")
        self.stdout.write(f"tables       {verified.tables:,} repeat what was recorded")
        self.stdout.write(f"files        {verified.files:,} have the bytes that were stored")
        self.stdout.write(f"waiting      {verified.waiting:,} not numbered yet")
        self.stdout.write(f"root         {base64.b64encode(verified.root).decode()}")
        self.stdout.write(f"time         {seconds:.2f} s, {verified.entries / max(seconds, 1e-9):,.0f} entries/s")
        self.stdout.write(self.style.SUCCESS("EVERYTHING IS AS IT WAS WRITTEN"))

    @staticmethod
    def witnessed(verified: Verified) -> str:
        if not verified.witnessed:
            return "has seen nothing: a log that was cut or rewritten as a whole would not show"
        return f"has seen {verified.witnessed:,} entries; {verified.entries - verified.witnessed:,} since"

    @staticmethod
    def own_key() -> VerifierKey:
        """Return the public half of our key; it is never made here."""
        try:
            return signing.verifier_key(signing.read_key(Path(settings.SIGNING_KEY_FILE)), settings.CHECKPOINT_ORIGIN)
        except signing.NoSigningKey as problem:
            raise CommandError(f"{problem}; give the public key with --key") from None

    @staticmethod
    def read_key(text: str) -> VerifierKey:
        try:
            return parse_key(text)
        except BadNote as problem:
            raise CommandError(f"--key: {problem}") from None

    @staticmethod
    def read(path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"{path}: {problem}") from None

    def tell(self, entries: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{entries:,} entries", ending="")

    def clear(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r", ending="")
