"""The witness: takes what continues, refuses what contradicts, and keeps both as proof."""

from __future__ import annotations

import json
import os
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assurance.evidence import signing, tree
from assurance.evidence.checkpoint import Head
from assurance.evidence.handover import hand_over, own_witness
from assurance.evidence.models import Checkpoint
from assurance.evidence.sequencer import sequence_new_entries
from assurance.evidence.verification import NotAsWritten, verify
from assurance.evidence.witness import Witness, WitnessRefused, contradictions, history
from tests.assurance.evidence.ledger import tell, write_log
from tests.assurance.evidence.test_tree import naive_proof, naive_root
from tests.factories import NOON

ORIGIN = "wuyou.local/log"
OURS = Ed25519PrivateKey.generate()
LEAVES = [bytes([number]) * 32 for number in range(40)]
ELSE = [*LEAVES[:9], b"x" * 32, *LEAVES[10:]]

pytestmark = pytest.mark.promise("G15", "G16")


def note(size: int, leaves: list[bytes] = LEAVES, key: Ed25519PrivateKey = OURS) -> str:
    return signing.sign(Head(ORIGIN, size, naive_root(leaves[:size]), NOON), key)


def path(old: int, new: int, leaves: list[bytes] = LEAVES) -> list[bytes]:
    return naive_proof(old, leaves[:new])


@pytest.fixture
def witness(tmp_path) -> Witness:
    return Witness(tmp_path / "witness", signing.verifier_key(OURS, ORIGIN))


class TestAWitness:
    def test_takes_the_first_and_what_is_proven_to_continue_it(self, witness):
        assert witness.seen() is None
        witness.take(note(5))
        witness.take(note(5))  # the same again is nothing new
        witness.take(note(12), path(5, 12))
        witness.take(note(13), path(12, 13))

        assert witness.seen().head.size == 13
        assert history(witness.folder) == [note(5), note(12), note(13)]
        assert contradictions(witness.folder) == []

    @pytest.mark.parametrize(
        ("shown", "given", "why"),
        [
            (note(12, ELSE), [], "two roots for one size"),
            (note(20, ELSE), path(12, 20, ELSE), "not proven to continue the log"),
            (note(20), path(11, 20), "not proven to continue the log"),
            (note(20), [], "not proven to continue the log"),
            (note(11), [], "shorter than what was seen"),
        ],
    )
    def test_refuses_what_contradicts_and_keeps_both_once(self, witness, shown, given, why):
        witness.take(note(12))

        for _ in range(2):
            with pytest.raises(WitnessRefused, match=why):
                witness.take(shown, given)

        (name,) = contradictions(witness.folder)
        kept = json.loads((witness.folder / name).read_text())
        assert (kept["why"], kept["seen"], kept["shown"]) == (why, note(12), shown)
        assert witness.seen().note == note(12)
        assert history(witness.folder) == [note(12)]

    def test_takes_nothing_that_another_key_signed(self, witness):
        other = Ed25519PrivateKey.generate()
        witness.take(note(5))

        with pytest.raises(WitnessRefused, match="the checkpoint is not the log's"):
            witness.take(note(12, key=other), path(5, 12))
        with pytest.raises(WitnessRefused, match="the witness follows the key"):
            Witness(witness.folder, signing.verifier_key(other, ORIGIN)).take(note(12, key=other), path(5, 12))

    def test_forgets_nothing_and_believes_nothing_unfinished_after_a_crash(self, witness):
        witness.take(note(5))
        with (witness.folder / "history.jsonl").open("a") as file:
            file.write('{"size": 12, "note": "wuyou.lo')  # the power went

        assert history(witness.folder) == [note(5)]
        witness.take(note(12), path(5, 12))
        assert history(witness.folder) == [note(5), note(12)]

    def test_keeps_the_old_state_whole_when_the_new_one_cannot_be_put_in_place(self, witness, monkeypatch):
        witness.take(note(5))
        monkeypatch.setattr(os, "fsync", refuse)

        with pytest.raises(OSError, match="no space"):
            witness.take(note(12), path(5, 12))

        monkeypatch.undo()
        assert witness.seen().note == note(5)
        witness.take(note(12), path(5, 12))
        assert witness.seen().note == note(12)


def refuse(_handle: int) -> None:
    raise OSError("no space")


class TestTheLogsOwnWitness:
    def verified(self):
        keys = [signing.verifier_key(signing.signing_key(), ORIGIN)]
        return verify(keys=keys, folder=own_witness().folder)

    def test_is_brought_every_checkpoint_also_those_it_missed(self, committed_db):
        assert hand_over() == 0
        write_log(3)
        assert hand_over(most=2) == 6
        assert hand_over(known=6) == 9
        assert hand_over(known=9) == 9

        assert history(own_witness().folder) == list(Checkpoint.objects.order_by("number").values_list("note", flat=True))
        assert self.verified().witnessed == 9

    def test_shows_a_log_that_was_cut_with_its_checkpoints_and_grew_again(self, committed_db, superuser):
        write_log(4)
        hand_over()
        superuser("DELETE FROM assurance_checkpoint WHERE size > 6", "DELETE FROM assurance_logplace WHERE seq >= 6")
        superuser("DELETE FROM assurance_event WHERE id NOT IN (SELECT source_id FROM assurance_logplace WHERE source = 'event')")
        superuser(
            "DELETE FROM assurance_evidenceentry WHERE id NOT IN (SELECT source_id FROM assurance_logplace WHERE source = 'evidence')"
        )

        with pytest.raises(NotAsWritten, match=r"the witness's checkpoint over 9 entries, .*: entry 6 and what followed are gone"):
            self.verified()
        with pytest.raises(WitnessRefused, match="shorter than what was seen"):
            hand_over()

        tell(10, at=NOON + timedelta(hours=2))
        sequence_new_entries(at=NOON + timedelta(hours=2))
        with pytest.raises(WitnessRefused, match="not proven to continue the log"):
            hand_over()
        assert len(contradictions(own_witness().folder)) == 2
        with pytest.raises(NotAsWritten, match="the witness's checkpoint over 9 entries, .* does not hold: the log was rewritten"):
            self.verified()

    def test_is_what_shows_two_stories_even_when_the_log_looks_whole(self, committed_db):
        write_log(2)
        hand_over()
        forged = signing.sign(Head(ORIGIN, 6, tree.EMPTY_ROOT, NOON), signing.signing_key())
        with pytest.raises(WitnessRefused, match="two roots for one size"):
            own_witness().take(forged)

        with pytest.raises(NotAsWritten, match="the witness was told two stories: .*refused/"):
            self.verified()
