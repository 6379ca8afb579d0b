"""How many units can be sold, reported as a fact where it changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.evidence.models import Fact
from assurance.gates.actions import open_stop
from tests import goods, offers
from warehouse.stock import selling
from warehouse.stock.tasks import report_sellable

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(amal, wei, bo):
    return goods.accepted(amal, wei, bo, expiry_date=timezone.localdate() + timedelta(days=30)).lot


class TestSellableUnits:
    def test_are_those_released(self, released):
        assert selling.sellable_units(at=timezone.now()) == {released.product_id: 1000}

    def test_leave_out_what_expired_or_is_stopped(self, released):
        later = timezone.now() + timedelta(days=31)
        assert selling.sellable_units(at=later) == {released.product_id: 0}

        open_stop(merchant_id=released.merchant_id, lot_id=released.pk, code="c", because="x", actor=None, at=timezone.now())

        assert selling.sellable_units(at=timezone.now()) == {released.product_id: 0}

    def test_are_reported_once_until_they_change(self, released):
        for _ in range(2):
            report_sellable()

        fact = Fact.objects.get(name="sellable_units")
        assert (fact.subject_kind, fact.subject_id, fact.value) == ("product", released.product_id, 1000)

    def test_are_known_by_two_queries_whatever_their_number(self, amal):
        team = offers.floor()
        for _ in range(4):
            goods.accepted(amal, *team)

        with CaptureQueriesContext(connection) as counted:
            assert len(selling.news(at=timezone.now())) == 4
        assert len(counted) == 2
