"""A badge as a signed credential: an independent verifier accepts it, and nothing that was changed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from assurance.gates.actions import open_stop
from tests import offers

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

        assert stated["@context"] == ["https://www.w3.org/ns/credentials/v2"]
        assert stated["type"] == ["VerifiableCredential", "WuyouBadge"]
        assert stated["issuer"] == settings.PUBLIC_URL
        assert stated["id"] == stated["credentialStatus"]["id"] == f"{settings.PUBLIC_URL}/verify/{badge.code}/"
        assert stated["credentialStatus"]["status"] == "valid"
        subject = stated["credentialSubject"]
        assert (subject["lotNumber"], subject["inspected"], subject["defective"]) == ("HJ261105B", 80, 0)
        assert (subject["atMostPercentDefective"], subject["provenSides"]) == ("3.7", "1000")
        assert tool.holds(stated)

    def test_carries_the_state_of_the_moment_it_was_asked_for(self, badge, tool):
        open_stop(merchant_id=badge.merchant_id, lot_id=badge.lot_id, code="c", because="x", actor=None, at=timezone.now())

        stated = tool.verify(taken(badge.code), keys())

        assert (stated["credentialStatus"]["status"], tool.holds(stated)) == ("suspended", False)

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
