"""A case from its opening to its end, through the actions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from aftersales.cases import actions
from aftersales.cases.actions import Appeal, Finished, NewCase, Said
from aftersales.cases.actions.deciding import AmountExpected, AppealedAlready, NoAmountExpected, NoEvidence, TooLate
from aftersales.cases.actions.handling import AlreadyTaken, NotRemedied
from aftersales.cases.actions.opening import NothingKnown
from aftersales.cases.actions.remedying import DoneByTheWarehouse, NoReference, UnknownReference
from aftersales.cases.actions.steps import NoReason, NotYourCase
from aftersales.cases.actions.talking import ToNobody
from aftersales.cases.models import Case, CaseMessage, Remedy
from assurance.events.registry import SUBSCRIBERS
from assurance.evidence.models import EvidenceEntry, Fact
from assurance.gates.models import Stop
from assurance.refusals import OwnWork, WrongState
from tests import cases, goods, orders
from tests.factories import NOON
from warehouse.orders import actions as floor
from warehouse.orders.actions import Step
from warehouse.orders.models import PackingRecord
from warehouse.returns.models import ReturnParcel

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from warehouse.orders.models import Parcel

HOUR = timedelta(hours=1)


class TestOpening:
    @pytest.mark.row("P14.4")
    def test_links_what_belongs_to_the_parcel(self, parcel: Parcel, cai: User) -> None:
        case = cases.opened(parcel, cai)

        linked = [(link.relation, link.subject_kind, link.subject_id) for link in case.links.order_by("pk")]
        lot = parcel.items.get().lot_id
        assert linked[:3] == [
            ("order", "warehouse.order", parcel.order_id),
            ("parcel", "warehouse.parcel", parcel.pk),
            ("lot", "warehouse.lot", lot),
        ]
        assert "claim" in [relation for relation, _kind, _pk in linked]
        assert (case.merchant_id, case.lot_id, case.product_id) == (parcel.merchant_id, lot, parcel.items.get().product_id)
        assert (case.state, case.about, case.policy) == ("new", parcel.code, "standard")

    def test_finds_the_same_from_the_order(self, parcel: Parcel, cai: User) -> None:
        by_order = NewCase("damaged", "agent", "warehouse.order", parcel.order_id, "leaks")

        case = actions.open_cases([by_order], actor=cai, at=NOON)[0]

        assert case is not None
        assert case.about == parcel.order.number
        same = cases.opened(parcel, cai)
        assert set(case.links.values_list("subject_kind", "subject_id")) == set(same.links.values_list("subject_kind", "subject_id"))

    def test_refuses_what_is_not_there(self, db: None, cai: User) -> None:
        with pytest.raises(NothingKnown):
            actions.open_cases([NewCase("damaged", "agent", "warehouse.parcel", 999_999, "leaks")], actor=cai, at=NOON)
        assert not Case.objects.exists()

    def test_is_urgent_for_safety(self, parcel: Parcel, cai: User) -> None:
        case = cases.opened(parcel, cai, kind="safety")

        assert case.policy == "urgent"
        assert case.due_at == NOON + HOUR

    def test_opens_one_case_of_a_rule_and_subject(self, parcel: Parcel) -> None:
        wanted = cases.about(parcel, origin="signal", rule="silent_parcel")

        first, second = actions.open_cases([wanted, wanted], actor=None, at=NOON)

        assert first is not None
        assert second is None
        assert actions.open_cases([wanted], actor=None, at=NOON) == [None]
        assert Case.objects.count() == 1


class TestTheClock:
    def test_stands_while_the_merchant_is_asked(self, parcel: Parcel, cai: User, amal: User) -> None:
        case = cases.taken(parcel, cai)
        due = case.resolution_due_at
        cases.asked(case, cai, at=NOON + 3 * HOUR)
        case.refresh_from_db()
        assert (case.state, case.waiting_for, case.due_at) == ("waiting", "merchant", None)
        assert case.first_responded_at == NOON + 3 * HOUR

        actions.write([Said(case.pk, "Here it is.", side="merchant")], actor=amal, at=NOON + 5 * HOUR)

        case.refresh_from_db()
        assert (case.state, case.waiting_for, case.paused_seconds) == ("open", "", 2 * 3600)
        assert case.resolution_due_at > due
        assert case.due_at == min(case.next_update_due_at, case.resolution_due_at)

    def test_goes_on_by_itself_after_three_days(self, parcel: Parcel, cai: User) -> None:
        case = cases.taken(parcel, cai)
        cases.asked(case, cai)

        assert actions.wake_waiting(at=NOON + timedelta(days=2)) == 0
        assert actions.wake_waiting(at=NOON + timedelta(days=3)) == 1

        case.refresh_from_db()
        assert case.state == "open"

    @pytest.mark.row("P14.2")
    def test_keeps_the_used_time_when_the_service_level_changes(self, parcel: Parcel, cai: User) -> None:
        case = cases.taken(parcel, cai)

        hurried = actions.set_policy([case.pk], policy="urgent", actor=cai, at=NOON + HOUR)[0]

        assert hurried.first_response_due_at == NOON + HOUR
        back = actions.set_policy([case.pk], policy="standard", actor=cai, at=NOON + 2 * HOUR)[0]
        assert back.first_response_due_at == case.first_response_due_at


class TestHandling:
    def test_belongs_to_who_took_it(self, parcel: Parcel, cai: User, chun: User) -> None:
        case = cases.taken(parcel, cai)

        with pytest.raises(AlreadyTaken):
            actions.claim([case.pk], actor=chun, at=NOON)
        with pytest.raises(NotYourCase):
            actions.write([Said(case.pk, "Hello", to_buyer=True)], actor=chun, at=NOON)
        with pytest.raises(NotYourCase):
            actions.propose([cases.proposal(case)], actor=chun, at=NOON)
        assert not CaseMessage.objects.exists()
        actions.write([Said(case.pk, "Seen something like this before.")], actor=chun, at=NOON)
        assert CaseMessage.objects.get().to_merchant is False

    def test_goes_back_into_the_queue(self, parcel: Parcel, cai: User, chun: User) -> None:
        case = cases.taken(parcel, cai)

        actions.give_back([case.pk], actor=cai, at=NOON)

        assert actions.claim([case.pk], actor=chun, at=NOON)[0].agent_id == chun.pk

    def test_asks_nobody_who_cannot_read_the_question(self, parcel: Parcel, cai: User) -> None:
        case = cases.taken(parcel, cai)

        with pytest.raises(ToNobody):
            actions.write([Said(case.pk, "Well?", to_buyer=True, waits_for="merchant")], actor=cai, at=NOON)

    def test_hides_telephone_numbers(self, parcel: Parcel, cai: User) -> None:
        case = cases.taken(parcel, cai)

        actions.write([Said(case.pk, "打 13812345678 找我", side="buyer", to_buyer=True)], actor=None, at=NOON)

        assert CaseMessage.objects.get().body == "打 138******78 找我"


@pytest.mark.row("P14.7")
class TestDeciding:
    def test_needs_reason_evidence_and_a_fitting_amount(self, parcel: Parcel, cai: User) -> None:
        case = cases.taken(parcel, cai)
        other = cases.opened(parcel, cai)
        foreign = [other.links.order_by("pk")[0].pk]

        for refusal, given in (
            (NoReason, {"reason": "  "}),
            (NoEvidence, {"evidence": []}),
            (NoEvidence, {"evidence": foreign}),
            (AmountExpected, {"amount": None}),
            (NoAmountExpected, {"outcome": "none"}),
        ):
            with pytest.raises(refusal):
                cases.proposed(case, cai, **given)
        case.refresh_from_db()
        assert (case.state, case.decisions.count()) == ("open", 0)

    def test_is_done_by_another_person(self, parcel: Parcel, cai: User, rui: User) -> None:
        case = cases.taken(parcel, cai)
        decision = cases.proposed(case, cai)

        with pytest.raises(OwnWork):
            actions.decide([decision.pk], actor=cai, at=NOON)
        actions.decide([decision.pk], actor=rui, at=NOON)

        case.refresh_from_db()
        assert (case.state, case.liability, case.is_confirmed, case.due_at) == ("decided", "courier", True, None)
        with pytest.raises(WrongState):
            actions.decide([decision.pk], actor=rui, at=NOON)

    def test_goes_back_with_what_is_missing(self, parcel: Parcel, cai: User, rui: User) -> None:
        case = cases.taken(parcel, cai)
        decision = cases.proposed(case, cai)

        with pytest.raises(NoReason):
            actions.send_back([decision.pk], reason=" ", actor=rui, at=NOON)
        actions.send_back([decision.pk], reason="No photograph", actor=rui, at=NOON)

        assert cases.proposed(case, cai).round == 2

    def test_is_recorded_with_the_digest_of_the_reason_only(self, parcel: Parcel, cai: User, rui: User) -> None:
        decision = cases.decided(cases.taken(parcel, cai), cai, rui)

        entry = EvidenceEntry.objects.get(kind="case_confirmed")
        assert decision.evidence_entry_id == entry.pk
        assert (entry.product_id, entry.organisation_id) == (parcel.items.get().product_id, parcel.merchant_id)
        assert decision.reason not in str(entry.body)
        fact = Fact.objects.get(name="case_rate")
        assert (fact.subject_kind, fact.value, fact.sample_size) == ("product", Decimal("1.000000"), 1)

    def test_leaves_no_evidence_of_a_false_alarm(self, parcel: Parcel, cai: User, rui: User) -> None:
        none = {"is_confirmed": False, "liability": "nobody", "outcome": "none", "amount": None}
        cases.decided(cases.taken(parcel, cai), cai, rui, **none)

        assert not EvidenceEntry.objects.filter(kind="case_confirmed").exists()
        assert Fact.objects.get(name="case_rate").value == 0
        assert not Remedy.objects.exists()

    def test_stops_the_lot_where_it_is_about_safety(self, parcel: Parcel, cai: User, rui: User) -> None:
        case = cases.taken(parcel, cai, kind="safety")
        cases.decided(case, cai, rui, liability="merchant", stops_lot=True)

        stop = Stop.objects.get(code="case_safety")
        assert (stop.lot_id, stop.merchant_id) == (case.lot_id, case.merchant_id)


@pytest.mark.row("P14.7")
class TestAppealing:
    def test_is_possible_once_for_each_side(self, parcel: Parcel, cai: User, rui: User, rong: User, amal: User) -> None:
        case = cases.taken(parcel, cai)
        cases.decided(case, cai, rui)

        actions.appeal([Appeal(case.pk, "merchant", "The photograph is of another lot.")], actor=amal, at=NOON + HOUR)
        case.refresh_from_db()
        assert case.state == "appealed"
        again = cases.proposed(case, cai, liability="consumer", outcome="none", amount=None, is_confirmed=False)
        with pytest.raises(OwnWork):  # who decided the first round does not decide the second
            actions.decide([again.pk], actor=rui, at=NOON + 2 * HOUR)
        actions.decide([again.pk], actor=rong, at=NOON + 2 * HOUR)

        case.refresh_from_db()
        assert (case.state, case.liability, case.is_confirmed) == ("decided", "consumer", False)
        assert [one.state for one in case.remedies.order_by("pk")] == ["cancelled"]
        with pytest.raises(AppealedAlready):
            actions.appeal([Appeal(case.pk, "merchant", "Still not.")], actor=amal, at=NOON + 3 * HOUR)
        actions.appeal([Appeal(case.pk, "buyer", "It was not me.")], actor=None, at=NOON + 3 * HOUR)

    def test_is_too_late_after_seven_days(self, parcel: Parcel, cai: User, rui: User, amal: User) -> None:
        case = cases.taken(parcel, cai)
        cases.decided(case, cai, rui)

        with pytest.raises(TooLate):
            actions.appeal([Appeal(case.pk, "merchant", "No.")], actor=amal, at=NOON + timedelta(days=7, seconds=1))

    def test_needs_a_decision(self, parcel: Parcel, cai: User, amal: User) -> None:
        with pytest.raises(WrongState):
            actions.appeal([Appeal(cases.taken(parcel, cai).pk, "merchant", "No.")], actor=amal, at=NOON)


class TestRemedying:
    def test_ends_when_everything_is_done(self, parcel: Parcel, cai: User, rui: User) -> None:
        case = cases.taken(parcel, cai)
        cases.decided(case, cai, rui)
        refund = Remedy.objects.get()
        assert (refund.kind, refund.amount, refund.state) == ("refund", Decimal("59.90"), "ordered")

        with pytest.raises(NotRemedied):
            actions.close([case.pk], actor=cai, at=NOON)
        with pytest.raises(NoReference):
            actions.finish_remedies([Finished(refund.pk, " ")], actor=cai, at=NOON)
        actions.finish_remedies([Finished(refund.pk, "RF-2026-17")], actor=cai, at=NOON)

        case.refresh_from_db()
        assert case.state == "remedied"
        assert actions.close([case.pk], actor=cai, at=NOON)[0].state == "closed"

    def test_announces_the_return_to_the_warehouse(self, parcel: Parcel, cai: User, rui: User) -> None:
        case = cases.taken(parcel, cai)
        cases.decided(case, cai, rui, outcome="return_refund")

        back = ReturnParcel.objects.get()
        assert (back.parcel_id, back.reference, back.state, back.buyer_reason) == (parcel.pk, f"case:{case.pk}", "announced", "damaged")
        assert case.links.filter(relation="return", subject_id=back.pk).exists()
        wanted = Remedy.objects.get(kind="return")
        assert (wanted.subject_kind, wanted.subject_id) == ("warehouse.returnparcel", back.pk)
        with pytest.raises(DoneByTheWarehouse):
            actions.finish_remedies([Finished(wanted.pk, "x")], actor=cai, at=NOON)
        actions.finish_remedies([Finished(Remedy.objects.get(kind="refund").pk, "RF-1")], actor=cai, at=NOON)
        case.refresh_from_db()
        assert case.state == "decided"

        assert actions.finish_returns([back.pk], at=NOON) == 1

        case.refresh_from_db()
        assert case.state == "remedied"

    def test_knows_the_order_that_replaces(self, parcel: Parcel, cai: User, rui: User) -> None:
        cases.decided(cases.taken(parcel, cai), cai, rui, outcome="replacement", amount=None)
        wanted = Remedy.objects.get()

        with pytest.raises(UnknownReference):
            actions.finish_remedies([Finished(wanted.pk, "DY-UNKNOWN")], actor=cai, at=NOON)
        done = actions.finish_remedies([Finished(wanted.pk, parcel.order.number)], actor=cai, at=NOON)[0]

        assert (done.state, done.subject_kind, done.subject_id) == ("done", "warehouse.order", parcel.order_id)

    def test_is_closed_by_itself_when_nobody_may_appeal_any_more(self, parcel: Parcel, cai: User, rui: User) -> None:
        case = cases.taken(parcel, cai)
        cases.decided(case, cai, rui, outcome="none", amount=None)

        assert actions.close_finished(at=NOON + timedelta(days=6)) == 0
        assert actions.close_finished(at=NOON + timedelta(days=7)) == 1

    def test_can_be_taken_up_again(self, parcel: Parcel, cai: User, chun: User, rui: User) -> None:
        case = cases.taken(parcel, cai)
        cases.decided(case, cai, rui, outcome="none", amount=None)
        actions.close([case.pk], actor=cai, at=NOON)

        again = actions.reopen([case.pk], reason="The buyer sent a film.", actor=chun, at=NOON + HOUR)[0]

        assert (again.state, again.agent_id, again.liability, again.reopened) == ("open", chun.pk, "", 1)


@pytest.mark.row("P7.5")
class TestAnOpenCase:
    def test_keeps_the_packing_records_of_its_parcel_and_of_no_other(self, amal: User, wei: User) -> None:
        goods.catalogue()
        lot = orders.stocked(amal, wei)
        mine, other = [orders.packed(amal, wei, (lot.product, 1)) for _ in range(2)]
        for parcel in (mine, other):
            floor.record_packing(parcel_id=parcel.pk, video_reference="camera 3", actor=wei, at=NOON)
        floor.ship([Step(one.pk) for one in orders.check_all([mine, other])], actor=wei, at=NOON)

        def kept() -> list[int]:
            rows = PackingRecord.objects.order_by("parcel_id").values_list("kept_until_date", flat=True)
            return [(until - NOON.date()).days for until in rows]

        case = cases.opened(mine, at=NOON + timedelta(days=30))
        actions.keep_parcel_records(case_id=case.pk, at=NOON + timedelta(days=30))
        assert kept() == [210, 180]
        actions.keep_parcel_records(at=NOON + timedelta(days=100))
        assert kept() == [280, 180]
        assert {handler.name for kind in ("opened", "closed") for handler in SUBSCRIBERS[f"aftersales.case.{kind}"]} >= {
            "aftersales.cases.keep_parcel_records"
        }
