"""Every way in which a superuser, all triggers off, can bend the log; each is found and its place named."""

from __future__ import annotations

import subprocess
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from assurance.evidence import chain, signing, tree
from assurance.evidence.checkpoint import Head
from assurance.evidence.comparing import PROJECTIONS
from assurance.evidence.models import Checkpoint, LogPlace
from assurance.evidence.sequencer import sequence_new_entries
from assurance.evidence.sources import EVENT_TEXT
from assurance.evidence.verification import NotAsWritten, Verified, verify
from deploy.embedded.postgres import wheel
from tests.assurance.evidence.ledger import BOTTLE, CUP, ORIGIN, Tamper, cut, decide, our_keys, place, tell
from tests.factories import NOON
from tests.harness import databases

pytestmark = pytest.mark.row("A22.1")


def verified(*saved: str) -> Verified:
    return verify(keys=our_keys(), saved=saved)


def found(*saved: str) -> str:
    """Return what the verifier names."""
    with pytest.raises(NotAsWritten) as refusal:
        verified(*saved)
    return str(refusal.value)


class TestAnUntouchedLog:
    def test_verifies(self, tamper):
        result = verified()

        assert (result.entries, result.by_source, result.products) == (30, {"evidence": 10, "event": 20}, 2)
        assert (result.checkpoints, result.checkpointed, result.waiting) == (10, 30, 0)
        assert result.root == bytes(Checkpoint.objects.get(number=10).root)

    def test_verifies_against_every_checkpoint_that_was_saved(self, tamper):
        assert verified(*Checkpoint.objects.values_list("note", flat=True)).checkpoints == 20

    def test_verifies_while_new_entries_wait_for_their_place(self, tamper):
        decide(11)

        assert (verified().entries, verified().waiting) == (30, 2)

    def test_verifies_before_anything_is_written(self, committed_db):
        assert verified() == Verified(tables=len(PROJECTIONS))

    def test_verifies_on_a_server_with_another_time_zone_and_spelling_of_dates(self, tamper, committed_db):
        for setting in ("timezone = 'Asia/Kathmandu'", "datestyle = 'German'", "extra_float_digits = -5", "bytea_output = 'escape'"):
            tamper(f'ALTER DATABASE "{committed_db.name}" SET {setting}')
        connection.close()

        assert verified().entries == 30

    def test_is_read_the_same_however_the_session_spells_dates_and_numbers(self, tamper):
        usual = body_of(place(14))
        with connection.cursor() as cursor:
            for setting in ("datestyle = 'German'", "intervalstyle = 'sql_standard'", "extra_float_digits = -5", "bytea_output = 'escape'"):
                cursor.execute(f"SET {setting}")

        assert body_of(place(14)) == usual

    def test_verifies_after_a_dump_was_restored_and_can_be_continued_there(self, tamper, committed_db, tmp_path):
        file, restored = tmp_path / "dump", f"{committed_db.name}_restored"
        decide(11)  # waits for its place; the queue is in the dump too
        programs, env = wheel() / "bin", {"LC_ALL": "C.UTF-8"}
        subprocess.run([programs / "pg_dump", "-Fc", "-f", file, "-d", committed_db.superuser_url], env=env, check=True)
        databases._run(f'CREATE DATABASE "{restored}" TEMPLATE template0 OWNER wuyou_owner')
        try:
            into = committed_db.superuser_url.replace(committed_db.name, restored)
            subprocess.run([programs / "pg_restore", "--exit-on-error", "-d", into, file], env=env, check=True)
            databases.route_to(restored)

            assert (verified().entries, verified().waiting) == (30, 2)
            assert sequence_new_entries(at=NOON + timedelta(hours=1)) == 2
            tell()
            assert sequence_new_entries(at=NOON + timedelta(hours=2)) == 1
            assert verified().entries == 33
        finally:
            databases.route_to(committed_db.name)
            databases.drop_clone(restored)

    def test_verifies_for_whoever_has_only_the_public_key(self, tamper, settings, tmp_path):
        keys = our_keys()
        settings.SIGNING_KEY_FILE = tmp_path / "none"

        assert verify(keys=keys).entries == 30


