"""Work in sets: operations rated, products imported, orders replayed, beside a bare ``INSERT … SELECT`` of the rows that they write."""

from __future__ import annotations

import itertools
import os
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg2
from django.db import transaction
from django.utils import timezone

from assurance.fees.actions import Metered, meter_all, rate_due
from assurance.fees.models import FeeLine, Posting
from assurance.fees.tasks import load_rates
from assurance.imports import actions as imports
from assurance.products.models import Product
from assurance.roles import Kind, Role
from assurance.runs import actions as runs
from assurance.runs.models import Run
from tests import factories, goods, product_files
from warehouse.orders.models import Parcel

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

    from benchmarks.rows import Ground

OPERATIONS: Final = 10_000
FILE_ROWS: Final = 10_000
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Paired:
    """Members a second, ours and of the bare insert."""

    ours: float
    bare: float
    more: dict[str, float] = field(default_factory=dict)
    """What else there is to say of ours."""


def rating(ground: Ground) -> Paired:
    """Metered operations to lines and postings by the live card."""
    load_rates(timezone.now())
    first = next(_numbers) * 1_000_000
    now = timezone.now() - timedelta(days=1)
    sources = range(first, first + OPERATIONS)
    with transaction.atomic():
        metered = [Metered("service", ground.merchant.pk, "warehouse.parcel", number, now) for number in sources]
        meter_all(metered, at=now)

    def ours() -> None:
        while rate_due(at=timezone.now()).rated:
            pass

    seconds = _seconds(ours)
    lines = list(FeeLine.objects.filter(operation__source_id__in=sources).values_list("pk", flat=True))
    least = bare(FeeLine, "id = ANY(%s)", [lines]) + bare(Posting, "line_id = ANY(%s)", [lines])
    return Paired(len(lines) / seconds, len(lines) / least)


def product_file(_ground: Ground) -> Paired:
    """A workbook of 10,000 products with 100 bad cells: read, checked, imported, the bad rows handed back."""
    owner = factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT))
    goods.category()
    rows = [product_files.row(number, **({"price": "none"} if number % 100 == 7 else {})) for number in range(FILE_ROWS)]
    data = product_files.as_workbook(rows)

    def ours() -> None:
        found = imports.take_in(data=data, name="products.xlsx", actor=owner, at=timezone.now())
        _work_off(found.run_id or 0)
        imports.bring_in(import_id=found.pk, actor=owner, at=timezone.now())
        found.refresh_from_db()
        _work_off(found.run_id or 0)

    seconds = _seconds(ours)
    lines = list(Product.objects.filter(merchant_id=owner.organisation_id).values_list("pk", flat=True))
    if len(lines) != FILE_ROWS * 99 // 100:
        raise RuntimeError(f"{len(lines)} products were imported")
    return Paired(FILE_ROWS / seconds, len(lines) / bare(Product, "id = ANY(%s)", [lines]))


def _work_off(run_id: int) -> None:
    """Do a run's batches one after the other, as the worker gets them."""
    while Run.objects.get(pk=run_id).is_open:
        runs.advance(run_id=run_id, at=timezone.now())


def replay(_ground: Ground) -> Paired:
    """A marketplace's generated folder through the whole house, once; beside the rows of its orders, lines and parcels alone."""
    from demo.replay.running import play_all, read_from
    from tests.demo.replay.made_folder import make
    from warehouse.orders.models import Order, OrderLine

    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder))
        read = read_from(Path(folder))
        seconds = _seconds(lambda: play_all(read, at=timezone.now()))
    numbers = list(Order.objects.filter(source="replay").values_list("pk", flat=True))
    least = sum(
        bare(model, f"{column} = ANY(%s)", [numbers]) for model, column in ((Order, "id"), (OrderLine, "order_id"), (Parcel, "order_id"))
    )
    return Paired(len(numbers) / seconds, len(numbers) / least)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bare(model: type[Model], condition: str, values: list[object]) -> float:
    """Return how long the same rows take into a table of the same columns and indexes, without triggers, in one statement."""
    table = model._meta.db_table
    with psycopg2.connect(os.environ["DATABASE_OWNER_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bare (LIKE {table} INCLUDING DEFAULTS INCLUDING INDEXES)")
        connection.commit()
        began = time.perf_counter()
        cursor.execute(f"INSERT INTO bare SELECT * FROM {table} WHERE {condition}", values)
        connection.commit()
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return seconds
