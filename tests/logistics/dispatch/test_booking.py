"""Choosing and booking: with reasons, once per attempt, as many queries for one as for fifty."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assurance.database import constraint_of
from logistics.couriers import adapters
from logistics.couriers.actions import Terms, change_terms
from logistics.couriers.adapters import NetworkInTransaction
from logistics.couriers.adapters.interface import Booked, Declined, Deed, NotSupported, Unanswered
from logistics.couriers.adapters.simulated.courier import SimulatedCourier, number_of
from logistics.dispatch import actions
from logistics.dispatch.actions import Booking
from logistics.dispatch.actions.refusing import (
    AlreadyLeft,
    CannotBeCalledOff,
    NoCourier,
    NoOrigin,
    NoSuchService,
    OtherWarehouse,
    ParcelNotReady,
    TwiceInOneSet,
)
from logistics.dispatch.lifecycle import WaybillState
from logistics.dispatch.models import Waybill
from tests import orders, waybills
from tests.factories import NOON
from tests.harness import session
from warehouse.orders.actions import PaidTo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.couriers.adapters.interface import Answer, Order

pytestmark = pytest.mark.django_db
XINJIANG = PaidTo("阿丽", "13812345679", "新疆维吾尔自治区", "乌鲁木齐市", "天山区", "解放北路 1 号")


@pytest.fixture
def goods_of(amal, wei):
    waybills.stands_in(wei.organisation)
    return waybills.product(amal, wei)


class Flaky(SimulatedCourier):
    """A courier that sells and then does not answer, or says no; it keeps account of what was sold."""

    is_remote = False

    def __init__(self, *moods: str) -> None:
        self.moods, self.sold, self.asked = list(moods), {}, 0

    def book(self, wanted: Sequence[Order]) -> list[Answer]:
        self.asked += 1
        mood = self.moods.pop(0) if self.moods else "fine"
        if mood == "declined":
            return [Declined(order.key, "no car today") for order in wanted]
        if mood == "unreachable":
            return [Unanswered(order.key, "connection refused") for order in wanted]
        answers: list[Answer] = [Booked(order.key, self.sold.setdefault(order.key, number_of(order.key))) for order in wanted]
        return [] if mood == "timed out" else answers

    def cancel(self, number: str) -> None:
        raise NotSupported(Deed.CANCEL)


@pytest.fixture
def flaky(monkeypatch):
    def of(*moods: str) -> Flaky:
        courier = Flaky(*moods)
        monkeypatch.setattr(adapters, "ADAPTERS", {**adapters.ADAPTERS, "simulated": courier})
        return courier

    return of


@pytest.mark.row("P13.2")
class TestChoosing:
    def test_keeps_the_reason_and_the_alternatives_with_the_parcel(self, amal, wei, goods_of):
        cheap = waybills.service(prices="economy", code="cheap", name="慢慢递")
        waybills.service(prices="express", code="fast", name="飞快递")
        waybills.service(code="elsewhere", provinces=["65"])
        waybills.service(code="lapsed", certified_until=date(2026, 11, 19))
        [parcel] = waybills.checked(amal, wei, goods_of)

        [waybill] = waybills.booked(wei, [parcel])

        assert (waybill.service, waybill.state, waybill.number) == (cheap, "created", number_of(f"parcel:{parcel.pk}:1"))
        assert waybill.because == "慢慢递 is the cheapest of 2: ¥3.50, 2 days."
        assert [one["code"] for one in waybill.alternatives["others"]] == ["fast"]
        assert waybill.alternatives["unfit"] == {"elsewhere": "not_covered", "lapsed": "not_certified"}
        assert (waybill.zone, waybill.fee, waybill.billed_weight_g) == ("local", Decimal("3.50"), 320)

    def test_takes_the_fastest_or_the_one_asked_for(self, amal, wei, goods_of):
        waybills.service(prices="economy", code="cheap")
        waybills.service(prices="express", code="fast")
        one, other = waybills.checked(amal, wei, goods_of, parcels=2)

        assert waybills.booked(wei, [one], rule="fastest")[0].service.code == "fast"
        [fixed] = waybills.booked(wei, [other], rule="fixed", service_code="cheap")
        assert fixed.service.code == "cheap"
        assert [left["code"] for left in fixed.alternatives["others"]] == ["fast"]

    def test_stores_the_promise(self, amal, wei, goods_of):
        waybills.service()
        [parcel] = waybills.checked(amal, wei, goods_of)

        [waybill] = waybills.booked(wei, [parcel])

        assert waybill.promised_pickup_at == parcel.order.paid_at + timedelta(hours=24)
        assert waybill.promised_delivery_date == date(2026, 11, 25)
        assert waybill.promised_days == 1

    def test_refuses_what_nobody_can_take(self, amal, wei, goods_of):
        waybills.service(provinces=["33"])
        near, far = *waybills.checked(amal, wei, goods_of), *waybills.checked(amal, wei, goods_of, recipient=XINJIANG)

        with pytest.raises(NoCourier) as refused:
            waybills.booked(wei, [near, far])

        assert refused.value.field == "items.1"
        assert not Waybill.objects.exists()

    def test_refuses_a_service_that_is_not_there(self, amal, wei, goods_of):
        [parcel] = waybills.checked(amal, wei, goods_of)
        with pytest.raises(NoSuchService):
            waybills.booked(wei, [parcel], rule="fixed", service_code="nobody")

    def test_refuses_a_service_that_is_no_longer_used(self, amal, wei, goods_of):
        service = waybills.service()
        change_terms(service_id=service.pk, terms=Terms(is_active=False), actor=waybills.admin(), at=NOON)
        [parcel] = waybills.checked(amal, wei, goods_of)
        with pytest.raises(NoCourier):
            waybills.booked(wei, [parcel])


class TestWhoMayBook:
    def test_is_the_warehouse_of_the_parcel(self, amal, wei, bob, goods_of):
        waybills.service()
        [parcel] = waybills.checked(amal, wei, goods_of)
        with pytest.raises(OtherWarehouse):
            waybills.booked(bob, [parcel])

    def test_is_nobody_before_the_parcel_is_packed(self, amal, wei, goods_of):
        waybills.service()
        parcel = orders.picked(amal, wei, (goods_of, 1))
        with pytest.raises(ParcelNotReady):
            waybills.booked(wei, [parcel])

    def test_is_nobody_while_the_warehouse_stands_nowhere(self, amal, wei):
        waybills.service()
        [parcel] = waybills.checked(amal, wei, waybills.product(amal, wei))
        with pytest.raises(NoOrigin):
            waybills.booked(wei, [parcel])

    def test_is_nobody_who_names_a_parcel_twice(self, amal, wei, goods_of):
        waybills.service()
        [parcel] = waybills.checked(amal, wei, goods_of)
        with pytest.raises(TwiceInOneSet):
            waybills.booked(wei, [parcel, parcel])


@pytest.mark.row("P13.3")
class TestAskingAgain:
    def test_returns_the_waybill_that_is_there(self, amal, wei, goods_of):
        waybills.service()
        parcels = waybills.checked(amal, wei, goods_of, parcels=2)

        first = waybills.booked(wei, parcels)
        again = waybills.booked(wei, parcels[::-1])

        assert [one.pk for one in again] == [one.pk for one in first[::-1]]
        assert Waybill.objects.count() == 2

    @pytest.mark.parametrize("mood", ["timed out", "unreachable"])
    def test_never_buys_a_second_one_after_a_failure(self, mood, amal, wei, goods_of, flaky):
        """Peers' bug 17: a retry finds the waybill that was bought."""
        courier = flaky(mood)
        waybills.service()
        [parcel] = waybills.checked(amal, wei, goods_of)

        [lost] = waybills.booked(wei, [parcel])
        assert (lost.state, lost.number) == ("requested", "")
        [found] = waybills.booked(wei, [parcel])

        assert (found.pk, found.state, found.number) == (lost.pk, "created", number_of(f"parcel:{parcel.pk}:1"))
        assert (courier.asked, len(courier.sold), Waybill.objects.count()) == (2, 1, 1)

    def test_is_a_new_attempt_after_the_courier_said_no(self, amal, wei, goods_of, flaky):
        flaky("declined")
        waybills.service()
        [parcel] = waybills.checked(amal, wei, goods_of)

        [first] = waybills.booked(wei, [parcel])
        [second] = waybills.booked(wei, [parcel])

        first.refresh_from_db()
        assert (first.state, first.close_reason, first.attempt) == ("refused", "no car today", 1)
        assert (second.state, second.attempt, second.request_key) == ("created", 2, f"parcel:{parcel.pk}:2")

    def test_finds_one_live_waybill_whoever_writes(self, amal, wei, goods_of):
        waybills.service()
        [waybill] = waybills.booked(wei, waybills.checked(amal, wei, goods_of))
        waybill.pk, waybill.attempt, waybill.request_key, waybill.number = None, 2, "x", "y"

        with pytest.raises(IntegrityError, match="waybill_live_once_per_parcel"), transaction.atomic():
            waybill.save(force_insert=True)

    def test_over_a_network_is_refused_inside_a_transaction(self, amal, wei, goods_of, flaky):
        flaky().is_remote = True
        waybills.service()
        [parcel] = waybills.checked(amal, wei, goods_of)
        with pytest.raises(NetworkInTransaction), transaction.atomic():
            waybills.booked(wei, [parcel])


