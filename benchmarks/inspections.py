"""Inspections of 20 checkpoints: the request that submits the answers, alone and with a million inspections beside."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any, Final

import psycopg2
from django.utils import timezone

from benchmarks import load
from benchmarks.creates import key_headers
from qc.inspections import actions
from qc.inspections.models import Inspection
from tests import factories, goods

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import User
    from benchmarks.rows import Ground

POOL: Final = 200
CHECKPOINTS: Final = 20
MANY: Final = int(os.environ.get("BENCH_INSPECTIONS", "1000000"))
FEW: Final = 1_000
CHUNK: Final = 100_000
ANSWERS: Final[dict[str, Any]] = {f"p{number}": True if number % 2 else "100" for number in range(CHECKPOINTS)}


class Bench:
    """An inspector with many inspections in hand, each with a checklist of 20 points; nobody has looked at a unit yet."""

    def __init__(self, ground: Ground) -> None:
        from assurance.roles import Role

        self.wei = factories.user(Role.WAREHOUSE_OPERATOR, ground.warehouse)
        self.bo: User = factories.user(Role.QC_INSPECTOR, ground.warehouse)
        goods.catalogue()
        product = goods.enrolled(ground.merchant)
        kinds: list[dict[str, Any]] = [{"kind": "number", "lowest": "95", "highest": "105"}, {"kind": "yes_no"}]
        points = [
            {"code": f"p{number}", "zh": f"第 {number} 项", "en": f"Point {number}"} | kinds[number % 2] for number in range(CHECKPOINTS)
        ]
        goods.ask(*points, version="bench", product_id=product.pk)
        now = timezone.now()
        lots = [goods.lot(ground.owner, self.wei, product=product, lot=f"Q{number}", quantity=50).pk for number in range(POOL)]
        opened = actions.open_all([actions.Opening(lot, now) for lot in lots], actor=None)
        actions.claim_all([actions.Case(one.pk, now) for one in opened], actor=self.bo)
        self.numbers = [one.pk for one in opened]
        self.headers = key_headers(self.bo)

    def ours(self, number: int) -> bytes:
        """Answer all points of one inspection: rights, lock, every answer read, the event, the kept answer, in one commit."""
        place, turn = divmod(number, 10_000_000)  # each connection begins elsewhere
        pk = self.numbers[(place * 25 + turn) % POOL]
        body = json.dumps({"answers": ANSWERS}).encode()
        return load.post(
            f"/api/v1/inspections/{pk}/answer-points/", body, headers=f"{self.headers}Idempotency-Key: q{number}-{time.time_ns()}\r\n"
        )


def fill(bench: Bench, first: int, last: int) -> None:
    """Let further inspections stand beside, the ``first`` to the ``last``: copies of one, of other tranches, put aside.

    They are written in chunks by the owner, without the triggers that look at every row: what a copy says was looked at once.
    """
    lots = list(Inspection.objects.filter(pk__in=bench.numbers).order_by("lot_id").values_list("lot_id", flat=True))
    given = {
        "tranche": "place.tranche",
        "lot_id": "place.lot_id",
        "state": "'doubted'",
        "doubts": """'[{"message": "", "params": {}}]'""",
        "repeats_id": "NULL",
    }
    columns = [field.column for field in Inspection._meta.concrete_fields if not field.primary_key]
    values = ", ".join(given.get(str(column), f'i."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with psycopg2.connect(os.environ["DATABASE_OWNER_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE qc_inspection DISABLE TRIGGER USER")
        for begin in range(first, last + 1, CHUNK):
            cursor.execute(
                f"""INSERT INTO qc_inspection ({names}) SELECT {values} FROM qc_inspection i,
                    (SELECT (%s::bigint[])[1 + n %% {POOL}] AS lot_id, 2 + n / {POOL} AS tranche FROM generate_series(%s, %s) n) place
                    WHERE i.id = %s""",
                [lots, begin, min(begin + CHUNK - 1, last), bench.numbers[0]],
            )
        cursor.execute("ALTER TABLE qc_inspection ENABLE TRIGGER USER")
        connection.commit()
        connection.autocommit = True
        cursor.execute("ANALYZE qc_inspection")


def flatness(bench: Bench, measured: Callable[[], load.Figure]) -> dict[str, Any]:
    """Return the same request with a thousand and with a million inspections beside: here the limit is ours with few."""
    fill(bench, 1, FEW)
    few = measured()
    fill(bench, FEW + 1, MANY)
    many = measured()
    found = {"ours": many.as_dict(), "limit": few.as_dict(), "ratio": round(many.per_second / few.per_second, 3)}
    return {f"{MANY:,} beside {FEW:,}": found | {"p50_ratio": round(many.p50_ms / few.p50_ms, 2)}}
