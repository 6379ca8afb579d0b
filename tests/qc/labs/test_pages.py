"""The pages by the people they belong to; nobody outside the laboratory reads a value before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import NoReverseMatch, reverse

from assurance.access import ACCESS
from assurance.roles import Kind, Role
from qc.labs.models import DrawRound, LabResult, LabScope, Sample, Verification
from tests import factories, labs
from tests.doors import Api, browser, queries_after, said
from tests.harness import session

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from warehouse.stock.models import Lot

VALUE = "0.07531"
"""A result that stands nowhere else."""


class TestTheWholeWayOnPages:
    def test_goes_from_the_draw_to_the_publication(self, lot: Lot, lin: User, vera: User, bea: User, bo: User, amal: User) -> None:
        lead, inspector, analyst, verifier = browser(bea), browser(bo), browser(lin), browser(vera)
        lead.post("/labs/rounds/open/", {"size": "3"})
        found = DrawRound.objects.get()
        assert found.commitment in lead.get(f"/labs/rounds/{found.pk}/").content.decode()
        lead.post(f"/labs/rounds/{found.pk}/draw/")
        sample = Sample.objects.get()
        page = f"/labs/{sample.pk}/"
        inspector.post(page + "draw/", {"place": "A-01"})
        inspector.post(page + "seal/", {"seal_number": "F1", "counter_seal_number": "B1", "counter_place": "R-9"})
        assert "华东衡准检测中心" in inspector.get(page).content.decode()
        inspector.post(page + "dispatch/", {"lab": ""})
        assert analyst.get("/labs/?q=F1").headers["Location"] == page
        analyst.post(page + "receive/", {"seal_number": "f1", "condition": "intact", "note": ""})
        analyst.post(page + "begin/")
        results = {f"{row.test.code}-reported": labs.good(row.test) for row in sample.tests.select_related("test")}
        analyst.post(page + "enter/", results | {"cosmetics-lead-reported": VALUE, "cosmetics-lead-uncertainty": "0.01"})
        shown = verifier.get(page).content.decode()
        assert VALUE in shown
        ids = list(LabResult.objects.values_list("pk", flat=True))
        assert len(ids) == 6
        assert verifier.post(page + "verify/", {"results": ids[:2]}).status_code == 409
        verifier.post(page + "verify/", {"results": ids})
        assert VALUE not in lead.get(page).content.decode()
        lead.post(page + "publish/")

        sample.refresh_from_db()
        assert (sample.state, sample.verdict) == ("published", "pass")
        assert VALUE in browser(amal).get(page).content.decode()

    def test_says_beside_the_field_what_cannot_be_read(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.opened(bea, lin)

        answer = browser(lin).post(f"/labs/{sample.pk}/enter/", {"cosmetics-lead-reported": "about ten"})

        assert answer.status_code == 422
        assert "cannot be read as a result" in answer.content.decode()
        assert not LabResult.objects.exists()

    def test_shows_the_laboratory_neither_merchant_nor_lot(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.opened(bea, lin)
        client = browser(lin)

        for path in ("/", "/labs/?scope=all", f"/labs/{sample.pk}/", f"/api/v1/samples/{sample.pk}/", "/events/"):
            shown = client.get(path).content.decode()
            for hidden in ("禾见", "HEJIAN", lot.number, lot.product.name, "Amino acid"):
                assert hidden not in shown, (path, hidden)

    def test_ask_the_database_as_often_for_many_samples(self, amal: User, wei: User, bo: User, lin: User, bea: User) -> None:
        for name in ("A", "B"):
            labs.released(amal, wei, bo, lot=name)
        client = browser(bea)
        one = queries_after(lambda: labs.scheduled(bea), client, "/labs/?scope=all")

        assert queries_after(lambda: labs.scheduled(bea), client, "/labs/?scope=all") == one


class TestLaboratories:
    def test_are_kept_by_the_administrator(self, lin: User, eve: User) -> None:
        client, house = browser(eve), labs.lab(name="苏检所")
        terms = {
            "lab": house.pk,
            "test": "nuts-lead",
            "mark": "CMA",
            "accreditation": "210912341234",
            "price": "120.00",
            "valid_from": "2026-01-01",
            "valid_until": "2028-12-31",
            "turnaround_days": "5",
            "capacity_per_week": "40",
        }

        assert client.post("/labs/laboratories/add/", terms).status_code == 302
        assert client.post("/labs/laboratories/add/", terms).status_code == 422
        scope = LabScope.objects.get(lab=house)
        client.post(f"/labs/laboratories/{scope.pk}/end/", {"valid_until": "2026-10-31", "reason": "资质注销"})

        scope.refresh_from_db()
        assert (str(scope.valid_until), scope.end_reason) == ("2026-10-31", "资质注销")
        assert "苏检所" in client.get("/labs/laboratories/?page=2").content.decode() + client.get("/labs/laboratories/").content.decode()


@pytest.mark.row("P9.9")
def is_plain(name: str) -> bool:
    """Tell whether the address has no arguments."""
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


class TestAValueBeforeItIsPublished:
    """Every address that a merchant, a streamer, an inspector or the publishing lead may read, asked for the value.

    Those without an object are asked by turns; ``make proof`` asks all.
    """

    OTHERS = ("admin:", "mfa", "account_", "api:docs", "api:schema")

    @pytest.mark.sampled
    @pytest.mark.parametrize("publish", [False, True])
    def test_stands_nowhere_outside_the_laboratory(
        self, lot: Lot, lin: User, vera: User, bea: User, bo: User, amal: User, ann: User, *, publish: bool
    ) -> None:
        from qc.labs import actions

        [sample] = labs.verified(bea, lin, vera, cosmetics_lead=VALUE)
        if publish:
            actions.publish([sample.pk], actor=bea, at=sample.due_at)
        streamer = factories.user(Role.STREAMER, factories.organisation(Kind.STUDIO))
        seen = {
            person.role
            for person in (amal, ann, streamer, bo, bea)
            if any(VALUE in words for words in self.everything(person, lot, sample))
        }

        assert seen == ({amal.role, ann.role, bo.role, bea.role} if publish else set())

    def everything(self, person: User, lot: Lot, sample: Sample):
        """Yield what every address says that needs no object, and those of the sample, the lot and the product."""
        client = browser(person)
        objects = {"labs:show": sample.pk, "labs:of-lot": lot.pk, "stock:show": lot.pk, "products:show": lot.product_id}
        objects |= {
            "api:sample-detail": sample.pk,
            "api:lot-detail": lot.pk,
            "api:product-detail": lot.product_id,
            "labs:round": sample.round_id,
        }
        read = [name for name, methods in ACCESS.items() if person.role in methods.get("GET", ()) and not name.startswith(self.OTHERS)]
        others = [name for name in read if name not in objects and is_plain(name)]
        for name in [*(name for name in read if name in objects), *session.portion(others, list(Role).index(person.role), 6)]:
            path = reverse(name, args=[objects[name]] if name in objects else [])
            yield client.get(path, follow=False).content.decode(errors="replace")

    def test_is_known_to_the_laboratory_and_to_oversight(self, lot: Lot, lin: User, vera: User, bea: User, eve: User, ada: User) -> None:
        [sample] = labs.resulted(bea, lin, cosmetics_lead=VALUE)

        for person in (lin, vera, eve, ada):
            assert VALUE in browser(person).get(f"/labs/{sample.pk}/").content.decode()
        rows = [LabResult.objects.visible_to(person).count() for person in (lin, eve, bea)]
        assert rows == [6, 6, 0]
        assert Verification.objects.visible_to(bea).count() == 0


class TestTheApi:
    def test_walks_the_whole_way(self, lot: Lot, lin: User, vera: User, bea: User, bo: User, amal: User) -> None:
        lead, inspector, analyst, verifier = Api(bea), Api(bo), Api(lin), Api(vera)
        made = lead.post("/rounds/", {"size": 1}).json()
        assert (made["seed"], len(made["commitment"])) == ("", 64)
        drawn = lead.post(f"/rounds/{made['id']}/draw/").json()
        assert (len(drawn["seed"]), drawn["lots"][0]["is_drawn"]) == (64, True)
        pk = inspector.get("/samples/", state="scheduled").json()["results"][0]["id"]
        at = f"/samples/{pk}/"
        inspector.post(at + "draw/")
        inspector.post(at + "seal/", {"seal_number": "F1", "counter_seal_number": "B1", "counter_place": "R-9"})
        assert said(inspector.post(at + "dispatch/", {"lab": "NOBODY"})) == (422, "no_such_lab")
        sent = inspector.post(at + "dispatch/", {"lab": "HDHZ"}).json()
        assert (sent["state"], sent["lab"]) == ("dispatched", "HDHZ")
        there = analyst.post(at + "receive/", {"seal_number": "F1", "condition": "intact"}).json()
        assert (there["state"], there["merchant"], there["lot_number"], there["origin"]) == ("received", None, None, None)
        analyst.post(at + "begin/")
        results = [
            {"test": row.test.code, "reported": labs.good(row.test)}
            for row in Sample.objects.get().tests.select_related("test").order_by("test__position")
        ]
        results[0] |= {"reported": VALUE, "detection_limit": "0.005", "uncertainty": "0.01"}
        entered = analyst.post(at + "enter-results/", {"results": results}).json()
        assert entered["state"] == "resulted"
        assert [line["result"] for line in inspector.get(at).json()["tests"]] == [None] * 6
        ids = [line["result"]["id"] for line in verifier.get(at).json()["tests"]]
        assert said(verifier.post(at + "verify/", {"results": ids[1:]})) == (409, "results_changed")
        assert verifier.post(at + "verify/", {"results": ids}).json()["state"] == "verified"
        assert said(verifier.post(at + "verify/", {"results": ids})) == (409, "wrong_state")
        assert lead.post(at + "publish/").json()["verdict"] == "pass"

        shown = Api(amal).get(at).json()
        first = shown["tests"][0]["result"]
        assert (first["reported"], first["verdict"], shown["state"]) == (VALUE, "pass", "published")
