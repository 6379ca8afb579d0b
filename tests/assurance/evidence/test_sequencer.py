from __future__ import annotations

import json
import random
import threading
from datetime import timedelta

import psycopg2
import pytest
from django.db import IntegrityError, connection, connections, transaction

from assurance.events.models import Event
from assurance.evidence import chain, sequencer, signing
from assurance.evidence.models import Checkpoint, EvidenceEntry, LogPlace, LogWaiting
from assurance.evidence.sequencer import LogDamaged, sequence_new_entries
from assurance.evidence.verification import verify
from assurance.management.commands.relay import number_evidence
from tests.assurance.evidence.ledger import BOTTLE, CUP, decide, tell, write_log
from tests.factories import NOON

INSERT_EVENT = """
INSERT INTO assurance_event (kind, at, subject_kind, subject_id, changes, reason, ids)
SELECT 'test.thing.done', '2026-11-20T04:00:00Z', 'test.thing', number, '{}', '', '{}' FROM generate_series(1, %s) number RETURNING id
"""
INSERT_EVIDENCE = """
INSERT INTO assurance_evidenceentry (kind, organisation_id, product_id, lot_id, recorded_at, actor_id, body)
SELECT kind, organisation_id, product_id, lot_id, recorded_at, actor_id, body FROM assurance_evidenceentry WHERE id = %s RETURNING id
"""


def our_keys():
    return [signing.verifier_key(signing.signing_key(), "wuyou.local/log")]


def places() -> list[tuple[int, str, int]]:
    return list(LogPlace.objects.order_by("seq").values_list("seq", "source", "source_id"))


