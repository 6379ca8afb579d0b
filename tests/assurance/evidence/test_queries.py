from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connection

from assurance.accounts.models import User
from assurance.evidence import chain, queries, subtrees, tree
from assurance.evidence.models import Checkpoint, LogNode
from assurance.evidence.sequencer import sequence_new_entries
from tests.assurance.evidence.ledger import BOTTLE, CUP, decide, tell
from tests.assurance.evidence.test_tree import naive_path, naive_proof, naive_root
from tests.factories import NOON


@pytest.mark.django_db
class TestATimeline:
    @pytest.fixture
    def merchant(self, amal: User, monkeypatch: pytest.MonkeyPatch) -> User:
        monkeypatch.setattr("tests.assurance.evidence.ledger.MERCHANT", amal.organisation_id)
        return amal

    def test_tells_what_was_decided_oldest_first_with_its_place(self, merchant):
        second = decide(2, at=NOON + timedelta(hours=1), verdict="accepted")
        first = decide(1, verdict="refused")
        decide(3, product_id=CUP)
        sequence_new_entries(at=NOON)
        waiting = decide(4, at=NOON + timedelta(hours=2))

        steps = queries.timeline_of(BOTTLE, merchant)

        assert [(step.entry_id, step.seq, step.product_seq) for step in steps] == [(first, 2, 1), (second, 0, 0), (waiting, None, None)]
        assert [step.is_numbered for step in steps] == [True, True, False]
        assert steps[0].says == {"lot_number": "L1", "defective": 1, "verdict": "refused"}
        assert (steps[0].kind, steps[0].at, steps[0].actor_id, steps[0].lot_id) == ("inspection_decided", NOON, None, 1)

    def test_is_empty_for_another_merchant_and_whole_for_the_auditor(self, merchant, chidi, ada):
        decide(1)

        assert queries.timeline_of(BOTTLE, chidi) == []
        assert len(queries.timeline_of(BOTTLE, ada)) == 1

    def test_costs_two_queries_however_long_it_is(self, merchant, django_assert_num_queries):
        for turn in range(5):
            decide(turn)
        sequence_new_entries(at=NOON)

        with django_assert_num_queries(2):
            assert len(queries.timeline_of(BOTTLE, merchant)) == 5


@pytest.mark.django_db
class TestTheChainOfAProduct:
    def test_holds_all_that_is_needed_to_compute_it_again(self):
        for turn in range(4):
            decide(turn, product_id=(BOTTLE, CUP)[turn % 2])
        sequence_new_entries(at=NOON)
        log, before = chain.log_id("wuyou.local/log"), chain.NONE

        links = queries.chain_of(BOTTLE)

        assert [link.product_seq for link in links] == [0, 1]
        assert [json.loads(link.body)["says"]["lot_number"] for link in links] == ["L0", "L2"]
        for number, link in enumerate(links):
            assert link.product_prev_hash == before
            digest = chain.digest_of(link.body)
            assert chain.link_hash(log, BOTTLE, number, before, link.kind, digest) == link.product_hash
            assert chain.entry_hash(log, link.seq, link.prev_hash, link.product_hash, digest) == link.hash
            before = link.product_hash

    def test_is_empty_before_the_first_entry(self):
        assert queries.chain_of(12345) == []


@pytest.mark.django_db
class TestAProof:
    def test_is_the_one_of_the_definition_at_every_place(self):
        tell(300)
        sequence_new_entries(at=NOON)
        leaves = leaves_of_log()

        for seq, size in [(0, 1), (0, 300), (255, 256), (255, 300), (256, 300), (299, 300), (7, 257), (130, 299)]:
            proof = queries.proof(seq, size)
            assert (proof.hash, list(proof.path), proof.root) == (leaves[seq], naive_path(seq, leaves[:size]), naive_root(leaves[:size]))
            assert tree.includes(proof.hash, proof.seq, proof.size, proof.path, proof.root)

    def test_ends_in_the_root_of_the_signed_checkpoint(self):
        tell(40)
        sequence_new_entries(at=NOON)
        signed = Checkpoint.objects.get()

        assert queries.proof(17, signed.size).root == bytes(signed.root)
        assert queries.newest_checkpoint() == signed

    def test_shows_that_an_old_log_is_the_beginning_of_the_new_one(self):
        tell(300)
        sequence_new_entries(at=NOON)
        leaves = leaves_of_log()

        for old, size in [(1, 300), (255, 300), (256, 300), (257, 300), (300, 300), (3, 7)]:
            assert list(queries.consistency(old, size).path) == naive_proof(old, leaves[:size])

    def test_of_a_log_that_is_not_so_long_is_refused(self):
        tell(5)
        sequence_new_entries(at=NOON)

        assert queries.size_of_log() == 5
        with pytest.raises(subtrees.Incomplete):
            queries.proof(2, 6)
        with pytest.raises(ValueError, match="has no leaf 5"):
            queries.proof(5, 5)

    def test_of_a_long_log_reads_its_stored_subtrees(self, django_assert_max_num_queries):
        """Past 65,536 entries: two levels of stored subtrees."""
        size = 66_000
        leaves = make_long_log(size)
        assert list(LogNode.objects.filter(level=16).values_list("index", flat=True)) == [0]

        for seq in (0, 40_000, 65_535, 65_536, 65_999):
            with django_assert_max_num_queries(2):
                proof = queries.proof(seq, size)
            assert proof.hash == leaves[seq]
            assert tree.includes(proof.hash, seq, size, proof.path, proof.root)
        old = queries.proof(0, 65_537)
        with django_assert_max_num_queries(2):
            path = queries.consistency(65_537, size).path
        assert tree.is_consistent(65_537, size, old.root, proof.root, path)
        assert subtrees.compact_range(size).root() == proof.root


def leaves_of_log() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM assurance_logplace ORDER BY seq")
        return [bytes(row[0]) for row in cursor.fetchall()]


def make_long_log(size: int) -> list[bytes]:
    """Write places without rows behind them; only their hashes matter to the tree."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assurance_logplace (seq, source, source_id, prev_hash, hash) "
            "SELECT n, 'event', n, sha256(int8send(n)), sha256(int8send(n + 1)) FROM generate_series(0, %s) n",
            [size - 1],
        )
    leaves = [hashlib.sha256(number.to_bytes(8, "big")).digest() for number in range(1, size + 1)]
    grown = tree.CompactRange()
    nodes = [LogNode(level=level, index=index, hash=found) for leaf in leaves for level, index, found in grown.append(leaf)]
    LogNode.objects.bulk_create(nodes)
    return leaves


@pytest.mark.django_db
class TestFactsOfASubject:
    def test_are_the_newest_of_each_name(self):
        from assurance.evidence.actions import report_fact

        for hour, value in ((0, 5), (2, 7), (1, 6)):
            at = NOON + timedelta(hours=hour)
            report_fact(
                "return_rate", subject_kind="product", subject_id=1, value=value, sample_size=100, as_of=at, at=NOON + timedelta(days=1)
            )
        report_fact("complaints", subject_kind="product", subject_id=1, value=2, sample_size=100, as_of=NOON, at=NOON)
        report_fact("complaints", subject_kind="product", subject_id=2, value=9, sample_size=100, as_of=NOON, at=NOON)

        facts = queries.latest_facts("product", 1)

        assert {name: int(fact.value) for name, fact in facts.items()} == {"return_rate": 7, "complaints": 2}
