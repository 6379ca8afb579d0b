"""A limit changes; what was judged by the old one stays judged by it (P2.3). And nobody types a verdict (P2.4)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from assurance.claims.actions import NewClaim, link_laboratory, make
from assurance.claims.queries import standing
from assurance.products.models import Category
from assurance.reference import newest
from qc.labs import actions
from qc.labs.models import LabResult, Sample, SampleTest
from tests import goods, labs
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


@pytest.mark.row("A2.1")
class TestWhatIsSaid:
    @pytest.mark.parametrize(("found", "status"), [("310W", "lab_verified"), ("105W", "refuted")])
    def test_is_measured_where_somebody_says_it(
        self, amal: User, wei: User, bo: User, lin: User, vera: User, bea: User, found: str, status: str
    ) -> None:
        """An appliance that is weaker than it is said to be keeps every limit, and its claim falls."""
        top = Category.objects.create(code="appliance", name_zh="家电", name_en="Appliances", version="t")
        mixer = goods.product(amal.organisation, category=goods.category("kitchen-appliance", parent=top))
        power = make(NewClaim(mixer.pk, "rated_number", "page", "搅拌功率 300 W", amal, NOON, "rated_power", "", Decimal(300), "W"))
        goods.enrol(mixer)
        labs.released(amal, wei, bo, product=mixer)

        [sample] = labs.published(bea, lin, vera, appliance_rated_power=found)

        codes = set(SampleTest.objects.filter(sample=sample).values_list("test__code", flat=True))
        assert codes == {"appliance-rated-power", "kitchen-earth-resistance", "kitchen-leakage"}
        assert sample.verdict == "pass"
        link_laboratory(product_id=mixer.pk, entry_id=sample.evidence_entry_id, at=NOON)
        judged = standing([mixer.pk], NOON + timedelta(days=4))[mixer.pk]
        assert [(one.claim, one.status) for one in judged] == [(power, status)]


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
