"""Journey 3: lots of high risk are drawn by a seed committed beforehand, tested, judged, published – and the badge follows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from assurance.badges.models import Badge
from assurance.badges.queries import verify
from assurance.badges.validity import Status
from assurance.fees.models import Operation
from assurance.notices.models import Notice
from qc.inspections import actions as inspections
from qc.inspections.models import Inspection
from qc.labs import actions
from qc.labs.models import DrawRound, LabResult, Sample
from tests import enrolments as made
from tests import goods, labs
from tests.journeys.jobs import work_off
from tests.journeys.test_by_api import Program
from tests.journeys.test_in_the_browser import IN_CHINESE, Walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase

WORDS = {
    "zh-hans": {"commit": "承诺", "draw": "公开种子并开签", "taken": "已取样", "sealed": "已封签", "sent": "已寄出", "receive": "收样"}
    | {"open": "开封检验", "write": "保存", "confirm": "确认", "publish": "公布", "fail": "不合格"},
    "en": {
        "commit": "Commit",
        "draw": "Reveal the seed",
        "taken": "Taken",
        "sealed": "Sealed",
        "sent": "It is sent",
        "receive": "Receive sample",
    }
    | {"open": "Open the sample", "write": "Write down", "confirm": "Confirm", "publish": "Publish", "fail": "Fail"},
}


class Cast:
    """A released lot with its badge, and a laboratory with its people."""

    def __init__(self, amal: User, wei: User, bo: User, eve: User, *, category: str = "skincare") -> None:
        made.load_categories()
        labs.load_tests()
        goods.catalogue()
        now = timezone.now()
        product = goods.enrolled(amal.organisation, category=made.Category.objects.get(code=category))
        lot = goods.lot(amal, wei, product=product, quantity=20)
        inspections.open_inspection(lot_id=lot.pk, actor=None, at=now)
        found = Inspection.objects.get()
        inspections.claim(inspection_id=found.pk, actor=bo, at=now)
        units_found = [inspections.FoundUnit(n, is_conforming=True) for n in range(1, found.sample_size + 1)]
        inspections.record_units(inspection_id=found.pk, units=units_found, actor=bo, at=now)
        work_off()
        self.house = labs.lab(code="HDHZ", name="华东衡准检测中心")
        labs.scopes(self.house, eve)
        self.analyst, self.verifier, self.other = labs.people(self.house)
        self.lot = lot


class TestByActions:
    def walk(self, cast: Cast, bea: User, **found: str) -> Sample:
        now = timezone.now()
        [sample] = Sample.objects.filter(state="scheduled") or actions.draw_round(
            round_id=actions.open_round(size=1, actor=bea, at=now).pk, actor=bea, at=now
        )
        actions.draw([actions.Taking(sample.pk)], actor=bea, at=now)
        actions.seal([actions.Sealing(sample.pk, "F1", "B1", "R-9")], actor=bea, at=now)
        actions.dispatch([actions.Dispatching(sample.pk)], actor=bea, at=now)
        actions.receive([actions.Arriving(sample.pk, "F1")], actor=cast.analyst, at=now)
        actions.begin_testing([sample.pk], actor=cast.analyst, at=now)
        actions.enter_results(labs.findings(sample, **found), actor=cast.analyst, at=now)
        for verifier in (cast.verifier, cast.other):
            if Sample.objects.get().state == "resulted":
                actions.verify([labs.confirming(sample)], actor=verifier, at=now)
        return actions.publish([sample.pk], actor=bea, at=timezone.now())[0]

    def test_lights_the_laboratory_side_of_the_seal(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, eve: User, bea: User
    ) -> None:
        cast = Cast(amal, wei, bo, eve)
        badge = Badge.objects.get()
        assert verify(badge.code, at=timezone.now()).sides[:2] == "10"

        self.walk(cast, bea)
        work_off()

        seen = verify(badge.code, at=timezone.now())
        assert (seen.validity.status, seen.sides[:2]) == (Status.VALID, "11")
        assert Operation.objects.get(kind="lab_test").measures == {"cost": "480.00"}
        told = {(one.recipient.role, one.kind) for one in Notice.objects.select_related("recipient")}
        expected = {
            ("merchant_owner", "lab_passed"),
            ("qc_lead", "lab_passed"),
            ("qc_lead", "sample_to_take"),
            ("qc_lead", "results_to_publish"),
            ("lab_analyst", "sample_coming"),
            ("lab_verifier", "results_to_verify"),
        }
        assert expected <= told

    def test_takes_the_badge_away_in_the_same_moment_when_a_safety_test_fails(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, eve: User, bea: User
    ) -> None:
        cast = Cast(amal, wei, bo, eve)
        badge = Badge.objects.get()

        self.walk(cast, bea, cosmetics_mercury="1.8 mg/kg")

        seen = verify(badge.code, at=timezone.now())
        assert (seen.validity.status, seen.stop.code if seen.stop else "") == (Status.SUSPENDED, "lab_failed")
        work_off()
        assert Notice.objects.filter(kind="lab_failed", recipient=amal).exists()

    def test_gives_the_badge_only_then_where_the_kind_of_goods_demands_it(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, eve: User, bea: User
    ) -> None:
        cast = Cast(amal, wei, bo, eve, category="infant-clothing")
        assert not Badge.objects.exists()
        assert Sample.objects.get().origin == "demanded"

        self.walk(cast, bea)
        work_off()

        assert verify(Badge.objects.get().code, at=timezone.now()).sides[:2] == "11"


class TestByTheApi:
    def test_can_be_walked_by_programs_alone(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, eve: User, bea: User
    ) -> None:
        cast = Cast(amal, wei, bo, eve)
        lead, inspector, analyst, verifier = Program(bea), Program(bo), Program(cast.analyst), Program(cast.verifier)

        opened = lead.post("rounds/", {"size": 1}, expected=201)
        lead.post(f"rounds/{opened['id']}/draw/")
        pk = inspector.get("samples/?state=scheduled")["results"][0]["id"]
        inspector.post(f"samples/{pk}/draw/", {"place": "A-01-3"})
        inspector.post(f"samples/{pk}/seal/", {"seal_number": "F1", "counter_seal_number": "B1", "counter_place": "R-9"})
        inspector.post(f"samples/{pk}/dispatch/")
        queue = analyst.get("samples/?state=dispatched&ordering=due_at")["results"]
        assert [one["id"] for one in queue] == [pk]
        analyst.post(f"samples/{pk}/receive/", {"seal_number": "F1", "condition": "intact"})
        shown = analyst.post(f"samples/{pk}/begin/")
        good = {row.test.code: labs.good(row.test) for row in Sample.objects.get().tests.select_related("test")}
        results = [{"test": one["test"], "reported": good[one["test"]]} for one in shown["tests"]]
        analyst.post(f"samples/{pk}/enter-results/", {"results": results})
        seen = [one["result"]["id"] for one in verifier.get(f"samples/{pk}/")["tests"]]
        verifier.post(f"samples/{pk}/verify/", {"results": seen})
        assert [one["result"] for one in Program(amal).get(f"samples/{pk}/")["tests"]] == [None] * len(seen)
        assert lead.post(f"samples/{pk}/publish/")["verdict"] == "pass"

        work_off()
        assert Program(amal).get(f"samples/{pk}/")["tests"][0]["result"]["verdict"] == "pass"


@pytest.mark.long
class TestInTheBrowser:
    @pytest.mark.parametrize("language", IN_CHINESE)
    def test_is_walked_by_lead_inspector_analyst_and_verifier(
        self, browser: Browser, live_server: Any, language: str, amal: User, wei: User, bo: User, eve: User, bea: User
    ) -> None:
        cast, words = Cast(amal, wei, bo, eve), WORDS[language]
        walk = Walk(browser, live_server.url, language)

        page = walk.as_(bea)
        page.goto(f"{walk.address}/labs/rounds/")
        page.get_by_role("button", name=words["commit"]).click()
        page.wait_for_url("**/labs/rounds/*/")
        assert DrawRound.objects.get().commitment in page.inner_text("main")
        page.get_by_role("button", name=words["draw"]).click()
        page.wait_for_load_state()
        sample = Sample.objects.get()
        address = f"{walk.address}/labs/{sample.pk}/"

        desk = walk.as_(bo)
        desk.goto(address)
        desk.get_by_role("button", name=words["taken"]).click()
        desk.fill("[name=seal_number]", "F1")
        desk.fill("[name=counter_seal_number]", "B1")
        desk.fill("[name=counter_place]", "R-9")
        desk.get_by_role("button", name=words["sealed"]).click()
        desk.get_by_role("button", name=words["sent"]).click()
        desk.wait_for_load_state()

        bench = walk.as_(cast.analyst)
        bench.goto(f"{walk.address}/labs/?q=F1")
        bench.wait_for_url(address)
        bench.fill("[name=seal_number]", "F1")
        bench.get_by_role("button", name=words["receive"]).click()
        bench.get_by_role("button", name=words["open"]).click()
        for row in sample.tests.select_related("test"):
            value = "12.5 mg/kg" if row.test.code == "cosmetics-lead" else labs.good(row.test)
            bench.fill(f"[name='{row.test.code}-reported']", value)
        bench.get_by_role("button", name=words["write"]).click()
        bench.wait_for_load_state()
        assert LabResult.objects.count() == 6

        second = walk.as_(cast.verifier, width=390)
        second.goto(address)
        assert second.evaluate("document.documentElement.scrollWidth") <= 390
        second.get_by_role("button", name=words["confirm"]).click()
        second.wait_for_load_state()

        page.goto(address)
        assert "12.5" not in page.inner_text("main")
        page.get_by_role("button", name=words["publish"], exact=True).click()
        page.wait_for_load_state()

        phone = walk.as_(amal, width=390)
        phone.goto(address)
        shown = phone.inner_text("main")
        assert words["fail"] in shown
        assert "12.5 mg/kg" in shown
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        assert verify(Badge.objects.get().code, at=timezone.now() + timedelta(seconds=1)).validity.status is Status.SUSPENDED
