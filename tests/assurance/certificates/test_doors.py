"""The same steps through pages and API, with every refusal at its field; and two merchants at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assurance.accounts.models import User
from assurance.certificates.models import Certificate, CertificateConflict
from assurance.files.actions import store
from assurance.roles import Kind, Role
from tests import certificates as papers
from tests import factories, goods
from tests.doors import Api, browser, flaws, said
from tests.experiments.races import Edge, Racers, my_number
from tests.factories import NOON

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


def typed(user: User, *products: object, **given: object) -> dict[str, object]:
    values = {name: "" if value is None else str(value) for name, value in papers.values(user).items()}
    return values | {"products": [one.pk for one in products], "file": SimpleUploadedFile("证书.pdf", papers.pdf())} | given


class TestTheMerchantsPages:
    def test_enter_show_and_list_a_certificate(self, amal, cleanser):
        window = browser(amal)
        answer = window.post(reverse("certificates:create"), typed(amal, cleanser, number="浙G妆网备字2026000321"))

        made = Certificate.objects.get()
        assert (answer.status_code, answer.url) == (302, reverse("certificates:show", args=[made.pk]))
        page = window.get(answer.url)
        assert all(text in page.text for text in ("浙G妆网备字2026000321", "000321", cleanser.sku, made.sha256[:16]))
        assert "浙G妆网备字2026000321" in window.get(reverse("certificates:list")).text
        assert "浙G妆网备字2026000321" in window.get(reverse("certificates:of-product", args=[cleanser.pk])).text

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"kind": "sc", "number": "SC11834020305038"}, "The last digit does not fit the others."),
            ({"expires_date": "2026-01-01", "issued_date": "2026-02-01"}, "The days do not fit"),
            ({"file": SimpleUploadedFile("a.pdf", b"<html>")}, "This is not a complete PDF document."),
        ],
    )
    def test_put_what_is_wrong_beside_its_field(self, amal, cleanser, given, words):
        answer = browser(amal).post(reverse("certificates:create"), typed(amal, cleanser, **given))

        assert (answer.status_code, Certificate.objects.count()) == (422, 0)
        assert words in answer.text

    @pytest.mark.row("P2.2")
    def test_refuse_to_attach_outside_the_covered_list_at_the_field(self, amal, cleanser, cream):
        made = papers.entered(amal, cleanser)
        answer = browser(amal).post(reverse("certificates:attach", args=[made.pk]), {"products": [cream.pk]})

        assert answer.status_code == 422
        assert f"This certificate does not cover the product {cream.sku}." in answer.text


class TestThePlatformsPages:
    def test_lead_from_the_queue_to_a_decision(self, amal, dana, cleanser):
        made = papers.entered(amal, cleanser, holder="云朵日化有限公司", expires_date=None)
        window, address = browser(dana), reverse("certificates:decide", args=[made.pk])
        assert made.number in window.get(reverse("certificates:queue")).text

        assert "云朵日化有限公司, who did not authorise the merchant" in window.post(address, {"verdict": "verify"}).text
        assert window.post(address, {"verdict": "verify", "reason": "有代工合同"}).status_code == 302
        assert Certificate.objects.get().state == "verified"
        assert made.number not in window.get(reverse("certificates:queue")).text

    @pytest.mark.row("A2.4")
    def test_let_an_administrator_decide_a_conflict(self, amal, chidi, eve, cleanser, theirs):
        for user, product in ((amal, cleanser), (chidi, theirs)):
            papers.entered(user, product, kind="test_report", number="JX-1234")
        conflict, window = CertificateConflict.objects.get(), browser(eve)
        assert conflict.code in window.get(reverse("certificates:conflicts")).text
        assert "1 certificate is shown by two merchants" in window.get("/").text
        address = reverse("certificates:conflict", args=[conflict.pk])
        assert all(text in window.get(address).text for text in (cleanser.sku, theirs.sku))

        assert window.post(address, {"keep": "first"}).status_code == 422
        assert window.post(address, {"keep": "first", "reason": "已向发证机构核实"}).status_code == 302
        conflict.refresh_from_db()
        assert conflict.state == "first_kept"


class TestTheApi:
    def test_enters_attaches_and_names_every_refusal(self, amal, cleanser, cream):
        api = Api(amal)
        file = store(organisation=amal.organisation, uploaded_by=amal, data=papers.pdf(), shown_name="a.pdf", at=NOON)
        body = {name: value for name, value in papers.values(amal, expires_date="2099-01-01", issued_date="2026-01-01").items() if value}
        body |= {"file": file.pk, "products": [cleanser.pk]}

        assert flaws(api.post("/certificates/", body | {"number": "国妆"})) == {"number": "pattern"}
        made = api.post("/certificates/", body)
        assert made.status_code == 201
        assert (made.json()["products"], made.json()["attached"]) == ([cleanser.pk], [cleanser.pk])
        path = f"/certificates/{made.json()['id']}"
        assert flaws(api.post(f"{path}/attach/", {"products": [cream.pk]})) == {"products": "not_covered"}
        assert api.post(f"{path}/detach/", {"product": cleanser.pk}).json()["attached"] == []
        assert said(api.post(f"{path}/verify/")) == (403, "permission_denied")


@pytest.mark.row("A2.4")
@pytest.mark.promise("G5")
class TestTwoMerchantsAtOnce:
    def test_with_one_number_make_exactly_one_conflict(self, committed_db: CommittedDatabase, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        owners = [factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT)) for _ in range(2)]
        products = [goods.product(owner.organisation) for owner in owners]

        def enter(turn: int) -> object:
            me = my_number()
            owner = User.objects.select_related("organisation").get(pk=owners[me].pk)
            return papers.entered(owner, products[me], kind="test_report", number=f"JX-{turn:04}", data=papers.pdf(10_000 + 2 * turn + me))

        with Racers([Edge("", "", "", lambda: None, enter)], count=2) as racers:
            outcomes = [racers.race([0], turn) for turn in range(12)]

        assert all(outcome == {"won": 2} for outcome in outcomes)
        assert CertificateConflict.objects.count() == 12
        assert CertificateConflict.objects.values("first__number_key").distinct().count() == 12