EVENT_CHANGES = (
    "kind = 'accounts.organisation.closed'",
    "at = at + interval '1 microsecond'",
    "actor_id = 99",
    "organisation_id = 8",
    "organisation_id = NULL",
    "subject_kind = 'assurance.user'",
    "subject_id = 99",
    """changes = '{"name": ["禾", "禾见 "]}'""",
    """changes = '{"name": ["禾", "禾见"], "code": [null, null]}'""",
    "reason = '改名 '",
    """ids = '{"x": 1}'""",
    "id = id + 1000000",
)
ENTRY_CHANGES = ("kind = 'x'", "organisation_id = 8", "lot_id = NULL", "actor_id = 5", "recorded_at = recorded_at - interval '1 day'")


class TestAChangedEntry:
    def test_with_one_other_byte_in_its_body_is_named(self, tamper):
        for seq in (27, 12, 0):  # backwards, so that each is the first in its turn
            entry = place(seq).source_id
            tamper(f"UPDATE assurance_evidenceentry SET body = set_byte(body, 40, get_byte(body, 40) # 1) WHERE id = {entry}")

            assert found() == f"entry {seq} (evidence {entry}, inspection_decided) does not say what it said: its hash is another"

    def test_of_the_audit_trail_is_named_whichever_column_was_changed(self, tamper):
        for seq, change in zip((29, 28, 26, 25, 23, 22, 20, 19, 17, 16, 14, 13), EVENT_CHANGES, strict=True):
            event = place(seq).source_id
            tamper(f"UPDATE assurance_event SET {change} WHERE id = {event}")

            assert found().startswith(f"entry {seq} (event {event}) ")

    def test_whose_columns_tell_another_story_than_its_body_is_named(self, tamper):
        """Also how an entry would be moved to another tenant."""
        for seq, change in zip((27, 24, 21, 18, 15), ENTRY_CHANGES, strict=True):
            entry = place(seq).source_id
            tamper(f"UPDATE assurance_evidenceentry SET {change} WHERE id = {entry}")

            assert found().startswith(f"entry {seq} (evidence {entry}, ")
            assert found().endswith(" has columns that contradict its body")

    def test_moved_to_another_product_is_named(self, tamper):
        entry = place(12).source_id
        tamper(f"UPDATE assurance_evidenceentry SET product_id = {CUP} WHERE id = {entry}")
        assert found() == f"entry 12 (evidence {entry}, inspection_decided) has columns that contradict its body"

        tamper(
            f"UPDATE assurance_evidenceentry SET product_id = {BOTTLE} WHERE id = {entry}",
            f"UPDATE assurance_logplace SET product_id = {CUP}, product_seq = 77 WHERE seq = 12",
        )
        assert (
            found()
            == f"entry 12 (evidence {entry}, inspection_decided) stands in the chain of product {CUP}, but is about product {BOTTLE}"
        )

    def test_swapped_with_another_is_named(self, tamper):
        first, second = place(3).source_id, place(9).source_id
        tamper(
            "CREATE TABLE kept AS SELECT * FROM assurance_evidenceentry",
            *(
                f"UPDATE assurance_evidenceentry e SET body = k.body, lot_id = k.lot_id, recorded_at = k.recorded_at FROM kept k "
                f"WHERE e.id = {one} AND k.id = {other}"
                for one, other in ((first, second), (second, first))
            ),
        )

        assert found() == f"entry 3 (evidence {first}, inspection_decided) does not say what it said: its hash is another"

    def test_whose_place_was_swapped_with_anothers_is_named(self, tamper):
        first, second = place(5).source_id, place(8).source_id
        tamper(
            "UPDATE assurance_logplace SET source_id = -1 WHERE seq = 5",
            f"UPDATE assurance_logplace SET source_id = {first} WHERE seq = 8",
            f"UPDATE assurance_logplace SET source_id = {second} WHERE seq = 5",
        )

        assert found() == f"entry 5 (event {second}) does not say what it said: its hash is another"


