"""Rules that look: what they open, once, and how often they were right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from aftersales.cases.models import Case
from aftersales.diagnosis import queries as diagnosis
from aftersales.diagnosis.actions import keep_diagnoses
from aftersales.signals import actions, queries
from aftersales.signals.models import SignalFinding
from tests import cases, orders, waybills
from tests.doors import browser
from tests.factories import NOON
from warehouse.orders.models import Parcel

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from logistics.dispatch.models import Waybill

DAY = timedelta(days=1)


@pytest.fixture
def waybill(amal: User, wei: User) -> Waybill:
    """A parcel that left with a courier and of which nothing was heard."""
    waybills.stands_in(wei.organisation)
    waybills.service()
    return waybills.on_the_way(amal, wei)[0]


class TestASilentParcel:
    def test_opens_a_case_with_rule_score_and_reason(self, waybill: Waybill) -> None:
        heard = waybill.last_event_at or waybill.handed_over_at
        assert heard is not None

        assert actions.watch_parcels(at=heard + timedelta(hours=47)) == 0
        assert actions.watch_parcels(at=heard + timedelta(hours=60)) == 1

        found = SignalFinding.objects.select_related("case").get()
        case = found.case
        assert (found.rule, found.score, found.because) == ("silent_parcel", Decimal("0.63"), "No event for 60 hours; 48 are the limit.")
        assert (case.origin, case.kind, case.state, case.about) == ("signal", "not_arrived", "new", waybill.parcel.code)
        assert case.links.filter(subject_kind="logistics.waybill", subject_id=waybill.pk).exists()

    def test_is_found_once(self, waybill: Waybill) -> None:
        later = NOON + 4 * DAY

        assert actions.watch_parcels(at=later) == 1
        assert actions.watch_parcels(at=later + DAY) == 0

    def test_is_late_too_when_its_promise_is_over(self, waybill: Waybill) -> None:
        over = queries.end_of(waybill) + timedelta(hours=13)

        actions.watch_parcels(at=over)

        assert set(Case.objects.values_list("rule", "kind")) == {("silent_parcel", "not_arrived"), ("late_parcel", "late")}

    def test_opens_nothing_while_its_rule_is_off(self, waybill: Waybill, eve: User) -> None:
        actions.switch(rule="silent_parcel", is_on=False, reason="The courier's system is down.", actor=eve, at=NOON)

        assert actions.watch_parcels(at=NOON + 3 * DAY) == 0


class TestReturns:
    def test_open_a_case_about_the_lot_when_there_are_too_many(self, amal: User, wei: User) -> None:
        lot = orders.stocked(amal, wei, quantity=12)
        sent = [orders.shipped(amal, wei, (lot.product, 4)) for _ in range(3)]
        for parcel in sent[:2]:
            come_back(parcel, wei, lot.number, 2)

        assert actions.watch_returns(at=NOON + DAY) == 1

        case = Case.objects.get()
        assert (case.rule, case.kind, case.lot_id) == ("return_spike", "returns", lot.pk)
        assert case.summary == "4 of 12 units of the lot came back; 0.4 were to be expected."
        assert actions.watch_returns(at=NOON + DAY) == 0


def come_back(parcel: Parcel, wei: User, lot: str, quantity: int) -> Any:
    """Let units of a parcel come back to its warehouse."""
    from warehouse.returns.actions import ArrivedReturn, ScannedUnit, receive_returns

    code = parcel.items.get().product.gtin
    return receive_returns([ArrivedReturn(parcel.pk, [ScannedUnit(code, lot, quantity)])], actor=wei, at=NOON)


class TestPrecision:
    def test_counts_what_was_confirmed(self, waybill: Waybill, cai: User, rui: User) -> None:
        actions.watch_parcels(at=NOON + 3 * DAY)
        case = Case.objects.get()
        cases.actions.claim([case.pk], actor=cai, at=NOON)

        assert queries.precision()["silent_parcel"] == queries.Precision(1, 0, 0)
        cases.decided(case, cai, rui)

        assert queries.precision()["silent_parcel"] == queries.Precision(1, 1, 1)

    def test_switches_a_rule_off_that_is_mostly_wrong(self, waybill: Waybill, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(queries, "precision", lambda: {"late_parcel": queries.Precision(30, 20, 1)})

        assert actions.judge_rules(at=NOON) == ["late_parcel"]
        assert queries.switched_off() == {"late_parcel"}
        assert actions.judge_rules(at=NOON) == []

    def test_is_shown_with_a_switch_to_the_administrator(self, db: None, eve: User, cai: User) -> None:
        page = browser(eve).get(reverse("signals:list")).content.decode()
        assert "Silent parcel" in page
        assert browser(eve).post(reverse("signals:switch", args=["late_parcel"]), {"reason": "Too loud"}).status_code == 302
        assert queries.switched_off() == {"late_parcel"}
        assert "Switch o" not in browser(cai).get(reverse("signals:list")).content.decode()


class TestDiagnosis:
    def test_is_kept_when_a_decision_is_proposed_and_compared_with_it(self, waybill: Waybill, cai: User, rui: User) -> None:
        actions.watch_parcels(at=NOON + 3 * DAY)
        case = Case.objects.get()
        cases.actions.claim([case.pk], actor=cai, at=NOON)
        proposed = cases.proposed(case, cai)
        kept = keep_diagnoses([proposed.pk], at=NOON)[0]
        assert kept.first == "courier"
        assert keep_diagnoses([proposed.pk], at=NOON) == []

        assert diagnosis.hits(at=NOON + DAY).percent is None
        cases.actions.decide([proposed.pk], actor=rui, at=NOON)

        assert diagnosis.hits(at=NOON + DAY) == diagnosis.Hits(decided=1, right=1)

    def test_is_drawn_on_the_case_with_what_speaks_for_and_against(self, waybill: Waybill, cai: User, amal: User) -> None:
        actions.watch_parcels(at=NOON + 3 * DAY)
        address = reverse("diagnosis:of-case", args=[Case.objects.get().pk])

        drawn = browser(cai).get(address).content.decode()

        assert "Courier" in drawn
        assert "Days beyond the promise" in drawn or "Only because cases of this kind" in drawn
        assert browser(amal).get(address).status_code == 403
