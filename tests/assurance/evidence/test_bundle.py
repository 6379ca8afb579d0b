"""A bundle that somebody took along: it convinces without us, and nothing in it can be changed."""

from __future__ import annotations

import base64
import copy
import hashlib
import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from assurance.evidence import actions, heads, queries, signing, tree
from assurance.evidence.actions import record
from assurance.evidence.models import Checkpoint, EvidenceEntry
from assurance.evidence.sequencer import sequence_new_entries
from tests.assurance.evidence.ledger import BOTTLE, CUP, MERCHANT, tell
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.promise("G16"), pytest.mark.row("A11.3")]
TOOL = Path(__file__).resolve().parents[3] / "tools/verify_badge.py"
LATER = "2026-11-21T04:00:00.000000Z"
STATUS = {
    "code": "ABCD",
    "lot_number": "L1",
    "status": "valid",
    "valid_until": "2027-01-01T00:00:00.000000Z",
    "checked_at": "2026-11-20T12:00:00.000000Z",
}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_badge", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def say(kind: str, *, product_id: int = BOTTLE, lot_id: int | None = None, **body: Any) -> None:
    with transaction.atomic():
        record(kind, product_id=product_id, organisation_id=MERCHANT, at=NOON, actor=None, body=body, lot_id=lot_id)


def seal(minutes: int = 0) -> None:
    sequence_new_entries(at=NOON + timedelta(minutes=minutes))


def lived() -> None:
    """Write the life of a bottle's first lot, beside another lot and another product, anchored and signed."""
    say("inspection_verdict", lot_id=1, verdict="accept", defective=0)
    say("badge_issued", lot_id=1, badge="ABCD", lot_number="L1", valid_until="2027-01-01T00:00:00+00:00")
    say("badge_issued", product_id=CUP, lot_id=9, badge="CUPS", lot_number="L9", valid_until="2027-01-01T00:00:00+00:00")
    say("inspection_verdict", lot_id=2, verdict="refuse", defective=7)
    say("outbound_checks", day="2026-11-19", checks=4711, root="ab" * 32)
    seal()
    with transaction.atomic():
        actions.anchor_chains(at=NOON)
    tell(3)
    say("lab_publication", lot_id=1, verdict="pass")
    seal(10)


def taken(**given: Any) -> dict[str, Any]:
    """Take the bottle's bundle along, through JSON as a file would be."""
    return json.loads(json.dumps(queries.bundle_for(BOTTLE, badge=STATUS | given, lot_id=1)))


class TestABundle:
    def test_is_believed_and_says_what_it_proves(self, tool):
        lived()

        assert tool.check_bundle(taken(), at=LATER) == (
            "badge ABCD, lot L1, valid at 2026-11-20T12:00:00.000000Z; "
            "5 entries of product 501 in the log wuyou.local/log of 17, complete until 2026-11-20T04:00:00.000000Z"
        )

    def test_shows_every_entry_but_only_what_is_public_of_it(self, tool):
        lived()
        chain = taken()["chain"]

        assert [(entry["kind"], "body" in entry) for entry in chain] == [
            ("inspection_verdict", True),
            ("badge_issued", True),
            ("inspection_verdict", False),
            ("outbound_checks", False),
            ("lab_publication", True),
        ]
        assert "4711" not in json.dumps(chain)
        assert all("body" in entry for entry in queries.bundle_for(BOTTLE, is_whole=True)["chain"])
        assert tool.check_bundle(queries.bundle_for(BOTTLE, is_whole=True)).startswith("5 entries")

    def test_is_checked_by_a_program_of_one_file_without_any_package(self, tmp_path):
        lived()
        (tmp_path / "bundle.json").write_text(json.dumps(taken()))
        (tmp_path / "key").write_text(taken()["key"] + "\n")

        def run(*more: str) -> tuple[int, str]:
            command = [sys.executable, "-I", "-S", str(TOOL), str(tmp_path / "bundle.json"), "--at", LATER, *more]
            done = subprocess.run(command, capture_output=True, text=True, env={}, check=False)
            return done.returncode, done.stdout

        assert run("--key", str(tmp_path / "key"))[0] == 0
        assert run()[1].startswith("OK: badge ABCD")
        other = signing.verifier_key(Ed25519PrivateKey.generate(), "wuyou.local/log")
        assert run("--key", str(other)) == (1, "FAIL: the bundle was made with another key than the trusted one\n")

    @pytest.mark.parametrize(
        ("given", "at", "reason"),
        [
            ({"status": "suspended"}, LATER, "the badge ABCD was suspended at 2026-11-20T12:00:00.000000Z"),
            ({}, "2027-01-02T00:00:00.000000Z", "the badge ABCD ended at 2027-01-01T00:00:00.000000Z"),
            ({"lot_number": "L2"}, LATER, "the badge was issued for another lot"),
        ],
    )
    def test_of_a_badge_that_does_not_hold_fails_with_the_reason(self, tool, given, at, reason):
        lived()

        with pytest.raises(tool.BadBundle) as refusal:
            tool.check_bundle(taken(**given), at=at)
        assert str(refusal.value) == reason

    def test_of_a_revoked_badge_fails_even_with_a_status_of_before(self, tool):
        lived()
        status = taken()["status"]
        say("badge_revoked", lot_id=1, badge="ABCD", reason="x")
        seal(20)

        with pytest.raises(tool.BadBundle, match="the badge ABCD was revoked"):
            tool.check_bundle(taken() | {"status": status}, at=LATER)

    def test_is_given_only_when_the_badge_is_signed(self):
        with pytest.raises(queries.NotSealedYet):
            taken()
        say("badge_issued", lot_id=1, badge="ABCD", lot_number="L1", valid_until="x")
        with pytest.raises(queries.NotSealedYet):
            taken()
        seal()
        assert taken()["anchor"] is None
        with pytest.raises(queries.NotSealedYet):
            taken(code="OTHER")


