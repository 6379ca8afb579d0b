"""The checking station, the list of checks and what came of each, as pages and by the API."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from assurance.events.models import Event
from assurance.evidence.models import EvidenceEntry
from assurance.evidence.tree import includes
from assurance.roles import Kind
from qc.checks import actions
from qc.checks.leaves import leaf_hash
from qc.checks.models import CheckedGoods, DayOfChecks, OutboundCheck
from tests import checks, factories, orders, waybills
from tests.checks import IN_ORDER
from tests.doors import HTMX, Api, browser, said
from tests.factories import NOON
from tests.goods import TODAY
from warehouse.orders import actions as parcels
from warehouse.orders.actions import Step

ANSWERS = {"a-right_item": "yes", "a-outer_packaging": "intact", "a-label": "yes", "a-seal": "yes", "a-shelf_life": "yes"}

FAILS = ANSWERS | {"a-label": "no"}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def lot(amal, wei):
    checks.lists()
    return orders.stocked(amal, wei)


@pytest.fixture
def parcel(lot, amal, wei):
    return checks.packed(amal, wei, lot)


def photo(shade=200):
    content = io.BytesIO()
    Image.new("RGB", (4, 4), (shade, 1, 1)).save(content, "PNG")
    return SimpleUploadedFile("box.png", content.getvalue(), "image/png")


class TestTheStation:
    def test_opens_the_parcel_that_is_scanned_by_its_number_or_its_orders(self, parcel, bo):
        page = browser(bo)
        station, work = reverse("checks:station"), reverse("checks:work", args=[parcel.pk])

        assert page.get(station, {"code": parcel.code}).url == work
        assert page.get(station, {"code": parcel.order.number}, headers=HTMX).headers["HX-Push-Url"] == work
        shown = page.get(work)
        assert "Outer packaging" in shown.content.decode()
        wrong = page.get(station, {"code": "BG-999999"}, headers=HTMX)
        assert '"ok": false' in wrong.headers["HX-Trigger"]

    @pytest.mark.row("P7.2")
    def test_records_a_check_with_photos_and_says_what_became_of_it(self, parcel, bo):
        page = browser(bo)

        done = page.post(reverse("checks:work", args=[parcel.pk]), ANSWERS | {"p-outer_packaging": [photo(), photo(7)]})

        check = OutboundCheck.objects.get()
        assert done.url == reverse("checks:station") + f"?done={check.pk}"
        assert (check.verdict, check.inspector_id, check.photos.count()) == ("passed", bo.pk, 2)
        assert "is in order: seal it with its label" in page.get(done.url).content.decode()

    @pytest.mark.row("P7.2", "P7.4")
    def test_prints_the_label_of_what_passes_which_seals_it_and_of_nothing_before(self, parcel, bo, wei):
        waybills.stands_in(wei.organisation)
        waybills.service(factories.organisation(Kind.COURIER))
        page, printing = browser(bo), reverse("dispatch:print", args=[parcel.pk])
        early = page.post(printing, headers=HTMX)
        assert (early.status_code, "has not passed its check" in early.content.decode()) == (409, True)

        failed = page.post(
            reverse("checks:work", args=[checks.packed(parcel.order.taken_by, wei, parcel.items.get().lot).pk]), FAILS, headers=HTMX
        )
        passed = page.post(reverse("checks:work", args=[parcel.pk]), ANSWERS, headers=HTMX)

        assert (printing in passed.content.decode(), "/print/" in failed.content.decode()) == (True, False)
        parcel.refresh_from_db()
        assert (parcel.state, parcel.sealed_at) == ("checked", None)
        assert orders.XIAO.address in page.post(printing, headers=HTMX).content.decode()
        parcel.refresh_from_db()
        assert (parcel.sealed_at, Event.objects.filter(kind="warehouse.parcel.sealed", subject_id=parcel.pk).count()) == (NOON, 1)
        unpacked = parcels.unpack([Step(parcel.pk)], reason="wrong carton", actor=wei, at=NOON)[0]
        assert (unpacked.state, unpacked.sealed_at) == ("picking", None)

    def test_keeps_the_photos_of_a_press_that_was_refused(self, parcel, bo):
        page, work = browser(bo), reverse("checks:work", args=[parcel.pk])

        missing = page.post(work, {**ANSWERS, "a-seal": "", "p-label": [photo()]})
        assert missing.status_code == 422
        refused = page.post(work, {**ANSWERS, "a-outer_packaging": "damaged", "p-label": [photo()]})
        assert (refused.status_code, OutboundCheck.objects.count()) == (422, 0)
        kept = refused.context["form"]["k-label"].value()
        page.post(work, {**ANSWERS, "a-outer_packaging": "damaged", "k-label": kept, "p-outer_packaging": [photo(9)]})

        check = OutboundCheck.objects.get()
        assert (check.verdict, sorted(check.photos.values_list("checkpoint", flat=True))) == ("failed", ["label", "outer_packaging"])

    def test_is_not_for_the_packer_of_the_parcel(self, parcel, wei, bob):
        assert browser(wei).get(reverse("checks:work", args=[parcel.pk])).status_code == 403
        assert browser(bob).get(reverse("checks:work", args=[parcel.pk])).status_code == 404


class TestTheLists:
    def test_show_what_waits_what_must_be_put_right_and_what_was_checked(self, parcel, lot, amal, wei, bo):
        page = browser(bo)
        url = reverse("checks:list")
        assert parcel.code in page.get(url).content.decode()
        checks.check(parcel, bo, label=False)

        assert parcel.code not in page.get(url, {"scope": "todo"}).content.decode()
        assert parcel.code in page.get(url, {"scope": "wrong"}).content.decode()
        found = page.get(url, {"scope": "done", "q": parcel.code, "verdict": "failed"}, headers=HTMX).content.decode()
        assert parcel.code in found
        assert "<html" not in found
        assert parcel.code in browser(amal).get(url).content.decode()

    def test_offer_inspectors_what_waits_on_their_home_page(self, parcel, bo, wei):
        assert "1 parcel to check" in browser(bo).get("/").content.decode()
        checks.check(parcel, bo, label=False)
        assert "1 parcel to pack again" in browser(wei).get("/").content.decode()


class TestACheck:
    def test_is_shown_to_the_merchant_without_the_inspectors_name(self, parcel, bo, amal, chidi):
        check = checks.check(parcel, bo, outer_packaging="damaged", photos={"outer_packaging": [checks.picture(bo).pk]})
        url = reverse("checks:show", args=[check.pk])

        shown = browser(amal).get(url).content.decode()

        assert "Torn, wet or not closed" in shown
        assert "Not in order: 1 of 5 points." in shown
        assert "Inspector" not in shown
        assert browser(chidi).get(url).status_code == 404


class TestADay:
    def days(self):
        from datetime import timedelta

        return actions.close_days(before=TODAY + timedelta(days=1), at=NOON)

    def test_enters_the_evidence_as_one_entry_a_product_with_a_proof_of_every_check(self, lot, amal, wei, bo):
        other = orders.stocked(amal, wei)
        found = [checks.check(checks.packed(amal, wei, lot), bo) for _ in range(3)]
        found.append(checks.check(checks.packed(amal, wei, other), bo, label=False))

        days = self.days()

        assert [(day.product_id, day.day_date, day.part, day.size) for day in days] == [
            (lot.product_id, TODAY, 1, 3),
            (other.product_id, TODAY, 1, 1),
        ]
        entries = EvidenceEntry.objects.filter(kind="outbound_checks").order_by("id")
        assert [entry.product_id for entry in entries] == [lot.product_id, other.product_id]
        assert days[0].root in bytes(entries[0].body).decode()
        told = Api(amal).get(f"/outbound-checks/{found[1].pk}/proof/").json()["proofs"][0]
        path = [bytes.fromhex(node) for node in told["path"]]
        assert includes(leaf_hash(told["leaf"]), told["index"], told["size"], path, bytes.fromhex(told["root"]))
        assert told["evidence_entry"] == entries[0].pk
        assert days[0].root in browser(amal).get(reverse("checks:show", args=[found[1].pk])).content.decode()

    def test_is_closed_once_and_what_comes_late_is_its_next_part(self, lot, amal, wei, bo):
        checks.check(checks.packed(amal, wei, lot), bo)
        self.days()
        assert self.days() == []
        checks.check(checks.packed(amal, wei, lot), bo)

        assert [(day.part, day.size) for day in self.days()] == [(2, 1)]
        assert not CheckedGoods.objects.filter(day_of_checks=None).exists()

    def test_that_is_not_over_waits(self, lot, amal, wei, bo):
        checks.check(checks.packed(amal, wei, lot), bo)

        assert actions.close_days(before=TODAY, at=NOON) == []
        assert not DayOfChecks.objects.exists()


class TestByTheApi:
    def test_several_parcels_are_checked_at_once(self, lot, amal, wei, bo):
        parcels = [checks.packed(amal, wei, lot) for _ in range(2)]
        body = {"checks": [{"parcel": one.pk, "answers": IN_ORDER} for one in parcels]}

        answer = Api(bo).post("/outbound-checks/", body)

        assert answer.status_code == 201
        assert [one["verdict"] for one in answer.json()["checks"]] == ["passed", "passed"]
        assert Api(amal).get("/outbound-checks/", parcel=parcels[0].pk).json()["results"][0]["answers"] == IN_ORDER

    def test_what_is_missing_is_named(self, parcel, bo):
        answers = {code: value for code, value in IN_ORDER.items() if code != "seal"}

        answer = Api(bo).post("/outbound-checks/", {"checks": [{"parcel": parcel.pk, "answers": answers}]})

        assert said(answer) == (422, "point_unanswered")

    @pytest.mark.parametrize("answers", [[], "x", {"seal": 1}, {"seal": None}, {"seal": {"a": "b"}}])
    def test_answers_are_read_strictly(self, parcel, bo, answers):
        assert Api(bo).post("/outbound-checks/", {"checks": [{"parcel": parcel.pk, "answers": answers}]}).status_code == 400

    def test_the_lists_are_there_to_read(self, lot, bo):
        assert {one["stage"] for one in Api(bo).get("/checklists/").json()["results"]} == {"outbound", "return"}