class TestCallingOff:
    def test_lets_the_parcel_be_booked_again(self, amal, wei, goods_of):
        waybills.service()
        [parcel] = waybills.checked(amal, wei, goods_of)
        [first] = waybills.booked(wei, [parcel])

        actions.cancel_waybills([first.pk], reason="wrong service", actor=wei, at=NOON)
        actions.cancel_waybills([first.pk], reason="wrong service", actor=wei, at=NOON)
        [second] = waybills.booked(wei, [parcel])

        first.refresh_from_db()
        assert (first.state, first.close_reason) == ("cancelled", "wrong service")
        assert (second.attempt, second.state) == (2, "created")

    def test_is_refused_when_it_has_left(self, amal, wei, goods_of):
        waybills.service()
        [waybill] = waybills.on_the_way(amal, wei, goods_of)
        with pytest.raises(AlreadyLeft):
            actions.cancel_waybills([waybill.pk], reason="x", actor=wei, at=NOON)

    def test_says_plainly_that_a_courier_does_not_offer_it(self, amal, wei, goods_of, flaky):
        flaky()
        waybills.service()
        [waybill] = waybills.booked(wei, waybills.checked(amal, wei, goods_of))
        with pytest.raises(CannotBeCalledOff, match="not supported"):
            actions.cancel_waybills([waybill.pk], reason="x", actor=wei, at=NOON)


