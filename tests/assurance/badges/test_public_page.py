"""What anybody reads about a code: each answer in its own words, no promise beyond the proof, a picture only of what was reviewed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.badges import actions
from assurance.badges.models import Badge
from assurance.badges.queries import OF_PRODUCT, proof_of
from assurance.badges.reading import look
from assurance.enrollment import actions as enrolments
from assurance.evidence.wording import WORDS
from assurance.files.actions import store
from assurance.gates.actions import open_stop
from assurance.products.models import Product
from assurance.templatetags.ui import day
from tests import enrolments as made
from tests import goods

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile

MOST_QUERIES: Final = 5
ANSWERS: Final = {
    "valid": "The badge is valid",
    "stopped": "The badge is suspended",
    "left": "No badge at the moment",
    "expired": "The badge has expired",
    "revoked": "The badge is revoked",
}


@pytest.fixture
def badge(amal: User, wei: User, bo: User, dana: User) -> Badge:
    """A lot that went the whole way by the actions, on today's clock."""
    made.load_categories()
    enrolment = made.approved(amal, dana)
    inspection = goods.accepted(amal, wei, bo, product=enrolment.product, expiry_date=timezone.localdate() + timedelta(days=900))
    assert inspection.clearance_id
    assert inspection.evidence_entry_id
    return actions.issue(
        clearance_id=inspection.clearance_id, evidence_entry_id=inspection.evidence_entry_id, at=timezone.now() - timedelta(hours=1)
    )


def looked_up(code: str, language: str = "en") -> Any:
    return Client(headers={"accept-language": language}).get(f"/verify/{code}/")


def brought_to(status: str, badge: Badge, *, amal: User, bea: User, eve: User) -> Badge:
    """Bring a valid badge into one of the other answers."""
    now = timezone.now()
    if status == "stopped":
        open_stop(merchant_id=badge.merchant_id, lot_id=badge.lot_id, code="complaints", because="六位买家反映封口渗漏", actor=bea, at=now)
    elif status == "left":
        enrolments.withdraw(enrolment_id=badge.enrolment_id, actor=amal, at=now, reason="")
    elif status == "expired":
        Badge.objects.filter(pk=badge.pk).update(valid_until=now - timedelta(seconds=1))
    elif status == "revoked":
        actions.revoke(badge_id=badge.pk, actor=eve, at=now, reason="检验记录有误")
    return badge


class TestEveryAnswer:
    @pytest.mark.parametrize("status", ANSWERS)
    def test_is_said_in_its_own_words_and_no_other(self, badge: Badge, status: str, amal: User, bea: User, eve: User) -> None:
        text = looked_up(brought_to(status, badge, amal=amal, bea=bea, eve=eve).code).text

        assert [said for said, words in ANSWERS.items() if words in text] == [status]

    @pytest.mark.parametrize("status", [status for status in ANSWERS if status != "valid"])
    def test_but_the_valid_one_makes_no_promise_and_draws_no_valid_seal(
        self, badge: Badge, status: str, amal: User, bea: User, eve: User
    ) -> None:
        text = looked_up(brought_to(status, badge, amal=amal, bea=bea, eve=eve).code).text

        assert "No promise" in text
        assert "95% confidence" not in text
        assert "seal.svg#valid" not in text

    def test_of_a_stop_gives_its_reason_and_its_moment(self, badge: Badge, amal: User, bea: User, eve: User) -> None:
        text = looked_up(brought_to("stopped", badge, amal=amal, bea=bea, eve=eve).code).text

        assert "六位买家反映封口渗漏" in text

    def test_of_a_revocation_gives_its_reason(self, badge: Badge, amal: User, bea: User, eve: User) -> None:
        assert "检验记录有误" in looked_up(brought_to("revoked", badge, amal=amal, bea=bea, eve=eve).code).text

    def test_about_an_unknown_code_is_not_found_and_draws_no_seal(self, db: None) -> None:
        response = looked_up("ABCDEFGHJKMNPQRSTUVW")

        assert response.status_code == 404
        assert "We do not know this code" in response.text
        assert "w-seal" not in response.text

    @pytest.mark.parametrize("status", ANSWERS)
    def test_costs_few_queries_and_is_kept_by_nobody(self, badge: Badge, status: str, amal: User, bea: User, eve: User) -> None:
        brought_to(status, badge, amal=amal, bea=bea, eve=eve)

        with CaptureQueriesContext(connection) as queries:
            response = looked_up(badge.code)

        assert len(queries) <= MOST_QUERIES
        assert "no-store" in response["Cache-Control"]


