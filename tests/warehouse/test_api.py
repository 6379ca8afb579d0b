"""The same steps by API: the same rules, the same words, once is once."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qc.inspections import actions as qc
from qc.inspections.models import Inspection
from tests import goods
from tests.factories import NOON
from warehouse.inbound.models import Receipt, ShipmentNotice
from warehouse.stock.custody import Custody
from warehouse.stock.models import Lot
from warehouse.stock.queries import balance

if TYPE_CHECKING:
    from django.http import HttpResponse

    from assurance.accounts.models import Organisation, User

_keys = itertools.count(1)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def ask(person: User, path: str, **query: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(f"/api/v1/{path}", query)


def send(person: User, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> HttpResponse:
    client = Client()
    client.force_login(person)
    headers = {"Idempotency-Key": key or f"key-{next(_keys)}"}
    return client.post(f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers)


def shipment(warehouse: Organisation, *products: int, **given: Any) -> dict[str, Any]:
    lines = [
        {"product": product, "lot_number": "HJ261105B", "produced_date": "2026-11-05", "expiry_date": "2029-11-04", "quantity": 1000}
        for product in products
    ]
    return {"warehouse": warehouse.code, "reference": "PO-1", "expected_date": "2026-11-21", "lines": lines} | given


class TestShipments:
    def test_are_announced_and_shown_to_the_warehouse(self, amal: User, wei: User) -> None:
        product = goods.enrolled(amal.organisation)

        made = send(amal, "shipments/", shipment(wei.organisation, product.pk))

        assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1/shipments/{made.json()['id']}/")
        seen = ask(wei, "shipments/", state="announced").json()["results"]
        assert [(one["code"], one["merchant"], one["lines"][0]["received"]) for one in seen] == [(made.json()["code"], "HEJIAN", 0)]

    def test_ask_as_many_questions_for_many_lines_as_for_two(self, amal: User, wei: User, other_merchant: Organisation) -> None:
        """Every product of a list is looked up in one query; one that is not the merchant's is still told at its own line."""
        products = [goods.enrolled(amal.organisation).pk, goods.enrolled(amal.organisation, sku="HJ-2", gtin="").pk]
        asked = []
        for count in (2, 2, 40):
            lines = [
                {"product": products[place % 2], "lot_number": f"L{place}", "quantity": 5, "expiry_date": "2029-11-04"}
                for place in range(count)
            ]
            with CaptureQueriesContext(connection) as queries:
                assert send(amal, "shipments/", shipment(wei.organisation, reference=f"PO-{len(asked)}", lines=lines)).status_code == 201
                asked.append(len(queries))
        lines[7]["product"] = goods.enrolled(other_merchant).pk
        refused = send(amal, "shipments/", shipment(wei.organisation, reference="PO-9", lines=lines))

        assert asked[1] == asked[2]
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "lines.7.product")

    def test_know_the_warehouses(self, amal: User, xiaoshan: Organisation) -> None:
        assert ask(amal, "warehouses/").json()["results"] == [{"code": "HZXS", "name": "杭州萧山云仓", "name_en": ""}]

    @pytest.mark.parametrize(
        ("change", "status", "code", "field"),
        [
            ({"warehouse": "NOWHERE"}, 422, "no_such_warehouse", "warehouse"),
            ({"lines": []}, 422, "no_lines", "lines"),
            ({"expected_date": "2026-11-19"}, 422, "date_in_the_past", "expected_date"),
        ],
    )
    def test_that_cannot_be_meant_are_refused_at_their_field(
        self, amal: User, wei: User, change: dict[str, Any], status: int, code: str, field: str
    ) -> None:
        answer = send(amal, "shipments/", shipment(wei.organisation, goods.enrolled(amal.organisation).pk) | change)

        assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) == (status, code, field)

    def test_of_a_product_that_is_not_enrolled_are_refused(self, amal: User, wei: User) -> None:
        answer = send(amal, "shipments/", shipment(wei.organisation, goods.product(amal.organisation).pk))

        assert (answer.status_code, answer.json()["code"], ShipmentNotice.objects.count()) == (409, "not_enrolled", 0)

    def test_are_cancelled_by_their_merchant(self, amal: User, wei: User) -> None:
        notice = goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation)))

        assert send(wei, f"shipments/{notice.pk}/cancel/").status_code == 403
        assert send(amal, f"shipments/{notice.pk}/cancel/").json()["state"] == "cancelled"


class TestReceiving:
    @pytest.fixture
    def notice(self, amal: User, wei: User) -> ShipmentNotice:
        return goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation, gtin="6901234567892")))

    def body(self, **given: Any) -> dict[str, Any]:
        values = {"code": "6901234567892", "lot_number": "HJ261105B", "expiry_date": "2029-11-04", "quantity": 400, "message": "gate-1"}
        return values | given

    @pytest.mark.row("P3.5")
    def test_answers_the_same_message_with_the_first_receipt_whatever_the_key(self, notice: ShipmentNotice, wei: User) -> None:
        first = send(wei, f"shipments/{notice.pk}/receive/", self.body(), key="a")
        same_key = send(wei, f"shipments/{notice.pk}/receive/", self.body(), key="a")
        other_key = send(wei, f"shipments/{notice.pk}/receive/", self.body(), key="b")

        assert [answer.status_code for answer in (first, same_key, other_key)] == [201, 201, 200]
        assert first.json() == same_key.json() == other_key.json()
        assert (Receipt.objects.count(), balance(Lot.objects.get(), Custody.PENDING)) == (1, 400)

    @pytest.mark.parametrize(
        ("change", "status", "code"),
        [
            ({"code": "6901234567893"}, 422, "wrong_check_digit"),
            ({"code": "6921234567890"}, 409, "not_on_notice"),
            ({"lot_number": "X"}, 409, "lot_not_on_notice"),
            ({"expiry_date": "2029-11-05"}, 409, "lot_differs"),
            ({"expiry_date": "2026-11-19"}, 409, "expired"),
            ({"expiry_date": None}, 422, "expiry_missing"),
            ({"produced_date": "2026-11-21"}, 422, "dates_inconsistent"),
            ({"quantity": 1001}, 409, "too_many_units"),
            ({"quantity": 0}, 400, "must_be_positive"),
        ],
    )
    def test_refuses_what_does_not_fit_and_changes_nothing(
        self, notice: ShipmentNotice, wei: User, change: dict[str, Any], status: int, code: str
    ) -> None:
        answer = send(wei, f"shipments/{notice.pk}/receive/", self.body(**change))

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert (Receipt.objects.count(), Lot.objects.count()) == (0, 0)