class TestAMissingEntry:
    def test_is_named(self, tamper):
        for seq in (28, 13, 0):
            source_id, source = place(seq).source_id, place(seq).source
            table = "assurance_event" if source == "event" else "assurance_evidenceentry"
            tamper(f"DELETE FROM {table} WHERE id = {source_id}")

            assert found() == f"entry {seq} ({source} {source_id}) has lost its {source} row"

    def test_is_named_when_its_place_is_gone_too(self, tamper):
        for seq in (28, 13, 0):
            tamper(f"DELETE FROM assurance_logplace WHERE seq = {seq}")

            assert found() == f"entry {seq} is missing: the next one is entry {seq + 1}"

    def test_at_the_end_is_named_by_the_checkpoint_over_it(self, tamper):
        cut(tamper, 25)

        assert found() == (
            "checkpoint 9, signed at 2026-11-20T04:40:00+00:00, covers 27 entries, but the log ends after 25: "
            "entry 25 and what followed are gone"
        )

    def test_at_the_end_with_its_checkpoints_shows_against_a_saved_one(self, tamper):
        saved = Checkpoint.objects.get(number=10).note
        cut(tamper, 24)
        tamper("DELETE FROM assurance_checkpoint WHERE size > 24")

        assert verified().entries == 24  # the database alone cannot show it
        assert found(saved) == (
            "the saved checkpoint 1, signed at 2026-11-20T04:45:00+00:00, covers 30 entries, but the log ends after 24: "
            "entry 24 and what followed are gone"
        )

    def test_leaves_a_place_that_others_closed_up_to(self, tamper):
        entry = place(13)
        tamper(
            f"DELETE FROM assurance_event WHERE id = {entry.source_id}",
            "DELETE FROM assurance_logplace WHERE seq = 13",
            "UPDATE assurance_logplace SET seq = seq + 1000 WHERE seq > 13",
            "UPDATE assurance_logplace SET seq = seq - 1001 WHERE seq > 1000",
        )

        assert found() == f"entry 13 (event {place(13).source_id}) does not follow entry 12"


class TestAnAddedEntry:
    def test_is_named_when_it_was_put_in_beside_the_log(self, tamper):
        tamper(
            "INSERT INTO assurance_event (id, kind, at, subject_kind, subject_id, changes, reason, ids) "
            "SELECT 999999, kind, at - interval '1 day', subject_kind, subject_id, changes, reason, ids FROM assurance_event LIMIT 1"
        )

        assert found() == "event 999999 (evidence.entry.recorded) is not in the log: it was put in beside it"

    def test_of_evidence_is_named_too(self, tamper):
        tamper(
            "INSERT INTO assurance_evidenceentry (id, kind, organisation_id, recorded_at, body) "
            "SELECT 999999, kind, organisation_id, recorded_at, body FROM assurance_evidenceentry LIMIT 1"
        )

        assert found() == "evidence 999999 (inspection_decided) is not in the log: it was put in beside it"

    def test_taken_out_of_the_queue_is_named(self, tamper):
        event = tell()[0]
        tamper("DELETE FROM assurance_logwaiting")

        assert found() == f"event {event} (accounts.organisation.renamed) is not in the log: it was put in beside it"

    def test_squeezed_into_the_log_is_named(self, tamper):
        tamper(
            "INSERT INTO assurance_event (id, kind, at, subject_kind, subject_id, changes, reason, ids) "
            "SELECT 999999, kind, at, subject_kind, subject_id, changes, reason, ids FROM assurance_event LIMIT 1",
            "UPDATE assurance_logplace SET seq = seq + 1000 WHERE seq >= 10",
            "UPDATE assurance_logplace SET seq = seq - 999 WHERE seq >= 1000",
            "INSERT INTO assurance_logplace (seq, source, source_id, prev_hash, hash) "
            "SELECT 10, 'event', 999999, hash, sha256(hash) FROM assurance_logplace WHERE seq = 9",
        )

        assert found() == "entry 10 (event 999999) does not say what it said: its hash is another"

    def test_with_two_places_is_named(self, tamper):
        """The unique constraint dropped and every hash right: only counting shows it."""
        first = place(0)
        link = chain.link_hash(chain.log_id(ORIGIN), BOTTLE, 5, bytes(place(24).product_hash), "inspection_decided", digest_of(first))
        last = bytes(place(29).hash)
        again = chain.entry_hash(chain.log_id(ORIGIN), 30, last, link, digest_of(first))
        tamper("ALTER TABLE assurance_logplace DROP CONSTRAINT log_place_once")
        tamper(
            "INSERT INTO assurance_logplace VALUES (30, 'evidence', %s, %s, %s, %s, 5, %s, %s)",
            given=(first.source_id, last, again, BOTTLE, bytes(place(24).product_hash), link),
        )

        assert found() == "11 places in the log for 10 rows of assurance_evidenceentry: one row has two places"