class TestTheSimulatedCourier:
    @pytest.mark.parametrize(
        ("deed", "ask"),
        [
            (Deed.PICKUP, lambda courier: courier.book_pickup(["1"])),
            (Deed.MANIFEST, lambda courier: courier.send_manifest(["1"])),
            (Deed.RETURN_LABEL, lambda courier: courier.return_label("1")),
            (Deed.REDELIVERY, lambda courier: courier.redeliver("1")),
        ],
    )
    def test_says_what_it_does_not_offer(self, deed, ask):
        courier = SimulatedCourier()
        assert deed not in courier.offers
        with pytest.raises(NotSupported):
            ask(courier)


class TestTheCost:
    @pytest.mark.sampled
    def test_is_as_many_queries_for_many_as_for_one(self, amal, wei):
        waybills.stands_in(wei.organisation)
        waybills.service()
        goods_of = waybills.product(amal, wei, quantity=60)

        def asked(parcels: int) -> int:
            items = [Booking(parcel.pk) for parcel in waybills.checked(amal, wei, goods_of, parcels=parcels)]
            with CaptureQueriesContext(connection) as counted:
                actions.choose_and_book(items, actor=wei, at=NOON)
            return len(counted)

        assert asked(1) == asked(session.many(50))


class TestTheDatabase:
    def test_lets_a_cancelled_waybill_never_come_back(self, amal, wei, goods_of):
        waybills.service()
        [waybill] = waybills.booked(wei, waybills.checked(amal, wei, goods_of))
        actions.cancel_waybills([waybill.pk], reason="x", actor=wei, at=NOON)

        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Waybill.objects.filter(pk=waybill.pk).update(state=WaybillState.CREATED)

        assert constraint_of(refused.value) == "logistics_waybill_state_edges"
