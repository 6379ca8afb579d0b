"""Taking down what couriers say: copies, disorder, wrong clocks, other people's parcels."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assurance.events.models import Event
from assurance.evidence.models import EvidenceEntry, Fact
from assurance.evidence.tree import includes, node_hash
from assurance.notices.models import Notice
from logistics.couriers.choosing import Rule
from logistics.dispatch import actions as dispatch
from logistics.dispatch.actions import Booking, Handing
from logistics.dispatch.models import Waybill
from logistics.tracking import actions
from logistics.tracking.actions.recording import NotACourier
from logistics.tracking.leaves import leaf_hash
from logistics.tracking.models import TrackingEvent
from logistics.tracking.queries import pickup_figures
from logistics.tracking.state import Seen, standing
from tests import waybills
from tests.factories import NOON
from tests.journeys.jobs import work_off

if TYPE_CHECKING:
    from assurance.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods_of(amal, wei, shunda):
    waybills.stands_in(wei.organisation)
    waybills.service(shunda)
    return waybills.product(amal, wei)


@pytest.fixture
def waybill(amal, wei, goods_of) -> Waybill:
    return waybills.on_the_way(amal, wei, goods_of)[0]


def after(hours: float):
    return NOON + timedelta(hours=hours)


class TestAnEvent:
    def test_moves_waybill_parcel_and_order_on(self, kai, waybill):
        told = waybills.tell(
            kai,
            waybills.happened(waybill, "揽收", after(2), place="杭州"),
            waybills.happened(waybill, "5", after(20)),
            waybills.happened(waybill, "签收", after(22)),
            at=after(23),
        )

        assert (told.new, told.repeated, told.refused) == (3, 0, {})
        waybill.refresh_from_db()
        assert (waybill.state, waybill.picked_up_at, waybill.delivered_at) == ("delivered", after(2), after(22))
        parcel = waybill.parcel
        parcel.refresh_from_db()
        assert (parcel.delivered_at, parcel.order.state) == (after(22), "delivered")
        kinds = Event.objects.filter(subject_kind="logistics.waybill", subject_id=waybill.pk).order_by("id").values_list("kind", flat=True)
        assert list(kinds)[-3:] == ["logistics.tracking.recorded", "logistics.parcel.picked_up", "logistics.parcel.delivered"]

    def test_is_once_per_key_of_its_source(self, kai, waybill):
        event = waybills.happened(waybill, "picked_up", after(2))

        assert waybills.tell(kai, event, event).new == 1
        assert waybills.tell(kai, event).repeated == 1
        assert TrackingEvent.objects.count() == 1

    @pytest.mark.row("P13.4")
    def test_in_trouble_names_the_reason_and_who_answers_for_it(self, amal, kai, waybill):
        waybills.tell(kai, waybills.happened(waybill, "problem", after(9), reason="damaged"), at=after(9))
        work_off()

        waybill.refresh_from_db()
        assert (waybill.state, waybill.incident, waybill.responsible) == ("exception", "damaged", "courier")
        told = Event.objects.get(kind="logistics.parcel.exception")
        assert told.ids == {"waybill_id": waybill.pk, "parcel_id": waybill.parcel_id}
        assert told.changes == {"incident": ["", "damaged"], "responsible": ["", "courier"]}
        assert {notice.recipient for notice in Notice.objects.filter(kind="parcel_exception")} == {amal, kai}

    def test_that_nobody_understands_is_kept_without_effect(self, kai, waybill):
        waybills.tell(kai, waybills.happened(waybill, "XJ-77", after(1)))
        waybill.refresh_from_db()
        assert (waybill.state, TrackingEvent.objects.get().status) == ("handed_over", "unknown")

    def test_with_a_wrong_clock_is_kept_and_flagged(self, kai, waybill):
        waybills.tell(
            kai,
            waybills.happened(waybill, "picked_up", waybill.paid_at - timedelta(minutes=1)),
            waybills.happened(waybill, "departed", after(1)),
            waybills.happened(waybill, "delivered", after(9)),
            at=after(1),
        )
        suspects = TrackingEvent.objects.order_by("id").values_list("status", "clock_suspect")
        assert list(suspects) == [("picked_up", True), ("departed", False), ("delivered", True)]
        waybill.refresh_from_db()
        assert (waybill.state, waybill.delivered_at) == ("delivered", after(9))

    def test_of_two_ends_asks_for_somebody(self, kai, waybill):
        waybills.tell(kai, waybills.happened(waybill, "returned", after(9)))
        waybills.tell(kai, waybills.happened(waybill, "delivered", after(8)))
        waybill.refresh_from_db()
        assert (waybill.state, waybill.is_contradictory) == ("delivered", True)

    def test_before_the_hand_over_waits_for_it(self, amal, wei, kai, goods_of):
        [parcel] = waybills.checked(amal, wei, goods_of)
        [waybill] = waybills.booked(wei, [parcel])
        waybills.tell(kai, waybills.happened(waybill, "picked_up", after(1)))
        waybill.refresh_from_db()
        assert waybill.state == "created"

        dispatch.hand_over([Handing(parcel.pk)], actor=wei, at=NOON)
        assert (actions.catch_up(at=after(2)), actions.catch_up(at=after(2))) == (1, 0)

        waybill.refresh_from_db()
        assert waybill.state == "in_transit"

    def test_is_never_changed(self, kai, waybill):
        waybills.tell(kai, waybills.happened(waybill, "picked_up", after(1)))
        with pytest.raises(DatabaseError), transaction.atomic():
            TrackingEvent.objects.update(status="delivered")


class TestWhoTells:
    def test_is_the_courier_of_the_parcel(self, kai, other_agent, waybill):
        told = waybills.tell(other_agent, waybills.happened(waybill, "delivered", after(1)))
        assert (told.new, told.refused) == (0, {0: "no_such_waybill"})

    def test_keeps_the_others_of_the_list(self, kai, waybill):
        unknown = waybills.happened(waybill, "picked_up", after(1), number="SIM999")
        told = waybills.tell(kai, unknown, waybills.happened(waybill, "picked_up", after(1)))
        assert (told.new, told.refused) == (1, {0: "no_such_waybill"})

    def test_is_no_merchant_and_no_warehouse(self, amal, wei, waybill):
        for person in (amal, wei):
            with pytest.raises(NotACourier):
                waybills.tell(person, waybills.happened(waybill, "delivered", after(1)))


@pytest.mark.promise("G19")
class TestCopiesAndDisorder:
    def test_change_nothing(self, amal, wei, kai, goods_of):
        """50 parcels, 6 events each, three copies, in any order and in lists of any length: as if told once and in order."""
        parcels = waybills.on_the_way(amal, wei, goods_of, parcels=50)
        chance = random.Random(20261120)
        words = ["picked_up", "departed", "arrived", "out_for_delivery", "problem", "delivered", "returning", "lost"]
        told = {
            waybill.pk: [
                waybills.happened(waybill, word, after(chance.randint(1, 60)), key=f"{number}")
                for number, word in enumerate(chance.sample(words, 6))
            ]
            for waybill in parcels
        }
        sent = [event for events in told.values() for event in events] * 3
        chance.shuffle(sent)
        new = 0
        while sent:
            n = chance.randint(1, 120)
            part, sent = sent[:n], sent[n:]
            new += waybills.tell(kai, *part, at=after(61)).new

        assert new == 300
        for waybill in Waybill.objects.filter(pk__in=told):
            meant = standing(
                Seen.of(event.occurred_at, event.status, {"lost": "lost_by_courier"}.get(event.status, "unclear"))
                if event.status in ("problem", "returning", "lost")
                else Seen.of(event.occurred_at, event.status)
                for event in told[waybill.pk]
            )
            assert (waybill.state, waybill.picked_up_at, waybill.delivered_at, waybill.incident) == (
                meant.state,
                meant.picked_up_at,
                meant.delivered_at,
                meant.incident,
            )
        delivered = Waybill.objects.filter(state="delivered").count()
        assert Event.objects.filter(kind="logistics.parcel.delivered").count() == delivered
        assert Event.objects.filter(kind="warehouse.parcel.delivered").count() == delivered


@pytest.mark.row("P13.5")
class TestMeasuring:
    def test_counts_what_the_merchant_kept(self, amal, wei, kai, goods_of):
        kept, broken, wrong, _silent = waybills.on_the_way(amal, wei, goods_of, parcels=4)
        waybills.tell(
            kai,
            waybills.happened(kept, "picked_up", after(2)),
            waybills.happened(kept, "delivered", after(26)),
            waybills.happened(broken, "picked_up", after(30)),
            waybills.happened(broken, "delivered", after(24 * 9)),
            waybills.happened(wrong, "picked_up", after(-9)),
            at=after(24 * 10),
        )

        written = actions.report_delivery_facts(as_of=after(24 * 10), at=after(24 * 10))
        again = actions.report_delivery_facts(as_of=after(24 * 11), at=after(24 * 11))

        assert (written, again) == (3, 0)
        share = Fact.objects.get(name="picked_within_24h")
        assert (share.subject_kind, share.subject_id, str(share.value), share.sample_size) == (
            "merchant",
            amal.organisation_id,
            "0.500000",
            2,
        )
        on_time = Fact.objects.get(name="on_time")
        assert (on_time.subject_id, str(on_time.value), on_time.sample_size) == (kept.service_id, "0.500000", 2)
        lane = Fact.objects.get(name="lane_days.local")
        assert (str(lane.value), lane.sample_size) == ("4.375000", 2)  # one day, and seven and three quarters
        figures = pickup_figures(Waybill.objects.all())
        assert (figures.paid_and_picked, figures.within_24h, figures.picked_before_paid, figures.delivered_late) == (3, 1, 1, 1)

    def test_counts_orders_that_were_picked_up_whole_within_a_day(self, amal, wei, kai, goods_of):
        kept, late, wrong, _silent = waybills.on_the_way(amal, wei, goods_of, parcels=4)
        happened = [(kept, after(2)), (late, after(30)), (wrong, after(-9))]
        waybills.tell(kai, *(waybills.happened(one, "picked_up", at) for one, at in happened), at=after(24 * 2))

        written = [actions.report_pickup_shares(as_of=after(hours), at=after(hours)) for hours in (20, 24 * 2, 24 * 3, 24 * 40)]

        assert written == [0, 1, 0, 1]  # too early; measured; nothing new; nothing left in the window
        shares = Fact.objects.filter(name="paid_to_pickup_24h").order_by("id").values_list("subject_id", "value", "sample_size")
        assert [(who, str(share), orders) for who, share, orders in shares] == [
            (amal.organisation_id, "0.333333", 3),
            (amal.organisation_id, "0.000000", 0),
        ]

    def test_lets_punctuality_decide_the_next_choice(self, amal, wei, kai, shunda, goods_of):
        waybills.service(prices="economy", code="cheap")
        for one in waybills.on_the_way(amal, wei, goods_of, parcels=10):
            Waybill.objects.filter(pk=one.pk).update(delivered_at=after(24))
        actions.report_delivery_facts(as_of=after(25), at=after(25))
        [parcel] = waybills.checked(amal, wei, goods_of)

        [chosen] = dispatch.choose_and_book([Booking(parcel.pk, rule=Rule.MOST_RELIABLE)], actor=wei, at=after(26))

        assert chosen.service.code == "cheap"
        assert chosen.because == f"{chosen.service.name} is the most punctual of 2: 100.0 % of 10 parcels on time, ¥3.50."


class TestALateParcel:
    def test_is_told_once(self, amal, waybill):
        assert waybill.promised_delivery_date == date(2026, 11, 25)
        assert actions.tell_of_late_ones(at=after(24 * 5)) == 0
        assert actions.tell_of_late_ones(at=after(24 * 6)) == 1
        assert actions.tell_of_late_ones(at=after(24 * 7)) == 0
        actions.tell_of_late(waybill_id=waybill.pk, at=after(24 * 6))
        actions.tell_of_late(waybill_id=waybill.pk, at=after(24 * 6))

        assert Event.objects.filter(kind="logistics.parcel.late").count() == 1
        assert [notice.recipient for notice in Notice.objects.filter(kind="parcel_late")] == [amal]


class TestTheCost:
    def test_is_as_many_queries_for_eight_parcels_as_for_one(self, amal, wei, kai, goods_of):
        def asked(count: int) -> int:
            events = [
                waybills.happened(one, word, after(hours))
                for one in waybills.on_the_way(amal, wei, goods_of, parcels=count)
                for word, hours in (("picked_up", 2), ("delivered", 22))
            ]
            with CaptureQueriesContext(connection) as counted:
                waybills.tell(kai, *events, at=after(23))
            return len(counted)

        assert asked(1) == asked(8)


class TestWhoSees:
    def test_is_owner_sender_carrier_and_platform(self, amal, chidi, wei, bob, kai, other_agent, eve, waybill):
        waybills.tell(kai, waybills.happened(waybill, "picked_up", after(1)))

        def sees(person: User) -> tuple[int, int]:
            return Waybill.objects.visible_to(person).count(), TrackingEvent.objects.visible_to(person).count()

        assert [sees(one) for one in (amal, wei, kai, eve)] == [(1, 1)] * 4
        assert [sees(one) for one in (chidi, bob, other_agent)] == [(0, 0)] * 3


class TestAClosedDay:
    def test_puts_its_deliveries_under_one_root_in_the_evidence(self, amal, wei, kai, goods_of):
        one, other, _underway = waybills.on_the_way(amal, wei, goods_of, parcels=3)
        waybills.tell(kai, *(waybills.happened(each, "delivered", after(2)) for each in (one, other)), at=after(2))

        assert actions.close_days(before=date(2026, 11, 20), at=after(3)) == []
        [day] = actions.close_days(before=date(2026, 11, 21), at=after(24))
        assert actions.close_days(before=date(2026, 11, 21), at=after(25)) == []

        leaves = list(day.leaves.order_by("position"))
        assert [leaf.waybill for leaf in leaves] == [one, other]
        hashes = [leaf_hash(leaf.says) for leaf in leaves]
        assert day.root == node_hash(*hashes).hex()
        assert includes(hashes[1], 1, 2, [hashes[0]], bytes.fromhex(day.root))
        entry = EvidenceEntry.objects.get(pk=day.evidence_entry_id)
        assert (entry.kind, entry.product_id) == ("deliveries", goods_of.pk)
        assert entry.says == {"day": "2026-11-20", "part": 1, "deliveries": 2, "root": day.root}

    def test_has_another_part_for_what_was_heard_late(self, amal, wei, kai, goods_of):
        one, other = waybills.on_the_way(amal, wei, goods_of, parcels=2)
        for number, each in enumerate((one, other), 1):
            waybills.tell(kai, waybills.happened(each, "delivered", after(2)), at=after(2))
            assert [day.part for day in actions.close_days(before=date(2026, 11, 21), at=after(24))] == [number]
