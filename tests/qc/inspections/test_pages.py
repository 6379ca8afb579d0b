"""The queue and the bench, as plain forms and as fragments; no page lets anybody choose a verdict."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from assurance.gates.actions import open_stop
from assurance.home import steps_for
from qc.inspections import actions
from qc.inspections.models import InspectedUnit, Inspection
from tests import goods
from tests.doors import browser
from tests.factories import NOON

if TYPE_CHECKING:
    from django.http import HttpResponse

    from assurance.accounts.models import User

HTMX = {"HX-Request": "true"}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def inspection(amal: User, wei: User) -> Inspection:
    return goods.inspection(amal, wei)


@pytest.fixture
def claimed(inspection: Inspection, bo: User) -> Inspection:
    return actions.claim(inspection_id=inspection.pk, actor=bo, at=NOON)


def press(bo: User, inspection: Inspection, *, htmx: bool = True, **given: Any) -> HttpResponse:
    values = {"number": 1, "result": "conforming"} | given
    return signed_in(bo).post(f"/inspections/{inspection.pk}/record/", values, headers=HTMX if htmx else {})


class TestTheQueue:
    def test_shows_what_waits_by_due_time(self, amal: User, wei: User, bo: User) -> None:
        goods.catalogue()
        lots = [goods.lot(amal, wei, lot=f"L{n}") for n in range(3)]
        opened = [
            actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON - timedelta(hours=hours))
            for lot, hours in zip(lots, (1, 3, 2), strict=True)
        ]

        page = signed_in(bo).get("/inspections/").context["page"]

        assert list(page.object_list) == [opened[1], opened[2], opened[0]]

    def test_never_asks_more_than_twelve_questions(self, amal: User, wei: User, bo: User, django_assert_max_num_queries: Any) -> None:
        goods.catalogue()
        client = signed_in(bo)
        counts = []
        for size in (2, 6):
            while Inspection.objects.count() < size:
                lot = goods.lot(amal, wei, lot=f"L{Inspection.objects.count()}", quantity=2)
                one = actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)
                actions.claim(inspection_id=one.pk, actor=bo, at=NOON)
                goods.record(one, bo, [1])
            with django_assert_max_num_queries(12) as asked:
                assert client.get("/inspections/").status_code == 200
            counts.append(len(asked.captured_queries))

        assert counts[0] == counts[1]

    def test_is_of_the_inspectors_own_warehouse(self, inspection: Inspection, bob: User) -> None:
        client = signed_in(bob)

        assert list(client.get("/inspections/").context["page"].object_list) == []
        assert client.get(f"/inspections/{inspection.pk}/").status_code == 404
        assert client.post(f"/inspections/{inspection.pk}/claim/").status_code == 404

    def test_gives_an_inspection_to_the_first_and_tells_the_second(self, inspection: Inspection, bo: User, bea: User) -> None:
        first = signed_in(bo).post(f"/inspections/{inspection.pk}/claim/")
        second = signed_in(bea).post(f"/inspections/{inspection.pk}/claim/")

        assert (first.status_code, first.headers["Location"]) == (302, f"/inspections/{inspection.pk}/work/")
        assert (second.status_code, "Bo" in second.content.decode()) == (409, True)

    def test_offers_the_next_step_on_the_home_page(self, claimed: Inspection, bo: User, bea: User, amal: User) -> None:
        steps = {who.name: [step.url for step in steps_for(who, at=NOON) if "/inspections/" in step.url] for who in (bo, bea, amal)}

        assert steps == {"Bo": [f"/inspections/{claimed.pk}/work/"], "Bea": [], "Amal": []}


class TestTheBench:
    def test_records_a_unit_and_shows_the_next(self, claimed: Inspection, bo: User) -> None:
        response = press(bo, claimed)

        assert (response.status_code, response.headers["HX-Trigger"]) == (200, '{"scanned": {"ok": true}}')
        assert (response.context["number"], InspectedUnit.objects.get().is_conforming) == (2, True)

    def test_works_without_script(self, claimed: Inspection, bo: User) -> None:
        response = press(bo, claimed, htmx=False, result="defective", defects=["leaking", "print-flaw"])

        assert (response.status_code, response.headers["Location"]) == (302, f"/inspections/{claimed.pk}/work/")
        assert InspectedUnit.objects.get().defects == ["leaking", "print-flaw"]

    @pytest.mark.parametrize(
        "given",
        [
            {"result": ""},
            {"result": "accepted"},
            {"result": "defective"},
            {"result": "defective", "defects": ["melted"]},
            {"number": "81"},
            {"number": ""},
        ],
    )
    def test_never_presumes_a_result(self, claimed: Inspection, bo: User, given: dict[str, Any]) -> None:
        response = press(bo, claimed, **given)

        assert (response.status_code, InspectedUnit.objects.count()) == (422, 0)
        assert response.headers["HX-Trigger"] == '{"scanned": {"ok": false}}'

    def test_has_no_field_for_a_verdict(self, claimed: Inspection, bo: User) -> None:
        page = signed_in(bo).get(f"/inspections/{claimed.pk}/work/").content.decode()

        assert 'name="verdict"' not in page
        assert "checked" not in page

    def test_goes_to_the_verdict_when_the_plan_can_tell(self, claimed: Inspection, bo: User) -> None:
        response = press(bo, claimed, result="defective", defects=["odd-workmanship"])

        assert response.headers["HX-Redirect"] == f"/inspections/{claimed.pk}/"
        assert Inspection.objects.get().state == "rejected"

    def test_takes_the_last_unit_back(self, claimed: Inspection, bo: User) -> None:
        press(bo, claimed, result="defective", defects=["leaking"])

        response = signed_in(bo).post(f"/inspections/{claimed.pk}/take-back/", headers=HTMX)

        assert (response.context["number"], claimed.units.standing().count()) == (1, 0)

    @pytest.mark.parametrize(
        ("code", "is_right", "number"),
        [("6901234567892", True, 1), ("17", True, 17), ("6921234567890", False, 1), ("HJ-OTHER", False, 1), ("99", False, 1)],
    )
    def test_tells_right_goods_from_others(self, amal: User, wei: User, bo: User, code: str, is_right: bool, number: int) -> None:
        found = goods.inspection(amal, wei, product=goods.enrolled(amal.organisation, gtin="6901234567892"))
        actions.claim(inspection_id=found.pk, actor=bo, at=NOON)

        response = signed_in(bo).get(f"/inspections/{found.pk}/work/", {"code": code}, headers=HTMX)

        assert json.loads(response.headers["HX-Trigger"]) == {"scanned": {"ok": is_right}}
        assert (response.context["number"], bool(response.context["wrong"])) == (number, not is_right)

    def test_is_for_the_inspector_alone(self, claimed: Inspection, bea: User) -> None:
        response = signed_in(bea).get(f"/inspections/{claimed.pk}/work/")

        assert (response.status_code, response.headers["Location"]) == (302, f"/inspections/{claimed.pk}/")
        assert press(bea, claimed).status_code == 409

    def test_warns_of_an_open_stop(self, claimed: Inspection, bo: User) -> None:
        open_stop(merchant_id=claimed.merchant_id, code="lab", because="lead found", actor=None, at=NOON)

        assert "lead found" in signed_in(bo).get(f"/inspections/{claimed.pk}/work/").content.decode()

    def test_is_given_back(self, claimed: Inspection, bo: User) -> None:
        signed_in(bo).post(f"/inspections/{claimed.pk}/give-back/")

        assert Inspection.objects.get().state == "open"


class TestTheVerdictsPage:
    def test_says_why(self, claimed: Inspection, bo: User, amal: User) -> None:
        goods.record(claimed, bo, [1], "batch-mismatch")

        response = signed_in(amal).get(f"/inspections/{claimed.pk}/")

        page = response.content.decode()
        assert response.context["inspection"].reason in page
        assert ("Lot numbers differ" in page, "<dd>Bo</dd>" in page) == (True, False)

    def test_asks_the_same_number_of_questions_for_a_large_sample(
        self, claimed: Inspection, bo: User, django_assert_num_queries: Any
    ) -> None:
        client = signed_in(bo)
        with django_assert_num_queries(20, exact=False) as asked:
            client.get(f"/inspections/{claimed.pk}/work/")
        few = len(asked.captured_queries)
        goods.record(claimed, bo, range(1, 80))
        with django_assert_num_queries(few):
            client.get(f"/inspections/{claimed.pk}/work/")


class TestAScanAtTheQueue:
    def test_opens_what_it_means(self, amal: User, wei: User, bo: User) -> None:
        goods.catalogue()
        lot = goods.lot(amal, wei, lot="HJ-SCAN", quantity=20)
        inspection = actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)
        notice = lot.receipts.get().line.notice
        page, queue = browser(bo), reverse("inspections:list")
        shown = reverse("inspections:show", args=[inspection.pk])
        label = f"01{lot.product.gtin.zfill(14)}10{lot.number}"

        for code in ("HJ-SCAN", label, inspection.code, notice.code, notice.reference):
            assert page.get(queue, {"code": code}).url == shown, code
        assert page.get(queue, {"code": "HJ-ELSE"}).url == queue
        actions.claim(inspection_id=inspection.pk, actor=bo, at=NOON)
        assert page.get(queue, {"code": "HJ-SCAN"}, headers=HTMX).headers["HX-Redirect"] == reverse(
            "inspections:work", args=[inspection.pk]
        )
