"""A limit changes; what was judged by the old one stays judged by it (P2.3). And nobody types a verdict (P2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assurance.reference import newest
from qc.labs import actions
from qc.labs.models import LabResult, Sample, SampleTest
from tests import labs
from tests.doors import Api
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from warehouse.stock.models import Lot

LEAD = next(row for row in newest("lab_tests")["tests"] if row["code"] == "cosmetics-lead")


def stricter() -> None:
    """Half the lead from the first of November on; the goods are made on the fifth."""
    row = LEAD | {"effective_from": "2026-11-01", "limit": "≤5mg/kg"}
    actions.load_tests(data={"version": "t-stricter", "tests": [row]}, at=NOON)


@pytest.mark.row("P2.3")
class TestANewLimit:
    def test_leaves_what_was_published_and_judges_what_comes(
        self, lot: Lot, amal: User, wei: User, bo: User, lin: User, vera: User, bea: User
    ) -> None:
        [old] = labs.published(bea, lin, vera, cosmetics_lead="8.0")

        stricter()

        old.refresh_from_db()
        kept = SampleTest.objects.get(sample=old, test__code="cosmetics-lead")
        assert (old.verdict, kept.test.limit) == ("pass", "≤10mg/kg")
        assert LabResult.objects.get(sample_test=kept).verdict == "pass"
        labs.released(amal, wei, bo, product=lot.product, lot="HJ261105C")
        [new] = labs.published(bea, lin, vera, cosmetics_lead="8.0")
        assert (new.verdict, Sample.objects.get(pk=old.pk).verdict) == ("fail", "pass")


@pytest.mark.row("P2.4")
class TestAVerdict:
    def test_is_never_typed(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.opened(bea, lin)
        body = {"results": [{"test": "cosmetics-lead", "reported": "12 mg/kg", "verdict": "pass"}]}

        refused = Api(lin).post(f"/samples/{sample.pk}/enter-results/", body)

        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "results.0.verdict")
        del body["results"][0]["verdict"]
        Api(lin).post(f"/samples/{sample.pk}/enter-results/", body)
        assert LabResult.objects.get().verdict == "fail"
