"""Shipments announced by a file: everything that is in it, or nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assurance.imports.actions import FileRefused, HeaderInvalid
from tests import goods
from tests.factories import NOON
from tests.warehouse.inbound.test_pages import signed_in
from warehouse.inbound.actions import announce_file
from warehouse.inbound.actions.filing import RowsRefused
from warehouse.inbound.models import ShipmentLine, ShipmentNotice

if TYPE_CHECKING:
    from assurance.accounts.models import User

CHINESE = ("商家单号", "仓库编码", "预计到货日期", "商品编码", "批次号", "生产日期", "有效期至", "件数", "箱数", "赠品")


@pytest.fixture
def skus(amal: User) -> list[str]:
    return [goods.enrolled(amal.organisation, sku=f"HJ-12{n}").sku for n in range(2)]


def row(wei: User, of: str, **given: Any) -> tuple[object, ...]:
    values = {"reference": "PO-1", "warehouse": wei.organisation.code, "expected_date": "2026-11-21", "sku": of, "lot_number": "A1"}
    rest = {"produced_date": "2026/11/5", "expiry_date": "2029.11.04", "quantity": 240, "cartons": 10, "is_gift": ""}
    said = values | rest | given
    return tuple(said[name] for name in goods.NOTICE_HEAD)


@pytest.mark.row("P3.1")
class TestAFile:
    @pytest.mark.parametrize("head", [goods.NOTICE_HEAD, CHINESE])
    def test_announces_a_shipment_for_every_reference(self, amal: User, wei: User, skus: list[str], head: tuple[str, ...]) -> None:
        rows = [row(wei, skus[0]), row(wei, skus[1], is_gift="是"), row(wei, skus[0], reference="PO-2", cartons="")]

        made = announce_file(data=goods.notice_file(*rows, head=head), actor=amal, at=NOON)

        assert [(one.reference, one.lines.count()) for one in made] == [("PO-1", 2), ("PO-2", 1)]
        line = ShipmentLine.objects.order_by("id")[0]
        assert (line.product.sku, line.lot_number, line.produced_date, line.expiry_date) == (skus[0], "A1", goods.MADE, goods.EXPIRES)
        assert (line.quantity, line.cartons, line.is_gift, made[0].lines.filter(is_gift=True).count()) == (240, 10, False, 1)

    def test_sent_again_announces_nothing_more(self, amal: User, wei: User, skus: list[str]) -> None:
        data = goods.notice_file(row(wei, skus[0]))

        assert announce_file(data=data, actor=amal, at=NOON) == announce_file(data=data, actor=amal, at=NOON)
        assert ShipmentNotice.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "point"),
        [
            ({"quantity": "12.5"}, ("3 · quantity", "integer_expected")),
            ({"expected_date": "tomorrow"}, ("3 · expected_date", "date_format")),
            ({"sku": ""}, ("3 · sku", "required")),
            ({"is_gift": "maybe"}, ("3 · is_gift", "boolean_expected")),
            ({"expected_date": "2026-11-22"}, ("3 · expected_date", "rows_disagree")),
            ({"sku": "UNKNOWN"}, ("3 · product", "not_enrolled")),
            ({"expiry_date": "2026-11-01"}, ("3 · expiry_date", "dates_inconsistent")),
            ({"reference": "PO-2", "warehouse": "NOWHERE"}, ("3 · warehouse", "no_such_warehouse")),
        ],
    )
    def test_names_the_row_and_announces_nothing(
        self, amal: User, wei: User, skus: list[str], given: dict[str, Any], point: tuple[str, str]
    ) -> None:
        with pytest.raises(RowsRefused) as caught:
            announce_file(data=goods.notice_file(row(wei, skus[0]), row(wei, skus[1], **given)), actor=amal, at=NOON)

        assert [(place, code) for place, code, _words in caught.value.points()] == [point]
        assert ShipmentNotice.objects.count() == 0

    def test_is_refused_as_a_whole(self, amal: User, wei: User, skus: list[str], chidi: User) -> None:
        for data, refusal in ((goods.notice_file(), FileRefused), (goods.notice_file((1,), head=("sku",)), HeaderInvalid)):
            with pytest.raises(refusal):
                announce_file(data=data, actor=amal, at=NOON)
        with pytest.raises(RowsRefused, match="1"):
            announce_file(data=goods.notice_file(row(wei, skus[0])), actor=chidi, at=NOON)

    def test_comes_in_by_page_and_api(self, amal: User, wei: User, skus: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(hours=1))
        client, page = signed_in(amal), reverse("inbound:file")

        def file(**given: Any) -> dict[str, SimpleUploadedFile]:
            return {"file": SimpleUploadedFile("n.csv", goods.notice_file(row(wei, skus[0], **given)), "text/csv")}

        assert client.post(page, file()).status_code == 302
        wrong = client.post(page, file(reference="PO-3", quantity="x"))
        sent = client.post("/api/v1/shipments/file/", file(reference="PO-2"), headers={"Idempotency-Key": "file-1"})

        assert (wrong.status_code, "2 · quantity" in wrong.content.decode()) == (422, True)
        assert (sent.status_code, [one["reference"] for one in sent.json()["shipments"]]) == (201, ["PO-2"])
        assert list(ShipmentNotice.objects.order_by("id").values_list("reference", flat=True)) == ["PO-1", "PO-2"]
