"""What a badge said at a moment, for orders: one answer a product, in constant queries."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.badges import actions
from assurance.badges.queries import snapshots
from assurance.gates.actions import open_stop
from tests import goods, offers
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge(amal, wei, bo):
    return offers.offered(amal, team=(wei, bo)).badge


class TestASnapshot:
    def test_says_which_badge_it_was_and_what_it_said(self, badge):
        said = snapshots([badge.product_id], timezone.now())[badge.product_id]

        assert (said["status"], said["is_valid"], said["code"], said["badge_id"]) == ("valid", True, badge.code, badge.pk)
        assert (said["lot_id"], said["sides"], said["valid_until"]) == (badge.lot_id, "1000", badge.valid_until.isoformat())
        assert said["evidence_entry_id"]
        assert json.loads(json.dumps(said)) == said

    def test_answers_for_a_product_without_a_badge_too(self, amal):
        product = goods.enrolled(amal.organisation)

        assert snapshots([product.pk, 999], NOON)[product.pk]["status"] == snapshots([999], NOON)[999]["status"] == "none"

    def test_is_of_its_moment(self, badge):
        before = badge.issued_at - timedelta(seconds=1)
        after = badge.valid_until

        statuses = [snapshots([badge.product_id], at)[badge.product_id]["status"] for at in (before, badge.issued_at, after)]

        assert statuses == ["none", "valid", "expired"]

    def test_gives_the_reason_of_a_stop(self, badge):
        open_stop(merchant_id=badge.merchant_id, lot_id=badge.lot_id, code="c", because="Being retested.", actor=None, at=timezone.now())

        said = snapshots([badge.product_id], timezone.now())[badge.product_id]

        assert (said["status"], said["is_valid"], said["because"]) == ("suspended", False, "Being retested.")

    def test_takes_the_valid_lot_and_not_the_newer_revoked_one(self, badge, amal, wei, bo, eve):
        newer = goods.accepted(amal, wei, bo, product=badge.product, lot="HJ261110C")
        revoked = actions.issue(clearance_id=newer.clearance_id, evidence_entry_id=newer.evidence_entry_id, at=NOON)
        actions.revoke(badge_id=revoked.pk, actor=eve, at=timezone.now(), reason="wrong papers")

        assert snapshots([badge.product_id], timezone.now())[badge.product_id]["badge_id"] == badge.pk

    def test_costs_four_queries_for_many_as_for_one(self, amal):
        team = offers.floor()
        numbers = [offers.offered(amal, team=team).product_id for _ in range(6)]

        for some in (numbers[:1], numbers):
            with CaptureQueriesContext(connection) as counted:
                assert all(said["is_valid"] for said in snapshots(some, timezone.now()).values())
            assert len(counted) == 4
