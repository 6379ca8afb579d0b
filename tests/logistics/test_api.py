"""The API of couriers, waybills and events."""

from __future__ import annotations

from datetime import timedelta

import pytest

from logistics.couriers.models import CourierService
from logistics.dispatch.models import HandOver, Waybill
from tests import orders, waybills
from tests.doors import Api, flaws, said
from tests.factories import NOON

pytestmark = pytest.mark.django_db

BANDS = [
    {"zone": zone, "first_weight_g": 1000, "first_fee": "5.00", "step_weight_g": 1000, "step_fee": "2.00", "days": 3}
    for zone in ("local", "near", "middle", "far", "remote")
]


@pytest.fixture
def goods_of(amal, wei, shunda):
    waybills.stands_in(wei.organisation)
    waybills.service(shunda, code="std")
    return waybills.product(amal, wei)


class TestWaybills:
    def test_are_booked_labelled_and_handed_over(self, amal, wei, kai, goods_of):
        parcels = [one.pk for one in waybills.checked(amal, wei, goods_of, parcels=2)]
        warehouse = Api(wei)

        booked = warehouse.post("/waybills/", {"parcels": parcels, "rule": "fastest"})
        assert booked.status_code == 200
        assert [(one["parcel"], one["state"], one["service"]) for one in booked.json()] == [(pk, "created", "std") for pk in parcels]
        again = warehouse.post("/waybills/", {"parcels": parcels})
        assert [one["id"] for one in again.json()] == [one["id"] for one in booked.json()]
        label = warehouse.post(f"/waybills/{booked.json()[0]['id']}/label/").json()
        assert (label["recipient"], label["phone"]) == (orders.XIAO.name, orders.XIAO.phone)
        handed = warehouse.post("/waybills/hand-over/", {"parcels": parcels})
        assert [one["parcel"] for one in handed.json()] == parcels
        assert HandOver.objects.count() == 2

    def test_tell_the_price_and_the_reason_only_to_sender_and_platform(self, amal, wei, kai, eve, goods_of):
        [waybill] = waybills.booked(wei, waybills.checked(amal, wei, goods_of))
        for person, sees in ((wei, True), (eve, True), (amal, False), (kai, False)):
            told = Api(person).get(f"/waybills/{waybill.pk}/").json()
            assert [told[name] is not None for name in ("fee", "because", "alternatives")] == [sees] * 3

    def test_are_refused_in_one_piece(self, amal, wei, goods_of):
        [checked], [packed] = waybills.checked(amal, wei, goods_of), waybills.packed(amal, wei, goods_of)
        waybills.booked(wei, [checked, packed])
        answer = Api(wei).post("/waybills/hand-over/", {"parcels": [checked.pk, packed.pk]})
        assert said(answer) == (409, "not_cleared")
        assert not HandOver.objects.exists()

    def test_are_called_off(self, amal, wei, goods_of):
        [waybill] = waybills.booked(wei, waybills.checked(amal, wei, goods_of))
        assert Api(wei).post(f"/waybills/{waybill.pk}/cancel/", {"reason": "wrong"}).json()["state"] == "cancelled"


class TestCourierEvents:
    def test_come_in_lists_and_are_told_back(self, amal, wei, kai, goods_of):
        [waybill] = waybills.on_the_way(amal, wei, goods_of)
        when = (NOON + timedelta(hours=3)).isoformat()
        event = {"number": waybill.number, "key": "1", "status": "揽收", "occurred_at": when}

        answer = Api(kai).post("/courier-events/", {"events": [event, event, event | {"number": "SIM0", "key": "2"}]})

        assert answer.status_code == 200
        assert answer.json() == {"new": 1, "repeated": 1, "refused": [{"place": 2, "code": "no_such_waybill"}]}
        assert Waybill.objects.get().state == "in_transit"
        [told] = Api(amal).get("/courier-events/", waybill=waybill.pk).json()["results"]
        assert (told["status"], told["raw_status"], told["number"]) == ("picked_up", "揽收", waybill.number)

    def test_are_at_most_five_hundred(self, kai):
        event = {"number": "1", "key": "1", "status": "1", "occurred_at": NOON.isoformat()}
        answer = Api(kai).post("/courier-events/", {"events": [event] * 501})
        assert (answer.status_code, flaws(answer)) == (400, {"events": "too_many_items"})

    def test_do_not_find_another_couriers_parcels(self, amal, wei, other_agent, goods_of):
        [waybill] = waybills.on_the_way(amal, wei, goods_of)
        event = {"number": waybill.number, "key": "1", "status": "delivered", "occurred_at": NOON.isoformat()}
        answer = Api(other_agent).post("/courier-events/", {"events": [event]})
        assert answer.json() == {"new": 0, "repeated": 0, "refused": [{"place": 0, "code": "no_such_waybill"}]}
        assert Waybill.objects.get().state == "handed_over"


class TestServices:
    def test_are_certified_with_their_prices(self, eve, shunda):
        given = {
            "courier": shunda.code,
            "code": "sd-eco",
            "name": "顺达经济件",
            "company_code": "yunda",
            "adapter": "simulated",
            "valid_from": "2026-01-01",
            "bands": BANDS,
        }
        admin = Api(eve)
        assert said(admin.post("/courier-services/", given | {"bands": BANDS[1:]})) == (422, "zones_missing")
        made = admin.post("/courier-services/", given)
        assert made.status_code == 201
        pk = made.json()["id"]
        terms = admin.post(f"/courier-services/{pk}/terms/", {"provinces": ["33"], "certified_until": None, "is_active": False})
        assert (terms.json()["provinces"], terms.json()["is_active"]) == (["33"], False)
        again = {"name": "two", "valid_from": "2026-01-01", "bands": BANDS}
        assert said(admin.post(f"/courier-services/{pk}/set-prices/", again)) == (409, "prices_overlap")
        later = admin.post(f"/courier-services/{pk}/set-prices/", again | {"valid_from": "2026-07-01"})
        assert (later.status_code, CourierService.objects.get().versions.count()) == (200, 2)


@pytest.mark.row("P13.1")
class TestAQuote:
    def test_needs_no_address_and_no_right_to_book(self, amal, shunda):
        waybills.service(shunda, prices="express", code="fast", name="飞快递")
        waybills.service(shunda, prices="economy", code="cheap", name="慢慢递")
        merchant = Api(amal)

        answer = merchant.post("/courier-services/quote/", {"origin": "浙江省", "destination": "江苏省", "weight_g": 1500})

        assert answer.json() == [
            {"service": "cheap", "name": "慢慢递", "zone": "near", "fee": "5.50", "days": 3},
            {"service": "fast", "name": "飞快递", "zone": "near", "fee": "18.00", "days": 1},
        ]
        assert merchant.post("/waybills/", {"parcels": []}).status_code == 403
        wrong = merchant.post("/courier-services/quote/", {"origin": "浙江省", "destination": "月球", "weight_g": 1500})
        assert said(wrong) == (422, "no_such_province")
