"""The catalogue's rows follow badges, stops and stock, in sets; who chose a product hears when its badge falls."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.badges import actions as badges
from assurance.catalog import actions, tasks
from assurance.catalog.actions.refreshing import run_out, with_new_stock
from assurance.catalog.models import CatalogEntry
from assurance.enrollment import actions as enrolments
from assurance.enrollment.models import Enrolment
from assurance.gates.actions import lift_stop, open_stop
from assurance.notices.models import Notice
from tests import goods, offers
from tests.journeys.jobs import work_off

pytestmark = pytest.mark.django_db


class TestARow:
    def test_copies_product_badge_and_stock(self, amal, wei, bo):
        entry = offers.offered(amal, team=(wei, bo), units=480, commission_rate="0.2")

        assert (entry.is_listed, entry.badge_status, entry.sides, entry.strength) == (True, "valid", "1000", 1)
        assert (entry.sellable_units, entry.warehouse, str(entry.price)) == (480, wei.organisation, "59.90")
        assert entry.expiry_date == timezone.localdate() + timedelta(days=900)
        assert entry.badge.valid_until == entry.badge_valid_until

    def test_is_there_from_the_first_approval_on_and_stays_unlisted_after(self, amal):
        never = goods.product(amal.organisation)
        entry = offers.listed(amal.organisation)

        actions.refresh([never.pk], at=timezone.now())
        assert not CatalogEntry.objects.filter(product=never).exists()
        enrolments.withdraw(enrolment_id=Enrolment.objects.get(product=entry.product).pk, actor=amal, at=timezone.now())
        actions.refresh([entry.product_id], at=timezone.now())

        entry.refresh_from_db()
        assert (entry.is_listed, entry.badge_status, entry.badge) == (False, "none", None)

    def test_knows_no_badge_status_without_a_badge(self, amal):
        entry = offers.listed(amal.organisation)

        with pytest.raises(IntegrityError, match="catalog_badge_is_whole"), transaction.atomic():
            CatalogEntry.objects.filter(pk=entry.pk).update(badge_status="valid")

    def test_belongs_to_the_merchant_of_its_product(self, amal, chidi):
        entry = offers.listed(amal.organisation)

        CatalogEntry.objects.filter(pk=entry.pk).update(merchant=chidi.organisation)

        with pytest.raises(IntegrityError, match="same_owner"), transaction.atomic():
            connection.check_constraints()
        CatalogEntry.objects.filter(pk=entry.pk).update(merchant=amal.organisation)

    def test_is_refreshed_by_the_same_queries_for_many_as_for_one(self, amal):
        products = [goods.enrolled(amal.organisation).pk for _ in range(30)]

        def queries(numbers):
            with CaptureQueriesContext(connection) as counted:
                actions.refresh(numbers, at=timezone.now())
            return len(counted)

        queries(products)
        assert queries(products) == queries(products[:1])


class TestWhatHappens:
    def test_reaches_the_catalogue_by_jobs(self, amal, wei, bo):
        product = goods.enrolled(amal.organisation)
        inspection = goods.accepted(amal, wei, bo, product=product, expiry_date=timezone.localdate() + timedelta(days=900))
        actions.refresh([product.pk], at=timezone.now())

        work_off()

        entry = CatalogEntry.objects.get(product=product)
        assert (entry.badge_status, entry.badge.clearance_id) == ("valid", inspection.clearance_id)

    def test_a_stop_and_its_end_show_at_once(self, amal, wei, bo, eve):
        entry = offers.offered(amal, team=(wei, bo))
        at = timezone.now()

        stop = open_stop(merchant_id=entry.merchant_id, product_id=entry.product_id, code="complaints", because="x", actor=None, at=at)
        work_off()
        entry.refresh_from_db()
        assert (entry.badge_status, entry.strength) == ("suspended", 0)
        lift_stop(stop_id=stop.pk, actor=eve, at=timezone.now(), reason="settled")
        work_off()

        entry.refresh_from_db()
        assert (entry.badge_status, entry.strength) == ("valid", 1)

    def test_new_stock_is_copied_and_old_stock_is_not_asked_for_again(self, amal):
        entry = offers.listed(amal.organisation)
        offers.stock(entry.product_id, 120)
        assert with_new_stock() == [entry.product_id]

        tasks.follow_stock()

        entry.refresh_from_db()
        assert (entry.sellable_units, with_new_stock()) == (120, [])

    def test_a_badge_that_ran_out_is_noticed(self, amal, wei, bo):
        entry = offers.offered(amal, team=(wei, bo))
        later = entry.badge_valid_until + timedelta(minutes=1)

        assert run_out(at=later) == [entry.product_id]
        assert [fallen.pk for fallen in actions.refresh([entry.product_id], at=later)] == [entry.pk]
        assert run_out(at=later) == []


class TestAFallenBadge:
    def test_is_told_to_everybody_who_chose_the_product(self, amal, wei, bo, eve, mei, max_):
        entry = offers.offered(amal, team=(wei, bo))
        mine = actions.make_list(name="今晚", actor=mei, at=timezone.now())
        actions.add(list_id=mine.pk, entries=[entry], actor=mei, at=timezone.now())

        badges.revoke(badge_id=entry.badge_id, actor=eve, at=timezone.now(), reason="Counterfeit papers.")
        work_off()

        told = Notice.objects.filter(kind="selected_badge_fell")
        assert [notice.recipient for notice in told] == [mei]
        assert (told[0].link, told[0].params["product"]) == (f"/catalogue/{entry.pk}/", entry.name)
