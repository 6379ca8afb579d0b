"""What outsiders get of the log: its key, signed heads, proofs, and a page that checks them in their own browser."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from assurance.evidence import queries, tree
from assurance.evidence.checkpoint import parse_key
from assurance.evidence.models import Checkpoint
from assurance.evidence.sequencer import sequence_new_entries
from assurance.evidence.signing import open_note
from tests.assurance.evidence.ledger import BOTTLE, tell, write_log
from tests.assurance.evidence.test_bundle import STATUS, lived, say, seal
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.promise("G16"), pytest.mark.row("A11.2")]


def text(path: str) -> str:
    response = Client().get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return response.content.decode()


def answer(path: str) -> dict[str, Any]:
    response = Client().get(f"/api/v1/checkpoints/{path}")
    assert response.status_code == 200, response.content
    return response.json()


class TestAnOutsider:
    def test_reads_the_key_and_every_signed_head_as_text(self):
        assert Client().get("/.well-known/wuyou-log/checkpoint").status_code == 404
        write_log(3)
        key = parse_key(text("/.well-known/wuyou-log/key"))

        newest = open_note(text("/.well-known/wuyou-log/checkpoint"), [key])
        first = open_note(text("/.well-known/wuyou-log/checkpoint/3"), [key])

        assert (first.size, newest.size, newest.origin) == (3, 9, "wuyou.local/log")
        assert Client().get("/.well-known/wuyou-log/checkpoint/4").status_code == 404
        assert [head["size"] for head in answer("")["results"]] == [9, 6, 3]

    def test_is_proven_that_an_entry_is_in_the_log_and_that_the_log_only_grew(self):
        for turn in range(4):
            tell(70, at=NOON + timedelta(minutes=10 * turn))
            sequence_new_entries(at=NOON + timedelta(minutes=10 * turn))
        roots = {head.size: bytes(head.root) for head in Checkpoint.objects.all()}

        for size in roots:
            for seq in (0, 69, size // 2, size - 1):
                found = answer(f"{size}/inclusion/{seq}/")
                path = [bytes.fromhex(node) for node in found["path"]]
                assert tree.includes(bytes.fromhex(found["hash"]), seq, size, path, roots[size])
            for old in (old for old in roots if old <= size):
                found = answer(f"{size}/consistency/{old}/")
                path = [bytes.fromhex(node) for node in found["path"]]
                assert tree.is_consistent(old, size, roots[old], roots[size], path)
                assert found["old"] == Checkpoint.objects.get(size=old).note
        assert answer("280/consistency/5/")["old"] is None

    @pytest.mark.parametrize("path", ["9/inclusion/9/", "9/consistency/0/", "9/consistency/10/", "8/", "8/inclusion/0/", "9/inclusion/x/"])
    def test_finds_no_proof_of_what_is_not_there(self, path):
        write_log(3)

        assert Client().get(f"/api/v1/checkpoints/{path}").status_code == 404

    def test_finds_the_way_on_one_page(self):
        assert "Nothing is signed yet" in Client(headers={"accept-language": "en"}).get("/log/").content.decode()
        write_log(3)
        page = Client(headers={"accept-language": "en"}).get("/log/").content.decode()

        assert "/api/v1/checkpoints/9/consistency/6/" in page
        assert "/log/check/" in page
        assert text("/.well-known/wuyou-log/key").strip() in page

    def test_can_keep_the_checking_page_as_one_file_that_asks_nobody(self):
        response = Client().get("/log/check/wuyou-log-check.html")
        page = response.content.decode()

        assert response.headers["Content-Disposition"] == 'attachment; filename="wuyou-log-check.html"'
        assert "default-src 'none'" in page
        assert "src=" not in page
        assert "http" not in page.replace("http-equiv", "")
        assert "leadsTo" in page


class TestTheMerchant:
    def test_sees_and_takes_along_the_evidence_of_his_own_product_only(self, amal, chidi, client, monkeypatch):
        from tests.goods import product

        own = product(amal.organisation)
        monkeypatch.setattr("tests.assurance.evidence.test_bundle.MERCHANT", amal.organisation_id)
        say("badge_issued", product_id=own.pk, lot_id=1, badge="ABCD", lot_number="L1", valid_until="2027-01-01T00:00:00+00:00")
        client.force_login(amal)
        assert client.get(f"/evidence/products/{own.pk}/bundle.json").status_code == 409
        seal()

        page = client.get(f"/evidence/products/{own.pk}/").content.decode()
        bundle = client.get(f"/evidence/products/{own.pk}/bundle.json").json()

        assert f"/evidence/products/{own.pk}/bundle.json" in page
        assert [entry["kind"] for entry in bundle["chain"]] == ["badge_issued"]
        client.force_login(chidi)
        assert client.get(f"/evidence/products/{own.pk}/").status_code == 404
        assert client.get(f"/evidence/products/{own.pk}/bundle.json").status_code == 404


@pytest.mark.long
class TestInABrowserWithoutTheNetwork:
    def test_inclusion_consistency_and_every_kind_of_forgery_are_told_apart(self, live_server, page, context, tmp_path):
        lived()
        good = json.loads(json.dumps(queries.bundle_for(BOTTLE, badge=STATUS | {"valid_until": "2099-01-01T00:00:00.000000Z"}, lot_id=1)))
        proof = answer("17/consistency/10/")
        forged = {
            "body": good
            | {"chain": [good["chain"][0] | {"body": good["chain"][0]["body"].replace("accept", "refuse")}, *good["chain"][1:]]},
            "place": good | {"chain": good["chain"][:-1]},
            "hidden": good | {"chain": [good["chain"][0], {key: good["chain"][1][key] for key in ("kind", "digest")}, *good["chain"][2:]]},
            "signature": good | {"checkpoint": good["checkpoint"].replace("\n17\n", "\n18\n")},
            "rewritten": proof | {"path": [proof["path"][0][::-1], *proof["path"][1:]]},
            "unreadable": {"format": "something"},
        }
        page.goto(f"{live_server.url}/log/check/")
        context.set_offline(True)

        def asked(given: Any) -> list[str]:
            page.fill("#check-text", json.dumps(given))
            page.click("#check button")
            page.wait_for_selector("#check:not([data-verdict=''])")
            return page.eval_on_selector_all("#check-result li", "found => found.map(one => one.dataset.said)")

        assert asked(good) == ["signed", "chain", "complete", "badge", "all-right"]
        assert asked(proof) == ["signed", "continued", "all-right"]
        for word, given in forged.items():
            assert asked(given)[-1] == word
            assert page.get_attribute("#check", "data-verdict") == "fail"

        alone = tmp_path / "alone.html"
        alone.write_bytes(Client().get("/log/check/wuyou-log-check.html").content)
        (tmp_path / "bundle.json").write_text(json.dumps(good))
        page.goto(Path(alone).as_uri())
        page.set_input_files("#check-file", tmp_path / "bundle.json")
        page.wait_for_selector("#check[data-verdict='pass']")
