"""Hand-over: with the parcel's own clearance or not at all, metered, once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assurance.events.models import Event
from assurance.fees.models import Operation
from assurance.gates.actions import Stopped, open_stop
from logistics.dispatch import actions
from logistics.dispatch.actions import Handing
from logistics.dispatch.actions.refusing import NotCleared, NoWaybill, OtherWarehouse
from logistics.dispatch.models import HandOver, Manifest, Waybill
from tests import orders, waybills
from tests.factories import NOON
from tests.harness import session
from warehouse.stock.models import StockBalance

if TYPE_CHECKING:
    from warehouse.orders.models import Parcel

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods_of(amal, wei):
    waybills.stands_in(wei.organisation)
    waybills.service()
    return waybills.product(amal, wei)


@pytest.fixture
def parcel(amal, wei, goods_of) -> Parcel:
    [found] = waybills.checked(amal, wei, goods_of)
    waybills.booked(wei, [found])
    return found


def hand(actor, *parcels, **given):
    return actions.hand_over([Handing(parcel.pk, **given) for parcel in parcels], actor=actor, at=NOON)


class TestHandingOver:
    def test_moves_parcel_goods_and_waybill_together_and_meters_it(self, wei, parcel):
        [handed] = hand(wei, parcel, at=NOON + timedelta(hours=1))

        parcel.refresh_from_db()
        waybill = Waybill.objects.get()
        assert (parcel.state, waybill.state, handed.clearance_id) == ("handed_over", "handed_over", parcel.clearance_id)
        assert waybill.handed_over_at == handed.handed_at == parcel.handed_over_at == NOON + timedelta(hours=1)
        assert StockBalance.objects.get(custody="shipped").quantity == 1
        assert str(handed.manifest) == f"JJ-{handed.manifest_id:06}"
        metered = Operation.objects.get(kind="forward_delivery")
        assert (metered.source_kind, metered.source_id, metered.merchant_id) == ("logistics.waybill", waybill.pk, parcel.merchant_id)
        assert metered.measures == {"to_province": "330000", "weight_g": 320}
        assert Event.objects.filter(kind="logistics.parcel.handed_over", subject_id=waybill.pk).count() == 1

    def test_answers_with_the_first_one_when_it_is_asked_again(self, wei, parcel):
        assert hand(wei, parcel) == hand(wei, parcel)
        assert (HandOver.objects.count(), Operation.objects.filter(kind="forward_delivery").count()) == (1, 1)

    def test_writes_one_list_per_service(self, amal, wei, goods_of):
        parcels = waybills.checked(amal, wei, goods_of, parcels=3)
        waybills.booked(wei, parcels)
        hand(wei, *parcels)
        assert Manifest.objects.get().parcels == 3

    def test_is_refused_without_the_outbound_check_and_nothing_of_the_set_leaves(self, amal, wei, goods_of, parcel):
        [unchecked] = waybills.packed(amal, wei, goods_of)
        waybills.booked(wei, [unchecked])

        with pytest.raises(NotCleared) as refused:
            hand(wei, parcel, unchecked)

        assert refused.value.field == "items.1"
        assert not HandOver.objects.exists()
        assert not Operation.objects.filter(kind="forward_delivery").exists()

    def test_is_refused_without_a_waybill(self, amal, wei, goods_of):
        [parcel] = waybills.checked(amal, wei, goods_of)
        with pytest.raises(NoWaybill):
            hand(wei, parcel)

    def test_is_refused_elsewhere(self, bob, parcel):
        with pytest.raises(OtherWarehouse):
            hand(bob, parcel)

    def test_is_refused_while_a_stop_covers_the_goods(self, wei, parcel):
        open_stop(merchant_id=parcel.merchant_id, code="complaints", because="投诉", actor=waybills.admin(), at=NOON)
        with pytest.raises(Stopped):
            hand(wei, parcel)
        assert not HandOver.objects.exists()


class TestTheDatabase:
    def test_lets_no_parcel_leave_on_another_ones_clearance(self, amal, wei, goods_of, parcel):
        [other] = waybills.checked(amal, wei, goods_of)
        [handed] = hand(wei, parcel)
        [waybill] = waybills.booked(wei, [other])
        stolen = HandOver(
            waybill=waybill,
            parcel=other,
            merchant_id=other.merchant_id,
            warehouse_id=other.warehouse_id,
            courier_id=waybill.courier_id,
            manifest=handed.manifest,
            clearance_id=handed.clearance_id,
            handed_by=wei,
            handed_at=NOON,
        )
        with pytest.raises(IntegrityError, match="hand_over_carries_clearance"), transaction.atomic():
            stolen.save()

    def test_keeps_a_hand_over_as_it_was(self, wei, parcel):
        hand(wei, parcel)
        with pytest.raises(DatabaseError), transaction.atomic():
            HandOver.objects.update(handed_at=NOON)

    def test_lets_nobody_turn_a_waybill_to_another_parcel(self, wei, parcel):
        with pytest.raises(DatabaseError), transaction.atomic():
            Waybill.objects.update(billed_weight_g=1)


class TestTheLabel:
    def test_shows_the_recipient_to_the_warehouse_and_writes_it_down(self, wei, parcel):
        waybill = Waybill.objects.get()

        printed = actions.print_label(waybill_id=waybill.pk, actor=wei, at=NOON)

        assert (printed.recipient.phone, printed.label.routing) == (orders.XIAO.phone, "33 浙江")
        assert Event.objects.filter(kind="logistics.label.printed", actor_id=wei.pk, subject_id=waybill.pk).count() == 1

    def test_is_shown_to_nobody_else(self, bob, parcel):
        with pytest.raises(OtherWarehouse):
            actions.print_label(waybill_id=Waybill.objects.get().pk, actor=bob, at=NOON)

    def test_is_not_printed_after_the_parcel_left(self, wei, parcel):
        hand(wei, parcel)
        with pytest.raises(NoWaybill):
            actions.print_label(waybill_id=Waybill.objects.get().pk, actor=wei, at=NOON)


class TestTheCost:
    @pytest.mark.sampled
    def test_is_as_many_queries_for_many_as_for_one(self, amal, wei, goods_of):
        def asked(count: int) -> int:
            parcels = waybills.checked(amal, wei, goods_of, parcels=count)
            waybills.booked(wei, parcels)
            with CaptureQueriesContext(connection) as counted:
                hand(wei, *parcels)
            return len(counted)

        assert asked(1) == asked(session.many(50))
