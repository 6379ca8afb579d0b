"""G27: a file of products is imported in whole batches whatever dies, and every wrong cell is named."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.utils import timezone

from assurance.events.models import Event
from assurance.imports import actions, queries
from assurance.imports.lifecycle import ImportState
from assurance.imports.models import ProductImport
from assurance.products.models import Product
from assurance.roles import Kind, Role
from tests import enrolments, factories
from tests.experiments.stage import Stage, wait_until
from tests.product_files import as_workbook, row, sent

if TYPE_CHECKING:
    from pathlib import Path

    from tests.harness.databases import CommittedDatabase

WRONG = (
    ("gtin", "6901234567891", "gtin_check_digit"),
    ("price", "12,50", "money_format"),
    ("shelf_life_days", "three years", "whole_number"),
    ("category", "汽车", "category_unknown"),
)


def file_of(rows: int, wrong: int) -> tuple[bytes, list[tuple[int, str, str]]]:
    """Return a workbook with so many rows, and the wrong cells in it as (row of the sheet, column, value)."""
    step = rows // wrong
    lines, planted = [], []
    for number in range(1, rows + 1):
        if number % step:
            lines.append(row(number, sku=f"HJ-{number:05}"))
            continue
        column, value, _code = WRONG[number // step % len(WRONG)]
        lines.append(row(number, **{"sku": f"HJ-{number:05}", column: value}))
        planted.append((number + 1, column, value))
    return as_workbook(lines), planted


def survive_kills(
    folder: Path, *, database: CommittedDatabase, rows: int, wrong: int, kills: int, seed: int, sabotage: str = ""
) -> dict[str, Any]:
    """Check, import and import again one file while worker, relay and broker are killed; return what became of it."""
    chance = random.Random(seed)
    enrolments.load_categories()
    amal = factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT))
    data, planted = file_of(rows, wrong)
    begun = time.monotonic()
    with Stage(folder, database_url=database.url, sabotage=sabotage) as stage:
        stage.start("relay")
        stage.start("worker")
        found = sent(amal, data, name="products.xlsx")
        _await(found, ImportState.CHECKED, stage)
        actions.bring_in(import_id=found.pk, actor=amal, at=timezone.now())
        struck = [_strike(found, stage, chance) for _turn in range(kills)]
        is_done = _await(found, ImportState.IMPORTED, stage)
        logs = "" if is_done else stage.log("worker") + stage.log("relay")
        again = sent(amal, data, name="products.xlsx")
        _await(again, ImportState.CHECKED, stage)
    return _judged(found, again, planted, rows) | {
        "kills": len(struck),
        "kills_while_rows_were_open": sum(one is not None for one in struck),
        "torn_at_a_kill": sum(one is False for one in struck),
        "seconds": round(time.monotonic() - begun, 1),
        "logs": logs,
    }


def holds(found: dict[str, Any]) -> bool:
    """Every good row once, every wrong cell named, nothing torn, nothing new the second time."""
    good = found["rows"] - found["wrong"]
    return (
        (found["state"], found["created"], found["products"], found["told"]) == ("imported", good, good, good)
        and (found["changed"], found["unchanged"], found["flawed"]) == (0, 0, found["wrong"])
        and (found["cells_missed"], found["cells_made_up"], found["doubled"], found["torn_at_a_kill"]) == (0, 0, 0, 0)
        and found["again"] == {"created": 0, "changed": 0, "unchanged": good, "flawed": found["wrong"]}
        and found["kills_while_rows_were_open"] >= 0.5 * found["kills"]
    )


def _await(found: ProductImport, state: ImportState, stage: Stage) -> bool:
    def arrived() -> bool:
        found.refresh_from_db()
        return bool(found.state == state)

    return wait_until(arrived, seconds=120, pause=0.05, stage=stage)


def _strike(found: ProductImport, stage: Stage, chance: random.Random) -> bool | None:
    """Wait until rows have gone in, kill something; tell whether all products are counted (None: nothing was open any more)."""
    before = Product.objects.count()
    wait_until(lambda: Product.objects.count() > before, seconds=10, pause=0.01, stage=stage)
    time.sleep(chance.uniform(0, 0.4))
    blow = chance.choices(("worker", "relay", "broker"), (80, 10, 10))[0]
    if blow == "broker":
        stage.empty_broker()
    else:
        stage.kill(blow)
    standing = ProductImport.objects.values_list("state", "created").get(pk=found.pk)
    is_whole = Product.objects.count() == standing[1] if blow == "worker" else True
    if blow != "broker":
        stage.start(blow)
    return is_whole if standing[0] != ImportState.IMPORTED else None


def _judged(found: ProductImport, again: ProductImport, planted: list[tuple[int, str, str]], rows: int) -> dict[str, Any]:
    said = {(flaw.row, flaw.column, flaw.value) for flaw in queries.flaws(found)}
    told = Event.objects.filter(kind="products.product.created")
    return {
        "rows": rows,
        "wrong": len(planted),
        "state": str(found.state),
        **{name: getattr(found, name) for name in ("created", "changed", "unchanged", "flawed")},
        "products": Product.objects.count(),
        "doubled": Product.objects.values("merchant", "sku").annotate(n=Count("pk")).filter(n__gt=1).count(),
        "told": told.count(),
        "cells_missed": len(set(planted) - said),
        "cells_made_up": len(said - set(planted)),
        "again": {name: getattr(again, name) for name in ("created", "changed", "unchanged", "flawed")},
    }