@pytest.mark.django_db
class TestGivingPlaces:
    def test_numbers_evidence_and_events_from_zero_in_the_order_they_came(self):
        first = tell()[0]
        entry = decide(1)
        last = tell()[0]

        assert sequence_new_entries(at=NOON) == 4

        assert places() == [(0, "event", first), (1, "evidence", entry), (2, "event", first + 1), (3, "event", last)]
        assert not LogWaiting.objects.exists()

    def test_does_nothing_when_nothing_is_new(self):
        tell()
        sequence_new_entries(at=NOON)

        assert sequence_new_entries(at=NOON + timedelta(hours=1)) == 0
        assert LogPlace.objects.count() == 1
        assert Checkpoint.objects.count() == 1

    def test_takes_at_most_so_many_at_a_time_and_the_oldest_first(self):
        ids = tell(5)

        assert [sequence_new_entries(at=NOON, most=2) for _ in range(4)] == [2, 2, 1, 0]
        assert places() == [(seq, "event", event) for seq, event in enumerate(ids)]

    def test_chains_every_entry_to_the_one_before(self):
        tell(2)
        sequence_new_entries(at=NOON)
        tell()
        sequence_new_entries(at=NOON)

        hashes = [(bytes(place.prev_hash), bytes(place.hash)) for place in LogPlace.objects.order_by("seq")]

        assert [before for before, _ in hashes] == [chain.NONE, hashes[0][1], hashes[1][1]]

    def test_chains_the_evidence_of_each_product(self):
        entries = [decide(1, product_id=BOTTLE), decide(2, product_id=CUP), decide(3, product_id=BOTTLE), decide(4, product_id=None)]
        sequence_new_entries(at=NOON)
        entries.append(decide(5, product_id=BOTTLE))
        sequence_new_entries(at=NOON)

        found = [LogPlace.objects.get(source="evidence", source_id=entry) for entry in entries]

        assert [(place.product_id, place.product_seq) for place in found] == [(BOTTLE, 0), (CUP, 0), (BOTTLE, 1), (None, None), (BOTTLE, 2)]
        assert bytes(found[2].product_prev_hash) == bytes(found[0].product_hash)
        assert bytes(found[4].product_prev_hash) == bytes(found[2].product_hash)
        assert bytes(found[1].product_prev_hash) == chain.NONE

    def test_hashes_the_documented_bytes(self):
        """Computed here from the table alone, with nothing but ``json``."""
        decide(1, product_id=BOTTLE)
        sequence_new_entries(at=NOON)
        log = chain.log_id("wuyou.local/log")
        entry, event = EvidenceEntry.objects.get(), Event.objects.get()
        evidence_place, event_place = LogPlace.objects.order_by("seq")
        link = chain.link_hash(log, BOTTLE, 0, chain.NONE, entry.kind, chain.digest_of(bytes(entry.body)))
        row = {
            "id": event.pk,
            "kind": "evidence.entry.recorded",
            "at": "2026-11-20T04:00:00",
            "actor_id": None,
            "organisation_id": 7,
            "subject_kind": "assurance.evidenceentry",
            "subject_id": entry.pk,
            "changes": by_length({"kind": [None, "inspection_decided"], "lot": [None, 1], "product": [None, BOTTLE]}),
            "reason": "",
            "ids": by_length({"evidence_entry_id": entry.pk, "product_id": BOTTLE, "lot_id": 1}),
        }

        assert bytes(entry.body) == (
            b'{"actor_id":null,"kind":"inspection_decided","lot_id":1,"organisation_id":7,"product_id":501,'
            b'"recorded_at":"2026-11-20T04:00:00.000000Z","says":{"defective":1,"lot_number":"L1"}}'
        )
        assert bytes(evidence_place.hash) == chain.entry_hash(log, 0, chain.NONE, link, chain.digest_of(bytes(entry.body)))
        text = json.dumps(row, ensure_ascii=False)
        assert bytes(event_place.hash) == chain.entry_hash(log, 1, bytes(evidence_place.hash), chain.NONE, chain.digest_of(text.encode()))

    def test_never_gives_one_row_two_places(self):
        event = tell()[0]
        sequence_new_entries(at=NOON)
        LogWaiting.objects.create(source="event", source_id=event)

        assert sequence_new_entries(at=NOON) == 0
        assert not LogWaiting.objects.exists()
        with pytest.raises(IntegrityError, match="log_place_once"), transaction.atomic():
            LogPlace.objects.create(seq=1, source="event", source_id=event, prev_hash=bytes(32), hash=bytes(32))

    def test_leaves_out_what_vanished_while_it_waited_and_goes_on(self, caplog):
        event = tell()[0]
        LogWaiting.objects.create(source="event", source_id=event + 1000)

        assert sequence_new_entries(at=NOON) == 1
        assert places() == [(0, "event", event)]
        assert f"event {event + 1000} was waiting for its place in the log and is gone" in caplog.text

    def test_starts_again_from_what_is_stored_at_any_size(self):
        for count in (1, 254, 1, 1, 300, 43):
            tell(count)
            assert sequence_new_entries(at=NOON) == count

        assert verify(keys=our_keys()).entries == 600


def by_length(row: dict) -> dict:
    return dict(sorted(row.items(), key=lambda item: (len(item[0].encode()), item[0].encode())))


@pytest.mark.django_db
class TestACheckpoint:
    def test_is_signed_at_the_first_entry(self):
        tell()

        sequence_new_entries(at=NOON)

        made = Checkpoint.objects.get()
        head = signing.open_note(made.note, our_keys())
        assert (made.number, made.size, made.at) == (1, 1, NOON)
        assert (head.origin, head.size, head.root, head.at) == ("wuyou.local/log", 1, bytes(made.root), NOON)
        assert bytes(made.root) == bytes(LogPlace.objects.get().hash)

    def test_follows_after_a_thousand_entries(self):
        tell()
        sequence_new_entries(at=NOON)
        tell(999)
        sequence_new_entries(at=NOON)
        assert Checkpoint.objects.count() == 1

        tell()
        sequence_new_entries(at=NOON)

        assert list(Checkpoint.objects.order_by("number").values_list("number", "size")) == [(1, 1), (2, 1001)]

    def test_follows_after_five_minutes_if_anything_is_new(self):
        tell()
        sequence_new_entries(at=NOON)
        tell()
        sequence_new_entries(at=NOON + timedelta(minutes=5, microseconds=-1))
        assert Checkpoint.objects.count() == 1

        assert sequence_new_entries(at=NOON + timedelta(minutes=5)) == 0
        assert list(Checkpoint.objects.order_by("number").values_list("number", "size")) == [(1, 1), (2, 2)]

    def test_is_overdue_without_a_key_but_the_log_grows(self, tmp_path, settings, caplog):
        settings.SIGNING_KEY_FILE, settings.PRODUCTION = tmp_path / "none.key", True
        tell()

        assert sequence_new_entries(at=NOON) == 1
        assert Checkpoint.objects.count() == 0
        assert "no checkpoint can be signed" in caplog.text

        settings.PRODUCTION = False
        sequence_new_entries(at=NOON)
        assert Checkpoint.objects.get().size == 1


