"""The page of a lot: what came in is the sum of what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from qc.inspections import actions as qc
from tests import goods
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import User


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestTheLotPage:
    @pytest.mark.row("A3.1")
    def test_adds_up(self, amal: User, wei: User, bo: User) -> None:
        inspection = goods.accepted(amal, wei, bo, quantity=100)

        page = signed_in(amal).get(f"/lots/{inspection.lot_id}/").context["page"]

        assert (page.stand.received, [(share.custody, share.units, share.tone) for share in page.stand.shares]) == (
            100,
            [("released", 100, "pass")],
        )

    def test_tells_how_the_goods_came_there_the_newest_first(self, amal: User, wei: User, bo: User) -> None:
        inspection = goods.inspection(amal, wei, quantity=1000)
        qc.claim(inspection_id=inspection.pk, actor=bo, at=NOON)
        goods.record(inspection, bo, [1], "odd-workmanship")

        page = signed_in(amal).get(f"/lots/{inspection.lot_id}/")

        assert {entry["tone"] for entry in page.context["page"].entries} == {"wait", "hold", "fail"}
        assert [stop.code for stop in page.context["page"].stops] == ["inspection_rejected"]

    def test_borrows_inspections_and_receipts_from_the_floors_above(self, amal: User, wei: User) -> None:
        inspection = goods.inspection(amal, wei)
        client = signed_in(amal)

        page = client.get(f"/lots/{inspection.lot_id}/").content.decode()

        for path in (f"/inspections/of-lot/{inspection.lot_id}/", f"/shipments/of-lot/{inspection.lot_id}/"):
            assert path in page
            assert client.get(path).status_code == 200

    def test_is_not_there_for_others(self, amal: User, wei: User, chidi: User, bob: User) -> None:
        lot = goods.lot(amal, wei)

        paths = (f"/lots/{lot.pk}/", f"/inspections/of-lot/{lot.pk}/", f"/shipments/of-lot/{lot.pk}/")
        assert {signed_in(who).get(path).status_code for who in (chidi, bob) for path in paths} == {404}

    def test_is_found_by_custody(self, amal: User, wei: User, bo: User) -> None:
        released = goods.accepted(amal, wei, bo, quantity=100).lot
        waiting = goods.lot(amal, wei, lot="HJ-WAIT")

        client = signed_in(amal)
        assert list(client.get("/lots/?custody=released").context["page"].object_list) == [released]
        assert list(client.get("/lots/?custody=pending").context["page"].object_list) == [waiting]
