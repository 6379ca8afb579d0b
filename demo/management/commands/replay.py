"""``manage.py replay DIR --json FILE``: play a marketplace's history through the platform's own actions and write the report."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo.replay.folder import from_disk, read_folder
from demo.replay.report import report
from demo.replay.running import play_all
from demo.replay.wording import bad_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.replay.table import Flaw

BYTE_ORDER_MARK = "\ufeff"


class Command(BaseCommand):
    help = "Play merchants.csv, products.csv, orders.csv, courier_events.csv and reviews.csv of a folder. Again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with the five files")
        parser.add_argument("--json", type=Path, help="where the report is written")
        parser.add_argument("--bad-rows", type=Path, help="where the rows that were not taken are written; beside the report if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["folder"]
        if not path.is_dir():
            raise CommandError(f"{path} is no folder")
        began = time.monotonic()
        folder = read_folder(from_disk(path))
        self.hand_back(folder.flaws, options["bad_rows"] or (options["json"] and options["json"].with_suffix(".bad-rows.csv")))
        play_all(folder, at=timezone.now(), tell=self.tell)
        found = json.dumps(report(), ensure_ascii=False, indent=2)
        if options["json"]:
            options["json"].write_text(found + "\n", encoding="utf-8")
        self.stdout.write(found)
        self.stderr.write(f"{len(folder.orders)} orders in {time.monotonic() - began:.1f} s")

    def tell(self, stage: str, items: int, seconds: float) -> None:
        self.stderr.write(f"  {stage:12} {items:6} {seconds:7.1f} s")

    def hand_back(self, flaws: Sequence[Flaw], file: Path | None) -> None:
        if not flaws:
            return
        self.stderr.write(f"{len(flaws)} bad cells" + (f", see {file}" if file else ""))
        if file:
            file.write_text(BYTE_ORDER_MARK + bad_rows(flaws), encoding="utf-8", newline="")
