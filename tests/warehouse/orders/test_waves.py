"""Chosen parcels are fetched in one round, scan by scan, in walking order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection
from django.urls import reverse

from assurance.gates.actions import open_stop
from assurance.gates.models import Stop
from assurance.refusals import Refused, WrongState
from tests import factories, goods, orders
from tests.doors import Api
from tests.factories import NOON
from warehouse.orders import actions
from warehouse.orders.actions.picking import TakenByAnother
from warehouse.orders.actions.waves import InAWave, NotInWave, WhichLot
from warehouse.orders.models import Parcel, Wave
from warehouse.orders.queries import waves
from warehouse.stock import actions as stock
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from django.test import Client

    from assurance.accounts.models import User
    from assurance.products.models import Product

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def product(amal: User, wei: User) -> Product:
    made = goods.enrolled(amal.organisation, gtin="6901234567892")
    return orders.stocked(amal, wei, quantity=3, lot="HJ-NEAR", product=made, expiry_date=goods.EXPIRES.replace(year=2028)).product


@pytest.fixture
def parcels(product: Product, amal: User, eve: User, wei: User) -> list[Parcel]:
    """Two of one product, of which the second needs another lot too; one of a product whose SKU stands before."""
    orders.stocked(amal, wei, quantity=9, lot="HJ-LATE", product=product)
    first = goods.enrolled(amal.organisation, sku="AA-001", gtin="6941234567898")
    orders.stocked(amal, wei, quantity=9, lot="AA-LOT", product=first)
    return [orders.allocated(eve, (product, 2)), orders.allocated(eve, (product, 2)), orders.allocated(eve, (first, 1))]


def walked(parcels: list[Parcel], wei: User) -> Wave:
    wave = actions.plan_wave([one.pk for one in parcels], actor=wei, at=NOON)
    return actions.start_wave(wave_id=wave.pk, actor=wei, at=NOON)


def states(parcels: list[Parcel]) -> list[bool]:
    return [parcel.picked_at is not None for parcel in Parcel.objects.filter(pk__in=[one.pk for one in parcels]).order_by("pk")]


class TestAWave:
    def test_is_walked_lot_by_lot_and_fetched_scan_by_scan(self, parcels: list[Parcel], wei: User, product: Product) -> None:
        wave = walked(parcels, wei)
        late = Lot.objects.get(number="HJ-LATE")
        stock.add_bins([stock.NewBin("B-07", "picking")], warehouse_id=wei.organisation_id, actor=wei, at=NOON)
        stock.place([stock.Placing(late.pk, "", "B-07", 5, "put")], actor=wei, at=NOON)
        shown = waves.round_of(waves.with_stops(waves.find(wei)).get())

        assert [(stop.place, stop.lot.number, stop.units, len(stop.parcels)) for stop in shown.stops] == [
            ("B-07", "HJ-LATE", 1, 1),
            ("", "AA-LOT", 1, 1),
            ("", "HJ-NEAR", 3, 2),
        ]
        told = Api(wei).get(f"/waves/{wave.pk}/").json()["stops"]
        assert [(one["lot_number"], one["bins"], one["on_the_floor"]) for one in told] == [
            ("HJ-LATE", [{"code": "B-07", "units": 1}], 0),
            ("AA-LOT", [], 1),
            ("HJ-NEAR", [], 3),
        ]
        with pytest.raises(WhichLot):
            actions.fetch(wave_id=wave.pk, code=product.gtin, actor=wei, at=NOON)
        actions.fetch(wave_id=wave.pk, code="HJ-NEAR", actor=wei, at=NOON)
        assert states(parcels) == [True, False, False]
        with pytest.raises(NotInWave):
            actions.fetch(wave_id=wave.pk, code="HJ-NEAR", actor=wei, at=NOON)
        actions.fetch(wave_id=wave.pk, code="0" + product.gtin, actor=wei, at=NOON)
        actions.finish_wave(wave_id=wave.pk, left_out=[parcels[2].pk], actor=wei, at=NOON)

        parcels[2].refresh_from_db()
        assert (states(parcels), parcels[2].wave_id, parcels[2].picker_id) == ([True, True, False], None, None)
        assert Wave.objects.get().state == "finished"

    def test_holds_only_what_is_still_to_be_fetched_and_nobody_elses(self, parcels: list[Parcel], wei: User) -> None:
        other = factories.user(wei.role, wei.organisation)
        actions.start_picking([actions.Step(parcels[0].pk)], actor=other, at=NOON)
        with pytest.raises(TakenByAnother):
            actions.plan_wave([parcels[0].pk], actor=wei, at=NOON)
        wave = actions.plan_wave([parcels[1].pk], actor=wei, at=NOON)
        with pytest.raises(InAWave):
            actions.plan_wave([parcels[2].pk, parcels[1].pk], actor=wei, at=NOON)

        actions.cancel_wave(wave_id=wave.pk, actor=wei, at=NOON)

        assert actions.plan_wave([parcels[1].pk, parcels[2].pk], actor=wei, at=NOON).parcels.count() == 2
        with pytest.raises(WrongState):
            actions.start_wave(wave_id=wave.pk, actor=wei, at=NOON)

    def test_fetches_nothing_that_is_stopped(self, parcels: list[Parcel], wei: User, eve: User) -> None:
        wave, lot = walked(parcels, wei), parcels[0].allocations.get().lot
        open_stop(code="smells", merchant_id=lot.merchant_id, lot_id=lot.pk, because="smells", actor=eve, at=NOON)

        with pytest.raises(Refused) as refused:
            actions.fetch(wave_id=wave.pk, code="HJ-NEAR", actor=wei, at=NOON)

        assert (refused.value.code, states(parcels), Stop.objects.count()) == ("stopped", [False, False, False], 1)

    def test_takes_no_parcel_of_another_warehouse_whoever_writes(self, parcels: list[Parcel], wei: User) -> None:
        elsewhere = factories.organisation(wei.organisation.kind)
        wave = Wave.objects.create(warehouse=elsewhere, planned_by=wei, planned_at=NOON)

        Parcel.objects.filter(pk=parcels[0].pk).update(wave=wave)
        with pytest.raises(IntegrityError, match="wave_same_owner"):
            connection.check_constraints()

    def test_is_planned_and_walked_by_page_and_api(self, parcels: list[Parcel], wei: User, client: Client) -> None:
        client.force_login(wei)
        made = client.post(reverse("orders:pick-list"), {"parcel": [parcels[0].pk, parcels[2].pk], "wave": "1"})
        wave = Wave.objects.get()
        here = reverse("orders:wave", args=[wave.pk])
        assert made.headers["Location"] == here
        client.post(here, {"start": "1"}, **HTMX)
        wrong = client.post(here, {"code": "HJ-LATE"}, **HTMX)
        right = client.post(here, {"code": "AA-LOT"}, **HTMX)

        assert (wrong.status_code, '{"ok": false}' in wrong.headers["HX-Trigger"]) == (409, True)
        assert ('{"ok": true}' in right.headers["HX-Trigger"], "HJ-NEAR" in right.content.decode()) == (True, True)
        shown = Api(wei).post(f"/waves/{wave.pk}/finish/", {}).json()
        assert (shown["state"], [stop["is_fetched"] for stop in shown["stops"]]) == ("finished", [True, True])
        assert Api(wei).post("/waves/", {"parcels": [parcels[1].pk]}).json()["state"] == "planned"