@pytest.mark.django_db
class TestADamagedLog:
    def test_of_another_name_is_not_continued(self, settings):
        write_log(1)
        settings.CHECKPOINT_ORIGIN = "elsewhere.example/log"
        tell()

        with pytest.raises(LogDamaged, match=r"holds the log 'wuyou\.local/log'"):
            sequence_new_entries(at=NOON)
        assert LogWaiting.objects.count() == 1

    def test_is_told_of_but_holds_up_no_job(self, settings, caplog):
        write_log(1)
        settings.CHECKPOINT_ORIGIN = "elsewhere.example/log"
        tell()

        number_evidence(aloud=True)
        number_evidence(aloud=False)

        assert caplog.text.count("the evidence log is not continued: this database holds the log 'wuyou.local/log'") == 1


class TestALogThatWasCut:
    def test_is_not_continued(self, committed_db):
        write_log(3)
        as_superuser(committed_db, "assurance_logplace", "DELETE FROM assurance_logplace WHERE seq > 5")
        tell()

        with pytest.raises(LogDamaged, match="checkpoint 3 covers 9 entries, but the log has 6"):
            sequence_new_entries(at=NOON)
        assert LogWaiting.objects.count() == 1

    def test_in_the_middle_is_not_continued(self, committed_db):
        write_log(3)
        as_superuser(committed_db, "assurance_logplace", "DELETE FROM assurance_logplace WHERE seq = 4")
        tell()

        with pytest.raises(LogDamaged, match="missing"):
            sequence_new_entries(at=NOON)

    def test_and_rewritten_at_its_end_is_not_continued(self, committed_db):
        write_log(3)
        as_superuser(committed_db, "assurance_logplace", "UPDATE assurance_logplace SET hash = prev_hash WHERE seq = 8")
        tell()

        with pytest.raises(LogDamaged, match="checkpoint 3 no longer matches the log"):
            sequence_new_entries(at=NOON)


def as_superuser(database, table: str, statement: str) -> None:
    session = psycopg2.connect(database.superuser_url)
    with session, session.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(statement)
    session.close()


