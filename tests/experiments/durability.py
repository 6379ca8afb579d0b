"""G11, P5.2: an inspection or a disposition that was acknowledged stands, at whatever moment PostgreSQL is killed; none by halves."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from django.db import DatabaseError, IntegrityError, InterfaceError, connection, connections

from assurance.events.models import Event
from assurance.evidence.models import EvidenceEntry
from assurance.fees.models import Operation
from assurance.gates.models import Clearance
from assurance.refusals import WrongState
from assurance.roles import Kind, Role
from deploy.embedded import process
from deploy.embedded.postgres import APP, OWNER, Postgres
from qc.inspections import actions as qc
from qc.inspections.actions import FoundUnit
from qc.inspections.actions.claiming import AlreadyDecided
from qc.inspections.models import InspectedUnit, Inspection
from qc.nonconformance.actions import carrying
from qc.nonconformance.lifecycle import DispositionState
from qc.nonconformance.models import Disposition, DispositionMove
from tests import factories, failures, goods
from tests.factories import NOON
from tests.harness import ready_made
from tests.harness.databases import connect_to, route_to
from tests.harness.host import TEMPLATE, servers_folder
from warehouse.stock.custody import Custody
from warehouse.stock.models import StockMove

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase

ROOT = Path(__file__).resolve().parents[2]
SENDERS = 4
LOTS = 8
"""Failed lots that the decisions are about: those of one lot wait for each other."""
WITHOUT = {"synchronous_commit_off": {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "0"}}


@dataclass(frozen=True)
class Deed:
    """An inspection to submit, or a decision to carry out, and how."""

    what: type[Inspection | Disposition]
    number: int
    do: Callable[[], object] = field(compare=False)


@dataclass
class Book:
    """What was acknowledged, written down outside the database."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[Deed] = field(default_factory=list)
    acknowledged: set[Deed] = field(default_factory=set)
    found_done: int = 0
    broken_off: int = 0
    in_flight: int = 0
    torn: int = 0
    strange: list[str] = field(default_factory=list)


def survive_kills(
    *, database: CommittedDatabase, inspections: int, dispositions: int, kills: int, seed: int, sabotage: str = ""
) -> dict[str, Any]:
    """Submit and carry out from four threads while every process of PostgreSQL is killed; return what stands afterwards.

    The server is one of its own: the session's goes on serving other tests.
    """
    begun, folder, chance = time.monotonic(), servers_folder(), random.Random(seed)
    book = Book()
    server = _server(folder / "postgres", WITHOUT.get(sabotage, {}))
    try:
        server.start()
        connect_to(server.url(APP, TEMPLATE))
        book.waiting = [*_to_submit(inspections), *_to_carry_out(dispositions)]
        chance.shuffle(book.waiting)
        with _sabotaged(sabotage):
            landed = _submit(book, server, kills=kills, chance=chance)
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
        "torn_after_a_kill": book.torn,
        "strange": book.strange[:5],
        "seconds": round(time.monotonic() - begun, 1),
    }


def holds(found: dict[str, Any]) -> bool:
    """Nothing acknowledged is gone, nothing stands by halves or twice, and the kills really landed."""
    return (
        (found["lost"], found["halves"], found["undecided"], found["strange"], found["torn_after_a_kill"]) == (0, {}, 0, [], 0)
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


def _to_submit(count: int) -> list[Deed]:
    """Let so many lots wait, each with its inspection taken."""
    amal, wei, bo, _lead = _people()
    product = goods.enrolled(amal.organisation)
    lots = [goods.lot(amal, wei, product=product, lot=f"L{n}", quantity=20).pk for n in range(count)]
    opened = qc.open_all([qc.Opening(lot, NOON, "replay") for lot in lots], actor=None)
    qc.claim_all([qc.Case(one.pk, NOON) for one in opened], actor=bo)

    def submitting(number: int, size: int) -> Callable[[], object]:
        units = [FoundUnit(n, is_conforming=True) for n in range(1, size + 1)]
        return lambda: qc.record_units(inspection_id=number, units=units, actor=bo, at=NOON)

    return [Deed(Inspection, one.pk, submitting(one.pk, one.sample_size)) for one in opened]


def _to_carry_out(count: int) -> list[Deed]:
    """Let so many decisions wait, a unit each: it goes back to its merchant."""
    amal, wei, bo, lead = _people()
    failed = [failures.failed(amal, wei, bo, quantity=max(50, count), lot=f"F{n}") for n in range(LOTS)]
    asked = [failures.ask(failed[n % LOTS], lead, "return_to_merchant", 1).pk for n in range(count)]

    def carrying_out(number: int) -> Callable[[], object]:
        return lambda: carrying.carry_out(disposition_id=number, quantity=1, actor=bo, at=NOON)

    return [Deed(Disposition, number, carrying_out(number)) for number in asked]


def _people() -> tuple[User, User, User, User]:
    """Return a merchant's owner, and who receives, inspects and leads in a warehouse of their own."""
    goods.catalogue()
    warehouse = factories.organisation(Kind.WAREHOUSE)
    roles = (Role.WAREHOUSE_OPERATOR, Role.QC_INSPECTOR, Role.QC_LEAD)
    wei, bo, lead = (factories.user(role, warehouse) for role in roles)
    return factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT)), wei, bo, lead


