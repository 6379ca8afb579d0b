"""Every step of an enrolment from every state, and what it leaves behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from assurance.enrollment import actions
from assurance.enrollment.lifecycle import NEXT, EnrolmentState
from assurance.enrollment.models import Enrolment, ReviewReason
from assurance.enrollment.reasons import Reason
from assurance.events.models import Event, Job
from assurance.evidence.models import EvidenceEntry
from assurance.products import actions as products
from assurance.products.models import Product
from assurance.refusals import OwnWork, WrongState
from assurance.roles import Role
from tests import enrolments, factories
from tests.factories import NOON

pytestmark = pytest.mark.usefixtures("categories")
REASONS = [Reason("gtin", "contradiction", "包装上是另一个条码")]
A_YEAR_ON = NOON + timedelta(days=365)


def again(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk)


def in_state(state, amal, dana):
    """Return an enrolment that got to a state by its own way; a submitted one is claimed by Dana."""
    if state == EnrolmentState.WITHDRAWN:
        return actions.withdraw(enrolment_id=enrolments.draft(amal).pk, actor=amal, at=NOON)
    if state == EnrolmentState.EXPIRED:
        return actions.expire(enrolment_id=enrolments.approved(amal, dana).pk, at=A_YEAR_ON)
    if state == EnrolmentState.DRAFT:
        return enrolments.draft(amal)
    ways = {
        EnrolmentState.SUBMITTED: enrolments.claimed,
        EnrolmentState.NEEDS_CHANGES: enrolments.returned,
        EnrolmentState.APPROVED: enrolments.approved,
        EnrolmentState.REJECTED: enrolments.rejected,
    }
    return ways[state](amal, dana)


STEPS = {
    EnrolmentState.SUBMITTED: lambda pk, amal, dana: actions.submit(enrolment_id=pk, actor=amal, at=NOON),
    EnrolmentState.NEEDS_CHANGES: lambda pk, amal, dana: actions.return_for_changes(enrolment_id=pk, reasons=REASONS, actor=dana, at=NOON),
    EnrolmentState.APPROVED: lambda pk, amal, dana: actions.approve(enrolment_id=pk, actor=dana, at=NOON),
    EnrolmentState.REJECTED: lambda pk, amal, dana: actions.reject(enrolment_id=pk, reasons=REASONS, actor=dana, at=NOON),
    EnrolmentState.WITHDRAWN: lambda pk, amal, dana: actions.withdraw(enrolment_id=pk, actor=amal, at=NOON),
    EnrolmentState.EXPIRED: lambda pk, amal, dana: actions.expire(enrolment_id=pk, at=A_YEAR_ON),
}


@pytest.mark.row("P1.1")
@pytest.mark.promise("G5")
@pytest.mark.parametrize("source", EnrolmentState)
class TestEveryPairOfStates:
    def test_is_a_step_or_a_refusal(self, source, amal, dana):
        enrolment = in_state(source, amal, dana)
        events = Event.objects.count()

        for target in STEPS:
            with transaction.atomic():
                if target in NEXT[source]:
                    STEPS[target](enrolment.pk, amal, dana)
                    assert again(enrolment).state == target
                    transaction.set_rollback(True)
                    continue
                with pytest.raises(WrongState) as refused:
                    STEPS[target](enrolment.pk, amal, dana)
            assert again(enrolment).state == source
            assert refused.value.params == {"state": again(enrolment).get_state_display()}
            assert Event.objects.count() == events


class TestBeginning:
    def test_makes_a_draft_of_the_merchants_product(self, amal):
        product = enrolments.product(amal)

        enrolment = actions.start(product_id=product.pk, actor=amal, at=NOON)

        assert (enrolment.state, enrolment.merchant_id, enrolment.created_by_id) == ("draft", amal.organisation_id, amal.pk)
        assert Event.objects.about(enrolment).get().kind == "enrollment.enrolment.started"

    @pytest.mark.parametrize("state", ["draft", "submitted", "needs_changes", "approved"])
    def test_is_refused_while_another_one_is_open(self, amal, dana, state):
        open_one = in_state(EnrolmentState(state), amal, dana)

        with pytest.raises(actions.AlreadyEnrolled) as refused:
            actions.start(product_id=open_one.product_id, actor=amal, at=NOON)

        assert refused.value.params == {"number": open_one.number}

    @pytest.mark.parametrize("state", ["rejected", "withdrawn", "expired"])
    def test_is_possible_again_when_the_last_one_is_over(self, amal, dana, state):
        over = in_state(EnrolmentState(state), amal, dana)

        assert actions.start(product_id=over.product_id, actor=amal, at=NOON).state == "draft"

    def test_is_held_to_one_open_one_by_the_database(self, amal):
        there = enrolments.draft(amal)

        with pytest.raises(IntegrityError, match="enrolment_one_open_per_product"), transaction.atomic():
            Enrolment.objects.create(product=there.product, merchant_id=there.merchant_id, created_by=amal, created_at=NOON)

    def test_is_held_to_the_owner_of_the_product_by_the_database(self, amal, chidi):
        product = enrolments.product(amal)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        with pytest.raises(IntegrityError, match="assurance_enrolment_product_same_owner"), transaction.atomic():
            Enrolment.objects.create(product=product, merchant_id=chidi.organisation_id, created_by=chidi, created_at=NOON)


class TestSubmitting:
    def test_keeps_what_was_submitted_and_locks_the_product(self, amal):
        enrolment = enrolments.submitted(amal, name="洁面乳")

        enrolment = again(enrolment)
        assert enrolment.snapshot["fields"]["name"] == "洁面乳"
        assert (enrolment.submitted_by_id, enrolment.submitted_at) == (amal.pk, NOON)
        assert Product.objects.get().locked_at == NOON

    @pytest.mark.parametrize(
        ("at", "due"),
        [
            (NOON, datetime(2026, 11, 24, 4, tzinfo=UTC)),  # Friday → Tuesday
            (datetime(2026, 9, 30, 1, tzinfo=UTC), datetime(2026, 10, 9, 1, tzinfo=UTC)),  # over National Day
            (datetime(2026, 12, 30, 1, tzinfo=UTC), datetime(2027, 1, 1, 1, tzinfo=UTC)),  # 2027 is not announced: weekdays
        ],
    )
    def test_is_due_in_two_working_days(self, amal, at, due):
        draft = enrolments.draft(amal)

        assert actions.submit(enrolment_id=draft.pk, actor=amal, at=at).due_at == due

    def test_says_so_when_the_holidays_are_not_known(self, amal, caplog):
        draft = enrolments.draft(amal)

        actions.submit(enrolment_id=draft.pk, actor=amal, at=datetime(2026, 12, 31, 1, tzinfo=UTC))

        assert "without holidays" in caplog.text

    @pytest.mark.row("P2.1")
    def test_is_refused_with_everything_that_is_missing(self, amal):
        draft = enrolments.draft(amal, gtin="", specification="", shelf_life_days=None, attributes={"maker": "禾见"})

        with pytest.raises(actions.Incomplete) as refused:
            actions.submit(enrolment_id=draft.pk, actor=amal, at=NOON)

        assert [(field, code) for field, code, _words in refused.value.points()] == [
            ("specification", "missing"),
            ("gtin", "gtin_or_reason"),
            ("shelf_life_days", "missing_shelf_life"),
            ("attributes.registration", "missing"),
            ("attributes.ingredients", "missing"),
            ("attributes.standard", "missing"),
        ]
        assert again(draft).state == "draft"
        assert not Product.objects.get().is_locked

    @pytest.mark.row("P2.1")
    def test_takes_a_stated_reason_for_a_gtin(self, amal):
        assert enrolments.submitted(amal, gtin="", no_gtin_reason="手工现做").state == "submitted"

    def test_settles_the_reasons_and_takes_a_new_snapshot(self, amal, dana):
        returned = enrolments.returned(amal, dana)

        products.update(product_id=returned.product_id, values={"gtin": "6921234567890"}, actor=amal, at=NOON)
        later = NOON + timedelta(hours=1)
        actions.submit(enrolment_id=returned.pk, actor=amal, at=later)

        assert again(returned).snapshot["fields"]["gtin"] == "6921234567890"
        assert ReviewReason.objects.get().settled_at == later
        before, after = Event.objects.about(returned).order_by("-id")[0].changes["snapshot"]
        assert before != after

    def test_asks_for_one_job_that_tells_the_reviewers(self, amal):
        enrolment = enrolments.submitted(amal)

        job = Job.objects.get(handler="assurance.enrollment.tell_reviewers")
        assert job.payload["enrolment_id"] == enrolment.pk


@pytest.mark.row("P1.5")
class TestClaiming:
    def test_gives_the_case_to_one_reviewer(self, amal, dana, dov):
        enrolment = enrolments.claimed(amal, dana)

        with pytest.raises(actions.AlreadyClaimed):
            actions.claim(enrolment_id=enrolment.pk, actor=dov, at=NOON)
        assert again(enrolment).claimed_by_id == dana.pk

    @pytest.mark.parametrize("step", ["approve", "return_for_changes", "reject"])
    def test_keeps_every_other_reviewer_from_deciding(self, amal, dana, dov, step):
        enrolment = enrolments.claimed(amal, dana)
        given = {} if step == "approve" else {"reasons": REASONS}

        with pytest.raises(actions.ClaimedByAnother):
            getattr(actions, step)(enrolment_id=enrolment.pk, actor=dov, at=NOON, **given)

        actions.release_claim(enrolment_id=enrolment.pk, actor=dana, at=NOON)
        with pytest.raises(actions.NotClaimed):
            getattr(actions, step)(enrolment_id=enrolment.pk, actor=dov, at=NOON, **given)
        actions.claim(enrolment_id=enrolment.pk, actor=dov, at=NOON)
        getattr(actions, step)(enrolment_id=enrolment.pk, actor=dov, at=NOON, **given)

    def test_is_undone_by_the_claimer_or_an_administrator(self, amal, dana, dov, eve):
        enrolment = enrolments.claimed(amal, dana)

        with pytest.raises(actions.ClaimedByAnother):
            actions.release_claim(enrolment_id=enrolment.pk, actor=dov, at=NOON)
        actions.release_claim(enrolment_id=enrolment.pk, actor=eve, at=NOON, reason="休假")

        assert again(enrolment).claimed_by_id is None
        assert Event.objects.about(enrolment).order_by("-id")[0].reason == "休假"
        with pytest.raises(actions.NotClaimed):
            actions.release_claim(enrolment_id=enrolment.pk, actor=dana, at=NOON)

    def test_ends_when_the_merchant_withdraws(self, amal, dana):
        enrolment = enrolments.claimed(amal, dana)

        actions.withdraw(enrolment_id=enrolment.pk, actor=amal, at=NOON)

        assert again(enrolment).claimed_by_id is None
        with pytest.raises(WrongState):
            actions.approve(enrolment_id=enrolment.pk, actor=dana, at=NOON)


@pytest.mark.row("P22.3")
class TestOwnWork:
    def test_is_decided_by_nobody_of_the_merchant(self, amal, ann, dana):
        enrolment = enrolments.submitted(amal)

        for actor in (amal, ann):
            with pytest.raises(OwnWork):
                actions.claim(enrolment_id=enrolment.pk, actor=actor, at=NOON)

    @pytest.mark.parametrize("step", ["claim", "approve", "return_for_changes", "reject"])
    def test_is_decided_by_nobody_who_changed_sides(self, amal, dana, platform, step):
        """Amal submitted it, then went to work for the platform."""
        enrolment = enrolments.submitted(amal)
        type(amal).objects.filter(pk=amal.pk).update(organisation=platform, organisation_kind=platform.kind, role=Role.ENROLMENT_REVIEWER)
        turncoat = type(amal).objects.get(pk=amal.pk)
        given = {"reasons": REASONS} if step in ("return_for_changes", "reject") else {}

        with pytest.raises(OwnWork):
            getattr(actions, step)(enrolment_id=enrolment.pk, actor=turncoat, at=NOON, **given)
        assert again(enrolment).state == "submitted"

    def test_is_refused_by_the_database_too(self, amal, dana):
        enrolment = enrolments.approved(amal, dana)

        with pytest.raises(IntegrityError, match="enrolment_not_decided_by_its_submitter"), transaction.atomic():
            Enrolment.objects.filter(pk=enrolment.pk).update(decided_by=amal)


class TestApproving:
    def test_holds_for_a_year_and_is_evidence(self, amal, dana):
        enrolment = again(enrolments.approved(amal, dana))

        assert (enrolment.decided_by_id, enrolment.decided_at, enrolment.valid_until) == (dana.pk, NOON, A_YEAR_ON)
        entry = EvidenceEntry.objects.get(product_id=enrolment.product_id, kind="enrolment_approved")
        assert (entry.organisation_id, entry.actor_id) == (amal.organisation_id, dana.pk)
        assert enrolment.number.encode() in bytes(entry.body)
        assert b"Amal" not in bytes(entry.body)

    def test_keeps_the_product_as_it_was_submitted(self, amal, dana):
        enrolment = enrolments.approved(amal, dana)

        assert Product.objects.get(pk=enrolment.product_id).is_locked

    def test_that_is_withdrawn_is_evidence_too(self, amal, dana):
        enrolment = enrolments.approved(amal, dana)

        actions.withdraw(enrolment_id=enrolment.pk, actor=amal, at=NOON, reason="停产")

        proven = EvidenceEntry.objects.filter(kind__startswith="enrolment").order_by("id")
        assert list(proven.values_list("kind", flat=True)) == ["enrolment_approved", "enrolment_withdrawn"]
        assert not Product.objects.get().is_locked


@pytest.mark.row("P1.2")
class TestReturningAndRejecting:
    @pytest.mark.parametrize("step", ["return_for_changes", "reject"])
    def test_fail_without_a_reason_at_a_field(self, amal, dana, step):
        enrolment = enrolments.claimed(amal, dana)

        for reasons, code in (([], "reason_required"), ([Reason("colour", "missing")], "unknown_reason_field")):
            with pytest.raises(actions.BadReasons) as refused:
                getattr(actions, step)(enrolment_id=enrolment.pk, reasons=reasons, actor=dana, at=NOON)
            assert refused.value.code == code
        assert again(enrolment).state == "submitted"
        assert not ReviewReason.objects.exists()

    def test_may_point_at_a_document_that_is_not_there(self, amal, dana):
        enrolment = enrolments.returned(amal, dana, Reason("picture", "missing"))

        assert enrolment.reasons.get().field == "picture"

    @pytest.mark.parametrize("made", [enrolments.returned, enrolments.rejected])
    def test_let_the_product_be_changed_again(self, amal, dana, made):
        enrolment = made(amal, dana)

        assert not Product.objects.get(pk=enrolment.product_id).is_locked
        assert (enrolment.claimed_by_id, enrolment.claimed_at) == (None, None)


class TestTimeRunningOut:
    def test_ends_what_is_over_and_nothing_else(self, amal, dana):
        old = enrolments.approved(amal, dana)
        young = actions.claim(enrolment_id=enrolments.submitted(amal).pk, actor=dana, at=NOON)
        actions.approve(enrolment_id=young.pk, actor=dana, at=NOON + timedelta(days=1))

        assert actions.expire_run_out(at=A_YEAR_ON - timedelta(seconds=1)) == 0
        assert actions.expire_run_out(at=A_YEAR_ON) == 1

        assert (again(old).state, again(young).state) == ("expired", "approved")
        event = Event.objects.about(old).order_by("-id")[0]
        assert (event.kind, event.actor_id) == ("enrollment.enrolment.expired", None)

    def test_is_not_done_before_its_time(self, amal, dana):
        enrolment = enrolments.approved(amal, dana)

        with pytest.raises(actions.NotYet):
            actions.expire(enrolment_id=enrolment.pk, at=NOON)


@pytest.mark.row("P22.1")
class TestWhoSeesAnEnrolment:
    def test_is_its_merchant_and_once_submitted_the_platform(self, amal, chidi, dana, eve, ada, bo):
        draft, sent = enrolments.draft(amal), enrolments.submitted(amal)

        def seen(user):
            return set(Enrolment.objects.visible_to(user))

        assert seen(amal) == seen(eve) == seen(ada) == {draft, sent}
        assert seen(dana) == {sent}
        assert seen(chidi) == seen(bo) == set()


class TestTheLogOfChanges:
    @pytest.mark.row("P22.4")
    def test_says_who_when_what_and_why(self, amal, dana):
        enrolment = enrolments.rejected(amal, dana)

        told = [(event.kind.rsplit(".")[-1], event.actor_id, event.at) for event in Event.objects.about(enrolment).order_by("id")]
        assert told == [("started", amal.pk, NOON), ("submitted", amal.pk, NOON), ("claimed", dana.pk, NOON), ("rejected", dana.pk, NOON)]
        last = Event.objects.about(enrolment).order_by("-id")[0]
        assert last.changes["state"] == ["submitted", "rejected"]
        assert last.changes["reasons"] == [None, [["name", "forbidden", "不在合作范围"]]]
        assert last.organisation_id == amal.organisation_id


def test_a_reviewer_from_elsewhere_is_an_ordinary_one(amal):
    other = factories.user(Role.ENROLMENT_REVIEWER, factories.organisation("platform"))

    assert enrolments.approved(amal, other).state == "approved"
