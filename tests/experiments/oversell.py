"""G4: many buyers at once want the last units; each unit is promised once, and nobody is told otherwise."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from typing import Any

from django.db import connection, connections

from assurance.roles import Kind, Role
from tests import factories, orders
from tests.experiments import saboteurs
from tests.factories import NOON
from warehouse.orders import actions, queries
from warehouse.orders.models import Allocation
from warehouse.stock.models import StockBalance

LOTS = 5
"""Among which the units lie: who finds one emptied by others chooses anew."""
WITHOUT_GUARD = """
ALTER TABLE warehouse_stockbalance DROP CONSTRAINT balance_is_not_oversold;
CREATE FUNCTION take_your_time() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END';
CREATE TRIGGER a_slow_disk BEFORE UPDATE ON warehouse_stockbalance FOR EACH ROW EXECUTE FUNCTION take_your_time();
"""
"""The sabotage also makes writing slow: on a busy machine the buyers would else wait for a processor and never meet."""


def buyer(order_ids: list[int], pipe: Any, barrier: Any) -> None:
    """Live in a process of its own: wait for the others, allocate one order after the other, say how it went."""
    connections.close_all()
    seen: Counter[str] = Counter()
    barrier.wait()
    for pk in order_ids:
        try:
            seen[actions.allocate([pk], actor=None, at=NOON)[0].state] += 1
        except Exception as error:  # noqa: BLE001  whatever it was, the experiment reports it
            seen[f"error:{type(error).__name__}"] += 1
    pipe.send(seen)


def sell_out(*, buyers: int, units: int, processes: int, sabotage: str = "", owner_url: str = "") -> dict[str, int]:
    """Let ``buyers`` orders of one unit each race for ``units``; return what they were told and what stands in the ledger."""
    pks = _prepare(buyers, units)
    if sabotage == "read_then_write":
        _drop_guard(owner_url)
    with saboteurs.at_work("no_lock" if sabotage else ""):
        seen = _race(pks, processes)
    stands = list(StockBalance.objects.filter(custody="released"))
    promised = sum(Allocation.objects.standing().values_list("quantity", flat=True))
    return {
        "allocated": seen["allocated"],
        "short": seen["short"],
        "errors": sum(count for how, count in seen.items() if how.startswith("error")),
        "promised": promised,
        "reserved": sum(one.reserved for one in stands),
        "oversold": sum(max(one.reserved - one.quantity, 0) for one in stands),
        "differences": len(queries.reserved_differences()),
    }


def _prepare(buyers: int, units: int) -> list[int]:
    amal = factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT))
    wei = factories.user(Role.WAREHOUSE_OPERATOR, factories.organisation(Kind.WAREHOUSE))
    eve = factories.user(Role.PLATFORM_ADMIN, factories.organisation(Kind.PLATFORM))
    first = orders.stocked(amal, wei, quantity=units // LOTS)
    for _ in range(LOTS - 1):
        orders.stocked(amal, wei, quantity=units // LOTS, product=first.product)
    return [order.pk for order in orders.take(eve, [orders.paid((first.product, 1)) for _ in range(buyers)])]


def _drop_guard(owner_url: str) -> None:
    import psycopg2

    with psycopg2.connect(owner_url) as owner, owner.cursor() as cursor:
        cursor.execute(WITHOUT_GUARD)


def _race(pks: list[int], processes: int) -> Counter[str]:
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(processes)
    connections.close_all()
    team = []
    for number in range(processes):
        ours, theirs = fork.Pipe()
        process = fork.Process(target=buyer, args=(pks[number::processes], theirs, barrier), daemon=True)
        process.start()
        team.append((process, ours))
    seen: Counter[str] = Counter()
    for process, pipe in team:
        seen += pipe.recv()
        process.join(10)
    connection.ensure_connection()
    return seen