class TestWritersAndSequencersAtOnce:
    def test_an_id_drawn_early_and_committed_late_is_not_skipped(self, committed_db):
        slow = psycopg2.connect(committed_db.url)
        with slow.cursor() as cursor:
            cursor.execute(INSERT_EVENT, [1])
            early = cursor.fetchone()[0]
            late = tell()[0]
            assert late > early

            assert sequence_new_entries(at=NOON) == 1
            slow.commit()
            assert sequence_new_entries(at=NOON) == 1

        assert places() == [(0, "event", late), (1, "event", early)]
        slow.close()

    def test_a_writer_that_rolls_back_leaves_no_gap(self, committed_db):
        slow = psycopg2.connect(committed_db.url)
        with slow.cursor() as cursor:
            cursor.execute(INSERT_EVENT, [3])
        event = tell()[0]
        slow.rollback()
        slow.close()

        assert sequence_new_entries(at=NOON) == 1
        assert places() == [(0, "event", event)]

    def test_a_long_running_writer_holds_nobody_up(self, committed_db):
        slow = psycopg2.connect(committed_db.url)
        with slow.cursor() as cursor:
            cursor.execute(INSERT_EVENT, [1])
            for _ in range(3):
                tell()
                assert sequence_new_entries(at=NOON) == 1
        slow.rollback()
        slow.close()

    @pytest.mark.row("A22.1")
    def test_everything_gets_exactly_one_place_whatever_the_order_of_commits(self, committed_db):
        """Eight writers each hold several transactions open and end them in any order, while two sequencers run."""
        example, stop, faults = decide(1), threading.Event(), []
        written: list[tuple[str, int]] = [("evidence", example), ("event", Event.objects.get().pk)]

        def write(seed: int) -> None:
            written.extend(write_in_disorder(committed_db.url, seed, example))

        def sequence() -> None:
            try:
                while not stop.wait(0.003):  # breathe: the writers need the processor too
                    sequence_new_entries(at=NOON, most=7)
            except Exception as fault:
                faults.append(fault)
                raise
            finally:
                connections.close_all()

        sequencers = [threading.Thread(target=sequence) for _ in range(2)]
        writers = [threading.Thread(target=write, args=(seed,)) for seed in range(8)]
        for thread in (*sequencers, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        stop.set()
        for thread in sequencers:
            thread.join()
        while sequence_new_entries(at=NOON):
            pass

        given = places()
        assert faults == []
        assert [seq for seq, _, _ in given] == list(range(len(written)))
        assert sorted((source, source_id) for _, source, source_id in given) == sorted(written)
        assert late_comers(given)  # else nothing was proven: ids and commits came in the same order
        assert verify(keys=our_keys()).entries == len(written)


def write_in_disorder(url: str, seed: int, example: int) -> list[tuple[str, int]]:
    """Insert through four open transactions, ending a random one each time; return what was committed."""
    dice, committed = random.Random(seed), []
    sessions = [psycopg2.connect(url) for _ in range(4)]
    pending: list[list[tuple[str, int]]] = [[] for _ in sessions]

    def finish(number: int) -> None:
        if dice.random() < 0.2:
            sessions[number].rollback()
        else:
            sessions[number].commit()
            committed.extend(pending[number])
        pending[number] = []

    for _ in range(60):
        number = dice.randrange(4)
        with sessions[number].cursor() as cursor:
            if dice.random() < 0.5:
                cursor.execute(INSERT_EVENT, [dice.randint(1, 3)])
                pending[number] += [("event", row[0]) for row in cursor.fetchall()]
            else:
                cursor.execute(INSERT_EVIDENCE, [example])
                pending[number] += [("evidence", row[0]) for row in cursor.fetchall()]
        if dice.random() < 0.5:
            finish(dice.randrange(4))
    for number, session in enumerate(sessions):
        finish(number)
        session.close()
    return committed


def late_comers(given: list[tuple[int, str, int]]) -> int:
    """Count the rows that got their place after a row of the same table with a higher id."""
    highest, late = {"event": 0, "evidence": 0}, 0
    for _, source, source_id in given:
        late += source_id < highest[source]
        highest[source] = max(highest[source], source_id)
    return late


@pytest.mark.django_db
class TestTheQueue:
    def test_gets_one_line_for_every_new_row_of_a_set(self):
        ids = tell(3)

        assert list(LogWaiting.objects.order_by("id").values_list("source", "source_id")) == [("event", event) for event in ids]

    def test_forgets_what_is_rolled_back(self):
        with transaction.atomic():
            tell()
            transaction.set_rollback(True)

        assert LogWaiting.objects.count() == 0

    def test_cannot_be_led_astray_by_a_temporary_table(self):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE assurance_logwaiting (source text, source_id bigint)")
            tell()
            cursor.execute("SELECT count(*) FROM public.assurance_logwaiting")
            assert cursor.fetchone() == (1,)
            cursor.execute("DROP TABLE pg_temp.assurance_logwaiting")

    def test_lock_is_its_own(self):
        from assurance.events.relay import RELAY_LOCK

        assert sequencer.SEQUENCER_LOCK != RELAY_LOCK
