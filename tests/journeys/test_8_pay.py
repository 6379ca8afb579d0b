"""Journey 8: what was done is metered, rated, billed, disputed and given back; the simulator says beforehand what is left."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from assurance.fees.models import CreditNote, Dispute, FeeLine, Operation, Statement
from assurance.notices.models import Notice
from assurance.runs.models import Run
from tests import goods
from tests.charges import load_prices, metered, told
from tests.doors import Api
from tests.experiments.stage import ROOT
from tests.journeys.jobs import work_off
from tests.journeys.test_in_the_browser import IN_ENGLISH, Walk

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from assurance.accounts.models import User
    from qc.inspections.models import Inspection
    from tests.harness.databases import CommittedDatabase

WORDS = {
    "zh-hans": {
        "run": "开始计费",
        "close": "结账",
        "final": "已结账",
        "dispute": "对此明细提出异议",
        "accept": "接受并退还",
        "accepted": "已接受",
        "margin": "每单剩余",
        "examples": "示例费率",
    },
    "en": {
        "run": "Start a fee run",
        "close": "Close the statement",
        "final": "Final",
        "dispute": "Dispute this line",
        "accept": "Accept and give back",
        "accepted": "Accepted",
        "margin": "What is left of an order",
        "examples": "Example rates",
    },
}
SCENARIO = {"price": "59.90", "cost": "21.40", "commission_rate": "0.2", "volume": 1000, "return_rate": "0.05"}


def worked(amal: User, wei: User, bo: User) -> Inspection:
    """Return an inspection that ended, which is metered by itself, with parcels of October beside it."""
    load_prices()
    inspection = goods.accepted(amal, wei, bo)
    assert Operation.objects.get().source_id == inspection.pk
    metered(
        told(amal.organisation_id, "outbound_operation", quantity=3, source_kind="warehouse.lot", source_id=inspection.lot_id),
        told(amal.organisation_id, "service", source_kind="warehouse.lot", source_id=inspection.lot_id),
    )
    return inspection


class TestThroughTheApi:
    @pytest.mark.row("P15.3", "P15.6")
    def test_leads_from_the_work_to_the_credit_note(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, fay: User, tmp_path: Path
    ) -> None:
        inspection = worked(amal, wei, bo)
        merchant, finance = Api(amal), Api(fay)

        assert finance.post("/fee-runs/").status_code == 201
        work_off()
        assert Run.objects.get().state == "done"
        [checked] = merchant.get("/fee-lines/", source_kind="qc.inspection", source_id=inspection.pk).json()["results"]
        sample = inspection.sample_size
        assert (checked["kind"], checked["quantity"]) == ("inbound_check", sample)
        assert checked["formula"] == f"{sample:,} × 0.30 = {sample * 3 // 10}.{sample * 3 % 10}0"
        [october] = merchant.get("/statements/", month="2026-10-01").json()["results"]
        assert (october["state"], october["total"], october["lines"]) == ("draft", "3.50", 2)

        assert finance.post(f"/statements/{october['id']}/finalise/").json()["state"] == "final"
        work_off()
        assert Notice.objects.get(recipient=amal, kind="statement_final").params["total"] == "3.50"

        [packing] = merchant.get("/fee-lines/", statement=october["id"], kind="outbound_operation").json()["results"]
        opened = merchant.post(f"/fee-lines/{packing['id']}/dispute/", {"reason": "包裹里只有一件"}).json()
        assert (opened["state"], opened["amount"]) == ("open", "2.90")
        work_off()
        assert Notice.objects.filter(recipient=fay, kind="dispute_opened").exists()
        decided = finance.post(f"/disputes/{opened['id']}/accept/", {"answer": "多算两件", "amount": "0.70"}).json()
        assert (decided["state"], decided["credit_note"]["amount"]) == ("accepted", "0.70")
        work_off()
        assert Notice.objects.get(recipient=amal, kind="dispute_accepted").params["amount"] == "0.70"

        assert merchant.get(f"/statements/{october['id']}/").json()["total"] == "3.50"
        later = Statement.objects.get(pk=decided["credit_note"]["statement"])
        assert str(later.month) > october["month"]
        assert merchant.get(f"/statements/{later.pk}/").json()["credited"] == "0.70"
        self.judge(merchant.get(f"/statements/{october['id']}/bundle/").json(), tmp_path)
        simulated = merchant.post("/simulations/", SCENARIO).json()
        assert [fee["kind"] for fee in simulated["fees"]][:3] == ["outbound_operation", "forward_delivery", "service"]
        assert simulated["break_even_price"] < SCENARIO["price"]

    def judge(self, bundle: dict[str, Any], folder: Path) -> None:
        """Let somebody else recompute it."""
        (folder / "statement.json").write_text(json.dumps(bundle), encoding="utf-8")
        checker = [sys.executable, "-I", str(ROOT / "tools" / "check_statements.py"), str(folder / "statement.json")]
        verdict = subprocess.run(checker, capture_output=True, text=True, check=False)
        assert (verdict.returncode, verdict.stdout) == (0, "1 statements, 2 lines, 3.50: no problems\n")

    def test_keeps_others_out(self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, fay: User, chidi: User) -> None:
        worked(amal, wei, bo)
        Api(fay).post("/fee-runs/")
        work_off()
        line, statement = FeeLine.objects.order_by("pk").first(), Statement.objects.order_by("pk").first()
        assert line is not None
        assert statement is not None

        stranger = Api(chidi)
        for path in (f"/statements/{statement.pk}/", f"/statements/{statement.pk}/bundle/", f"/fee-lines/{line.pk}/"):
            assert stranger.get(path).status_code == 404
        assert stranger.post(f"/fee-lines/{line.pk}/dispute/", {"reason": "x"}).status_code == 404
        assert Api(amal).post(f"/statements/{statement.pk}/finalise/").status_code == 403
        assert Api(wei).get("/statements/").status_code == 403


@pytest.fixture(params=IN_ENGLISH)
def walk(request: Any, browser: Browser, live_server: Any) -> Walk:
    return Walk(browser, live_server.url, request.param)


@pytest.mark.long
class TestInTheBrowser:
    def test_leads_from_the_work_to_the_credit_note(self, walk: Walk, amal: User, wei: User, bo: User, fay: User) -> None:
        words = WORDS[walk.language]
        worked(amal, wei, bo)
        self.rate_and_close(walk, words, fay)
        line = FeeLine.objects.get(kind="outbound_operation")

        page = walk.as_(amal, width=390)
        page.goto(walk.address + reverse("fees:list") + "?month=2026-10")
        page.locator("#rows a").first.click()
        page.locator("h1", has_text=words["final"]).wait_for()
        page.locator(f"a[href='{reverse('fees:line', args=[line.pk])}']").click()
        page.wait_for_selector("[name=reason]")
        assert line.formula in page.inner_text("main")
        assert words["examples"] in page.inner_text("main")
        page.fill("[name=reason]", "包裹里只有一件")
        page.get_by_role("button", name=words["dispute"]).click()
        page.wait_for_url(f"**{reverse('fees:disputes')}*/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        self.decide(walk, words, fay)

        page.reload()
        page.locator("h1", has_text=words["accepted"]).wait_for()
        assert CreditNote.objects.get().code in page.inner_text("main")

    def rate_and_close(self, walk: Walk, words: dict[str, str], fay: User) -> None:
        page = walk.as_(fay)
        page.goto(walk.address + reverse("fees:list"))
        page.get_by_role("button", name=words["run"]).first.click()
        page.wait_for_url("**/runs/*/")
        work_off()
        page.goto(walk.address + reverse("fees:list") + "?month=2026-10")
        page.locator("#rows a").first.click()
        page.get_by_role("button", name=words["close"]).click()
        page.locator("dialog[open] button[value=yes]").click()
        page.locator("h1", has_text=words["final"]).wait_for()

    def decide(self, walk: Walk, words: dict[str, str], fay: User) -> None:
        page = walk.as_(fay)
        page.goto(walk.address + reverse("fees:disputes"))
        page.locator("#rows a").first.click()
        page.fill("[name=answer]", "多算两件")
        page.fill("[name=amount]", "0.70")
        page.get_by_role("button", name=words["accept"]).click()
        page.locator("h1", has_text=words["accepted"]).wait_for()
        assert Dispute.objects.get().state == "accepted"

    def test_lets_a_merchant_try_prices_out(self, walk: Walk, amal: User) -> None:
        load_prices()
        words = WORDS[walk.language]
        page = walk.as_(amal, width=390)
        page.goto(walk.address + reverse("fees:simulator"))
        assert words["margin"] in page.inner_text("#outcome")
        before = page.inner_text("#outcome .w-figure")
        page.fill("[name=price]", "15.00")
        page.wait_for_function("before => document.querySelector('#outcome .w-figure').innerText != before", arg=before)
        assert "-" in page.inner_text("#outcome .w-figure") or "−" in page.inner_text("#outcome .w-figure")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
