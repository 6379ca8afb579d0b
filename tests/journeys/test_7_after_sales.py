"""Journey 7: a buyer or a silent parcel opens a case; it is linked, diagnosed, decided by evidence, remedied; what comes back is graded."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aftersales.cases import actions
from aftersales.cases.models import Case, Remedy
from aftersales.diagnosis.models import Diagnosis
from aftersales.diagnosis.queries import hits
from aftersales.signals import actions as signals
from aftersales.signals.queries import precision
from aftersales.signals.rules import Precision
from assurance.evidence.models import EvidenceEntry, Fact
from assurance.fees.actions import rate_due
from assurance.notices.models import Notice
from qc.returned import actions as returned
from qc.returned.actions import Disposal, ReturnCheck
from tests import cases, charges, checks, orders, waybills
from tests.doors import API, Api
from tests.journeys.jobs import work_off
from tests.journeys.test_in_the_browser import IN_ENGLISH, Walk
from warehouse.returns import actions as returns
from warehouse.returns.grades import Disposition
from warehouse.returns.models import ReturnParcel

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import User
    from logistics.dispatch.models import Waybill
    from tests.harness.databases import CommittedDatabase
    from warehouse.orders.models import Parcel

SILENCE = timedelta(hours=60)
REASON = "出库检查外观完好，快递途中压损。"
WORDS = {
    "zh-hans": {
        "ask": "提交请求",
        "received": "已收到你的请求",
        "take": "领取",
        "send": "发送消息",
        "waits": "客服在等你的答复",
        "propose": "提出",
        "confirmed": "属实",
        "decide": "确认判定",
        "right": "投诉属实",
        "return": "退货",
    },
    "en": {
        "ask": "Send request",
        "received": "We have your request",
        "take": "Take",
        "send": "Send message",
        "waits": "The case desk waits for your answer",
        "propose": "Propose",
        "confirmed": "Confirmed",
        "decide": "Decide so",
        "right": "You were right.",
        "return": "Return",
    },
}


def on_the_way(amal: User, wei: User, bo: User) -> Waybill:
    """Return a parcel that Bo checked and that a courier has; its fees are rated."""
    charges.load_prices()
    checks.lists()
    waybills.stands_in(wei.organisation)
    waybills.service()
    lot = orders.stocked(amal, wei, quantity=40)
    parcel = checks.packed(amal, wei, lot)
    checks.check(parcel, bo)
    [waybill] = waybills.booked(wei, [parcel])
    waybills.dispatch.hand_over([waybills.Handing(parcel.pk)], actor=wei, at=timezone.now() - SILENCE)
    while rate_due(at=timezone.now()).rated:
        pass
    waybill.refresh_from_db()
    return waybill


def come_back(parcel: Parcel, wei: User, bo: User, bea: User) -> ReturnParcel:
    """Let the announced return arrive, be graded and put back on its shelf."""
    back, now = ReturnParcel.objects.get(), timezone.now()
    lot = parcel.items.get().lot
    returns.receive_returns([checks.arrived(parcel, lot, return_id=back.pk)], actor=wei, at=now)
    unit = back.units.get()
    returned.inspect_returns([ReturnCheck(unit.pk, dict(checks.AS_NEW))], actor=bo, at=now)
    returned.dispose([Disposal(unit.pk, Disposition.RESTOCK)], actor=bea, at=now)
    back.refresh_from_db()
    return back


class TestThroughTheActions:
    def test_leads_from_a_silent_parcel_to_a_decision_that_is_proved(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, cai: User, rui: User
    ) -> None:
        waybill = on_the_way(amal, wei, bo)
        assert signals.watch_parcels(at=timezone.now()) == 1
        work_off()

        case = Case.objects.get(rule="silent_parcel")
        assert case.kind == "not_arrived"
        actions.claim([case.pk], actor=cai, at=timezone.now())
        decision = cases.proposed(case, cai, at=timezone.now())
        work_off()
        assert Diagnosis.objects.get().first == "courier"
        actions.decide([decision.pk], actor=rui, at=timezone.now())
        work_off()

        assert precision()["silent_parcel"] == Precision(opened=1, decided=1, confirmed=1)
        assert hits(at=timezone.now()).percent == 100
        assert EvidenceEntry.objects.filter(kind="case_confirmed", product_id=case.product_id).count() == 1
        assert Fact.objects.get(name="case_rate").value == 1
        told = set(Notice.objects.values_list("kind", "recipient__name"))
        assert {("case_waiting", "Cai"), ("case_opened", "Amal"), ("case_proposed", "Rui"), ("case_decided", "Amal")} <= told
        assert waybill.parcel_id in case.links.filter(relation="parcel").values_list("subject_id", flat=True)
        call_command("verify_evidence", verbosity=0)


class TestThroughTheApi:
    @pytest.mark.row("P14.4", "P14.7")
    def test_leads_from_a_buyer_to_goods_back_on_the_shelf(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, bea: User, cai: User, rui: User
    ) -> None:
        parcel = on_the_way(amal, wei, bo).parcel
        buyer, agent, reviewer, merchant = Client(), Api(cai), Api(rui), Api(amal)
        given = {"order_number": parcel.order.number, "phone_tail": cases.TAIL, "kind": "damaged", "body": "外箱压坏了"}
        key = {"Idempotency-Key": "buyer-1"}
        asked = buyer.post(f"{API}/inquiries/", given, content_type="application/json", headers=key)
        assert asked.status_code == 201
        link = f"{API}/inquiries/{asked.json()['token']}/"
        assert buyer.get(link).json()["state"] == "received"
        work_off()

        [found] = agent.get("/cases/", state="new").json()["results"]
        path = f"/cases/{found['id']}"
        shown = agent.post(f"{path}/claim/").json()
        linked = {one["relation"] for one in shown["links"]}
        assert linked == {"order", "parcel", "lot", "claim", "outbound_check", "waybill", "fee_line"}
        assert all(one["url"] for one in shown["links"])
        for one in shown["links"]:
            assert agent.client.get(one["url"]).status_code == 200, one
        assert agent.get(f"/diagnoses/{found['id']}/").json()["causes"][0]["liable"] == "courier"
        assert merchant.get(f"{path}/").json()["summary"] == "A buyer wrote to the case desk."

        ask = {"body": "请提供装箱照片。", "to_merchant": True, "waits_for": "merchant"}
        assert agent.post(f"{path}/write/", ask).json()["state"] == "waiting"
        assert merchant.post(f"{path}/answer/", {"body": "已上传。"}).json()["state"] == "open"
        assert agent.post(f"{path}/write/", {"body": "正在核查。", "to_buyer": True}).status_code == 200
        assert [one["body"] for one in buyer.get(link).json()["messages"]] == ["外箱压坏了", "正在核查。"]
        evidence = [one["id"] for one in shown["links"] if one["relation"] in ("outbound_check", "waybill")]
        proposal = {"liability": "courier", "is_confirmed": True, "outcome": "return_refund", "amount": "59.90", "reason": REASON}
        assert agent.post(f"{path}/propose/", proposal | {"evidence": []}).status_code == 422
        assert agent.post(f"{path}/propose/", proposal | {"evidence": evidence}).json()["state"] == "proposed"
        assert agent.post(f"{path}/decide/").status_code == 403
        assert reviewer.post(f"{path}/decide/").json()["state"] == "decided"
        [decision] = merchant.get(f"{path}/").json()["decisions"]
        assert (decision["reason"], decision["evidence"]) == (REASON, sorted(evidence))

        assert buyer.get(link).json()["evidence"] == ["outbound_check", "waybill"]

        back = come_back(parcel, wei, bo, bea)
        work_off()
        assert back.state == "closed"
        assert Remedy.objects.get(kind="return").state == "done"
        refund = Remedy.objects.get(kind="refund")
        assert agent.post(f"{path}/finish/", {"remedy": refund.pk, "reference": "RF-20261122-1"}).json()["state"] == "remedied"
        assert agent.post(f"{path}/close/").json()["state"] == "closed"
        rated = buyer.post(f"{link}rate/", {"score": 5}, content_type="application/json", headers={"Idempotency-Key": "buyer-2"})
        assert (rated.status_code, rated.json()["may_rate"]) == (200, False)
        work_off()
        call_command("verify_evidence", verbosity=0)


@pytest.fixture(params=IN_ENGLISH)
def walk(request: Any, browser: Browser, live_server: Any) -> Walk:
    return Walk(browser, live_server.url, request.param)


@pytest.mark.long
class TestInTheBrowser:
    def test_leads_from_the_buyers_phone_to_a_decision_both_sides_see(
        self, walk: Walk, amal: User, wei: User, bo: User, bea: User, cai: User, rui: User
    ) -> None:
        words = WORDS[walk.language]
        parcel = on_the_way(amal, wei, bo).parcel
        phone = self.ask(walk, words, parcel)
        work_off()
        case = Case.objects.get()
        address = walk.address + reverse("cases:show", args=[case.pk])

        desk = self.handle(walk, words, cai, address)
        merchant = walk.as_(amal, width=390)
        merchant.goto(address)
        assert words["waits"] in merchant.inner_text("main")
        merchant.fill("textarea[name=body]", "已上传装箱照片。")
        merchant.get_by_role("button", name=words["send"]).click()
        merchant.get_by_text("已上传装箱照片。").first.wait_for()
        self.propose(desk, words, address)
        reviewer = walk.as_(rui)
        reviewer.goto(address)
        reviewer.get_by_role("button", name=words["decide"]).click()
        reviewer.locator("#confirm [value=yes]").click()
        reviewer.get_by_role("button", name=words["decide"]).wait_for(state="detached")
        work_off()
        come_back(parcel, wei, bo, bea)
        work_off()

        phone.reload()
        assert words["right"] in phone.inner_text("main")
        merchant.goto(address)
        assert REASON in merchant.inner_text("main")
        assert words["return"] in merchant.inner_text("main")
        for page in (phone, merchant):
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            assert orders.XIAO.name not in page.content()

    def ask(self, walk: Walk, words: dict[str, str], parcel: Parcel) -> Page:
        page = walk.open(width=390)
        page.goto(walk.address + reverse("cases:ask"))
        page.fill("input[name=order_number]", parcel.order.number)
        page.fill("input[name=phone_tail]", cases.TAIL)
        page.select_option("select[name=kind]", "damaged")
        page.fill("textarea[name=body]", "外箱压坏了")
        page.get_by_role("button", name=words["ask"], exact=True).click()
        page.get_by_role("heading", name=words["received"]).wait_for()
        return page

    def handle(self, walk: Walk, words: dict[str, str], cai: User, address: str) -> Page:
        page = walk.as_(cai)
        page.goto(address)
        page.get_by_role("button", name=words["take"], exact=True).click()
        page.locator("select[name=waits_for]").wait_for()
        page.fill("textarea[name=body]", "请提供装箱照片。")
        page.check("input[name=readers][value=merchant]")
        page.uncheck("input[name=readers][value=buyer]")
        page.select_option("select[name=waits_for]", "merchant")
        page.get_by_role("button", name=words["send"]).click()
        page.get_by_text("请提供装箱照片。").first.wait_for()
        return page

    def propose(self, page: Page, words: dict[str, str], address: str) -> None:
        page.goto(address)
        page.locator("input[name=is_confirmed][value=yes]").check(force=True)
        page.select_option("select[name=liability]", "courier")
        page.select_option("select[name=outcome]", "return_refund")
        page.fill("input[name=amount]", "59.90")
        page.locator("input[name=evidence]").first.check()
        page.fill("textarea[name=reason]", REASON)
        page.get_by_role("button", name=words["propose"], exact=True).click()
        page.get_by_text(REASON).first.wait_for()
