"""One code, one reason (P11.4); the same on the page, in the API and in the embed, at the very next request (P11.3, P11.6)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings as house
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assurance.badges import actions, forgery, gs1, guessing
from assurance.badges.forgery import Flaw
from assurance.badges.models import Badge
from assurance.badges.reading import code_key, look
from assurance.badges.validity import Found
from assurance.catalog.models import CatalogEntry
from assurance.codes import ALPHABET, public_code
from assurance.gates.actions import open_stop
from assurance.web.throttles import Buckets
from tests import offers
from tests.assurance.badges import outsider

if TYPE_CHECKING:
    from assurance.accounts.models import User

KEY: Final = b"a key of the tests"
EN: Final = {"accept-language": "en"}


@pytest.fixture
def badge(amal: User, wei: User, bo: User) -> Badge:
    return offers.offered(amal, team=(wei, bo)).badge


def said(code: str, query: str = "") -> tuple[str, str, str]:
    """Return the reason of the page (its title), of the API and of the embed."""
    page = Client(headers=EN).get(f"/verify/{code}/{query}")
    told = Client().get(f"/api/v1/verify/{code}/{query}")
    drawn = Client(headers=EN).get(f"/verify/{code}/embed.svg")
    for response in (page, told, drawn):
        assert "no-store" in response["Cache-Control"]
        assert "ETag" not in response
    title = page.text.split("<title>")[1].split(" \N{MIDDLE DOT} ")[0]
    return title, told.json()["status"], drawn.text.split('aria-label="')[1].split('"')[0]


class TestACode:
    def test_carries_a_mark_that_only_the_key_makes(self) -> None:
        code = forgery.new_code(KEY)

        assert (len(code), forgery.flaw(code, KEY), forgery.flaw(code, b"another")) == (24, Flaw.NONE, Flaw.FORGED)

    def test_with_any_letter_changed_is_forged(self) -> None:
        code = forgery.new_code(KEY)
        other = {place: next(one for one in ALPHABET if one != code[place]) for place in range(24)}

        flaws = {forgery.flaw(code[:place] + letter + code[place + 1 :], KEY) for place, letter in other.items()}

        assert flaws == {Flaw.FORGED}

    @pytest.mark.parametrize("length", [8, 12, 19, 21, 22, 23])
    def test_that_was_cut_is_not_whole(self, length: int) -> None:
        assert forgery.flaw(forgery.new_code(KEY)[:length], KEY) is Flaw.CUT

    @pytest.mark.parametrize("text", ["", "1", "HELLO-WORLD", "0OIL10OIL10OIL10OIL1", "无忧", "\x00" * 20])
    def test_of_other_letters_is_none(self, text: str) -> None:
        assert forgery.flaw(text, KEY) is Flaw.NO_CODE

    @pytest.mark.promise("G17")
    def test_that_is_guessed_never_hits(self, badge: Badge) -> None:
        held = set(Badge.objects.values_list("code", flat=True))

        assert not held & {public_code() for _ in range(20_000)}


@pytest.mark.row("P11.4")
class TestEachReason:
    def test_valid(self, badge: Badge) -> None:
        assert said(badge.code) == ("Valid", "valid", "Valid")

    def test_unknown(self, badge: Badge) -> None:
        assert said(public_code()) == ("Unknown code", "unknown", "Unknown code")
        assert said(forgery.new_code(code_key())) == ("Unknown code", "unknown", "Unknown code")

    def test_tampered(self, badge: Badge) -> None:
        last = next(one for one in ALPHABET if one != badge.code[-1])

        assert {said(code) for code in (badge.code[:-1], badge.code[:20], badge.code[:-1] + last, badge.code + "A")} == {
            ("Not a real code", "tampered", "Not a real code")
        }

    def test_wrong_product_by_bar_code_or_lot(self, badge: Badge) -> None:
        own, other = badge.product.gtin, "04006381333931"

        assert said(badge.code, f"?gtin={own.zfill(14)}&lot={quote(badge.lot_number)}")[:2] == ("Valid", "valid")
        assert said(badge.code, f"?product={other}")[:2] == ("Wrong product", "wrong_product")
        assert said(badge.code, "?lot=ANOTHER")[:2] == ("Wrong product", "wrong_product")

    def test_not_yet_valid(self, badge: Badge) -> None:
        Badge.objects.filter(pk=badge.pk).update(issued_at=timezone.now() + timedelta(hours=1))

        assert said(badge.code) == ("Not valid yet", "not_yet_valid", "Not valid yet")

    def test_expired(self, badge: Badge) -> None:
        Badge.objects.filter(pk=badge.pk).update(valid_until=timezone.now())

        assert said(badge.code) == ("Expired", "expired", "Expired")

    @pytest.mark.row("P11.3")
    def test_suspended_and_revoked_at_the_next_request(self, badge: Badge, eve: User) -> None:
        assert said(badge.code) == ("Valid", "valid", "Valid")
        open_stop(merchant_id=badge.merchant_id, lot_id=badge.lot_id, code="c", because="x", actor=None, at=timezone.now())
        assert said(badge.code) == ("Suspended", "suspended", "Suspended")
        actions.revoke(badge_id=badge.pk, actor=eve, at=timezone.now(), reason="wrong papers")
        assert said(badge.code) == ("Revoked", "revoked", "Revoked")

    def test_successor_a_new_code_that_says_the_same(self, badge: Badge, eve: User, client: Client) -> None:
        client.force_login(eve)
        assert client.post(reverse("badges:reissue", args=[badge.pk]), {"reason": "copied"}).status_code == 302
        new = Badge.objects.current().get(lot_id=badge.lot_id)

        assert said(badge.code) == ("Replaced", "superseded", "Replaced")
        assert said(new.code) == ("Valid", "valid", "Valid")
        assert (new.inspected, new.valid_until, len(new.code)) == (badge.inspected, badge.valid_until, 24)
        with pytest.raises(actions.AlreadySuperseded):
            actions.reissue(badge_id=badge.pk, actor=eve, at=timezone.now(), reason="again")


@pytest.mark.promise("G17")
@pytest.mark.usefixtures("db")
class TestGuessing:
    def test_is_slowed_and_the_holder_of_a_code_is_not(self, badge: Badge, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.VERIFY_MISSES_PER_SECOND = 1
        monkeypatch.setattr(guessing, "MISSES", Buckets(clock=lambda: 0.0))

        answers = [Client().get(f"/verify/{public_code()}/").status_code for _ in range(12)]

        assert answers == [404] * 10 + [429] * 2
        assert Client().get(f"/api/v1/verify/{public_code()}/").status_code == 429
        assert Client().get(f"/verify/{badge.code}/").status_code == 200

    @pytest.mark.exhaustive
    def test_hits_nothing_in_a_million_codes(self, badge: Badge) -> None:
        held = set(Badge.objects.values_list("code", flat=True))
        guesses = ("".join(secrets.choice(ALPHABET) for _ in range(24)) for _ in range(1_000_000))

        assert sum(guess in held for guess in guesses) == 0


@pytest.mark.row("P11.6")
class TestTheEmbed:
    def test_is_drawn_now_and_names_moment_code_and_where_to_check(self, badge: Badge) -> None:
        response = Client(headers=EN).get(f"/verify/{badge.code}/embed.svg")

        assert response["Content-Type"] == "image/svg+xml"
        assert badge.code in response.text
        assert "Of that moment: scan to check" in response.text
        assert f"{timezone.localtime():%Y-%m-%d}" in response.text

    def test_is_offered_by_oembed_to_be_fetched_each_time(self, badge: Badge) -> None:
        told = Client().get("/verify/oembed/", {"url": f"{house.PUBLIC_URL}/verify/{badge.code}/"}).json()

        assert (told["type"], told["cache_age"]) == ("rich", 0)
        assert f"/verify/{badge.code}/embed.svg" in told["html"]
        assert Client().get("/verify/oembed/", {"url": "https://elsewhere.example/verify/x/"}).status_code == 404


@pytest.mark.row("P11.5")
class TestADigitalLink:
    @pytest.mark.parametrize(
        ("digits", "is_right"),
        [
            ("6901234567892", True),
            ("06901234567892", True),
            ("6901234567893", False),
            ("40170725", True),
            ("", False),
            ("٦٩٠١٢٣٤٥٦٧٨٩٢", False),
        ],
    )
    def test_checks_its_digit(self, digits: str, is_right: bool) -> None:
        assert gs1.is_gtin(digits) is is_right

    def test_with_a_lot_opens_the_lot(self, badge: Badge) -> None:
        response = Client().get(gs1.path(badge.product.gtin, badge.lot_number))

        assert (response.status_code, response["Location"]) == (302, f"/verify/{badge.code}/")

    def test_with_gtin_alone_opens_the_product(self, badge: Badge) -> None:
        [tag] = actions.follow_products(product_ids=[badge.product_id], at=timezone.now()) or [None]
        response = Client(headers=EN).get(gs1.path(badge.product.gtin), follow=True)

        assert tag is None  # nothing changed: it was tagged and stays so
        assert "The product carries the badge" in response.text
        assert badge.lot_number in response.text

    def test_with_a_code_asks_whether_it_is_of_these_goods(self, badge: Badge) -> None:
        right = Client(headers=EN).get(gs1.path(badge.product.gtin, badge.lot_number, badge.code), follow=True)
        wrong = Client(headers=EN).get(gs1.path("4006381333931", badge.lot_number, badge.code), follow=True)

        assert "The badge is valid" in right.text
        assert "This code belongs to other goods" in wrong.text

    def test_leaves_the_choice_between_sellers(self, badge: Badge, chidi: User) -> None:
        other = offers.offered(chidi, gtin=badge.product.gtin) if "gtin" in offers.offered.__kwdefaults__ else offers.offered(chidi)
        type(other.product).objects.filter(pk=other.product.pk).update(gtin=badge.product.gtin)

        text = Client(headers=EN).get(gs1.path(badge.product.gtin)).text

        assert "Whose goods do you hold?" in text
        assert badge.merchant.name in text
        assert other.product.merchant.name in text

    @pytest.mark.parametrize("path", ["/01/6901234567893", "/01/x", "/01/6901234567892/10/a%2Fb", "/01/06901234567892/10/%3Cscript%3E"])
    def test_of_nothing_says_so(self, db: None, path: str) -> None:
        response = Client(headers=EN).get(path)

        assert response.status_code == 404
        assert "<script>" not in response.text.split("<body")[1].split("<h1")[1].split("</section>")[0]

    def test_escapes_a_lot_with_a_slash(self) -> None:
        assert gs1.path("6901234567892", "A/1 ü") == "/01/06901234567892/10/A%2F1%20%C3%BC"


class TestARevocation:
    @pytest.mark.row("P11.3")
    def test_is_told_by_every_door_at_its_first_answer(self, badge: Badge, eve: User, mei: User) -> None:
        """Nobody keeps an answer, so "within a second" is at once: each door is asked before, then once after."""
        entry = CatalogEntry.objects.get(product_id=badge.product_id)
        signed_in = Client(headers=EN)
        signed_in.force_login(mei)

        def doors() -> dict[str, Any]:
            page, told, drawn = said(badge.code)
            keys = Client().get("/verify/keys/").json()
            stated = outsider.opened(Client().get(f"/verify/{badge.code}/credential/").text, keys)
            return {
                "page": page,
                "API": told,
                "embed": drawn,
                "credential": stated["credentialSubject"]["statusWhenIssued"],
                "status list": outsider.bad_bits(stated, lambda url: Client().get(urlsplit(url).path).text, keys),
                "catalogue": "w-seal-revoked" in signed_in.get(f"/catalogue/{entry.pk}/").text,
            }

        before = doors()
        actions.revoke(badge_id=badge.pk, actor=eve, at=timezone.now(), reason="wrong papers")
        after = doors()

        assert {name: (before[name], after[name]) for name in before} == {
            "page": ("Valid", "Revoked"),
            "API": ("valid", "revoked"),
            "embed": ("Valid", "Revoked"),
            "credential": ("valid", "revoked"),
            "status list": (set(), {"revocation"}),
            "catalogue": (False, True),
        }


class TestALook:
    def test_takes_one_statement_whatever_is_asked(self, badge: Badge, django_assert_num_queries: Any) -> None:
        look(badge.code, at=timezone.now())
        gtin = badge.product.gtin

        with django_assert_num_queries(1):
            seen = look(badge.code, at=timezone.now(), asked=Found(gtin=gtin))

        assert seen.proof is not None
        assert [entry.title for entry in seen.proof.entries]