class TestTheFrame:
    """What stands around the answer is put together of pieces (``assurance.web.frames``) for whoever has no session."""

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_is_the_one_that_is_drawn_for_somebody_with_a_session(self, badge: Badge, language: str) -> None:
        Product.objects.filter(pk=badge.product_id).update(name='<b>"瓜子"&', name_en='<b>"seeds"&')
        address = f"/verify/{badge.code}/?gtin=</title>"
        stranger, member = Client(headers={"accept-language": language}), Client(headers={"accept-language": language})
        member.cookies[settings.SESSION_COOKIE_NAME] = "of-nobody"

        pages = [client.get(address, {"gtin": "</title>"}).text for client in (stranger, member)]

        assert constant(pages[0]) == constant(pages[1])
        assert "\ue000" not in pages[0]

    @pytest.mark.django_db
    def test_of_the_front_door_is_the_one_that_is_drawn_for_somebody_with_a_session(self) -> None:
        stranger, member = Client(), Client()
        member.cookies[settings.SESSION_COOKIE_NAME] = "of-nobody"

        pages = [client.get("/").text for client in (stranger, member)]

        assert constant(pages[0]) == constant(pages[1])
        assert 'name="code"' in pages[0]

    def test_leaves_nothing_with_a_visitor_and_lets_him_choose_his_language(self, badge: Badge) -> None:
        client = Client(enforce_csrf_checks=True)

        page = client.get(f"/verify/{badge.code}/")
        answer = client.post("/language/", {"language": "en", "next": "/verify/"})

        assert ("csrf" in page.text, dict(page.cookies)) == (False, {})
        assert (answer.status_code, answer["Location"], client.get("/verify/").headers["Content-Language"]) == (302, "/verify/", "en")

    def test_takes_no_forged_choice_of_language_from_somebody_who_is_signed_in(self, eve: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(eve)
        before = eve.language

        answer = client.post("/language/", {"language": "zh-hans" if before == "en" else "en"})

        eve.refresh_from_db()
        assert (answer.status_code, eve.language) == (403, before)


def constant(page: str) -> str:
    """Return a page without what only somebody with a session needs, and without the moment at which it was made."""
    return re.sub(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>|<time.*?</time>| hx-headers=\'[^\']*\'', "", page)


class TestTheStatement:
    def test_holds_the_badge_that_the_orm_reads(self, badge: Badge) -> None:
        read = look(badge.code, at=timezone.now()).found.badge

        assert read is not None
        badge.refresh_from_db()
        assert [getattr(read, one.attname) for one in Badge._meta.concrete_fields] == [
            getattr(badge, one.attname) for one in Badge._meta.concrete_fields
        ]


class TestTheProof:
    def test_shows_the_seal_with_the_one_side_that_is_proven(self, badge: Badge) -> None:
        text = looked_up(badge.code).text

        assert "Seal valid, 1 of 4 proofs: inbound" in text
        assert "Sides with proof: 1 of 4." in text
        assert text.count("No evidence") == 3

    @pytest.mark.row("P11.1")
    def test_names_product_lot_state_issuer_day_and_evidence_to_anybody(self, badge: Badge) -> None:
        badge.refresh_from_db()
        text = looked_up(badge.code).text

        names = [badge.product.shown_name, badge.lot_number, badge.merchant.name, badge.warehouse.name, day(badge.inspected_at)]
        assert [name for name in names if name not in text] == []
        assert ANSWERS["valid"] in text
        assert "What happened to this lot" in text

    @pytest.mark.row("A11.1")
    def test_says_what_it_covers_and_what_it_does_not_prove(self, badge: Badge) -> None:
        text = looked_up(badge.code).text
        covers, left_out = text.split("What this badge covers", 1)[1].split("What this badge does not prove", 1)

        assert badge.lot_number in covers
        assert "Claims with a proof" in covers
        assert "Not that every single unit is free of defects" in left_out
        assert "no laboratory test belongs to this badge" in left_out

    def test_tells_what_happened_newest_first(self, badge: Badge) -> None:
        assert [entry.title for entry in proof_of(badge).entries] == [
            "Badge issued",
            "Inbound inspection: accepted",
            "Product reviewed and enrolled",
        ]

    def test_leaves_out_what_belongs_to_another_enrolment_or_lot(self, badge: Badge, amal: User, wei: User, bo: User) -> None:
        before = [entry.title for entry in proof_of(badge).entries]
        goods.accepted(amal, wei, bo, product=badge.product, lot="ANOTHER", expiry_date=timezone.localdate() + timedelta(days=900))

        assert [entry.title for entry in proof_of(badge).entries] == before

    def test_says_plainly_that_numbering_takes_a_moment(self, badge: Badge) -> None:
        assert "is waiting to be numbered and signed" in looked_up(badge.code).text

    def test_has_words_for_every_kind_of_the_product(self) -> None:
        assert set(OF_PRODUCT) <= WORDS.keys()


class TestThePicture:
    @pytest.fixture
    def media(self, settings: SettingsWrapper, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path

    def stored(self, amal: User) -> StoredFile:
        return store(organisation=amal.organisation, uploaded_by=amal, data=made.picture("PNG"), shown_name="cream.png", at=timezone.now())

    def pictured(self, badge: Badge, amal: User) -> int:
        stored = self.stored(amal)
        badge.enrolment.snapshot["files"] = {"picture": {"id": stored.pk, "sha256": stored.sha256}}
        badge.enrolment.save(update_fields=["snapshot"])
        return stored.pk

    def test_is_shown_to_anybody_as_it_was_reviewed(self, badge: Badge, amal: User, media: None) -> None:
        self.pictured(badge, amal)

        response = Client().get(f"/verify/{badge.code}/picture/")

        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
        assert "sandbox" in response["Content-Security-Policy"]
        assert f"/verify/{badge.code}/picture/" in looked_up(badge.code).text

    def test_is_not_what_the_seller_put_there_later(self, badge: Badge, amal: User, media: None) -> None:
        badge.product.picture = self.stored(amal)
        badge.product.save(update_fields=["picture"])

        assert Client().get(f"/verify/{badge.code}/picture/").status_code == 404

    @pytest.mark.parametrize("code", ["ABCDEFGHJKMNPQRSTUVW", "1", "..", "A" * 300])
    def test_is_not_there_for_a_code_that_is_none(self, db: None, code: str) -> None:
        assert Client().get(f"/verify/{code}/picture/").status_code == 404
