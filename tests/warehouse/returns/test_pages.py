"""Returns at the desk, in lists and by the API."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests import checks, orders
from tests.checks import LATER
from tests.doors import HTMX, Api, browser, said
from warehouse.returns.models import ReturnParcel, ReturnUnit


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


@pytest.fixture
def lot(amal, wei):
    checks.lists()
    return orders.stocked(amal, wei)


@pytest.fixture
def parcel(lot, amal, wei, bo):
    return checks.shipped(amal, wei, bo, lot, 2)


def photo():
    content = io.BytesIO()
    Image.new("RGB", (4, 4), "green").save(content, "PNG")
    return SimpleUploadedFile("parcel.png", content.getvalue(), "image/png")


class TestTheDesk:
    def test_counts_a_parcel_in_scan_by_scan(self, parcel, lot, wei):
        page, desk = browser(wei), reverse("returns:receive", args=[parcel.pk])
        assert page.get(reverse("returns:station"), {"code": parcel.code}).url == desk
        assert lot.number in page.get(desk).content.decode()

        first = page.post(
            desk, {"counted": "", "code": lot.product.gtin, "lot_number": lot.number, "quantity": "1", "add": "1"}, headers=HTMX
        )
        counted = first.context["written"]
        assert json.loads(counted) == [[lot.product.gtin, lot.number, 1]]
        second = page.post(desk, {"counted": counted, "code": "BRICK", "lot_number": "", "quantity": "1", "add": "1"}, headers=HTMX)
        assert '"ok": false' in second.headers["HX-Trigger"]
        done = page.post(desk, {"counted": second.context["written"], "code": "", "lot_number": "", "quantity": "1", "done": "1"})

        row = ReturnParcel.objects.get()
        assert done.url == reverse("returns:show", args=[row.pk])
        assert sorted(row.units.values_list("kind", flat=True)) == ["expected", "wrong_item"]
        assert "Wrong item" in page.get(done.url).content.decode()

    @pytest.mark.row("P8.3", "P20.3")
    def test_takes_goods_and_lot_into_one_field_unit_after_unit(self, parcel, lot, wei):
        page, desk = browser(wei), reverse("returns:receive", args=[parcel.pk])
        label = f"01{lot.product.gtin.zfill(14)}10{lot.number}"

        def scan(code: str, before=None):
            carried = before.context["carries"] if before else {"scan": "1"}
            return page.post(desk, {**carried, "code": code}, headers=HTMX)

        held = scan(lot.product.gtin)
        assert (held.context["held"], held.context["written"]) == (lot.product.gtin, "[]")
        right = scan(lot.number, held)
        wrong = scan("OTHER-LOT", scan(lot.product.sku, right))
        last = scan(label, wrong)

        assert [one.headers["HX-Trigger"] for one in (held, right, wrong, last)] == [
            f'{{"scanned": {{"ok": {said}}}}}' for said in ("true", "true", "false", "true")
        ]
        assert json.loads(last.context["written"]) == [
            [lot.product.gtin, lot.number, 1],
            [lot.product.sku, "OTHER-LOT", 1],
            [lot.product.gtin.zfill(14), lot.number, 1],
        ]

    def test_asks_why_there_are_more_than_were_shipped(self, parcel, lot, wei):
        page, desk = browser(wei), reverse("returns:receive", args=[parcel.pk])
        counted = json.dumps([[lot.product.sku, lot.number, 3]])

        refused = page.post(desk, {"counted": counted, "done": "1"})
        assert (refused.status_code, "override_reason" in refused.content.decode()) == (409, True)
        page.post(desk, {"counted": counted, "override_reason": "two orders in one box", "done": "1"})

        assert ReturnUnit.objects.filter(kind="extra").get().override_reason == "two orders in one box"

    def test_ignores_a_list_that_it_did_not_write(self, parcel, wei):
        page, desk = browser(wei), reverse("returns:receive", args=[parcel.pk])

        for counted in ("x", "{}", "[1]", '[["a"]]', '[["a","b","c"]]', "null", "3"):
            assert page.post(desk, {"counted": counted, "done": "1"}).status_code == 422
        assert not ReturnParcel.objects.exists()

    @pytest.mark.row("P8.1")
    def test_keeps_what_nobody_knows_and_matches_it_later(self, parcel, lot, wei, platform):
        page = browser(wei)
        unknown = page.get(reverse("returns:station"), {"code": "YD-404"}, headers=HTMX)
        assert reverse("returns:unidentified") + "?code=YD-404" in unknown.content.decode()
        assert page.post(reverse("returns:unidentified"), {"note": "no label"}).status_code == 422

        page.post(reverse("returns:unidentified"), {"photos": [photo()], "tracking_number": "YD-404", "note": "no label"})
        row = ReturnParcel.objects.get()
        assert "1 unidentified parcel" in page.get("/").content.decode()
        match = reverse("returns:match", args=[row.pk])
        assert page.post(match, {"code": "BG-999999"}).status_code == 422
        assert page.post(match, {"code": parcel.order.number}).url == reverse("returns:receive", args=[parcel.pk])

        row.refresh_from_db()
        assert (row.state, row.merchant_id) == ("matched", parcel.merchant_id)


class TestTheLists:
    def test_show_the_merchant_his_own_only(self, parcel, lot, wei, amal, chidi):
        row = checks.back(parcel, lot, wei)
        url = reverse("returns:list")

        assert row.code in browser(amal).get(url, {"q": parcel.code}).content.decode()
        assert row.code not in browser(chidi).get(url).content.decode()
        assert browser(chidi).get(reverse("returns:show", args=[row.pk])).status_code == 404
        assert row.code not in browser(wei).get(url, {"scope": "closed"}, headers=HTMX).content.decode()


class TestByTheApi:
    def test_a_return_is_announced_and_received(self, parcel, lot, amal, wei):
        made = Api(amal).post("/returns/", {"parcel": parcel.pk, "reference": "R-1", "buyer_reason": "damaged"})
        assert (made.status_code, made.json()["state"]) == (201, "announced")

        units = [{"code": lot.product.sku, "lot_number": lot.number, "quantity": 2}]
        taken = Api(wei).post("/returns/receive/", {"parcel": parcel.pk, "units": units})

        assert taken.json()["id"] == made.json()["id"]
        assert [unit["state"] for unit in taken.json()["units"]] == ["received", "received"]
        beyond = Api(wei).post("/returns/receive/", {"parcel": parcel.pk, "units": units})
        assert said(beyond) == (409, "beyond_shipped")

    def test_a_return_is_called_off(self, parcel, amal):
        made = Api(amal).post("/returns/", {"parcel": parcel.pk}).json()

        assert Api(amal).post(f"/returns/{made['id']}/cancel/", {"reason": "keeps it"}).json()["state"] == "cancelled"

    def test_an_unidentified_one_is_kept_and_matched(self, platform, parcel, wei):
        file = checks.picture(wei)
        made = Api(wei).post("/returns/unidentified/", {"photos": [file.pk], "note": "?"}).json()
        assert (made["merchant"], made["parcel"]) == (platform.code, None)

        assert Api(wei).post(f"/returns/{made['id']}/match/", {"parcel": parcel.pk}).json()["state"] == "matched"