@contextlib.contextmanager
def _sabotaged(sabotage: str) -> Iterator[None]:
    """``move_commits_first``: the goods' move is committed a moment before what is written of it."""
    real = carrying.move

    def early(**given: Any) -> StockMove:
        moved = real(**given)
        with connection.cursor() as cursor:
            cursor.execute("COMMIT")
            time.sleep(0.05)
            cursor.execute("BEGIN")
        return moved

    if sabotage == "move_commits_first":
        carrying.move = early  # type: ignore[assignment]
    try:
        yield
    finally:
        carrying.move = real


def _submit(book: Book, server: Postgres, *, kills: int, chance: random.Random) -> int:
    """Let the senders work while the server dies; return how many blows found a submission under way."""
    total, landed = len(book.waiting), 0
    senders = [threading.Thread(target=_send, args=(book,)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    for turn in range(kills):
        while any(sender.is_alive() for sender in senders) and len(book.acknowledged) < total * (turn + 1) // (kills + 2):
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.02))
        landed += book.in_flight > 0
        _strike(server)
        server.start()
        book.torn += _torn()
    for sender in senders:
        sender.join()
    return landed


def _strike(server: Postgres) -> None:
    """Kill the postmaster and every process of it in one blow: it may not tell them, and they may not finish anything."""
    assert server.child is not None
    postmaster = psutil.Process(server.child.pid)
    postmaster.suspend()  # or it would start others meanwhile
    family = postmaster.children(recursive=True)
    for one in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    server.kill()
    psutil.wait_procs(family, timeout=20)


def _torn() -> int:
    """Count goods that were moved for a decision without a word of it, before anybody tries again: one statement sees one moment."""
    connection.close()  # it was cut
    written = DispositionMove.objects.values("move")
    return StockMove.objects.filter(reference__startswith="disposition:").exclude(pk__in=written).count()


def _send(book: Book) -> None:
    """Do one thing after the other, each until it is acknowledged or found to stand."""
    while True:
        with book.lock:
            if not book.waiting:
                break
            deed = book.waiting.pop()
        while not _sent(book, deed):
            connection.close()
            time.sleep(0.01)
    connection.close()


def _sent(book: Book, deed: Deed) -> bool:
    with book.lock:
        book.in_flight += 1
    try:
        deed.do()
        book.acknowledged.add(deed)
    except IntegrityError as error:
        book.strange.append(repr(error))
    except (DatabaseError, InterfaceError):
        book.broken_off += 1
        return False
    except (AlreadyDecided, WrongState):  # it was written, and the answer was lost on its way
        book.found_done += 1
    except Exception as error:  # noqa: BLE001  whatever it is, the experiment reports it
        book.strange.append(repr(error))
    finally:
        with book.lock:
            book.in_flight -= 1
    return True


def _judged(book: Book) -> dict[str, Any]:
    """Count what stands, and what of it lacks a part that belongs to it."""
    stands = {(Inspection, pk) for pk in Inspection.objects.exclude(decided_at=None).values_list("pk", flat=True)}
    stands |= {(Disposition, pk) for pk in Disposition.objects.filter(state=DispositionState.DONE).values_list("pk", flat=True)}
    halves = _halves_of_inspections() | _halves_of_dispositions()
    return {
        "inspections": Inspection.objects.count(),
        "dispositions": Disposition.objects.count(),
        "acknowledged": len(book.acknowledged),
        "lost": sum((deed.what, deed.number) not in stands for deed in book.acknowledged),
        "undecided": Inspection.objects.filter(decided_at=None).count() + Disposition.objects.exclude(state=DispositionState.DONE).count(),
        "halves": {name: count for name, count in halves.items() if count},
    }


def _halves_of_inspections() -> dict[str, int]:
    decided = dict(Inspection.objects.exclude(decided_at=None).values_list("pk", "inspected"))
    units = Counter(InspectedUnit.objects.values_list("inspection_id", flat=True))
    told = Counter(Event.objects.filter(kind="qc.inspection.decided").values_list("subject_id", flat=True))
    metered = Counter(Operation.objects.filter(source_kind="qc.inspection").values_list("source_id", flat=True))
    cleared = Clearance.objects.filter(subject_kind="lot").count()
    entries = EvidenceEntry.objects.filter(kind="inspection_verdict").count()
    return {
        "units": sum(units[pk] != size for pk, size in decided.items()) + sum(pk not in decided for pk in units),
        "events": sum(told[pk] != 1 for pk in decided),
        "metered": sum(metered[pk] != 1 for pk in decided),
        "clearances": abs(cleared - len(decided)),
        "evidence": abs(entries - len(decided)),
    }


def _halves_of_dispositions() -> dict[str, int]:
    done = set(Disposition.objects.filter(state=DispositionState.DONE).values_list("pk", flat=True))
    carried = Counter(DispositionMove.objects.values_list("disposition_id", flat=True))
    moved = Counter(StockMove.objects.filter(target=Custody.RETURNED).values_list("reference", flat=True))
    told = Event.objects.filter(kind="qc.disposition.carried").count()
    entries = EvidenceEntry.objects.filter(kind=carrying.KIND).count()
    return {
        "dispositions": sum(carried[pk] != 1 for pk in done) + sum(pk not in done for pk in carried),
        "moves": sum(moved[f"disposition:{pk}:1"] != 1 for pk in done) + abs(moved.total() - len(done)),
        "disposition_events": abs(told - len(done)),
        "disposition_evidence": abs(entries - len(done)),
    }
