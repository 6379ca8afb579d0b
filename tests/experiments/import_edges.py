"""The edges of product files."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from django.db import transaction

from assurance.imports import actions
from assurance.imports import lifecycle as states
from assurance.imports.lifecycle import ImportState
from assurance.imports.models import ProductImport
from assurance.refusals import Refused
from assurance.runs.actions import advance
from assurance.runs.models import Run
from tests.experiments.races import Edge
from tests.factories import NOON
from tests.product_files import as_csv, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.experiments.edges import Cast

_number = itertools.count(1)


class Lost(Refused):
    """Somebody else took this step."""

    code = "lost"


def of_run(source: ImportState, act: Callable[[int], object]) -> Callable[[int], None]:
    """Take a step that passes in silence where there is nothing to do any more, as a worker's must; here it says so."""

    def taken(pk: int) -> None:
        with transaction.atomic():
            run = Run.objects.select_for_update(of=("self",)).get(pk=ProductImport.objects.values("run_id").get(pk=pk)["run_id"])
            if ProductImport.objects.get(pk=pk).state != source:
                raise Lost
            act(run.pk)

    return taken


def import_edges(cast: Cast) -> list[Edge]:
    def make(state: ImportState) -> ProductImport:
        found = actions.take_in(data=as_csv([row(next(_number))]), name="a.csv", actor=cast.amal, at=NOON)
        if state == ImportState.STOPPED:
            actions.stop(run_id=found.run_id or 0, at=NOON)
        elif state != ImportState.UPLOADED:
            advance(run_id=found.run_id or 0, at=NOON)
        if state == ImportState.IMPORTING:
            actions.bring_in(import_id=found.pk, actor=cast.amal, at=NOON)
        return found

    def act(source: ImportState, target: ImportState) -> Callable[[int], Any]:
        if target == ImportState.STOPPED:
            return of_run(source, lambda run_id: actions.stop(run_id=run_id, at=NOON))
        if target in (ImportState.CHECKED, ImportState.IMPORTED):
            return of_run(source, lambda run_id: advance(run_id=run_id, at=NOON))
        verb = actions.check_again if source == ImportState.STOPPED else actions.bring_in
        return lambda pk: verb(import_id=pk, actor=cast.amal, at=NOON)

    return [
        Edge("assurance.productimport.state", source, target, lambda source=source: make(source), act(source, target))  # type: ignore[misc]
        for source, targets in states.NEXT.items()
        for target in sorted(targets)
    ]
