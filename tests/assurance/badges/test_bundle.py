"""What a buyer takes along from the public page convinces the verifier, and no longer once the badge fell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assurance.badges import actions
from assurance.evidence.comparing import compare_tables
from assurance.evidence.sequencer import sequence_new_entries
from tests import offers
from tests.assurance.evidence.test_bundle import tool

__all__ = ("tool",)
pytestmark = [pytest.mark.django_db, pytest.mark.promise("G16"), pytest.mark.row("A11.3")]


class TestTheBundleOfABadge:
    def test_is_believed_until_the_badge_is_revoked(self, amal, wei, bo, eve, tool):
        badge = offers.offered(amal, team=(wei, bo)).badge
        address = f"/verify/{badge.code}/bundle.json"
        assert Client().get(address).status_code == 409
        sequence_new_entries(at=timezone.now())

        response = Client().get(address)
        assert "no-store" in response.headers["Cache-Control"]
        assert tool.check_bundle(response.json()).startswith(f"badge {badge.code}, lot {badge.lot_number}, valid at ")
        assert address in Client().get(f"/verify/{badge.code}/").content.decode()

        newer = actions.reissue(badge_id=badge.pk, actor=eve, at=timezone.now(), reason="copied")
        assert compare_tables()
        later = timezone.now() + timedelta(minutes=6)
        sequence_new_entries(at=later)
        old, new = (Client().get(f"/verify/{code}/bundle.json").json() for code in (badge.code, newer.code))
        assert tool.check_bundle(new).startswith(f"badge {newer.code}, lot {badge.lot_number}, valid at ")
        with pytest.raises(tool.BadBundle, match=f"the badge {badge.code} has a newer code"):
            tool.check_bundle(old)
        with pytest.raises(tool.BadBundle, match=f"the badge {badge.code} has a newer code"):
            tool.check_bundle(new | {"status": response.json()["status"]})

        badge, address = newer, f"/verify/{newer.code}/bundle.json"
        actions.revoke(badge_id=badge.pk, actor=eve, at=timezone.now(), reason="x")
        with pytest.raises(tool.BadBundle, match=f"the badge {badge.code} was revoked at"):
            tool.check_bundle(Client().get(address).json())
        assert Client().get("/verify/ABCDEFGHJKMNPQRSTUVW/bundle.json").status_code == 404
