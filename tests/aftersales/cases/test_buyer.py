"""A buyer without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from aftersales.cases import actions
from aftersales.cases.actions import Said
from aftersales.cases.models import Case, CaseRating, Inquiry
from tests import cases
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from warehouse.orders.models import Parcel

ASKED = {"kind": "damaged", "body": "管尾漏了，电话 13912345678"}


def ask(client: Client, number: str, tail: str = cases.TAIL, **given: Any) -> str:
    answer = client.post(reverse("cases:ask"), {"order_number": number, "phone_tail": tail} | ASKED | given)
    assert answer.status_code == 302
    return str(answer["Location"])


def judged(link: str) -> Inquiry:
    inquiry = Inquiry.objects.get(token_digest=actions.digest_of(link.rstrip("/").rsplit("/", 1)[-1]))
    actions.judge_inquiry(inquiry_id=inquiry.pk, at=NOON)
    inquiry.refresh_from_db()
    return inquiry


class TestAsking:
    def test_becomes_a_case_when_order_and_digits_fit(self, parcel: Parcel, client: Client) -> None:
        inquiry = judged(ask(client, parcel.order.number))

        case = Case.objects.get()
        assert inquiry.case_id == case.pk
        assert (case.origin, case.kind, case.merchant_id, case.state) == ("buyer", "damaged", parcel.merchant_id, "new")
        assert case.messages.get().body == "管尾漏了，电话 139******78"

    @pytest.mark.parametrize(("number", "tail"), [("DY-UNKNOWN", cases.TAIL), ("", "0000")])
    def test_answers_the_same_for_what_is_unknown(self, parcel: Parcel, client: Client, number: str, tail: str) -> None:
        known, unknown = ask(client, parcel.order.number), ask(client, number or parcel.order.number, tail)
        judged(known)
        judged(unknown)

        pages = [client.get(link, headers={"Accept-Language": "en"}).content.decode() for link in (known, unknown)]
        assert [page.count("We have your request") for page in pages] == [1, 1]
        other = ("nonce", "<time", "csrf")
        lines = [[line for line in page.splitlines() if not any(word in line.lower() for word in other)] for page in pages]
        assert lines[0] == [line.replace(unknown, known) for line in lines[1]]
        assert Case.objects.count() == 1

    def test_forgets_the_digits_and_the_words(self, parcel: Parcel, client: Client) -> None:
        for inquiry in (judged(ask(client, parcel.order.number)), judged(ask(client, "DY-UNKNOWN"))):
            assert (inquiry.phone_tail, inquiry.body) == ("", "")

    def test_is_judged_once(self, parcel: Parcel, client: Client) -> None:
        inquiry = judged(ask(client, parcel.order.number))

        assert actions.judge_inquiry(inquiry_id=inquiry.pk, at=NOON) is None
        assert Case.objects.count() == 1

    def test_is_slowed_down_for_one_order(self, parcel: Parcel, client: Client) -> None:
        for tail in range(5):
            ask(client, parcel.order.number, f"{tail:04}")

        answer = client.post(reverse("cases:ask"), {"order_number": parcel.order.number, "phone_tail": "0009"} | ASKED)

        assert answer.status_code == 429
        assert Inquiry.objects.count() == 5

    def test_wants_four_digits(self, db: None, client: Client) -> None:
        answer = client.post(reverse("cases:ask"), {"order_number": "DY1", "phone_tail": "12a4"} | ASKED)

        assert answer.status_code == 422
        assert not Inquiry.objects.exists()


class TestFollowing:
    def test_shows_messages_meant_for_the_buyer(self, parcel: Parcel, client: Client, cai: User) -> None:
        link = ask(client, parcel.order.number)
        case = judged(link).case
        assert case is not None
        actions.claim([case.pk], actor=cai, at=NOON)
        actions.write([Said(case.pk, "A note"), Said(case.pk, "To the merchant", to_merchant=True)], actor=cai, at=NOON)
        actions.write([Said(case.pk, "Send us a picture, please.", to_buyer=True, waits_for="buyer")], actor=cai, at=NOON)

        shown = client.get(link).content.decode()

        assert "Send us a picture, please." in shown
        for hidden in ("A note", "To the merchant", "Cai", "Amal", "禾见", "肖敏"):
            assert hidden not in shown
        assert client.post(link + "answer/", {"body": "Here."}).status_code == 302
        case.refresh_from_db()
        assert case.state == "open"

    def test_lets_the_buyer_appeal_and_rate_once(self, parcel: Parcel, client: Client, cai: User, rui: User, rong: User) -> None:
        link = ask(client, parcel.order.number)
        case = judged(link).case
        assert case is not None
        actions.claim([case.pk], actor=cai, at=NOON)
        no = {"outcome": "none", "amount": None, "liability": "consumer", "is_confirmed": False}
        cases.decided(case, cai, rui, **no)
        from django.utils import timezone

        actions.object_to(inquiry=judged(link), reason="It leaked before I opened it.", at=NOON)
        again = cases.proposed(case, cai, amount=None, outcome="none")
        actions.decide([again.pk], actor=rong, at=timezone.now())
        actions.close([case.pk], actor=cai, at=timezone.now())

        assert client.post(link + "rating/", {"score": "4", "comment": "Quick."}).status_code == 302
        assert client.post(link + "rating/", {"score": "1"}).status_code == 409
        assert (CaseRating.objects.get().score, CaseRating.objects.get().case_id) == (4, case.pk)

    def test_does_not_know_another_link(self, db: None, client: Client) -> None:
        assert client.get(reverse("cases:follow", args=["A" * 32])).status_code == 404
        assert client.get(reverse("cases:follow", args=["A" * 300])).status_code == 404