class TestLots:
    def test_say_where_their_units_stand(self, amal: User, wei: User, bo: User) -> None:
        inspection = goods.accepted(amal, wei, bo, quantity=100)

        lot = ask(amal, f"lots/{inspection.lot_id}/").json()

        assert (lot["received"], lot["stands"]) == (100, [{"custody": "released", "units": 100}])
        assert [one["id"] for one in ask(amal, "lots/", custody="released").json()["results"]] == [inspection.lot_id]
        assert ask(amal, "lots/", custody="held").json()["results"] == []

    @pytest.mark.row("P4.6")
    @pytest.mark.parametrize("path", ["release/", "move/", ""])
    def test_cannot_be_released_by_asking(self, amal: User, wei: User, bo: User, path: str) -> None:
        inspection = goods.inspection(amal, wei, quantity=100)
        before = balance(inspection.lot, Custody.PENDING)

        for person in (amal, wei, bo):
            assert send(person, f"lots/{inspection.lot_id}/{path}", {"custody": "released"}).status_code in {403, 404, 405}
        assert balance(inspection.lot, Custody.PENDING) == before


class TestInspections:
    @pytest.fixture
    def inspection(self, amal: User, wei: User) -> Inspection:
        return goods.inspection(amal, wei, quantity=1000)

    def test_show_their_plan(self, inspection: Inspection, bo: User) -> None:
        shown = ask(bo, f"inspections/{inspection.pk}/").json()

        assert (shown["edition"], shown["sample_size"], shown["recorded"], shown["units"]) == ("GB/T 2828.1-2012", 80, 0, [])
        assert shown["plan"][1] == {
            "defect_class": "major",
            "aql": "2.5",
            "code_letter": "J",
            "sample_size": 80,
            "accept": 5,
            "reject": 6,
        }

    def test_are_claimed_by_one_and_tell_the_other_what_is_the_case(self, inspection: Inspection, bo: User, bea: User) -> None:
        assert send(bo, f"inspections/{inspection.pk}/claim/").json()["state"] == "claimed"

        refused = send(bea, f"inspections/{inspection.pk}/claim/")

        assert (refused.status_code, refused.json()["code"], "Being inspected" in refused.json()["detail"]) == (
            409,
            "already_claimed",
            True,
        )

    def test_take_a_list_of_units_and_give_the_verdict_themselves(self, inspection: Inspection, bo: User) -> None:
        qc.claim(inspection_id=inspection.pk, actor=bo, at=NOON)
        units = [{"number": n, "is_conforming": True} for n in range(1, 80)]
        units.append({"number": 80, "is_conforming": False, "defects": ["deformed"]})

        shown = send(bo, f"inspections/{inspection.pk}/record-units/", {"units": units}).json()

        assert (shown["state"], shown["inspected"], shown["nonconforming"]) == ("accepted", 80, 1)
        assert "80" in shown["because"]
        again = send(bo, f"inspections/{inspection.pk}/record-units/", {"units": units[:1]})
        assert (again.status_code, again.json()["code"]) == (409, "already_decided")

    @pytest.mark.row("P4.6")
    @pytest.mark.parametrize("body", [{"verdict": "accepted"}, {"units": [], "state": "accepted"}, {"units": [{"number": 1}]}])
    def test_take_no_verdict_and_presume_none(self, inspection: Inspection, bo: User, body: dict[str, Any]) -> None:
        qc.claim(inspection_id=inspection.pk, actor=bo, at=NOON)

        answer = send(bo, f"inspections/{inspection.pk}/record-units/", body)

        inspection.refresh_from_db()
        assert (answer.status_code, inspection.state, inspection.units.count()) == (400, "claimed", 0)

    def test_let_a_unit_be_taken_back(self, inspection: Inspection, bo: User) -> None:
        qc.claim(inspection_id=inspection.pk, actor=bo, at=NOON)
        goods.record(inspection, bo, [1, 2, 3])

        shown = send(bo, f"inspections/{inspection.pk}/take-back-unit/", {"number": 2}).json()

        assert [unit["number"] for unit in shown["units"]] == [1, 3]

    def test_lists_ask_as_many_questions_for_many_rows_as_for_few(
        self, inspection: Inspection, amal: User, wei: User, bo: User, django_assert_max_num_queries: Any
    ) -> None:
        client = Client()
        client.force_login(bo)
        counts = []
        for size in (1, 8):
            while Inspection.objects.count() < size:
                lot = goods.lot(amal, wei, lot=f"L{Inspection.objects.count()}", quantity=10)
                qc.open_inspection(lot_id=lot.pk, actor=None, at=NOON)
            for path in ("inspections/", "lots/", "shipments/"):
                with django_assert_max_num_queries(10) as asked:
                    assert client.get(f"/api/v1/{path}").json()["count"] == size
                counts.append((path, len(asked.captured_queries)))

        assert counts[:3] == counts[3:]
