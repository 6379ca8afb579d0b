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
    from collections.abc import Iterator, Mapping


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
        flaws = 0
        for name, as_drawn, flaw in _drawn_again(options):
            self.stdout.write(f"{name}: {flaw or as_drawn}")
            flaws += bool(flaw)
        if flaws:
            sys.exit(1)


def _drawn_again(options: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what was drawn again, what is said if it is as on record, and what is wrong."""
    if (numbers := options["inspections"]) is not None:
        for sample in redraw(numbers):
            yield sample.code, f"{sample.units} of {sample.lot_size} units, as drawn", sample.flaw
    elif options["parcels"]:
        for day in redraw_days(before=timezone.now().astimezone(SHANGHAI).date()):
            yield f"{day.warehouse} {day.day}", f"as drawn, parcels: {day.parcels}", day.flaw
    else:
        for one in replay(options["rounds"]):
            yield one.code, f"{len(one.drawn)} of {one.candidates} lots, as drawn", one.flaw