def body_of(one: LogPlace) -> bytes:
    with connection.cursor() as cursor:
        if one.source == "event":
            cursor.execute(f"SELECT {EVENT_TEXT} FROM assurance_event v WHERE id = %s", [one.source_id])
            return cursor.fetchone()[0].encode()
        cursor.execute("SELECT body FROM assurance_evidenceentry WHERE id = %s", [one.source_id])
        return bytes(cursor.fetchone()[0])


def digest_of(one: LogPlace) -> bytes:
    return chain.digest_of(body_of(one))


def rewrite(tamper: Tamper, start: int) -> None:
    """Change one entry and compute everything after it anew, as somebody would who knows how we do it."""
    entry = place(start).source_id
    tamper(f"UPDATE assurance_event SET reason = '没有改名' WHERE id = {entry}")
    log, last = chain.log_id(ORIGIN), bytes(place(start).prev_hash)
    for one in LogPlace.objects.filter(seq__gte=start).order_by("seq"):
        link = bytes(one.product_hash) if one.product_hash else chain.NONE
        again = chain.entry_hash(log, one.seq, last, link, digest_of(one))
        tamper("UPDATE assurance_logplace SET prev_hash = %s, hash = %s WHERE seq = %s", given=(last, again, one.seq))
        last = again


class TestARewrittenLog:
    def test_no_longer_matches_the_first_checkpoint_after_it(self, tamper):
        rewrite(tamper, 13)

        assert found() == (
            "checkpoint 5, signed at 2026-11-20T04:20:00+00:00, does not hold: the log was rewritten somewhere in the entries 12 to 14"
        )

    def test_without_those_checkpoints_shows_against_a_saved_one(self, tamper):
        saved = Checkpoint.objects.get(number=9).note
        rewrite(tamper, 13)
        tamper("DELETE FROM assurance_checkpoint WHERE number > 4")

        assert verified().entries == 30  # the database alone cannot show it
        assert found(saved) == (
            "the saved checkpoint 1, signed at 2026-11-20T04:40:00+00:00, does not hold: "
            "the log was rewritten somewhere in the entries 12 to 26"
        )

    def test_with_its_checkpoints_signed_anew_by_another_key_is_named(self, tamper):
        rewrite(tamper, 13)
        sign_again(tamper, Ed25519PrivateKey.generate())

        assert found() == "checkpoint 1 is not ours: it is not signed by a key that is trusted"

    def test_with_its_checkpoints_signed_anew_by_the_stolen_key_shows_against_a_saved_one(self, tamper):
        saved = Checkpoint.objects.get(number=10).note
        rewrite(tamper, 13)
        sign_again(tamper, signing.signing_key())

        assert verified().entries == 30
        assert "the saved checkpoint 1, signed at 2026-11-20T04:45:00+00:00, does not hold" in found(saved)

    def test_in_a_products_chain_alone_is_named(self, tamper):
        tamper("UPDATE assurance_logplace SET product_hash = sha256(product_hash) WHERE seq = 12")
        assert found().startswith("entry 12 (evidence ")

        tamper("UPDATE assurance_logplace SET product_prev_hash = sha256(product_hash) WHERE seq = 6")
        assert (
            found()
            == f"entry 6 (evidence {place(6).source_id}, inspection_decided) does not follow number 0 in the chain of product {BOTTLE}"
        )

        tamper(
            "UPDATE assurance_logplace SET product_id = NULL, product_seq = NULL, product_hash = NULL, product_prev_hash = NULL "
            "WHERE seq = 6"
        )
        assert found().startswith("entry 6 (evidence ")


