"""The pages of dispatch, tracking and couriers, as the people they belong to use them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from logistics.couriers.models import CourierService, Origin
from logistics.dispatch.models import Waybill
from tests import doors, orders, waybills
from tests.doors import HTMX, browser
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def goods_of(amal, wei, shunda):
    waybills.stands_in(wei.organisation)
    waybills.service(shunda, code="std", name="顺达标快")
    return waybills.product(amal, wei)


class TestTheDispatchDesk:
    def test_books_what_is_ticked_and_prints_its_label(self, amal, wei, goods_of):
        one, other = waybills.checked(amal, wei, goods_of, parcels=2)
        desk = browser(wei)

        page = desk.get(reverse("dispatch:desk"))
        assert one.code in page.content.decode()
        assert orders.XIAO.phone not in page.content.decode()
        answer = desk.post(reverse("dispatch:book"), {"parcels": [one.pk], "rule": "cheapest"}, follow=True)
        assert "1 parcel has its waybill." in answer.content.decode()
        waybill = Waybill.objects.get()
        assert waybill.parcel == one
        shown = desk.get(reverse("tracking:show", args=[waybill.pk])).content.decode()
        assert "顺达标快 is the cheapest of 1: ¥4.50, 1 days." in shown
        label = desk.post(reverse("dispatch:label", args=[waybill.pk]))
        assert orders.XIAO.phone in label.content.decode()
        assert label.headers["Cache-Control"] == "no-store"
        narrowed = desk.get(reverse("dispatch:desk"), {"step": "book"}, headers=HTMX).content.decode()
        assert other.code in narrowed
        assert one.code not in narrowed

    def test_calls_a_waybill_off_with_a_reason(self, amal, wei, goods_of):
        [waybill] = waybills.booked(wei, waybills.checked(amal, wei, goods_of))
        desk = browser(wei)

        desk.post(reverse("dispatch:cancel", args=[waybill.pk]), {"reason": ""})
        assert Waybill.objects.get().state == "created"
        desk.post(reverse("dispatch:cancel", args=[waybill.pk]), {"reason": "wrong service"})
        assert Waybill.objects.get().state == "cancelled"

    def test_needs_a_tick_and_a_service_under_the_rule_that_names_one(self, amal, wei, goods_of):
        [parcel] = waybills.checked(amal, wei, goods_of)
        for given in ({"rule": "cheapest"}, {"rule": "fixed", "parcels": [parcel.pk]}):
            answer = browser(wei).post(reverse("dispatch:book"), given, follow=True)
            assert "Tick the parcels and choose a rule." in answer.content.decode()
        assert not Waybill.objects.exists()

    def test_asks_as_often_for_ten_parcels_as_for_one(self, amal, wei, goods_of):
        desk, path = browser(wei), reverse("dispatch:desk")
        one = doors.queries_after(lambda: waybills.booked(wei, waybills.checked(amal, wei, goods_of)), desk, path)
        assert doors.queries_after(lambda: waybills.booked(wei, waybills.checked(amal, wei, goods_of, parcels=9)), desk, path) == one


class TestTheHandOverStation:
    def test_hands_over_by_scan_of_label_or_parcel(self, amal, wei, goods_of):
        one, other = waybills.checked(amal, wei, goods_of, parcels=2)
        first, _second = waybills.booked(wei, [one, other])
        gate, path = browser(wei), reverse("dispatch:hand-over")

        answer = gate.post(path, {"code": first.number}, headers=HTMX)
        assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, '{"scanned": {"ok": true}}')
        assert f"Parcel {one.code} has left." in answer.content.decode()
        gate.post(path, {"code": other.code.lower()}, headers=HTMX)
        assert Waybill.objects.filter(state="handed_over").count() == 2

    def test_says_loudly_what_may_not_leave(self, amal, wei, goods_of):
        [unchecked] = waybills.packed(amal, wei, goods_of)
        [waybill] = waybills.booked(wei, [unchecked])
        answer = browser(wei).post(reverse("dispatch:hand-over"), {"code": waybill.number}, headers=HTMX)
        assert (answer.status_code, answer.headers["HX-Trigger"]) == (409, '{"scanned": {"ok": false}}')
        assert "was not cleared by the outbound check" in answer.content.decode()

    def test_knows_no_parcel_of_another_warehouse(self, amal, wei, bob, goods_of):
        [waybill] = waybills.booked(wei, waybills.checked(amal, wei, goods_of))
        from tests import factories

        stranger = factories.user("warehouse_operator", bob.organisation)
        answer = browser(stranger).post(reverse("dispatch:hand-over"), {"code": waybill.number})
        assert answer.status_code == 422
        assert Waybill.objects.get().state == "created"


class TestACouriersScan:
    def test_takes_down_one_parcel_after_the_other(self, amal, wei, kai, goods_of):
        [waybill] = waybills.on_the_way(amal, wei, goods_of)
        scanner, path = browser(kai), reverse("tracking:scan")
        message = scanner.get(path).context["form"]["message"].value()

        given = {"message": message, "status": "picked_up", "reason": "", "place": "杭州", "number": waybill.number}
        for _twice in range(2):
            assert scanner.post(path, given, headers=HTMX).status_code == 200
        waybill.refresh_from_db()
        assert (waybill.state, waybill.events.count()) == ("in_transit", 1)

    def test_asks_what_is_wrong(self, amal, wei, kai, goods_of):
        [waybill] = waybills.on_the_way(amal, wei, goods_of)
        answer = browser(kai).post(reverse("tracking:scan"), {"message": "m", "status": "problem", "number": waybill.number})
        assert answer.status_code == 422
        assert "Say what is wrong." in answer.content.decode()

    def test_finds_no_parcel_of_another_courier(self, amal, wei, other_agent, goods_of):
        [waybill] = waybills.on_the_way(amal, wei, goods_of)
        answer = browser(other_agent).post(
            reverse("tracking:scan"), {"message": "m", "status": "picked_up", "number": waybill.number}, headers=HTMX
        )
        assert (answer.status_code, waybill.events.count()) == (422, 0)


class TestAWaybillsPage:
    def test_shows_the_merchant_the_way_but_not_what_couriers_ask(self, amal, wei, kai, goods_of):
        [waybill] = waybills.on_the_way(amal, wei, goods_of)
        waybills.tell(kai, waybills.happened(waybill, "picked_up", NOON, place="杭州转运中心"))

        for person in (amal, kai):
            page = browser(person).get(reverse("tracking:show", args=[waybill.pk])).content.decode()
            assert "杭州转运中心" in page
            assert "Why this courier" not in page
            assert orders.XIAO.name not in page

    def test_does_not_exist_for_others(self, amal, wei, chidi, other_agent, goods_of):
        [waybill] = waybills.on_the_way(amal, wei, goods_of)
        for person in (chidi, other_agent):
            assert browser(person).get(reverse("tracking:show", args=[waybill.pk])).status_code == 404

    def test_is_found_by_waybill_and_by_order_number(self, amal, wei, kai, goods_of):
        waybills.on_the_way(amal, wei, goods_of)
        waybill = Waybill.objects.get()
        path = reverse("tracking:list")
        for person, q, found in (
            (amal, waybill.number, True),
            (amal, waybill.parcel.order.number, True),
            (kai, waybill.parcel.order.number, False),
            (amal, "nothing", False),
        ):
            assert (waybill.number in browser(person).get(path, {"q": q}, headers=HTMX).content.decode()) is found


class TestCouriers:
    def test_are_certified_by_the_platform(self, eve, shunda):
        desk = browser(eve)
        given = {
            "courier": shunda.pk,
            "code": "sd-eco",
            "name": "顺达经济件",
            "company_code": "yunda",
            "adapter": "simulated",
            "prices": "economy",
            "valid_from": "2026-01-01",
        }
        assert desk.post(reverse("couriers:create"), given | {"valid_from": "soon"}).status_code == 422
        desk.post(reverse("couriers:create"), given)
        service = CourierService.objects.get()
        again = desk.post(reverse("couriers:create"), given)
        assert (again.status_code, "already belongs to another service" in again.content.decode()) == (422, True)

        desk.post(
            reverse("couriers:terms", args=[service.pk]), {"provinces": ["33", "31"], "certified_until": "2027-01-01", "in_use": "yes"}
        )
        desk.post(reverse("couriers:prices", args=[service.pk]), {"prices": "express", "valid_from": "2026-06-01"})
        service.refresh_from_db()
        assert (service.provinces, service.certified_until) == (["31", "33"], date(2027, 1, 1))
        page = desk.get(reverse("couriers:show", args=[service.pk])).content.decode()
        assert "上海" in page
        assert [version.valid_until for version in service.versions.order_by("id")] == [date(2026, 6, 1), None]

    def test_learn_where_a_warehouse_stands(self, eve, xiaoshan):
        browser(eve).post(reverse("couriers:origin"), {"warehouse": xiaoshan.pk, "province": "33"})
        assert Origin.objects.get().province == "33"


class TestHomePages:
    def test_tell_the_warehouse_what_waits(self, amal, wei, goods_of):
        waybills.checked(amal, wei, goods_of)
        waybills.booked(wei, waybills.checked(amal, wei, goods_of))
        page = browser(wei).get("/").content.decode()
        assert "Choose a courier for 1 parcel" in page
        assert "Hand over 1 parcel" in page

    def test_tell_the_courier_what_to_pick_up(self, amal, wei, kai, goods_of):
        waybills.on_the_way(amal, wei, goods_of, parcels=2)
        page = browser(kai).get("/").content.decode()
        assert "Pick up 2 parcels" in page
