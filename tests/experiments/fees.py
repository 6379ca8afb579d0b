"""G1: every chargeable operation is rated exactly once, to the fen, whatever dies during a fee run."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg2
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from assurance.accounts.models import Organisation, User
from assurance.fees import actions, queries
from assurance.fees.actions import Metered
from assurance.fees.models import FeeLine, Operation, Posting, RatingDue, Statement
from assurance.roles import Kind, Role
from assurance.runs.models import Run
from tests import charges, factories
from tests.experiments.stage import ROOT, Stage, wait_until

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase

CLOSED = datetime(2026, 8, 10, tzinfo=UTC)
"""A month that is final before anything begins: what belongs there is late."""
FIRST_DAY = datetime(2026, 9, 1, tzinfo=UTC)
DAYS = 60
PROVINCES = ("33", "31", "44", "51", "65", "15", "11")
WITHOUT = {
    "no_unique_key": "ALTER TABLE assurance_feeline DROP CONSTRAINT feeline_once_per_operation",
    "gone_before_its_line": "DROP TRIGGER ratingdue_goes_with_its_line ON assurance_ratingdue",
}
"""Sabotages that the database alone would stop: its guard is taken away first."""


def made_up(merchants: list[Organisation], count: int, chance: random.Random) -> list[Metered]:
    """Return operations of every kind over two months and three cards, some of them of a month that is closed."""

    def one(number: int) -> Metered:
        at = CLOSED if chance.random() < 0.02 else FIRST_DAY + timedelta(seconds=chance.randrange(DAYS * 86400))
        kind = chance.choice(
            ("inbound_check", "outbound_operation", "service", "forward_delivery", "lab_test", "return_operation", "return_check")
        )
        measures: dict[str, int | str] = {}
        if kind == "forward_delivery":
            measures = {
                "to_province": chance.choice(PROVINCES),
                "weight_g": chance.randrange(9000),
                "volume_mm3": chance.randrange(60_000_000),
            }
        if kind == "lab_test":
            measures = {"cost": f"{chance.randrange(1000, 99999) / 1000:.3f}"}
        quantity = chance.randrange(1, 40)
        return Metered(kind, chance.choice(merchants).pk, "experiments.thing", number, at, quantity, measures)

    return [one(number) for number in range(1, count + 1)]


def prepare(merchants: int) -> tuple[list[Organisation], User]:
    """Load three cards, one of which begins in the middle of a month, and close a month."""
    charges.load_prices()
    shipped = json.loads((ROOT / "data" / "rates" / "2026-01.json").read_text(encoding="utf-8"))
    for rate in shipped["rates"]:
        if rate["kind"] == "service":
            rate["terms"]["price"] = "0.655"
    actions.load_rate_cards(cards=[shipped | {"version": "2026-09b", "from_date": "2026-09-16"}], at=factories.NOON)
    payers = [factories.organisation(Kind.MERCHANT) for _ in range(merchants)]
    fay = factories.user(Role.FINANCE, factories.organisation(Kind.PLATFORM))
    lines = charges.charged(*(charges.told(one.pk, at=CLOSED, source_kind="experiments.first") for one in payers))
    actions.finalise([line.statement for line in lines], actor=fay, at=factories.NOON)
    return payers, fay


def survive_kills(
    folder: Path, *, database: CommittedDatabase, operations: int, kills: int, seed: int, merchants: int = 40, sabotage: str = ""
) -> dict[str, Any]:
    """Kill worker, relay and broker during two fee runs at once; return what became of every operation."""
    chance = random.Random(seed)
    if sabotage in WITHOUT:
        _as_superuser(database, WITHOUT[sabotage])
    payers, fay = prepare(merchants)
    told = made_up(payers, operations, chance)
    _meter(told, again=chance)
    begun, landed, kinds = time.monotonic(), 0, {"worker": 0, "relay": 0, "broker": 0}
    with Stage(folder, database_url=database.url, sabotage=sabotage) as stage:
        stage.start("relay")
        stage.start("worker")
        _start_runs(fay)
        for _turn in range(kills):
            seen = RatingDue.objects.count()
            if not wait_until(lambda seen=seen: RatingDue.objects.count() < seen, seconds=10, pause=0.01, stage=stage):  # type: ignore[misc]
                _start_runs(fay)
            time.sleep(chance.uniform(0, 0.15))
            landed += RatingDue.objects.exists()
            kinds[_strike(stage, chance)] += 1
        last = time.monotonic()
        drained = wait_until(lambda: _all_done(fay), seconds=25 if sabotage else 60, pause=0.2, stage=stage)
        seconds = time.monotonic() - last
        logs = "" if drained else stage.log("worker") + stage.log("relay")
    return _judged(folder, told, fay) | {
        "kills": kinds,
        "kills_while_operations_were_open": landed,
        "drained_seconds": round(seconds, 1),
        "seconds": round(time.monotonic() - begun, 1),
        "logs": logs,
    }


def holds(found: dict[str, Any]) -> bool:
    """Nothing missing, nothing twice, not a fen beside, and the kills really landed."""
    kills = sum(found["kills"].values())
    return (
        (found["missing"], found["doubled"], found["waiting"], found["fen_beside"]) == (0, 0, 0, 0)
        and found["checker"] == 0
        and found["statements_add_up"]
        and found["kills_while_operations_were_open"] >= 0.8 * kills
    )


def _meter(told: list[Metered], *, again: random.Random) -> None:
    """Meter all of it in some transactions, a part of it twice."""
    for first in range(0, len(told), 500):
        some = told[first : first + 500]
        with transaction.atomic():
            actions.meter_all(some, at=timezone.now())
        with transaction.atomic():
            actions.meter_all(again.sample(some, len(some) // 20), at=timezone.now())


def _start_runs(fay: User) -> None:
    """Two at once: they must share the work."""
    for _ in range(2):
        actions.start_fee_run(actor=fay, at=timezone.now())


def _all_done(fay: User) -> bool:
    """Start another run where the last ended before everything was rated."""
    if not RatingDue.objects.exists():
        return True
    if not Run.objects.filter(state__in=("waiting", "running")).exists():
        _start_runs(fay)
    return False


def _strike(stage: Stage, chance: random.Random) -> str:
    blow = chance.choices(("worker", "relay", "broker"), (80, 10, 10))[0]
    if blow == "broker":
        stage.empty_broker()
    else:
        stage.restart(blow)
    return blow


def _judged(folder: Path, told: list[Metered], fay: User) -> dict[str, Any]:
    """Count what the tables hold, close everything, and let the offline checker recompute it."""
    wanted = {one.key for one in told}
    lines = FeeLine.objects.filter(operation__source_kind="experiments.thing")
    rated = set(lines.values_list("operation__kind", "operation__source_kind", "operation__source_id"))
    doubled = sum(row["n"] - 1 for row in FeeLine.objects.values("operation").annotate(n=Count("pk")).filter(n__gt=1))
    beside = abs(queries.statements_total() - sum(Posting.objects.filter(account="receivable").values_list("amount", flat=True)))
    file = folder / "statements.json"
    try:
        actions.finalise(list(Statement.objects.filter(state="draft")), actor=fay, at=factories.NOON)
        adds_up = True
    except Exception as problem:  # noqa: BLE001  whatever is refused is the finding
        adds_up = False
        (folder / "refused.txt").write_text(repr(problem), encoding="utf-8")
    bundle = queries.bundle(list(Statement.objects.select_related("merchant").order_by("pk")))
    file.write_text(json.dumps(bundle), encoding="utf-8")
    checker = [sys.executable, "-I", str(ROOT / "tools" / "check_statements.py"), str(file)]
    verdict = subprocess.run(checker, capture_output=True, text=True, check=False)
    return {
        "operations": len(wanted),
        "metered": Operation.objects.filter(source_kind="experiments.thing").count(),
        "missing": len(wanted - rated),
        "doubled": doubled,
        "waiting": RatingDue.objects.count(),
        "fen_beside": int(beside * 100),
        "statements_add_up": adds_up,
        "checker": verdict.returncode,
        "checker_said": verdict.stdout.splitlines()[-1:],
        "late": lines.filter(at=CLOSED).count(),
    }


def _as_superuser(database: CommittedDatabase, statement: str) -> None:
    session = psycopg2.connect(database.superuser_url)
    session.autocommit = True
    with session.cursor() as cursor:
        cursor.execute(statement)
    session.close()
