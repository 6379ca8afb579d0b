"""G15: any change to what was recorded is found. A superuser with every trigger off bends rows, files and checkpoints in twelve ways."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from assurance.evidence import chain, rereading, signing, tree, verification
from assurance.evidence.checkpoint import Head
from assurance.evidence.handover import hand_over
from assurance.evidence.models import Checkpoint, EvidenceEntry, LogPlace
from assurance.evidence.rereading import NotAsWritten
from assurance.evidence.sequencer import sequence_new_entries
from assurance.evidence.sources import EVENT_TEXT, read_body
from assurance.files import vault
from assurance.files.models import StoredFile
from assurance.roles import Kind, Role
from deploy.embedded.postgres import wheel
from tests import checks, factories, offers
from tests.assurance.evidence.ledger import CUP, decide, tell
from tests.factories import NOON
from tests.harness import databases

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase

TABLES: Final = (
    *("assurance_event", "assurance_evidenceentry", "assurance_logplace", "assurance_lognode", "assurance_checkpoint"),
    *("assurance_logwaiting", "assurance_storedfile", "assurance_badge", "qc_inspection"),
)
SPELLINGS: Final = (
    "timezone = 'Asia/Kathmandu'",
    "timezone = 'America/St_Johns'",
    "datestyle = 'German'",
    "datestyle = 'SQL, DMY'",
    "extra_float_digits = -5",
    "bytea_output = 'escape'",
    "intervalstyle = 'sql_standard'",
)
LOCALES: Final = ("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST'", "LOCALE_PROVIDER libc LOCALE 'C'")


class World:
    """A log of a few hundred entries, signed every few, and where things lie in it."""

    def __init__(self, chance: random.Random, turns: int) -> None:
        self.chance = chance
        team = offers.floor()
        for _ in range(4):
            owner = factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT))
            offers.offered(owner, team=team)
            for _ in range(3):
                checks.picture(owner)
        for turn in range(turns):
            decide(turn, product_id=(501, CUP, None)[turn % 3], at=NOON)
            tell(1 + turn % 3)
            sequence_new_entries(at=NOON + timedelta(minutes=5 * turn))
        sequence_new_entries(at=NOON + timedelta(days=9))
        hand_over()
        self.size = LogPlace.objects.count()
        self.places = {place.seq: place for place in LogPlace.objects.all()}
        self.evidence = [seq for seq, place in self.places.items() if place.source == "evidence"]

    def any_of(self, seqs: list[int] | range) -> int:
        return self.chance.choice(list(seqs))


def sql(statement: str, *given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)
        assert cursor.rowcount, f"nothing was tampered with: {statement}"


def table_of(place: LogPlace) -> str:
    return rereading.TABLES[place.source]


# --- the twelve. Each returns what the finding must name ----------------------------------------------------------
def one_byte_of_a_body(world: World) -> str:
    seq = world.any_of(world.evidence)
    place = world.places[seq]
    length = len(bytes(EvidenceEntry.objects.get(pk=place.source_id).body))
    at, bit = world.chance.randrange(length), 1 << world.chance.randrange(8)
    sql("UPDATE assurance_evidenceentry SET body = set_byte(body, %s, get_byte(body, %s) # %s) WHERE id = %s", at, at, bit, place.source_id)
    return f"entry {seq} "


def a_verdict_in_its_table(world: World) -> str:
    changes = (
        ("qc_inspection", "state = 'rejected'"),
        ("qc_inspection", "nonconforming = nonconforming + 1"),
        ("qc_inspection", "inspected = inspected + 1"),
        ("assurance_badge", "lot_number = 'L0'"),
        ("assurance_badge", "revoked_at = issued_at, revoked_reason = 'x'"),
    )
    table, change = world.chance.choice(changes)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        number = world.chance.choice([row[0] for row in cursor.fetchall()])
    sql(f"UPDATE {table} SET {change} WHERE id = %s", number)
    return f"{table} {number} "


def a_row_in_the_middle_is_gone(world: World) -> str:
    seq = world.any_of(range(world.size - 1))
    if world.chance.random() < 0.5:
        sql(f"DELETE FROM {table_of(world.places[seq])} WHERE id = %s", world.places[seq].source_id)
    else:
        sql("DELETE FROM assurance_logplace WHERE seq = %s", seq)
    return f"entry {seq} "


def the_last_rows_are_gone(world: World) -> str:
    start = world.size - world.chance.randint(1, world.size // 2)
    for source, table in rereading.TABLES.items():
        gone = [place.source_id for place in world.places.values() if place.seq >= start and place.source == source]
        if gone:
            sql(f"DELETE FROM {table} WHERE id = ANY(%s)", gone)
    sql("DELETE FROM assurance_logplace WHERE seq >= %s", start)
    sql("DELETE FROM assurance_checkpoint WHERE size > %s", start)
    forget_nodes(start)
    return f"entry {start} and what followed are gone"


def two_rows_are_swapped(world: World) -> str:
    first, second = sorted(world.chance.sample(world.evidence, 2))
    one, other = (world.places[seq] for seq in (first, second))
    sql("UPDATE assurance_logplace SET source_id = -1 WHERE seq = %s", first)
    sql("UPDATE assurance_logplace SET source_id = %s WHERE seq = %s", one.source_id, second)
    sql("UPDATE assurance_logplace SET source_id = %s WHERE seq = %s", other.source_id, first)
    return f"entry {first} "


def a_back_dated_row_is_put_in(world: World) -> str:
    sql(
        "INSERT INTO assurance_event (id, kind, at, subject_kind, subject_id, changes, reason, ids) "
        "SELECT 999999, kind, at - interval '3 days', subject_kind, subject_id, changes, reason, ids FROM assurance_event LIMIT 1"
    )
    if world.chance.random() < 0.3:
        return "event 999999 "
    seq = world.any_of(range(1, world.size))
    sql("UPDATE assurance_logplace SET seq = seq + 100000 WHERE seq >= %s", seq)
    sql("UPDATE assurance_logplace SET seq = seq - 99999 WHERE seq >= 100000")
    sql(
        "INSERT INTO assurance_logplace (seq, source, source_id, prev_hash, hash) "
        "SELECT %s, 'event', 999999, hash, sha256(hash) FROM assurance_logplace WHERE seq = %s",
        seq,
        seq - 1,
    )
    return f"entry {seq} "


def everything_from_a_row_on_is_rewritten(world: World) -> str:
    """With every hash right, and without the checkpoints that would contradict: only the witness knows better."""
    seq = world.any_of([seq for seq, place in world.places.items() if place.source == "event"])
    sql("UPDATE assurance_event SET reason = reason || '。' WHERE id = %s", world.places[seq].source_id)
    rehash(world, seq)
    sql("DELETE FROM assurance_checkpoint WHERE size > %s", seq)
    return "does not hold: the log was rewritten"


def a_file_on_the_disk_is_another(world: World) -> str:
    stored = world.chance.choice(list(StoredFile.objects.all()))
    path = vault.place(world.chance.choice([stored.sha256, stored.served_sha256]))
    data = bytearray(path.read_bytes())
    data[world.chance.randrange(len(data))] ^= 1 << world.chance.randrange(8)
    path.write_bytes(data)
    return f"file {stored.pk} "


def two_files_are_swapped(world: World) -> str:
    one, other = world.chance.sample(sorted(StoredFile.objects.all(), key=lambda stored: stored.pk), 2)
    if world.chance.random() < 0.5:
        here, there = vault.place(one.sha256), vault.place(other.sha256)
        first, second = here.read_bytes(), there.read_bytes()
        here.write_bytes(second)
        there.write_bytes(first)
    else:  # the rows instead of the bytes
        for pk, digest in ((one.pk, "0" * 64), (other.pk, one.sha256), (one.pk, other.sha256)):
            sql("UPDATE assurance_storedfile SET sha256 = %s WHERE id = %s", digest, pk)
    return f"file {min(one.pk, other.pk)} "


def a_stored_checkpoint_is_changed(world: World) -> str:
    number = world.chance.choice(list(Checkpoint.objects.values_list("number", flat=True)))
    changes = (
        "root = sha256(root)",
        "at = at + interval '1 second'",
        "size = size + 1000000",
        "note = overlay(note placing CASE substr(note, 40, 1) WHEN 'x' THEN 'y' ELSE 'x' END from 40 for 1)",
        r"note = regexp_replace(note, '\n(\d+)\n', E'\n1\\1\n')",
        "note = left(note, -3)",
    )
    before = Checkpoint.objects.filter(number=number).values().get()
    sql(f"UPDATE assurance_checkpoint SET {world.chance.choice(changes)} WHERE number = %s", number)
    assert Checkpoint.objects.filter(number=number).values().get() != before
    return f"checkpoint {number} "


def checkpoints_are_signed_by_another_key(world: World) -> str:
    thief = Ed25519PrivateKey.generate()
    first = world.chance.choice(list(Checkpoint.objects.values_list("number", flat=True)))
    for one in Checkpoint.objects.filter(number__gte=first):
        note = signing.sign(Head(settings.CHECKPOINT_ORIGIN, one.size, bytes(one.root), one.at), thief)
        sql("UPDATE assurance_checkpoint SET note = %s WHERE number = %s", note, one.number)
    return f"checkpoint {first} "


def a_record_is_moved_to_another_tenant(world: World) -> str:
    seq = world.any_of(world.evidence)
    place = world.places[seq]
    entry = EvidenceEntry.objects.get(pk=place.source_id)
    how = world.chance.randrange(3)
    sql("UPDATE assurance_evidenceentry SET organisation_id = organisation_id + 1 WHERE id = %s", entry.pk)
    if how == 0:
        return f"entry {seq} "
    whose = f'"organisation_id":{entry.organisation_id}'.encode()
    body = bytes(entry.body).replace(whose, f'"organisation_id":{entry.organisation_id + 1}'.encode())
    assert read_body(body)["organisation_id"] == entry.organisation_id + 1
    sql("UPDATE assurance_evidenceentry SET body = %s WHERE id = %s", body, entry.pk)
    if how == 1:
        return f"entry {seq} "
    rehash(world, seq)
    return "does not hold: the log was rewritten"


TAMPERS: Final[tuple[Callable[[World], str], ...]] = (
    one_byte_of_a_body,
    a_verdict_in_its_table,
    a_row_in_the_middle_is_gone,
    the_last_rows_are_gone,
    two_rows_are_swapped,
    a_back_dated_row_is_put_in,
    everything_from_a_row_on_is_rewritten,
    a_file_on_the_disk_is_another,
    two_files_are_swapped,
    a_stored_checkpoint_is_changed,
    checkpoints_are_signed_by_another_key,
    a_record_is_moved_to_another_tenant,
)


def rehash(world: World, start: int) -> None:
    """Compute every hash from an entry on anew, as somebody would who knows how we do it; the products' chains too."""
    log, last = chain.log_id(settings.CHECKPOINT_ORIGIN), bytes(world.places[start].prev_hash)
    ends = {place.product_id: bytes(place.product_hash or b"") for place in world.places.values() if place.seq < start}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.seq, coalesce(e.body, convert_to({EVENT_TEXT}, 'UTF8')), e.kind FROM assurance_logplace p"
            " LEFT JOIN assurance_evidenceentry e ON p.source = 'evidence' AND e.id = p.source_id"
            " LEFT JOIN assurance_event v ON p.source = 'event' AND v.id = p.source_id WHERE p.seq >= %s ORDER BY p.seq",
            [start],
        )
        for seq, body, kind in cursor.fetchall():
            place, digest, link, before = world.places[seq], chain.digest_of(bytes(body)), chain.NONE, None
            if place.product_id is not None:
                before = ends.get(place.product_id, chain.NONE)
                link = ends[place.product_id] = chain.link_hash(log, place.product_id, place.product_seq or 0, before, kind, digest)
            found = chain.entry_hash(log, seq, last, link, digest)
            cursor.execute(
                "UPDATE assurance_logplace SET prev_hash = %s, hash = %s, product_prev_hash = %s, product_hash = %s WHERE seq = %s",
                [last, found, before, link if before is not None else None, seq],
            )
            last = found
    forget_nodes(0)
    grown = tree.CompactRange()
    for place in LogPlace.objects.order_by("seq"):
        for level, index, node in grown.append(bytes(place.hash)):
            sql("INSERT INTO assurance_lognode (level, index, hash) VALUES (%s, %s, %s)", level, index, node)


