"""G11: an inspection that was acknowledged stands, at whatever moment PostgreSQL is killed; none stands by halves."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, InterfaceError, connection, connections

from assurance.events.models import Event
from assurance.evidence.models import EvidenceEntry
from assurance.fees.models import Operation
from assurance.gates.models import Clearance
from assurance.roles import Kind, Role
from deploy.embedded import process
from deploy.embedded.postgres import APP, OWNER, Postgres
from qc.inspections import actions as qc
from qc.inspections.actions import FoundUnit
from qc.inspections.actions.claiming import AlreadyDecided
from qc.inspections.models import InspectedUnit, Inspection
from tests import factories, goods
from tests.factories import NOON
from tests.harness import ready_made
from tests.harness.databases import connect_to, route_to
from tests.harness.host import TEMPLATE, servers_folder

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase

ROOT = Path(__file__).resolve().parents[2]
SENDERS = 4
WITHOUT = {"synchronous_commit_off": {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "0"}}


@dataclass
class Book:
    """What was acknowledged, written down outside the database."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[tuple[int, int]] = field(default_factory=list)
    acknowledged: set[int] = field(default_factory=set)
    found_done: int = 0
    broken_off: int = 0
    in_flight: int = 0
    strange: list[str] = field(default_factory=list)


def survive_kills(*, database: CommittedDatabase, inspections: int, kills: int, seed: int, sabotage: str = "") -> dict[str, Any]:
    """Submit inspections from four threads while every process of PostgreSQL is killed; return what stands afterwards.

    The server is one of its own: the session's goes on serving other tests.
    """
    begun, folder = time.monotonic(), servers_folder()
    server = _server(folder / "postgres", WITHOUT.get(sabotage, {}))
    try:
        server.start()
        connect_to(server.url(APP, TEMPLATE))
        bo = _prepare(book := Book(), inspections)
        landed = _submit(book, bo, server, kills=kills, chance=random.Random(seed))
        connection.close()  # this one was cut too
        found = _judged(book)
    finally:
        connections.close_all()
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
        route_to(database.name)
    return found | {
        "kills": kills,
        "kills_while_submissions_were_under_way": landed,
        "broken_off": book.broken_off,
        "stood_without_an_answer": book.found_done,
        "strange": book.strange[:5],
        "seconds": round(time.monotonic() - begun, 1),
    }


def holds(found: dict[str, Any]) -> bool:
    """Nothing acknowledged is gone, nothing stands by halves or twice, and the kills really landed."""
    return (
        (found["lost"], found["halves"], found["undecided"], found["strange"]) == (0, {}, 0, [])
        and found["kills_while_submissions_were_under_way"] >= 0.8 * found["kills"]
        and found["broken_off"] > 0
    )


def _server(home: Path, settings: dict[str, str]) -> Postgres:
    """Return a stopped server that holds the migrated template, copied if this session's is kept, made otherwise."""
    server = Postgres(home, settings=settings)
    process.passable_folder(home)
    if ready_made.fetch(home, server.user):
        return server
    server.create()
    server.start()
    server.create_database(TEMPLATE)
    address = server.url(OWNER, TEMPLATE)
    child = process.spawn(
        [sys.executable, "-m", "tests.harness.migrate", str(home.parent / "read.json")],
        end=signal.SIGKILL,
        env=os.environ | {"DATABASE_URL": address, "DATABASE_OWNER_URL": address},
        cwd=ROOT,
        output=home.parent / "migrate.log",
    )
    if child.wait():
        raise process.ServerFailed(process.tail(home.parent / "migrate.log", 40))
    server.stop()
    return server


def _prepare(book: Book, count: int) -> User:
    """Let so many lots wait for Bo, each with its inspection taken."""
    amal = factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT))
    warehouse = factories.organisation(Kind.WAREHOUSE)
    wei, bo = factories.user(Role.WAREHOUSE_OPERATOR, warehouse), factories.user(Role.QC_INSPECTOR, warehouse)
    goods.catalogue()
    product = goods.enrolled(amal.organisation)
    lots = [goods.lot(amal, wei, product=product, lot=f"L{n}", quantity=20).pk for n in range(count)]
    opened = qc.open_all([qc.Opening(lot, NOON, "replay") for lot in lots], actor=None)
    qc.claim_all([qc.Case(one.pk, NOON) for one in opened], actor=bo)
    book.waiting = [(one.pk, one.sample_size) for one in opened]
    return bo


def _submit(book: Book, bo: User, server: Postgres, *, kills: int, chance: random.Random) -> int:
    """Let the senders work while the server dies; return how many blows found a submission under way."""
    total, landed = len(book.waiting), 0
    senders = [threading.Thread(target=_send, args=(book, bo)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for turn in range(kills):
        while len(book.acknowledged) < total * (turn + 1) // (kills + 2):
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.02))
        landed += book.in_flight > 0
        server.kill()
        server.start()
    for sender in senders:
        sender.join()
    return landed


def _send(book: Book, bo: User) -> None:
    """Submit one inspection after the other, each until it is acknowledged or found to stand."""
    while True:
        with book.lock:
            if not book.waiting:
                break
            number, size = book.waiting.pop()
        while not _sent(book, bo, number, size):
            connection.close()
            time.sleep(0.01)
    connection.close()


def _sent(book: Book, bo: User, number: int, size: int) -> bool:
    units = [FoundUnit(n, is_conforming=True) for n in range(1, size + 1)]
    with book.lock:
        book.in_flight += 1
    try:
        qc.record_units(inspection_id=number, units=units, actor=bo, at=NOON)
        book.acknowledged.add(number)
    except (DatabaseError, InterfaceError):
        book.broken_off += 1
        return False
    except AlreadyDecided:  # it was written, and the answer was lost on its way
        book.found_done += 1
    except Exception as error:  # noqa: BLE001  whatever it is, the experiment reports it
        book.strange.append(repr(error))
    finally:
        with book.lock:
            book.in_flight -= 1
    return True


def _judged(book: Book) -> dict[str, Any]:
    """Count what stands, and what of it lacks a part that belongs to it."""
    decided = dict(Inspection.objects.exclude(decided_at=None).values_list("pk", "inspected"))
    units = Counter(InspectedUnit.objects.values_list("inspection_id", flat=True))
    told = Counter(Event.objects.filter(kind="qc.inspection.decided").values_list("subject_id", flat=True))
    metered = Counter(Operation.objects.filter(source_kind="qc.inspection").values_list("source_id", flat=True))
    cleared = Clearance.objects.filter(subject_kind="lot").count()
    entries = EvidenceEntry.objects.filter(kind="inspection_verdict").count()
    halves = {
        "units": sum(units[pk] != size for pk, size in decided.items()) + sum(pk not in decided for pk in units),
        "events": sum(told[pk] != 1 for pk in decided),
        "metered": sum(metered[pk] != 1 for pk in decided),
        "clearances": abs(cleared - len(decided)),
        "evidence": abs(entries - len(decided)),
    }
    return {
        "inspections": Inspection.objects.count(),
        "acknowledged": len(book.acknowledged),
        "lost": len(book.acknowledged - set(decided)),
        "undecided": Inspection.objects.filter(decided_at=None).count(),
        "halves": {name: count for name, count in halves.items() if count},
    }
