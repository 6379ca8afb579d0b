"""A badge as a signed credential: an independent verifier accepts it, and nothing that was changed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from assurance.badges import actions
from assurance.gates.actions import lift_stop, open_stop
from tests import offers
from tests.assurance.badges import outsider

pytestmark = [pytest.mark.django_db, pytest.mark.row("P11.2")]
TOOL = Path(__file__).resolve().parents[3] / "tools/verify_badge.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_badge", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def badge(amal, wei, bo):
    return offers.offered(amal, team=(wei, bo)).badge


def taken(code: str) -> str:
    return Client().get(f"/verify/{code}/credential/").content.decode()


def keys() -> dict:
    return Client().get("/verify/keys/").json()


class TestACredential:
    def test_states_what_was_checked_in_the_words_of_the_data_model(self, badge, tool):
        stated = tool.verify(taken(badge.code), keys())

        assert stated["@context"] == ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"]
        assert stated["type"] == ["VerifiableCredential", "WuyouBadge"]
        assert stated["issuer"] == settings.PUBLIC_URL
        assert stated["id"] == f"{settings.PUBLIC_URL}/verify/{badge.code}/"
        subject = stated["credentialSubject"]
        assert subject["statusWhenIssued"] == "valid"
        assert (subject["lotNumber"], subject["inspected"], subject["defective"]) == ("HJ261105B", 80, 0)
        assert (subject["atMostPercentDefective"], subject["provenSides"]) == ("3.7", "1000")
        assert tool.holds(stated)

    def test_carries_the_state_of_the_moment_it_was_asked_for(self, badge, tool):
        open_stop(merchant_id=badge.merchant_id, lot_id=badge.lot_id, code="c", because="x", actor=None, at=timezone.now())

        stated = tool.verify(taken(badge.code), keys())

        assert (stated["credentialSubject"]["statusWhenIssued"], tool.holds(stated)) == ("suspended", False)

    def test_is_given_out_for_issued_codes_only_and_never_kept(self, badge):
        response = Client().get(f"/verify/{badge.code}/credential/")

        assert response.headers["Content-Type"] == "application/vc+jwt"
        assert "no-store" in response.headers["Cache-Control"]
        assert Client().get("/verify/ABCDEFGHJKMNPQRSTUVW/credential/").status_code == 404

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_is_refused_when_any_part_of_it_was_changed(self, badge, tool, part):
        parts = taken(badge.code).split(".")
        middle = len(parts[part]) // 2
        parts[part] = parts[part][:middle] + ("A" if parts[part][middle] != "A" else "B") + parts[part][middle + 1 :]

        with pytest.raises(tool.BadCredential):
            tool.verify(".".join(parts), keys())

    def test_is_refused_without_the_key_that_signed_it(self, badge, tool):
        with pytest.raises(tool.BadCredential, match="none of the keys"):
            tool.verify(taken(badge.code), {"keys": []})

    def test_is_checked_by_the_tool_alone(self, badge, tmp_path):
        (tmp_path / "badge.jwt").write_text(taken(badge.code))
        (tmp_path / "keys.json").write_text(json.dumps(keys()))

        said = subprocess.run(
            [sys.executable, "-I", TOOL, tmp_path / "badge.jwt", tmp_path / "keys.json"], capture_output=True, text=True, check=False
        )

        assert (said.returncode, said.stderr) == (0, "")
        assert "signature: right" in said.stdout


def fetched(address: str) -> str:
    return Client().get(urlsplit(address).path).content.decode()


class TestAnIndependentVerifier:
    def test_accepts_a_badge_that_holds(self, badge):
        stated = outsider.opened(taken(badge.code), keys())

        assert outsider.bad_bits(stated, fetched, keys()) == set()

    def test_sees_a_stop_and_its_end_at_the_next_request(self, badge, bea):
        stated = outsider.opened(taken(badge.code), keys())
        stop = open_stop(merchant_id=badge.merchant_id, lot_id=badge.lot_id, code="c", because="x", actor=None, at=timezone.now())

        assert outsider.bad_bits(stated, fetched, keys()) == {"suspension"}

        lift_stop(stop_id=stop.pk, actor=bea, at=timezone.now(), reason="settled")

        assert outsider.bad_bits(stated, fetched, keys()) == set()

    def test_sees_a_revocation_at_the_next_request(self, badge, eve):
        stated = outsider.opened(taken(badge.code), keys())
        actions.revoke(badge_id=badge.pk, actor=eve, at=timezone.now(), reason="wrong papers")

        assert outsider.bad_bits(stated, fetched, keys()) == {"revocation"}

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_refuses_what_was_changed(self, badge, part):
        parts = taken(badge.code).split(".")
        middle = len(parts[part]) // 2
        parts[part] = parts[part][:middle] + ("A" if parts[part][middle] != "A" else "B") + parts[part][middle + 1 :]

        with pytest.raises(outsider.Refused):
            outsider.opened(".".join(parts), keys())

    @pytest.mark.parametrize(
        "address", ["/verify/status/revocation/1/", "/verify/status/revocation/99999999999999999999/", "/verify/status/x/0/"]
    )
    def test_finds_no_list_that_holds_no_badge(self, badge, address):
        assert Client().get(address).status_code == 404