def forget_nodes(size: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assurance_lognode WHERE (index + 1) << level > %s", [size])


# --- the experiment -----------------------------------------------------------------------------------------------
def run(
    *, database: CommittedDatabase, folder: Path, places: int, clean: int, seed: int, turns: int = 60, sabotage: str = ""
) -> dict[str, Any]:
    """Bend the log in every way at so many places, and look at it unbent so many times; return what was found."""
    with override_settings(WITNESS_DIR=folder / "witness", MEDIA_ROOT=str(folder / "media")):
        world = World(random.Random(seed), turns)
        alarms = look_unbent(database, clean, folder)
        databases.connect_to(database.superuser_url)
        for table in TABLES:
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        found = {tamper.__name__: Counter[str]() for tamper in TAMPERS}
        missed: list[str] = []
        with weakened(sabotage):
            for tamper in TAMPERS:
                for _ in range(places):
                    wanted, said = bent(tamper, world)
                    outcome = "missed" if not said else "named" if wanted in said else "found, but another place named"
                    found[tamper.__name__][outcome] += 1
                    if outcome != "named":
                        missed.append(f"{tamper.__name__}: wanted {wanted!r}, heard {said!r}"[:300])
        databases.connect_to(database.url)
    return {
        "entries": world.size,
        "places": places,
        "tampers": {name: dict(counted) for name, counted in found.items()},
        "clean": alarms,
        "missed": missed[:20],
    }


def holds(found: dict[str, Any]) -> bool:
    return all(seen == {"named": found["places"]} for seen in found["tampers"].values()) and not found["clean"]["alarms"]


def bent(tamper: Callable[[World], str], world: World) -> tuple[str, str]:
    """Bend in a transaction that is taken back afterwards, files too; return what must be named and what was said."""
    kept = {path: path.read_bytes() for path in Path(settings.MEDIA_ROOT).glob("??/*")}
    try:
        with transaction.atomic():
            wanted = tamper(world)
            said = complaint()
            transaction.set_rollback(True)
    finally:
        for path, data in kept.items():
            if path.read_bytes() != data:
                path.write_bytes(data)
    return wanted, said


def complaint() -> str:
    """Return what the verifier says, nothing if it is content."""
    keys = [signing.verifier_key(signing.read_key(Path(settings.SIGNING_KEY_FILE)), settings.CHECKPOINT_ORIGIN)]
    try:
        verification.verify(keys=keys, folder=Path(settings.WITNESS_DIR))
    except NotAsWritten as flaw:
        return str(flaw)
    return ""


def look_unbent(database: CommittedDatabase, times: int, folder: Path) -> dict[str, Any]:
    """Verify the untouched log on new connections that spell dates and bytes differently, and after dumps were restored elsewhere."""
    alarms, looks = [], Counter[str]()
    restored = times // 20
    for number in range(times - restored):
        setting = SPELLINGS[number % len(SPELLINGS)]
        databases._run(f'ALTER DATABASE "{database.name}" RESET ALL')
        databases._run(f'ALTER DATABASE "{database.name}" SET {setting}')
        connection.close()
        alarms += [said for said in [complaint()] if said]
        looks[f"new connection, {setting.partition(' ')[0]}"] += 1
    for number in range(restored):
        locale = LOCALES[number % len(LOCALES)]
        with restored_elsewhere(database, locale, folder / "dump"):
            alarms += [said for said in [complaint()] if said]
        looks[f"dump restored, {locale}"] += 1
    databases._run(f'ALTER DATABASE "{database.name}" RESET ALL')
    connection.close()
    return {"runs": sum(looks.values()), "alarms": alarms, "looks": dict(looks)}


@contextmanager
def restored_elsewhere(database: CommittedDatabase, locale: str, file: Path) -> Iterator[None]:
    """Dump the database and restore it into a new one with another locale; route there for a while."""
    name, programs, env = f"{database.name}_restored", wheel() / "bin", {"LC_ALL": "C.UTF-8"}
    subprocess.run([programs / "pg_dump", "-Fc", "-f", file, "-d", database.superuser_url], env=env, check=True)
    databases._run(f"CREATE DATABASE \"{name}\" TEMPLATE template0 OWNER wuyou_owner ENCODING 'UTF8' {locale}")
    try:
        into = database.superuser_url.replace(database.name, name)
        subprocess.run([programs / "pg_restore", "--exit-on-error", "-d", into, file], env=env, check=True)
        databases.route_to(name)
        yield
    finally:
        databases.route_to(database.name)
        databases.drop_clone(name)


@contextmanager
def weakened(sabotage: str) -> Iterator[None]:
    """Bring back what a verifier must not do: believe stored hashes, ask no witness, or look at the log alone."""
    if not sabotage:
        yield
        return
    patches = {
        "believes_hashes": mock.patch.object(rereading.Reader, "read", believing),
        "asks_no_witness": mock.patch.object(verification, "_witnessed", return_value=[]),
        "looks_at_the_log_only": mock.patch.multiple(verification, compare_tables=int, compare_files=int),
    }
    with patches[sabotage]:
        yield


def believing(self: rereading.Reader, row: Any) -> None:
    """Follow the chain of stored hashes without computing one."""
    if row[0] != self.tree.size or bytes(row[3]) != self.last:
        raise NotAsWritten(f"entry {self.tree.size} does not follow")
    self.last = bytes(row[4])
    self.by_source[row[1]] += 1
    for node in self.tree.append(self.last):
        self._compare_node(*node)
    if self.tree.size in self.heads:
        self._compare_heads()
