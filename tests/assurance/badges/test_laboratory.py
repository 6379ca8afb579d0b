"""A category whose risk demands it: no badge before a fresh pass of a laboratory; sides of the seal follow the evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.badges import actions, grounds, tasks
from assurance.badges.models import Badge
from assurance.badges.sides import sides
from assurance.evidence.actions import record
from tests import goods, offers
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def published(product, *, verdict="pass", lot_id=None, at=NOON):
    body = {"verdict": verdict, "tests": []}
    given = {"product_id": product.pk, "organisation_id": product.merchant_id, "lot_id": lot_id, "at": at, "actor": None}
    with transaction.atomic():
        return record("lab_publication", body=body, **given)


@pytest.fixture
def demanding(amal):
    category = goods.category("infant-clothing", name_zh="婴童服饰", name_en="Infant clothing", lab_result_days=180)
    return goods.enrolled(amal.organisation, category=category)


@pytest.fixture
def released(demanding, amal, wei, bo):
    return goods.accepted(amal, wei, bo, product=demanding)


def issue(inspection):
    return actions.issue(clearance_id=inspection.clearance_id, evidence_entry_id=inspection.evidence_entry_id, at=NOON)


class TestTheRule:
    @pytest.mark.parametrize(
        ("verdict", "kinds", "marks"),
        [("", [], "1000"), ("pass", [], "1100"), ("warning", [], "1100"), ("fail", [], "1000"), ("pass", ["outbound_checks"], "1110")],
    )
    def test_marks_what_is_proved(self, verdict, kinds, marks):
        assert sides(lab_verdict=verdict, kinds=kinds) == marks

    def test_marks_all_four(self):
        assert sides(lab_verdict="pass", kinds=["outbound_checks", "return_graded"]) == "1111"


class TestABadgeThatWaitsForALaboratory:
    def test_is_not_issued_with_the_release(self, released, demanding):
        with pytest.raises(actions.LabResultMissing):
            issue(released)

        tasks.issue_badge(clearance_id=released.clearance_id, evidence_entry_id=released.evidence_entry_id)
        assert not Badge.objects.exists()
        assert grounds.released_without_badge(demanding.pk) == [(released.clearance_id, released.evidence_entry_id)]

    @pytest.mark.parametrize(
        ("verdict", "age", "is_issued"), [("pass", 0, True), ("warning", 179, True), ("pass", 181, False), ("fail", 0, False)]
    )
    def test_comes_with_a_fresh_pass_only(self, released, demanding, verdict, age, is_issued):
        published(demanding, verdict=verdict, at=NOON - timedelta(days=age))

        actions.issue_waiting(product_id=demanding.pk, at=NOON)

        assert Badge.objects.exists() is is_issued

    def test_comes_by_the_publication_itself(self, released, demanding):
        entry = published(demanding, lot_id=released.lot_id, at=NOON + timedelta(days=7))

        tasks.follow_laboratory(product_id=demanding.pk, evidence_entry_id=entry.pk)

        badge = Badge.objects.get()
        assert (badge.sides, badge.issued_at) == ("1100", NOON + timedelta(days=7))


class TestTheSidesOfASeal:
    def test_follow_outbound_checks_and_returns(self, amal):
        entry = offers.offered(amal)
        product = entry.product
        for kind in ("outbound_checks", "return_graded"):
            with transaction.atomic():
                record(kind, product_id=product.pk, organisation_id=product.merchant_id, at=NOON, actor=None, body={})
        assert grounds.products_behind_evidence() == [product.pk]

        tasks.refine_strength()

        assert (Badge.objects.get().sides, grounds.products_behind_evidence()) == ("1011", [])

    def test_are_lost_with_a_failed_result_of_the_lot(self, amal):
        badge = offers.offered(amal).badge
        published(badge.product, lot_id=badge.lot_id)
        actions.refine(product_ids=[badge.product_id], at=timezone.now())
        published(badge.product, lot_id=badge.lot_id, verdict="fail", at=NOON + timedelta(days=1))

        actions.refine(product_ids=[badge.product_id], at=timezone.now())

        badge.refresh_from_db()
        assert badge.sides == "1000"

    def test_are_read_by_one_query_for_all(self, amal):
        team = offers.floor()
        badges = [offers.offered(amal, team=team).badge for _ in range(3)]

        with CaptureQueriesContext(connection) as counted:
            assert set(grounds.sides_of(badges).values()) == {"1000"}
        assert len(counted) == 1