class TestAnEntryThatWasLeftOut:
    """The platform itself lies here: it signs whatever it likes."""

    def test_in_the_middle_breaks_the_chain(self, tool):
        lived()
        for gone in range(5):
            bundle = taken()
            del bundle["chain"][gone]
            with pytest.raises(tool.BadBundle):
                tool.check_bundle(bundle, at=LATER)

    def test_at_the_end_contradicts_the_anchor(self, tool):
        lived()
        say("badge_revoked", lot_id=1, badge="ABCD", reason="x")
        seal(20)
        with transaction.atomic():
            actions.anchor_chains(at=NOON)
        seal(30)
        bundle, links = taken(), queries.chain_of(BOTTLE)
        short = links[4]
        bundle["chain"] = bundle["chain"][:5]
        proof = queries.proof(short.seq, Checkpoint.objects.order_by("-number")[0].size)
        bundle["last"] = {"seq": short.seq, "previous": short.prev_hash.hex(), "path": [node.hex() for node in proof.path]}

        with pytest.raises(tool.BadBundle, match="the chain had 6 entries when it was anchored, the bundle shows 5: some were left out"):
            tool.check_bundle(bundle, at=LATER)

    def test_about_a_badge_cannot_be_hidden_behind_its_digest(self, tool):
        lived()
        bundle = taken()
        del bundle["chain"][1]["body"]

        with pytest.raises(tool.BadBundle, match="entry 1 of the chain hides what happened to a badge"):
            tool.check_bundle(bundle, at=LATER)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield every value of a bundle that is no list or object, with the way to it."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, key))
    else:
        yield path, value


def mutated(bundle: dict[str, Any], path: tuple[Any, ...], chance: random.Random) -> dict[str, Any]:
    """Return the bundle with one character or number changed."""
    again = copy.deepcopy(bundle)
    holder = again
    for key in path[:-1]:
        holder = holder[key]
    value = holder[path[-1]]
    if isinstance(value, int):
        holder[path[-1]] = value + chance.choice((-1, 1, 256))
    else:
        at = chance.randrange(len(value))
        holder[path[-1]] = value[:at] + chance.choice([c for c in "0aZ+ \n" if c != value[at]]) + value[at + 1 :]
    return again


class TestAnyChange:
    def test_of_one_character_or_number_anywhere_fails(self, tool):
        lived()
        bundle, chance = taken(), random.Random(20261122)
        every = [path for path, _ in places(bundle)]
        tool.check_bundle(bundle, key=bundle["key"], at=LATER)

        for path in every * (1 + 150 // len(every)):
            changed = mutated(bundle, path, chance)
            with pytest.raises(tool.BadBundle):
                tool.check_bundle(changed, at=LATER)

    def test_of_what_is_there_or_not_fails(self, tool):
        lived()
        bundle = taken()
        for name in bundle:
            if name != "status":
                with pytest.raises(tool.BadBundle):
                    tool.check_bundle({key: value for key, value in bundle.items() if key != name}, at=LATER)
        for value in (None, [], {}, "x", 3, -1, True, [[[]]]):
            for name in ("format", "key", "checkpoint", "product", "chain", "last", "status"):
                with pytest.raises(tool.BadBundle):
                    tool.check_bundle(bundle | {name: value}, at=LATER)
            with pytest.raises(tool.BadBundle):
                tool.check_bundle(value, at=LATER)

    def test_signed_by_somebody_else_is_refused_for_the_trusted_key(self, tool):
        lived()
        bundle = taken()
        other = Ed25519PrivateKey.generate()
        name = settings.CHECKPOINT_ORIGIN
        own = str(signing.verifier_key(other, name))
        for field in ("checkpoint", "status"):
            text = bundle[field].rpartition("\n\n")[0] + "\n"
            value = signing.verifier_key(other, name).key_id + other.sign(text.encode())
            bundle[field] = f"{text}\n— {name} {base64.b64encode(value).decode()}\n"

        with pytest.raises(tool.BadBundle, match="not signed by the key of the log"):
            tool.check_bundle(bundle, at=LATER)
        assert tool.check_bundle(bundle | {"key": own}, at=LATER)  # a key of its own proves nothing: compare it
        with pytest.raises(tool.BadBundle, match="another key than the trusted one"):
            tool.check_bundle(bundle | {"key": own}, key=str(signing.verifier_key(signing.signing_key(), name)), at=LATER)


class TestAnAnchor:
    def test_is_written_only_when_a_chain_has_grown(self):
        with transaction.atomic():
            assert actions.anchor_chains(at=NOON) is None
            say("badge_issued", badge="ABCD")
            say("badge_issued", product_id=CUP, badge="CUPS")
            seal()
            entry = actions.anchor_chains(at=NOON)
            seal(10)
            assert actions.anchor_chains(at=NOON) is None

        assert entry is not None
        links = {product: queries.chain_of(product)[0].product_hash for product in (BOTTLE, CUP)}
        leaves = [
            hashlib.sha256(b"\x00" + product.to_bytes(8, "big") + bytes(7) + b"\x01" + links[product]).digest() for product in (BOTTLE, CUP)
        ]
        assert entry.says == {"size": 4, "products": 2, "root": tree.node_hash(*leaves).hex()}
        assert EvidenceEntry.objects.filter(kind=heads.KIND).count() == 1
