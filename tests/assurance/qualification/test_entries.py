"""Merchants take part from their first approved enrolment on; are cleared out with a reason; and return when the wait is over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from assurance.enrollment import actions as enrolments
from assurance.enrollment.actions import Incomplete
from assurance.evidence.models import EvidenceEntry
from assurance.evidence.wording import told
from assurance.gates.models import Stop
from assurance.gates.queries import stop_covering
from assurance.qualification import actions, queries
from assurance.qualification.actions import (
    Applying,
    Deciding,
    EntryFailed,
    NoMoreEntries,
    NothingToClear,
    ReasonMissing,
    RulesTooEarly,
    TakesPart,
    TooEarly,
    UnseenList,
)
from assurance.qualification.models import EntryRules, ProgrammeEntry
from assurance.qualification.outcome import Verdict
from assurance.refusals import OwnWork
from tests import enrolments as made
from tests import papers
from tests.factories import NOON
from tests.papers import TODAY


def entry_of(person) -> ProgrammeEntry:
    return queries.newest_entries([person.organisation_id])[(person.organisation_id, None)]


def cleared(person, admin, *, at=NOON, **given) -> ProgrammeEntry:
    return actions.clear_out(merchant_id=person.organisation_id, reason="Sold fakes.", actor=admin, at=at, **given)


class TestAFirstEntry:
    def test_begins_with_the_first_submission_and_is_admitted_with_its_approval(self, merchant, dana):
        submitted = made.submitted(merchant)
        made.submitted(merchant)
        assert (entry_of(merchant).state, ProgrammeEntry.objects.count()) == ("applied", 1)

        enrolments.claim(enrolment_id=submitted.pk, actor=dana, at=NOON)
        enrolments.approve(enrolment_id=submitted.pk, actor=dana, at=NOON)

        entry = entry_of(merchant)
        assert (entry.state, entry.number, entry.decided_by) == ("admitted", 1, dana)
        assert entry.evidence == f"Admitted with the approval of enrolment {submitted.number}."
        assert (entry.outcome["verdict"], entry.rules.version) == ("unknown", "2026-11")

    def test_is_not_admitted_below_the_floors(self, merchant, dana):
        claimed = made.claimed(merchant, dana)
        papers.measured(merchant.organisation, orders=30, picked="0.40", ratings=10, satisfied="0.9")

        with pytest.raises(EntryFailed, match=r"40.0% < 45%"):
            enrolments.approve(enrolment_id=claimed.pk, actor=dana, at=NOON)

        assert entry_of(merchant).state == "applied"


class TestTheOutcome:
    def test_comes_from_the_merchants_own_facts(self, merchant, chidi):
        papers.measured(merchant.organisation, orders=30, picked="0.45", ratings=10, satisfied="0.65")
        papers.measured(chidi.organisation, orders=29, picked="0.10")

        mine, theirs = (queries.entry(one.organisation_id, NOON) for one in (merchant, chidi))

        assert (mine.verdict, mine.orders) == (Verdict.PASS, 30)
        assert (theirs.verdict, theirs.orders) == (Verdict.UNKNOWN, 29)

    def test_that_is_unknown_wants_stated_evidence(self, merchant, eve, dana):
        made.approved(merchant, dana)
        cleared(merchant, eve)
        later = NOON + timedelta(days=120)
        back = actions.apply([Applying(merchant, later)])[0]

        with pytest.raises(ReasonMissing):
            actions.admit([Deciding(back.pk)], actor=dana, at=later)

        admitted = actions.admit([Deciding(back.pk, "Audit of 12 February, no fakes found.")], actor=dana, at=later)[0]
        assert (admitted.state, admitted.number, admitted.outcome["verdict"]) == ("admitted", 2, "unknown")


class TestClearingOut:
    def test_needs_a_reason_and_changes_nothing_without(self, merchant, eve, dana):
        made.approved(merchant, dana)

        with pytest.raises(ReasonMissing):
            actions.clear_out(merchant_id=merchant.organisation_id, reason=" ", actor=eve, at=NOON)

        assert (entry_of(merchant).state, Stop.objects.count()) == ("admitted", 0)

    def test_stops_the_shop_and_says_until_when(self, merchant, eve, dana):
        approved, draft = made.approved(merchant, dana), made.draft(merchant)

        entry = cleared(merchant, eve)

        assert (entry.state, entry.return_date) == ("cleared_out", date(2027, 2, 20))
        stop = stop_covering(merchant_id=merchant.organisation_id, product_id=approved.product_id, at=NOON)
        assert stop is not None
        assert "an application to return is possible from 2027-02-20" in stop.because
        with pytest.raises(Incomplete) as refused:
            enrolments.submit(enrolment_id=draft.pk, actor=merchant, at=NOON)
        kept = EvidenceEntry.objects.filter(kind__startswith="merchant", organisation_id=merchant.organisation_id).order_by("id")
        words = [told(one.kind, one.says).text for one in kept]
        assert words == [entry.evidence, f"{entry.clear_reason} An application is possible from 2027-02-20."]
        assert refused.value.points()[0][:2] == ("entry", "cleared_out")
        assert "2027-02-20" in refused.value.points()[0][2]

    def test_of_one_product_leaves_the_others(self, merchant, eve, dana):
        gone, stays = made.approved(merchant, dana), made.approved(merchant, dana)

        cleared(merchant, eve, product_id=gone.product_id)

        assert entry_of(merchant).state == "admitted"
        blocked = queries.blocks_of([gone.product, stays.product], TODAY)
        assert (blocked.keys(), blocked[gone.product_id][0].code) == ({gone.product_id}, "cleared_out")

    def test_happens_once_and_never_to_ones_own_house(self, merchant, eve, dana):
        made.approved(merchant, dana)
        cleared(merchant, eve)

        with pytest.raises(NothingToClear):
            cleared(merchant, eve)
        with pytest.raises(OwnWork):
            actions.clear_out(merchant_id=eve.organisation_id, reason="No.", actor=eve, at=NOON)


class TestReturning:
    def test_before_the_wait_is_over_is_refused_with_the_day(self, merchant, eve, dana):
        made.approved(merchant, dana)
        cleared(merchant, eve)

        with pytest.raises(TooEarly, match="2027-02-20"):
            actions.apply([Applying(merchant, NOON + timedelta(days=91))])

        assert actions.apply([Applying(merchant, NOON + timedelta(days=92))])[0].number == 2

    def test_lets_go_what_was_stopped_only_when_it_is_admitted(self, merchant, eve, dana):
        approved = made.approved(merchant, dana)
        cleared(merchant, eve)
        later = NOON + timedelta(days=92)
        back = actions.apply([Applying(merchant, later)])[0]
        where = {"merchant_id": merchant.organisation_id, "product_id": approved.product_id}

        assert stop_covering(**where, at=later)
        assert queries.blocks([merchant.organisation_id], TODAY)[merchant.organisation_id][0].code == "return_undecided"

        actions.refuse([Deciding(back.pk, "Nothing has changed.")], actor=dana, at=later)
        assert queries.blocks([merchant.organisation_id], TODAY)[merchant.organisation_id][0].code == "return_refused"
        again = actions.apply([Applying(merchant, later)])[0]
        actions.admit([Deciding(again.pk, "Now it has.")], actor=dana, at=later)

        assert stop_covering(**where, at=later) is None
        assert queries.blocks([merchant.organisation_id], TODAY)[merchant.organisation_id] == []

    def test_is_possible_twice_and_then_never(self, merchant, eve, dana):
        made.approved(merchant, dana)
        at = NOON
        for _again in range(2):
            cleared(merchant, eve, at=at)
            at += timedelta(days=200)
            back = actions.apply([Applying(merchant, at)])[0]
            actions.admit([Deciding(back.pk, "Mended.")], actor=dana, at=at)
        last = cleared(merchant, eve, at=at)

        assert (last.number, last.return_date) == (3, None)
        with pytest.raises(NoMoreEntries):
            actions.apply([Applying(merchant, at + timedelta(days=2_000))])

    def test_is_nothing_for_who_takes_part(self, merchant, dana):
        approved = made.approved(merchant, dana)

        for product in (None, approved.product_id):
            with pytest.raises(TakesPart):
                actions.apply([Applying(merchant, NOON, product)])


class TestANewVersionOfTheRules:
    def publish(self, eve, **given):
        values = {
            "version": "2027-01",
            "from_date": date(2027, 1, 1),
            "floors": {"paid_to_pickup_24h": Decimal("0.60")},
            "changed": {"least_orders": 20},
            "because": "The trade has become faster.",
            "accepts": [],
        }
        return actions.publish_rules(**values | given, actor=eve, at=NOON)

    def test_judges_from_its_day_on_and_leaves_the_past(self, merchant, eve):
        papers.measured(merchant.organisation, orders=25, picked="0.50", ratings=10, satisfied="0.9")
        self.publish(eve)

        now, then = (queries.entry(merchant.organisation_id, at) for at in (NOON, NOON + timedelta(days=60)))

        assert (now.version, now.verdict) == ("2026-11", Verdict.UNKNOWN)
        assert (then.version, then.verdict) == ("2027-01", Verdict.FAIL)

    @pytest.mark.row("A1.2")
    def test_is_published_by_who_accepts_exactly_those_it_hits(self, merchant, eve, dana):
        made.approved(merchant, dana)
        papers.measured(merchant.organisation, orders=30, picked="0.50", ratings=10, satisfied="0.9")

        with pytest.raises(UnseenList) as refused:
            self.publish(eve)
        assert refused.value.hit == [merchant.organisation]
        assert EntryRules.objects.count() == 1

        assert self.publish(eve, accepts=[merchant.organisation.code]).version == "2027-01"

    def test_never_begins_in_the_past(self, merchant, eve):
        with pytest.raises(RulesTooEarly):
            self.publish(eve, from_date=TODAY - timedelta(days=1))
