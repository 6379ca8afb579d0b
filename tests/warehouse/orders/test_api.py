"""Orders and parcels through the API: in lists, each item answered by itself, buyers masked."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from assurance.events.models import Event
from tests import goods, orders
from tests.factories import NOON
from tests.hostile.examples.orders import take
from warehouse.orders import actions, queries
from warehouse.orders.models import Order, Parcel

if TYPE_CHECKING:
    from django.test import Client

    from assurance.accounts.models import User
    from assurance.products.models import Product
    from warehouse.stock.models import Lot

JSON = "application/json"
_number = itertools.count(1)


@pytest.fixture
def lot(amal: User, wei: User) -> Lot:
    return orders.stocked(amal, wei, quantity=10)


@pytest.fixture
def product(lot: Lot) -> Product:
    return lot.product


def post(client: Client, who: User, route: str, body: dict[str, Any] | None = None, **path: Any) -> Any:
    client.force_login(who)
    headers = {"Idempotency-Key": f"orders-{next(_number)}"}
    return client.post(reverse(f"api:{route}", kwargs=path), body or {}, content_type=JSON, headers=headers)


def get(client: Client, who: User, route: str, **path: Any) -> Any:
    client.force_login(who)
    return client.get(reverse(f"api:{route}", kwargs=path)).json()


def order(product: Product, **given: Any) -> dict[str, Any]:
    line = {"number": 1, "product": product.pk, "quantity": 2, "unit_price": "59.90", "freight": "6.00"}
    return take_body() | {"lines": [line]} | given


def take_body() -> dict[str, Any]:
    return take().body["orders"][0]


class TestSendingOrders:
    def test_answers_each_by_itself(self, product: Product, client: Client, amal: User, chidi: User) -> None:
        foreign = goods.enrolled(chidi.organisation)
        body = {"orders": [order(product, number="A-1"), order(foreign, number="A-2"), order(product, number="A-1")]}

        answer = post(client, amal, "order-list", body)

        told = answer.json()["orders"]
        assert (answer.status_code, [(one["number"], one["outcome"], one["code"]) for one in told]) == (
            200,
            [("A-1", "taken", ""), ("A-2", "refused", "no_such_product"), ("A-1", "known", "")],
        )
        assert (told[0]["id"], Order.objects.filter(merchant=amal.organisation).count()) == (told[2]["id"], 1)

    def test_refuses_more_than_200(self, product: Product, client: Client, amal: User) -> None:
        one = order(product)
        body = {"orders": [one | {"number": f"B-{n}"} for n in range(201)]}

        assert (post(client, amal, "order-list", body).status_code, Order.objects.count()) == (400, 0)

    def test_belongs_to_merchants_and_the_platform(self, product: Product, client: Client, wei: User, eve: User) -> None:
        assert post(client, wei, "order-list", {"orders": [order(product)]}).status_code == 403
        assert post(client, eve, "order-list", {"orders": [order(product, source="douyin")]}).json()["orders"][0]["outcome"] == "taken"


class TestReadingOrders:
    def test_shows_own_lines_and_a_masked_buyer(self, product: Product, client: Client, amal: User, chidi: User, eve: User) -> None:
        other = goods.enrolled(chidi.organisation)
        found = orders.taken(eve, (product, 2), (other, 1))

        mine, theirs = (get(client, who, "order-detail", pk=found.pk) for who in (amal, chidi))

        assert [[line["product"] for line in one["lines"]] for one in (mine, theirs)] == [[product.pk], [other.pk]]
        assert (mine["goods"], mine["freight"], theirs["goods"]) == ("119.80", "6.00", "59.90")
        assert (mine["recipient"]["name"], mine["recipient"]["phone"], mine["recipient"]["city"]) == ("肖*", "138******78", "杭州市")
        assert "1201" not in str(mine)


class TestTheFloorByProgram:
    def test_picks_scans_and_packs(self, product: Product, lot: Lot, client: Client, eve: User, wei: User) -> None:
        parcel = orders.allocated(eve, (product, 2))
        path = {"pk": parcel.pk}

        assert post(client, wei, "parcel-start-picking", **path).status_code == 200
        assert post(client, wei, "parcel-pick", **path).json()["picked_at"]
        wrong = post(client, wei, "parcel-scan", {"code": product.gtin, "lot_number": "OTHER", "quantity": 1}, **path)
        assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_lot")
        post(client, wei, "parcel-scan", {"code": product.gtin, "lot_number": lot.number, "quantity": 1}, **path)
        few = post(client, wei, "parcel-pack", {"measured_weight_g": 300}, **path)
        assert (few.status_code, few.json()["code"]) == (409, "incomplete")
        rest = [{"code": product.sku, "lot_number": lot.number, "quantity": 1}]
        packed = post(client, wei, "parcel-pack", {"measured_weight_g": 300, "scans": rest}, **path).json()

        assert (packed["state"], packed["measured_weight_g"], [one["packed"] for one in packed["goods"]]) == ("packed", 300, [2])

    def test_gets_the_label_and_leaves_a_trace(self, product: Product, lot: Lot, client: Client, eve: User, wei: User, amal: User) -> None:
        early, packed = orders.allocated(eve, (product, 1)), orders.packed(eve, wei, (product, 1))

        assert post(client, wei, "parcel-label", pk=early.pk).status_code == 409
        assert post(client, wei, "parcel-label", pk=packed.pk).json()["code"] == "not_checked"
        orders.checked(packed)
        assert post(client, amal, "parcel-label", pk=packed.pk).status_code == 403
        assert post(client, wei, "parcel-label", pk=packed.pk).json()["phone"] == orders.XIAO.phone
        event = Event.objects.get(kind="warehouse.recipient.labelled")
        assert (event.actor_id, event.subject_id, event.changes) == (wei.pk, packed.pk, {})

    def test_gives_up_and_starts_again(self, product: Product, lot: Lot, client: Client, eve: User, wei: User) -> None:
        parcel = orders.packed(eve, wei, (product, 1))

        answer = post(client, wei, "parcel-give-up", {"reason": "goods damaged"}, pk=parcel.pk)

        assert (answer.json()["state"], Order.objects.get().state) == ("cancelled", "short")
        actions.allocate([parcel.order_id], actor=None, at=NOON)
        assert (Parcel.objects.latest("id").state, queries.reserved_differences()) == ("picking", [])


class TestRevealing:
    def test_needs_right_and_reason(self, product: Product, client: Client, amal: User, ann: User, eve: User) -> None:
        found = orders.taken(eve, (product, 1))

        assert post(client, ann, "order-reveal", {"reason": "because"}, pk=found.pk).status_code == 403
        assert post(client, amal, "order-reveal", {"reason": " "}, pk=found.pk).status_code == 400
        assert post(client, amal, "order-reveal", {"reason": "wrong address"}, pk=found.pk).json()["address"] == orders.XIAO.address
        assert Event.objects.get(kind="warehouse.recipient.revealed").reason == "wrong address"

    def test_is_limited(self, product: Product, client: Client, amal: User, eve: User) -> None:
        found = orders.taken(eve, (product, 1))
        answers = [post(client, amal, "order-reveal", {"reason": "because"}, pk=found.pk).status_code for _ in range(21)]

        assert answers == [200] * 20 + [429]
