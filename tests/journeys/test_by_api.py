"""The first path through the API, each step by the role it belongs to, with a program's key."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from assurance.accounts.actions.keys import make_key
from assurance.accounts.scopes import SCOPES
from tests import certificates, goods
from tests import enrolments as made
from tests.journeys.jobs import work_off

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation, User
    from tests.harness.databases import CommittedDatabase

_number = itertools.count(1)


class Program:
    """A client with a key of one person and all scopes."""

    def __init__(self, person: User) -> None:
        _, self.secret = make_key(name="test", scopes=SCOPES, days=30, actor=person, at=timezone.now())
        self.client = Client()

    def get(self, path: str, expected: int = 200) -> Any:
        response = self.client.get(f"/api/v1/{path}", headers=self.headers)
        assert response.status_code == expected, response.content
        return response.json()

    def post(self, path: str, body: dict[str, Any] | None = None, expected: int = 200) -> Any:
        headers = self.headers | {"Idempotency-Key": f"k{next(_number)}"}
        response = self.client.post(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)
        assert response.status_code == expected, response.content
        return response.json() if response.content else None

    def upload(self, data: bytes) -> int:
        """Return the number under which a document was kept."""
        sent = SimpleUploadedFile("证书.pdf", data)
        response = self.client.post("/api/v1/files/", {"file": sent}, headers=self.headers | {"Idempotency-Key": f"k{next(_number)}"})
        assert response.status_code == 201, response.content
        return int(response.json()["id"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": "en"}


class TestTheFirstPath:
    @pytest.mark.row("P19.1")
    def test_can_be_walked_by_programs_alone(
        self, committed_db: CommittedDatabase, amal: User, dana: User, wei: User, bo: User, xiaoshan: Organisation, client: Client
    ) -> None:
        made.load_categories()
        made.load_agreement()
        goods.catalogue()
        merchant, reviewer, warehouse, inspector = Program(amal), Program(dana), Program(wei), Program(bo)
        today = timezone.localdate()

        product = merchant.post("products/", PRODUCT, expected=201)
        assert (product["missing"], product["price"], product["cost"]) == ([], "59.90", "14.20")
        enrolment = merchant.post("enrolments/", {"product": product["id"]}, expected=201)
        ahead = merchant.get(f"enrolments/{enrolment['id']}/outlook/")
        assert [one["field"] for one in ahead["missing"]] == ["certificates.cosmetics_filing"]
        assert (ahead["working_days_to_badge"], ahead["accepted_at"]) == (4, None)
        refused = merchant.post(f"enrolments/{enrolment['id']}/submit/", expected=422)
        assert [(one["field"], one["code"]) for one in refused["errors"]] == [("certificates.cosmetics_filing", "certificate_missing")]
        paper = {"products": [product["id"]], "file": merchant.upload(certificates.pdf())}
        values = {name: str(value) for name, value in certificates.values(amal).items() if value}
        certificate = merchant.post("certificates/", values | paper, expected=201)
        reviewer.post(f"certificates/{certificate['id']}/verify/")
        merchant.post(f"enrolments/{enrolment['id']}/submit/", expected=409)
        agreement = merchant.get("agreements/")["results"][0]
        merchant.post(f"agreements/{agreement['id']}/accept/", {"sha256": agreement["sha256"], "name": amal.name})
        merchant.post(f"enrolments/{enrolment['id']}/submit/")
        queue = reviewer.get("enrolments/?state=submitted")
        assert [one["id"] for one in queue["results"]] == [enrolment["id"]]
        reviewer.post(f"enrolments/{enrolment['id']}/claim/")
        assert reviewer.post(f"enrolments/{enrolment['id']}/approve/")["state"] == "approved"

        line = {
            "product": product["id"],
            "lot_number": "HJ261105B",
            "produced_date": str(today - timedelta(days=15)),
            "expiry_date": str(today + timedelta(days=1000)),
            "quantity": 1000,
        }
        notice = merchant.post(
            "shipments/", {"warehouse": xiaoshan.code, "reference": "PO-1", "expected_date": str(today), "lines": [line]}, expected=201
        )
        scan = {
            "code": made.GTIN,
            "lot_number": "HJ261105B",
            "produced_date": line["produced_date"],
            "expiry_date": line["expiry_date"],
            "quantity": 1000,
            "message": "scan-1",
        }
        receipt = warehouse.post(f"shipments/{notice['id']}/receive/", scan, expected=201)
        work_off()

        inspection = inspector.get("inspections/")["results"][0]
        assert (inspection["lot"], inspection["sample_size"]) == (receipt["lot"], 80)
        inspector.post(f"inspections/{inspection['id']}/claim/")
        units = [{"number": n, "is_conforming": True} for n in range(1, 81)]
        decided = inspector.post(f"inspections/{inspection['id']}/record-units/", {"units": units})
        assert decided["state"] == "accepted"
        work_off()

        badge = merchant.get("badges/")["results"][0]
        said = client.get(f"/api/v1/verify/{badge['code']}/").json()
        assert (said["status"], said["lot_number"], said["inspected"]) == ("valid", "HJ261105B", 80)

    @pytest.mark.row("P19.1", "P22.1")
    def test_is_closed_to_a_program_without_the_scope(self, committed_db: CommittedDatabase, amal: User, client: Client) -> None:
        _, secret = make_key(name="read only", scopes=["products:read"], days=30, actor=amal, at=timezone.now())
        headers = {"Authorization": f"Bearer {secret}"}

        assert client.get("/api/v1/products/", headers=headers).status_code == 200
        assert client.get("/api/v1/enrolments/", headers=headers).status_code == 403
        refused = client.post("/api/v1/products/", PRODUCT, content_type="application/json", headers=headers | {"Idempotency-Key": "k"})
        assert refused.status_code == 403


PRODUCT = {
    "sku": "HJ-JM-120",
    "name": "氨基酸洁面乳",
    "name_en": "Amino acid cleanser",
    "category": "skincare",
    "gtin": made.GTIN,
    "specification": "120 g",
    "attributes": made.SKINCARE,
    "shelf_life_days": 1095,
    "net_weight_g": 146,
    "price": "59.90",
    "cost": "14.20",
    "commission_rate": "0.2",
}
