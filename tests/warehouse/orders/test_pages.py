"""Orders at the desk, parcels on the floor: what is shown to whom, and what happens when somebody presses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assurance.events.models import Event
from assurance.roles import Role
from tests import factories, goods, orders
from tests.factories import NOON
from warehouse.orders import actions
from warehouse.orders.models import Order, Parcel

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.products.models import Product
    from warehouse.stock.models import Lot

CLEAR = (orders.XIAO.name, orders.XIAO.phone, "3 幢 1201")
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def lot(amal: User, wei: User) -> Lot:
    return orders.stocked(amal, wei, quantity=10)


@pytest.fixture
def product(lot: Lot) -> Product:
    return lot.product


@pytest.fixture
def shared(product: Product, chidi: User, wei: User, eve: User) -> Order:
    """An order with goods of Amal and of Chidi, each in a parcel."""
    other = orders.stocked(chidi, wei, quantity=10).product
    order = orders.taken(eve, (product, 2), (other, 1))
    return actions.allocate([order.pk], actor=None, at=NOON)[0]


def page(client: Client, who: User, route: str, *args: Any, **query: Any) -> str:
    client.force_login(who)
    response = client.get(reverse(route, args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


class TestAnOrderOfTwoMerchants:
    def test_shows_each_his_own_lines_and_parcels(self, shared: Order, product: Product, client: Client, amal: User, chidi: User) -> None:
        mine, theirs = shared.parcels.order_by("id")

        for who, own, other in ((amal, mine, theirs), (chidi, theirs, mine)):
            text = page(client, who, "orders:show", shared.pk)
            assert own.code in text
            assert other.code not in text
            assert other.merchant.name not in text
            assert other.merchant.code not in text
        assert "119.80" in page(client, amal, "orders:show", shared.pk)
        assert "119.80" not in page(client, chidi, "orders:show", shared.pk)

    def test_shows_the_platform_both(self, shared: Order, client: Client, eve: User) -> None:
        text = page(client, eve, "orders:show", shared.pk)

        assert all(parcel.code in text for parcel in shared.parcels.all())

    def test_is_cancelled_by_the_platform_alone(self, shared: Order, client: Client, amal: User, eve: User) -> None:
        for who, state in ((amal, "allocated"), (eve, "cancelled")):
            client.force_login(who)
            client.post(reverse("orders:cancel", args=[shared.pk]), {"reason": "no longer wanted"})
            shared.refresh_from_db()
            assert shared.state == state


class TestABuyer:
    def test_is_masked_on_every_page(self, product: Product, lot: Lot, client: Client, amal: User, eve: User, wei: User) -> None:
        parcel = orders.packed(eve, wei, (product, 1))

        for who, route, args in (
            (amal, "orders:list", []),
            (amal, "orders:show", [parcel.order_id]),
            (amal, "orders:parcel", [parcel.pk]),
            (eve, "orders:show", [parcel.order_id]),
            (wei, "orders:parcels", []),
            (wei, "orders:parcel", [parcel.pk]),
            (wei, "orders:pack", [parcel.pk]),
        ):
            text = page(client, who, route, *args)
            assert not [word for word in CLEAR if word in text], route
        assert "肖*" in page(client, amal, "orders:show", parcel.order_id)

    def test_is_shown_once_with_a_reason_that_is_written_down(self, product: Product, client: Client, amal: User, eve: User) -> None:
        order = orders.taken(eve, (product, 1))
        client.force_login(amal)

        refused = client.post(reverse("orders:reveal", args=[order.pk]), {"reason": ""})
        shown = client.post(reverse("orders:reveal", args=[order.pk]), {"reason": "the buyer called about the address"})

        assert (refused.status_code, orders.XIAO.phone in refused.content.decode()) == (422, False)
        assert all(word in shown.content.decode() for word in CLEAR)
        event = Event.objects.get(kind="warehouse.recipient.revealed")
        assert (event.actor_id, event.subject_id, event.reason) == (amal.pk, order.pk, "the buyer called about the address")

    def test_is_not_shown_to_a_merchants_operator(self, product: Product, client: Client, ann: User, eve: User) -> None:
        order = orders.taken(eve, (product, 1))
        client.force_login(ann)

        assert client.post(reverse("orders:reveal", args=[order.pk]), {"reason": "curious"}).status_code == 403


class TestTheFloor:
    def test_picks_packs_and_closes(self, product: Product, lot: Lot, client: Client, eve: User, wei: User) -> None:
        parcel = orders.allocated(eve, (product, 2))

        listed = page(client, wei, "orders:pick-list")
        assert (lot.number in listed, parcel.code in listed) == (True, True)
        client.post(reverse("orders:pick-list"), {"parcel": [parcel.pk]})
        assert client.get(reverse("orders:station"), {"code": parcel.code}).headers["Location"] == reverse("orders:pack", args=[parcel.pk])
        here = reverse("orders:pack", args=[parcel.pk])
        asked = client.get(here, {"code": product.gtin}, **HTMX)
        assert (asked.status_code, '{"ok": true}' in asked.headers["HX-Trigger"]) == (200, True)
        put = client.post(here, {"code": product.gtin, "lot_number": lot.number, "quantity": "2"}, **HTMX)
        assert '{"ok": true}' in put.headers["HX-Trigger"]
        client.post(reverse("orders:seal", args=[parcel.pk]), {"measured_weight_g": "310"})

        parcel.refresh_from_db()
        assert (parcel.state, parcel.measured_weight_g, parcel.packed_by) == ("packed", 310, wei)

    @pytest.mark.row("P7.1")
    def test_hears_and_reads_a_wrong_scan(self, product: Product, lot: Lot, client: Client, eve: User, wei: User) -> None:
        parcel = orders.picked(eve, wei, (product, 2))
        here = reverse("orders:pack", args=[parcel.pk])
        client.force_login(wei)

        stranger = client.get(here, {"code": "6990000000003"}, **HTMX)
        other_lot = client.post(here, {"code": product.gtin, "lot_number": "OTHER", "quantity": "1"}, **HTMX)

        assert (stranger.status_code, '{"ok": false}' in stranger.headers["HX-Trigger"]) == (200, True)
        assert (other_lot.status_code, '{"ok": false}' in other_lot.headers["HX-Trigger"]) == (409, True)
        assert "does not belong into this parcel" in stranger.content.decode()
        assert "was not allocated to this parcel" in other_lot.content.decode()
        assert not parcel.items.exists()

    def test_lists_the_most_urgent_first(self, product: Product, lot: Lot, client: Client, eve: User, wei: User) -> None:
        later = orders.allocated(eve, (product, 1), ship_by=NOON + timedelta(days=3))
        sooner = orders.allocated(eve, (product, 1), ship_by=NOON + timedelta(days=1))

        text = page(client, wei, "orders:parcels")

        assert text.index(sooner.code) < text.index(later.code)

    def test_gives_a_parcel_up(self, product: Product, lot: Lot, client: Client, eve: User, wei: User) -> None:
        parcel = orders.packed(eve, wei, (product, 1))
        client.force_login(wei)

        client.post(reverse("orders:give-up", args=[parcel.pk]), {"reason": "goods damaged"})

        assert (Parcel.objects.get().state, Order.objects.get().state) == ("cancelled", "short")

    def test_of_another_warehouse_sees_nothing(self, product: Product, lot: Lot, client: Client, eve: User, other_warehouse: Any) -> None:
        parcel = orders.allocated(eve, (product, 1))
        client.force_login(factories.user(Role.WAREHOUSE_OPERATOR, other_warehouse))

        assert client.get(reverse("orders:parcel", args=[parcel.pk])).status_code == 404
        assert parcel.code not in client.get(reverse("orders:parcels")).content.decode()


class TestALot:
    @pytest.mark.row("P5.5")
    def test_names_the_parcels_that_hold_it(self, product: Product, lot: Lot, client: Client, amal: User, eve: User, wei: User) -> None:
        left, promised = orders.shipped(eve, wei, (product, 1)), orders.allocated(eve, (product, 2))
        other = orders.stocked(amal, wei, product=goods.enrolled(amal.organisation))

        text = page(client, amal, "orders:of-lot", lot.pk)
        assert all(parcel.code in text for parcel in (left, promised))
        assert "No parcel holds units of this lot" in page(client, amal, "orders:of-lot", other.pk)
        assert "Of the released units 2 are promised to orders, 7 are free." in page(client, amal, "stock:show", lot.pk)

    @pytest.mark.row("P5.5")
    def test_is_traced_up_and_down_in_as_many_queries_at_any_size(self, amal: User, eve: User, wei: User) -> None:
        lot = orders.stocked(amal, wei, quantity=100)
        reader = Client()
        reader.force_login(amal)

        def trace() -> list[int]:
            """Return how many queries the page and its parts take: receipts, inspections, samples, parcels."""
            counts = []
            for path in ("lots", "shipments/of-lot", "inspections/of-lot", "labs/of-lot", "parcels/of-lot"):
                with CaptureQueriesContext(connection) as asked:
                    assert reader.get(f"/{path}/{lot.pk}/").status_code == 200
                counts.append(len(asked))
            return counts

        orders.allocated(eve, (lot.product, 1))
        few = trace()
        taken = orders.take(eve, [orders.paid((lot.product, 1)) for _ in range(40)])
        actions.allocate([order.pk for order in taken], actor=None, at=NOON)

        assert (trace(), max(few) <= 12) == (few, True)
        assert "1–24 of 41" in reader.get(f"/parcels/of-lot/{lot.pk}/").content.decode()
        assert "25–41 of 41" in reader.get(f"/parcels/of-lot/{lot.pk}/?page=2").content.decode()


class TestHome:
    def test_says_what_to_pick_and_what_is_missing(
        self, product: Product, lot: Lot, client: Client, amal: User, eve: User, wei: User
    ) -> None:
        orders.picked(eve, wei, (product, 1))
        orders.allocated(eve, (product, 1))
        missing = orders.taken(eve, (goods.enrolled(amal.organisation), 1))
        actions.allocate([missing.pk], actor=None, at=NOON)

        floor, desk = page(client, wei, "home"), page(client, amal, "home")
        assert ("Pick 1 parcel" in floor, "Pack 1 parcel" in floor) == (True, True)
        assert "1 order waits for stock" in desk
