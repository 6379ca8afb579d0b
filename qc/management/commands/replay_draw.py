"""``manage.py replay_draw``: draw every round again from what is on record, and compare."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assurance.calendar import SHANGHAI
from qc.checks.queries import redraw_days
from qc.inspections.queries import redraw
from qc.labs.queries.replaying import replay

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = (
        "Draw rounds again from their revealed seed and their frozen list of lots. Exits with 1 if a seed is not the one that was "
        "committed to, a list was changed, or other lots have a sample than those that were drawn."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--inspections", nargs="*", type=int, metavar="NUMBER", help="draw the samples of inspections instead: these, or all"
        )
        parser.add_argument("--parcels", action="store_true", help="draw instead the parcels of every day that is over")
        parser.add_argument("rounds", nargs="*", type=int, metavar="NUMBER", help="the rounds to draw again; all unless named")

    def handle(self, *_: Any, **options: Any) -> None:
        if (numbers := options["inspections"]) is not None:
            self._redraw(numbers)
            return
        if options["parcels"]:
            self._redraw_parcels()
            return
        found = replay(options["rounds"])
        for one in found:
            self.stdout.write(f"{one.code}: {one.flaw or f'{len(one.drawn)} of {one.candidates} lots, as drawn'}")
        if any(one.flaw for one in found):
            sys.exit(1)

    def _redraw(self, numbers: list[int]) -> None:
        found = redraw(numbers)
        for one in found:
            self.stdout.write(f"{one.code}: {one.flaw or f'{one.units} of {one.lot_size} units, as drawn'}")
        if any(one.flaw for one in found):
            sys.exit(1)

    def _redraw_parcels(self) -> None:
        found = redraw_days(before=timezone.now().astimezone(SHANGHAI).date())
        for one in found:
            self.stdout.write(f"{one.warehouse} {one.day}: {one.flaw or f'as drawn, parcels: {one.parcels}'}")
        if any(one.flaw for one in found):
            sys.exit(1)
