"""The pages of the desk, the reviewer and the merchant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from aftersales.cases import actions
from aftersales.cases.models import Case, CaseDecision, CaseMessage
from tests import cases
from tests.doors import browser, queries_after
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from warehouse.orders.models import Parcel


def words(response: Any) -> str:
    return str(response.content.decode())


class TestTheQueue:
    def test_shows_the_desk_what_is_to_take(self, parcel: Parcel, cai: User) -> None:
        case = cases.opened(parcel)

        shown = words(browser(cai).get(reverse("cases:list") + "?tab=unclaimed"))

        assert case.code in shown
        assert parcel.code in shown

    def test_finds_by_parcel_and_by_number(self, parcel: Parcel, cai: User) -> None:
        case = cases.opened(parcel)
        client = browser(cai)

        for q in (parcel.code, case.code.lower(), case.lot.number if case.lot else ""):
            assert case.code in words(client.get(reverse("cases:list"), {"tab": "desk", "q": q})), q
        assert case.code not in words(client.get(reverse("cases:list"), {"tab": "desk", "q": "nothing like it"}))

    def test_does_not_grow_with_the_cases(self, parcel: Parcel, cai: User) -> None:
        client, path = browser(cai), reverse("cases:list") + "?tab=desk"
        one = queries_after(lambda: cases.opened(parcel), client, path)

        assert queries_after(lambda: [cases.opened(parcel) for _ in range(10)], client, path) == one

    def test_is_the_merchants_own_for_a_merchant(self, parcel: Parcel, amal: User, chidi: User) -> None:
        case = cases.opened(parcel)

        assert case.code in words(browser(amal).get(reverse("cases:list")))
        assert case.code not in words(browser(chidi).get(reverse("cases:list")))


class TestOneCase:
    @pytest.mark.row("P14.4")
    def test_shows_every_linked_record_with_its_page(self, parcel: Parcel, cai: User) -> None:
        case = cases.opened(parcel, cai)

        shown = words(browser(cai).get(reverse("cases:show", args=[case.pk])))

        assert parcel.code in shown
        assert parcel.order.number in shown
        for name, number in (("stock:show", case.lot_id), ("orders:show", parcel.order_id), ("orders:parcel", parcel.pk)):
            address = reverse(name, args=[number])
            assert f'href="{address}"' in shown
            assert browser(cai).get(address).status_code == 200, name

    def test_is_not_there_for_another_merchant(self, parcel: Parcel, chidi: User) -> None:
        case = cases.opened(parcel)

        assert browser(chidi).get(reverse("cases:show", args=[case.pk])).status_code == 404

    def test_names_no_buyer(self, parcel: Parcel, cai: User, amal: User, eve: User) -> None:
        case = cases.opened(parcel, cai)

        for person in (cai, amal, eve):
            shown = words(browser(person).get(reverse("cases:show", args=[case.pk])))
            assert "肖敏" not in shown
            assert "13812345678" not in shown
            assert "1201" not in shown

    def test_keeps_notes_and_proposals_from_the_merchant(self, parcel: Parcel, cai: User, amal: User) -> None:
        case = cases.taken(parcel, cai)
        actions.write([actions.Said(case.pk, "A note among us")], actor=cai, at=NOON)
        actions.write([actions.Said(case.pk, "For the buyer", to_buyer=True)], actor=cai, at=NOON)
        cases.proposed(case, cai)

        shown = words(browser(amal).get(reverse("cases:show", args=[case.pk])))

        assert "A note among us" not in shown
        assert "For the buyer" not in shown
        assert "The outbound check shows" not in shown
        assert "Cai" not in shown

    def test_goes_its_way_through_the_pages(self, parcel: Parcel, cai: User, rui: User, amal: User) -> None:
        case = cases.opened(parcel, cai)
        agent, reviewer, merchant = browser(cai), browser(rui), browser(amal)

        def at(name: str) -> str:
            return reverse(f"cases:{name}", args=[case.pk])

        assert agent.post(at("claim")).status_code == 302
        asked = {"body": "Which batch?", "readers": ["merchant"], "waits_for": "merchant"}
        assert agent.post(at("write"), asked).status_code == 302
        assert "The case desk waits for your answer" in words(merchant.get(at("show")))
        assert merchant.post(at("write"), {"body": "HJ261105B"}).status_code == 302
        link = case.links.order_by("pk")[0].pk
        given = {
            "liability": "courier",
            "is_confirmed": "yes",
            "outcome": "refund",
            "amount": "59.90",
            "evidence": [link],
            "reason": "Crushed on the way.",
        }
        assert agent.post(at("propose"), given | {"amount": ""}).status_code == 422
        assert agent.post(at("propose"), given).status_code == 302
        assert reviewer.post(at("send-back"), {"reason": "Say which photograph."}).status_code == 302
        assert agent.post(at("propose"), given).status_code == 302
        assert reviewer.post(at("decide")).status_code == 302
        assert "Crushed on the way." in words(merchant.get(at("show")))
        refund = case.remedies.get()
        assert agent.post(reverse("cases:finish", args=[case.pk, refund.pk]), {"reference": "RF-1"}).status_code == 302
        assert merchant.post(at("appeal"), {"reason": "It was whole."}).status_code == 302

        case.refresh_from_db()
        assert case.state == "appealed"
        assert [one.state for one in CaseDecision.objects.order_by("round")] == ["sent_back", "decided"]
        assert list(CaseMessage.objects.order_by("pk").values_list("side", flat=True)) == ["platform", "merchant"]

    def test_says_beside_the_field_what_is_missing(self, parcel: Parcel, cai: User) -> None:
        case = cases.taken(parcel, cai)

        answer = browser(cai).post(reverse("cases:propose", args=[case.pk]), {"outcome": "refund", "amount": "12.00"})

        assert answer.status_code == 422
        assert 'id="id_reason_error"' in words(answer)
        assert not CaseDecision.objects.exists()


class TestOpeningByHand:
    def test_finds_what_the_number_belongs_to(self, parcel: Parcel, cai: User) -> None:
        given = {"number": parcel.code, "kind": "damaged", "summary": "Wet box"}

        answer = browser(cai).post(reverse("cases:open"), given)

        case = Case.objects.get()
        assert answer["Location"] == reverse("cases:show", args=[case.pk])
        assert (case.about_kind, case.about_id, case.origin) == ("warehouse.parcel", parcel.pk, "agent")

    def test_knows_nothing_of_others(self, parcel: Parcel, chidi: User) -> None:
        for number in (parcel.code, parcel.order.number, "BG-999999"):
            given = {"number": number, "kind": "damaged", "summary": "Wet box"}
            assert browser(chidi).post(reverse("cases:open"), given).status_code == 422
        assert not Case.objects.exists()
