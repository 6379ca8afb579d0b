"""Shipments at the merchant's desk and at the gate, as plain forms and as fragments."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import goods
from warehouse.inbound.models import Receipt, ShipmentLine, ShipmentNotice
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from django.http import HttpResponse

    from assurance.accounts.models import Organisation, User
    from assurance.products.models import Product

HTMX = {"HX-Request": "true"}


@pytest.fixture
def product(amal: User) -> Product:
    return goods.enrolled(amal.organisation, sku="HJ-120", gtin="6901234567892")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask the clock; the cast lives on 20 November 2026."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: goods.NOON)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def posted(warehouse: Organisation, product: Product, **given: Any) -> dict[str, Any]:
    """Return what a browser sends for one filled line and one empty one."""
    values = {
        "warehouse": warehouse.pk,
        "reference": "PO-1",
        "expected_date": "2026-11-21",
        "lines-TOTAL_FORMS": 2,
        "lines-INITIAL_FORMS": 0,
        "lines-0-product": product.pk,
        "lines-0-lot_number": "HJ261105B",
        "lines-0-produced_date": "2026-11-05",
        "lines-0-expiry_date": "2029-11-04",
        "lines-0-quantity": 1000,
        "lines-0-cartons": "",
        "lines-1-product": "",
        "lines-1-lot_number": "",
        "lines-1-quantity": "",
    }
    return values | given


class TestANewNotice:
    def test_is_announced_by_a_plain_form_without_its_empty_line(self, amal: User, xiaoshan: Organisation, product: Product) -> None:
        response = signed_in(amal).post("/shipments/new/", posted(xiaoshan, product))

        notice = ShipmentNotice.objects.get()
        assert (response.status_code, response.headers["Location"]) == (302, f"/shipments/{notice.pk}/")
        assert list(ShipmentLine.objects.values_list("product", "quantity", "cartons")) == [(product.pk, 1000, None)]

    def test_sends_a_browser_with_script_to_its_page(self, amal: User, xiaoshan: Organisation, product: Product) -> None:
        response = signed_in(amal).post("/shipments/new/", posted(xiaoshan, product), headers=HTMX)

        assert response.headers["HX-Redirect"] == f"/shipments/{ShipmentNotice.objects.get().pk}/"

    def test_offers_approved_products_only(self, amal: User, chidi: User, product: Product) -> None:
        draft = goods.product(amal.organisation, name="未报名")
        foreign = goods.enrolled(chidi.organisation, name="别家的")

        page = signed_in(amal).get("/shipments/new/").content.decode()

        assert (f'value="{product.pk}"' in page, draft.name in page, foreign.name in page) == (True, False, False)

    def test_says_beside_the_field_what_is_wrong(self, amal: User, xiaoshan: Organisation, product: Product) -> None:
        response = signed_in(amal).post("/shipments/new/", posted(xiaoshan, product, **{"lines-0-quantity": "0"}))

        assert (response.status_code, ShipmentNotice.objects.count()) == (422, 0)
        assert response.context["lines"][0].errors["quantity"]

    def test_shows_a_refusal_beside_the_line_it_is_about(self, amal: User, xiaoshan: Organisation, product: Product) -> None:
        wrong = posted(xiaoshan, product, **{"lines-0-expiry_date": "2026-11-05"})

        response = signed_in(amal).post("/shipments/new/", wrong)

        assert response.status_code == 422
        assert response.context["lines"][0].errors["expiry_date"].as_data()[0].code == "dates_inconsistent"

    def test_refuses_another_merchants_product_like_a_missing_one(
        self, amal: User, chidi: User, xiaoshan: Organisation, product: Product
    ) -> None:
        foreign = goods.enrolled(chidi.organisation)

        response = signed_in(amal).post("/shipments/new/", posted(xiaoshan, product, **{"lines-0-product": foreign.pk}))

        assert (response.status_code, ShipmentNotice.objects.count()) == (422, 0)

    def test_gets_one_more_line_without_script_and_keeps_what_was_typed(self, amal: User, xiaoshan: Organisation, product: Product) -> None:
        response = signed_in(amal).post("/shipments/new/", posted(xiaoshan, product, more="1"))

        page = response.content.decode()
        assert (response.status_code, ShipmentNotice.objects.count()) == (200, 0)
        assert ('value="HJ261105B"' in page, 'name="lines-2-product"' in page, "w-error" in page) == (True, True, False)

    def test_tells_who_has_nothing_enrolled_what_to_do(self, chidi: User) -> None:
        page = signed_in(chidi).get("/shipments/new/").content.decode()

        assert ('<form class="w-panel' in page, "/products/" in page) == (False, True)


class TestANotice:
    def test_can_be_cancelled_by_its_merchant(self, amal: User, xiaoshan: Organisation, product: Product) -> None:
        notice = goods.announced(amal, xiaoshan, goods.line(product))

        signed_in(amal).post(f"/shipments/{notice.pk}/cancel/")

        notice.refresh_from_db()
        assert notice.state == "cancelled"

    def test_is_found_by_number_reference_lot_and_product(self, amal: User, wei: User, product: Product) -> None:
        notice = goods.announced(amal, wei.organisation, goods.line(product), reference="PO-77")
        goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation, name="别的"), lot="X1"), reference="ZZ")

        for q in (notice.code, str(notice.pk), "po-7", "HJ2611", "洁面"):
            page = signed_in(wei).get("/shipments/", {"q": q}).context["page"]
            assert notice in page.object_list, q
        assert list(signed_in(wei).get("/shipments/", {"q": "X1"}).context["page"].object_list) != [notice]

    def test_is_not_there_for_others(self, amal: User, xiaoshan: Organisation, product: Product, chidi: User, bob: User) -> None:
        notice = goods.announced(amal, xiaoshan, goods.line(product))

        assert {who.name: signed_in(who).get(f"/shipments/{notice.pk}/").status_code for who in (chidi, bob)} == {"Chidi": 404, "Bob": 404}

    def test_is_closed_short_by_the_warehouse(self, amal: User, wei: User, product: Product) -> None:
        notice = goods.announced(amal, wei.organisation, goods.line(product, quantity=10))
        goods.receive(notice, wei, quantity=9)

        assert signed_in(wei).post(f"/shipments/{notice.pk}/close/", {"reason": ""}).status_code == 422
        signed_in(wei).post(f"/shipments/{notice.pk}/close/", {"reason": "one broken on the way"})

        notice.refresh_from_db()
        assert (notice.state, notice.close_reason) == ("received", "one broken on the way")


class TestTheGate:
    @pytest.fixture
    def notice(self, amal: User, wei: User, product: Product) -> ShipmentNotice:
        return goods.announced(amal, wei.organisation, goods.line(product, quantity=1000))

    def send(self, wei: User, notice: ShipmentNotice, *, htmx: bool = True, **given: Any) -> HttpResponse:
        values = {
            "code": "6901234567892",
            "message": "page:1",
            "lot_number": "HJ261105B",
            "expiry_date": "20291104",
            "produced_date": "2026.11.05",
            "quantity": "400",
        }
        return signed_in(wei).post(f"/shipments/{notice.pk}/receive/", values | given, headers=HTMX if htmx else {})

    def test_asks_for_lot_dates_and_units_after_a_right_scan(self, wei: User, notice: ShipmentNotice) -> None:
        response = signed_in(wei).get(f"/shipments/{notice.pk}/receive/", {"code": "6901234567892"}, headers=HTMX)

        assert response.headers["HX-Trigger"] == '{"scanned": {"ok": true}}'
        assert [field.name for field in response.context["form"].visible_fields()] == [
            "lot_number",
            "expiry_date",
            "produced_date",
            "quantity",
        ]

    def test_is_loud_about_a_wrong_scan(self, wei: User, notice: ShipmentNotice) -> None:
        response = signed_in(wei).get(f"/shipments/{notice.pk}/receive/", {"code": "6931234567899"}, headers=HTMX)

        assert response.headers["HX-Trigger"] == '{"scanned": {"ok": false}}'
        assert ("6931234567899" in response.context["wrong"], "form" in response.context) == (True, False)

    def test_takes_goods_in_and_says_so(self, wei: User, notice: ShipmentNotice) -> None:
        response = self.send(wei, notice)

        assert (response.status_code, response.headers["HX-Trigger"]) == (200, '{"scanned": {"ok": true}}')
        assert (Receipt.objects.get().quantity, Lot.objects.get().expiry_date, Lot.objects.get().produced_date) == (
            400,
            goods.EXPIRES,
            goods.MADE,
        )

    @pytest.mark.row("P3.5")
    def test_counts_a_form_that_is_sent_twice_once(self, wei: User, notice: ShipmentNotice) -> None:
        self.send(wei, notice)
        again = self.send(wei, notice)

        assert (Receipt.objects.count(), again.context["received"].is_new) == (1, False)

    def test_works_without_script(self, wei: User, notice: ShipmentNotice) -> None:
        response = self.send(wei, notice, htmx=False)

        assert (response.status_code, response.headers["Location"]) == (302, f"/shipments/{notice.pk}/receive/")
        assert Receipt.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "status"),
        [
            ({"expiry_date": "20291105"}, 409),
            ({"lot_number": "HJ261105C"}, 409),
            ({"quantity": "1001"}, 409),
            ({"code": "6901234567893"}, 422),
            ({"expiry_date": ""}, 422),
            ({"expiry_date": "04/11/29"}, 422),
            ({"quantity": "-1"}, 422),
        ],
    )
    def test_refuses_what_does_not_fit_loudly_and_keeps_what_was_typed(
        self, wei: User, notice: ShipmentNotice, given: dict[str, str], status: int
    ) -> None:
        response = self.send(wei, notice, **given)

        assert (response.status_code, response.headers["HX-Trigger"]) == (status, '{"scanned": {"ok": false}}')
        assert (Receipt.objects.count(), response.context["form"].data["message"]) == (0, "page:1")

    def test_tells_when_everything_is_in(self, wei: User, notice: ShipmentNotice) -> None:
        response = self.send(wei, notice, quantity="1000")

        assert response.context["station"].notice.state == "received"
        assert signed_in(wei).get(f"/shipments/{notice.pk}/receive/").status_code == 200


class TestTheLists:
    @pytest.mark.parametrize("path", ["/shipments/", "/lots/"])
    def test_ask_as_many_questions_for_many_rows_as_for_few(
        self, amal: User, wei: User, product: Product, django_assert_max_num_queries: Any, path: str
    ) -> None:
        client = signed_in(wei)
        counts = []
        for so_far in (2, 12):
            while ShipmentNotice.objects.count() < so_far:
                n = ShipmentNotice.objects.count()
                goods.receive(goods.announced(amal, wei.organisation, goods.line(product, lot=f"L{n}", quantity=1)), wei)
            with django_assert_max_num_queries(12) as asked:
                assert client.get(path).status_code == 200
            counts.append(len(asked.captured_queries))

        assert counts[0] == counts[1]

    def test_show_the_warehouse_what_comes_next_first(self, amal: User, wei: User, product: Product) -> None:
        later = goods.announced(amal, wei.organisation, goods.line(product), expected_date=goods.TODAY + timedelta(days=3))
        over = goods.announced(amal, wei.organisation, goods.line(product, lot="A", quantity=1))
        goods.receive(over, wei)
        sooner = goods.announced(amal, wei.organisation, goods.line(product), expected_date=goods.TODAY + timedelta(days=1))

        assert list(signed_in(wei).get("/shipments/").context["page"].object_list) == [sooner, later, over]
        assert timezone.now() == goods.NOON