def sign_again(tamper: Tamper, key: Ed25519PrivateKey) -> None:
    grown, places = tree.CompactRange(), iter(LogPlace.objects.order_by("seq"))
    for made in Checkpoint.objects.order_by("number"):
        while grown.size < made.size:
            grown.append(bytes(next(places).hash))
        note = signing.sign(Head(ORIGIN, made.size, grown.root(), made.at), key)
        tamper("UPDATE assurance_checkpoint SET root = %s, note = %s WHERE number = %s", given=(grown.root(), note, made.number))


CHECKPOINT_CHANGES = (
    ("root = sha256(root)", "has columns that contradict its signed text"),
    ("size = size - 1", "has columns that contradict its signed text"),
    ("at = at + interval '1 second'", "has columns that contradict its signed text"),
    (r"note = regexp_replace(note, '\n\d+\n', E'\n77\n')", "is not ours: its signature is wrong"),
    ("note = replace(note, '2026', '2025')", "is not ours: its signature is wrong"),
    ("note = replace(note, 'wuyou.local', 'wuyou.locaI')", "is not ours: it is not signed by a key that is trusted"),
    ("note = ''", "is not ours: the note has no signatures"),
)


class TestAChangedCheckpoint:
    def test_is_named(self, tamper):
        for number, (change, what) in zip(range(9, 2, -1), CHECKPOINT_CHANGES, strict=True):
            tamper(f"UPDATE assurance_checkpoint SET {change} WHERE number = {number}")

            assert found() == f"checkpoint {number} {what}"

    def test_that_is_another_signed_one_is_named(self, tamper):
        tamper(
            "UPDATE assurance_checkpoint c SET note = o.note, root = o.root, at = o.at FROM assurance_checkpoint o "
            "WHERE c.number = 5 AND o.number = 4"
        )

        assert found() == "checkpoint 5 has columns that contradict its signed text"

    def test_that_is_gone_is_named(self, tamper):
        tamper("DELETE FROM assurance_checkpoint WHERE number = 5")

        assert found() == "checkpoint 5 is missing: the next one is checkpoint 6"

    def test_is_missed_when_none_is_left(self, tamper):
        tamper("DELETE FROM assurance_checkpoint")

        assert found() == "the log has entries and no checkpoint: they were removed, or nothing could be signed"

    def test_of_another_log_is_refused(self, tamper):
        note = signing.sign(Head("elsewhere.example/log", 3, bytes(32), NOON), signing.signing_key())
        keys = [*our_keys(), signing.verifier_key(signing.signing_key(), "elsewhere.example/log")]

        with pytest.raises(NotAsWritten, match=r"the saved checkpoint is of another log: elsewhere\.example/log"):
            verify(keys=keys, saved=[note])


class TestAStoredSubtree:
    def test_that_is_not_the_entries_is_named(self, tamper):
        tell(500)
        sequence_new_entries(at=NOON + timedelta(hours=1))
        assert verified().entries == 530

        tamper("INSERT INTO assurance_lognode (level, index, hash) VALUES (8, 2, sha256(''))")
        assert found() == "the subtree 8/2 is stored, but the log does not reach that far"
        tamper("UPDATE assurance_lognode SET hash = sha256(hash) WHERE index = 1")
        assert found() == "the stored subtree over the entries 256 to 511 is not theirs"
        tamper("DELETE FROM assurance_lognode WHERE index = 0")
        assert found() == "the stored subtree over the entries 0 to 255 is not theirs"
