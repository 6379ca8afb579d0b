"""Times at the gate: no more shipments come than there is room for, and the promise follows the time that is booked."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assurance.calendar import SHANGHAI
from assurance.refusals import WrongState
from qc.promises.actions import promise
from tests import goods
from tests.factories import NOON
from tests.warehouse.at_once import at_once
from tests.warehouse.inbound.test_pages import signed_in
from tests.warehouse.test_api import ask, send
from warehouse.inbound.actions import NoSuchSlot, book_slot, booking, cancel_shipment, give_up_slot
from warehouse.inbound.models import Booking, ShipmentNotice, Slot
from warehouse.inbound.queries import find

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase

ROUNDS = 5


def announced(person: User, wei: User, **given: Any) -> ShipmentNotice:
    return goods.announced(person, wei.organisation, goods.line(goods.enrolled(person.organisation), quantity=100), **given)


class TestOpening:
    def test_makes_slots_one_after_the_other(self, wei: User) -> None:
        opened = goods.slots(wei, last_day=goods.TODAY + timedelta(days=1), minutes=90)

        assert [f"{slot.starts_at.astimezone(SHANGHAI):%d %H:%M}" for slot in opened] == ["20 14:00", "20 15:30", "21 14:00", "21 15:30"]

    def test_again_changes_their_room(self, wei: User) -> None:
        before = goods.slots(wei)

        assert [(slot.pk, slot.capacity) for slot in goods.slots(wei, capacity=3)] == [(slot.pk, 3) for slot in before]

    @pytest.mark.parametrize(
        "given",
        [
            {"ends": time(14, 30)},
            {"first_day": goods.TODAY - timedelta(days=1)},
            {"last_day": goods.TODAY + timedelta(days=40)},
            {"first_day": goods.TODAY + timedelta(days=1)},
        ],
    )
    def test_refuses_what_makes_none_or_too_many(self, wei: User, given: dict[str, Any]) -> None:
        with pytest.raises(booking.SlotsUnreadable):
            goods.slots(wei, **given)

    def test_refuses_others_in_the_same_hours_and_less_room_than_is_booked(self, amal: User, wei: User) -> None:
        [first, *_] = goods.slots(wei, capacity=2)
        for _ in range(2):
            book_slot(notice_id=announced(amal, wei).pk, slot_id=first.pk, actor=amal, at=NOON)

        with pytest.raises(booking.SlotsOverlap):
            goods.slots(wei, minutes=45)
        with pytest.raises(booking.BelowBooked):
            goods.slots(wei, capacity=1)


class TestBooking:
    def test_takes_room_and_moves_with_the_shipment(self, amal: User, wei: User) -> None:
        first, second, _third = goods.slots(wei)
        notice = announced(amal, wei)

        made = book_slot(notice_id=notice.pk, slot_id=first.pk, actor=amal, at=NOON)
        assert book_slot(notice_id=notice.pk, slot_id=first.pk, actor=amal, at=NOON) == made
        book_slot(notice_id=notice.pk, slot_id=second.pk, actor=amal, at=NOON)
        assert list(Slot.objects.order_by("starts_at").values_list("booked", flat=True)) == [0, 1, 0]
        cancel_shipment(notice_id=notice.pk, actor=amal, at=NOON)

        assert (Slot.objects.filter(booked__gt=0).count(), Booking.objects.standing().count(), Booking.objects.count()) == (0, 0, 2)
        with pytest.raises(WrongState):
            book_slot(notice_id=notice.pk, slot_id=first.pk, actor=amal, at=NOON)
        with pytest.raises(booking.NotBooked):
            give_up_slot(notice_id=notice.pk, actor=amal, at=NOON)

    def test_is_of_that_warehouse_and_of_times_to_come(self, amal: User, wei: User, bob: User) -> None:
        notice, [first, *_] = announced(amal, wei), goods.slots(wei)
        [elsewhere, *_] = goods.slots(bob)

        for slot, at in ((elsewhere, NOON), (first, NOON + timedelta(days=1))):
            with pytest.raises(NoSuchSlot):
                book_slot(notice_id=notice.pk, slot_id=slot.pk, actor=amal, at=at)

    @pytest.mark.promise("G4")
    def test_of_the_last_room_is_one_merchants(self, committed_db: CommittedDatabase, amal: User, chidi: User, wei: User) -> None:
        slots = goods.slots(wei, ends=time(19))
        for n in range(ROUNDS):
            notices = [(person, announced(person, wei)) for person in (amal, chidi)]

            def book(person: User, notice: ShipmentNotice, slot: Slot = slots[n]) -> object:
                return book_slot(notice_id=notice.pk, slot_id=slot.pk, actor=person, at=NOON)

            answers = at_once(*(partial(book, person, notice) for person, notice in notices))

            assert sorted(type(answer).__name__ for answer in answers) == ["Booking", "SlotFull"]

    def test_goes_beyond_the_room_by_no_hand(self, amal: User, wei: User) -> None:
        [first, *_] = goods.slots(wei)
        made = book_slot(notice_id=announced(amal, wei).pk, slot_id=first.pk, actor=amal, at=NOON)
        made.pk, made.notice = None, announced(amal, wei)

        with pytest.raises(IntegrityError, match="slot_is_not_overbooked"), transaction.atomic():
            made.save()

    def test_brings_notices_into_the_order_in_which_their_goods_come(self, amal: User, wei: User) -> None:
        tomorrow, today, late, early = (announced(amal, wei, expected_date=goods.TODAY + timedelta(days=n)) for n in (1, 0, 0, 1))
        first, second, *_ = goods.slots(wei)
        for notice, slot in ((late, first), (late, second), (early, first)):
            book_slot(notice_id=notice.pk, slot_id=slot.pk, actor=amal, at=NOON)

        found = [(one, one.slot_at) for one in find(wei)]
        assert found == [(early, first.starts_at), (late, second.starts_at), (today, None), (tomorrow, None)]

    @pytest.mark.row("A3.2")
    def test_moves_the_promise(self, amal: User, wei: User) -> None:
        notice, [first, *_] = announced(amal, wei), goods.slots(wei)
        promise(notice_id=notice.pk, at=NOON)
        book_slot(notice_id=notice.pk, slot_id=first.pk, actor=amal, at=NOON)

        [made] = promise(notice_id=notice.pk, at=NOON)

        assert (made.round, made.arrival_at, made.release_at) == (2, first.ends_at, first.ends_at + timedelta(hours=24))

    def test_works_on_pages_and_by_api(self, amal: User, wei: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
        given = {"first_day": "2026-11-20", "last_day": "2026-11-20", "begins": "14:00", "ends": "16:00", "minutes": "60", "capacity": "1"}
        notice, other = announced(amal, wei), announced(amal, wei)

        assert signed_in(wei).post(reverse("inbound:slots"), given).status_code == 302
        offered = ask(amal, "slots/").json()["results"]
        page = reverse("inbound:show", args=[notice.pk])
        assert f'value="{offered[0]["id"]}"' in signed_in(amal).get(page).content.decode()
        booked = signed_in(amal).post(reverse("inbound:book", args=[notice.pk]), {"slot": offered[0]["id"]})
        late = send(amal, f"shipments/{other.pk}/book-slot/", {"slot": offered[0]["id"]})

        assert (booked.status_code, late.status_code, late.json()["code"]) == (302, 409, "slot_full")
        assert ask(amal, f"shipments/{notice.pk}/").json()["slot"] == offered[0]["starts_at"]
        assert notice.code in signed_in(wei).get(reverse("inbound:slots")).content.decode()
        assert send(amal, f"shipments/{notice.pk}/give-up-slot/").status_code == 200
