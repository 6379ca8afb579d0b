"""Returned units on their pages and by the API."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qc.returned.models import ReturnDisposition, ReturnInspection
from tests import checks, orders
from tests.checks import AS_NEW, LATER
from tests.doors import Api, browser, said
from warehouse.returns.models import ReturnUnit

ANSWERS = {
    "a-right_item": "yes",
    "a-outer_packaging": "intact",
    "a-label": "yes",
    "a-seal": "yes",
    "a-shelf_life": "yes",
    "a-complete": "yes",
    "a-condition": "unused",
    "a-fault": "none",
}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)


@pytest.fixture
def lot(amal, wei):
    checks.lists()
    return orders.stocked(amal, wei)


@pytest.fixture
def unit(lot, amal, wei, bo):
    return checks.unit(checks.shipped(amal, wei, bo, lot), lot, wei)


class TestTheBench:
    def test_shows_what_was_found_before_it_left_and_leads_to_the_grade(self, unit, bo):
        page, bench = browser(bo), reverse("returned:inspect", args=[unit.pk])
        assert "Intact, dry and firmly closed" in page.get(bench).content.decode()

        done = page.post(bench, {**ANSWERS, "a-seal": "no"})

        assert done.url == reverse("returned:show", args=[unit.pk])
        assert ReturnInspection.objects.get().grade == "b"
        assert page.get(bench).url == done.url

    @pytest.mark.row("P20.1")
    def test_opens_by_the_number_on_the_units_bag(self, unit, bo):
        page, found = browser(bo), reverse("returned:list")

        assert page.get(found, {"code": unit.code.lower()}).url == reverse("returned:inspect", args=[unit.pk])
        assert "TJ-999999" in page.get(page.get(found, {"code": "TJ-999999"}).url).content.decode()

    def test_asks_for_every_point_and_the_photo_of_what_is_bad(self, unit, bo):
        page, bench = browser(bo), reverse("returned:inspect", args=[unit.pk])

        assert page.post(bench, {**ANSWERS, "a-fault": ""}).status_code == 422
        refused = page.post(bench, {**ANSWERS, "a-fault": "function"})

        assert (refused.status_code, "needs a photo" in refused.content.decode()) == (422, True)
        assert not ReturnInspection.objects.exists()


class TestAUnitsPage:
    @pytest.mark.row("A8.1")
    def test_shows_both_inspections_point_by_point_to_the_merchant_too(self, unit, bo, amal, chidi):
        checks.inspect(unit, bo, seal=False)
        url = reverse("returned:show", args=[unit.pk])

        shown = browser(amal).get(url).content.decode()

        assert "Not recorded then" not in shown.split("Seal and anti-fake code")[1].split("</tr>")[0]
        assert "Worse" in shown.split("Seal and anti-fake code")[1].split("</tr>")[0]
        assert "Consumer" in shown
        assert "disposition" not in shown
        assert browser(chidi).get(url).status_code == 404

    def test_offers_only_what_the_grade_allows(self, unit, bo, bea):
        checks.inspect(unit, bo, seal=False)
        page, url = browser(bo), reverse("returned:decide", args=[unit.pk])
        assert 'value="restock"' not in page.get(reverse("returned:show", args=[unit.pk])).content.decode()

        assert page.post(url, {"disposition": "restock"}).status_code == 422
        assert page.post(url, {"disposition": "destroy", "reason": "opened"}).status_code == 422
        page.post(url, {"disposition": "destroy", "reason": "opened", "witness": bea.pk})

        assert ReturnDisposition.objects.get().witness == bea
        assert ReturnUnit.objects.get().state == "destroyed"


class TestTheLists:
    def test_show_what_waits_for_a_grade_and_for_a_decision(self, unit, bo, amal):
        page, url = browser(bo), reverse("returned:list")
        assert unit.code in page.get(url).content.decode()
        assert "1 returned unit to inspect" in page.get("/").content.decode()
        checks.inspect(unit, bo)

        assert unit.code not in page.get(url).content.decode()
        assert unit.code in page.get(url, {"scope": "decide"}).content.decode()
        assert "1 graded unit to decide on" in page.get("/").content.decode()
        assert unit.code in browser(amal).get(url).content.decode()


class TestByTheApi:
    def test_a_unit_is_inspected_and_restocked(self, unit, bo, amal):
        inspected = Api(bo).post(f"/return-units/{unit.pk}/inspect/", {"answers": AS_NEW}).json()
        assert (inspected["grade"], inspected["inspection"]["responsibility"]) == ("a", "none")
        assert inspected["inspection"]["outbound_answers"] == checks.IN_ORDER
        assert inspected["dispositions"] == ["restock", "hold", "return_to_merchant", "destroy"]

        done = Api(bo).post(f"/return-units/{unit.pk}/dispose/", {"disposition": "restock"}).json()

        assert (done["state"], done["dispositions"]) == ("restocked", [])
        assert Api(amal).get("/return-units/", state="restocked").json()["results"][0]["id"] == unit.pk

    def test_a_unit_is_not_destroyed_without_a_witness(self, unit, bo):
        Api(bo).post(f"/return-units/{unit.pk}/inspect/", {"answers": AS_NEW})

        answer = Api(bo).post(f"/return-units/{unit.pk}/dispose/", {"disposition": "destroy", "reason": "mould"})

        assert said(answer) == (422, "witness_missing")
