"""Papers are entered, verified or returned; their end is told, blocks what depends on it, and a newer one lets go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from assurance.badges.queries import best_of_each
from assurance.enrollment import actions as enrolments
from assurance.enrollment.actions import Incomplete
from assurance.enrollment.of_papers import Blocked
from assurance.gates.models import Stop
from assurance.notices.models import Notice
from assurance.qualification import actions, queries
from assurance.qualification.actions import AlreadyThere, BadObjections, BadPaper, NotReplaceable, PaperOver
from assurance.qualification.lifecycle import PaperState
from assurance.qualification.models import PaperWarning, QualificationPaper
from assurance.qualification.objections import Objection
from assurance.refusals import OwnWork, WrongState
from tests import enrolments as made
from tests import offers, papers
from tests.factories import NOON
from tests.papers import TODAY

ENDED = TODAY - timedelta(days=1)
BEFORE = NOON - timedelta(days=5)


def brand(actor, reviewer, **given):
    return papers.verified(actor, reviewer, "brand_authorisation", **given)


class TestEnteringAPaper:
    def test_keeps_number_dates_and_the_files_fingerprint(self, merchant):
        paper = papers.entered(merchant, "food_licence", number=" jy1 3301090000001 ")

        assert (paper.state, paper.number, paper.sha256) == (PaperState.ENTERED, "JY13301090000001", paper.file.sha256)
        assert (paper.scope, paper.categories) == ("categories", ["food"])

    @pytest.mark.parametrize(
        ("given", "flaws"),
        [
            ({"kind": "business_licence", "number": "9144030071526726X1"}, [("number", "credit_code_check")]),
            ({"until_date": date(2024, 12, 31)}, [("until_date", "ends_before_it_begins")]),
            ({"until_date": ENDED}, [("until_date", "already_over")]),
            ({"data": b""}, [("file", "required")]),
            ({"brand": "禾见"}, [("brand", "not_for_this_kind")]),
            (
                {"kind": "brand_authorisation", "granted_by": "", "chain_level": None},
                [("granted_by", "required"), ("chain_level", "required")],
            ),
            ({"kind": "trademark", "brand": " ", "scope": "products"}, [("brand", "required"), ("products", "covers_nothing")]),
        ],
    )
    def test_names_every_flaw_at_its_field(self, merchant, given, flaws):
        with pytest.raises(BadPaper) as refused:
            papers.entered(merchant, **given)

        assert [(field, code) for field, code, _words in refused.value.points()] == flaws
        assert not QualificationPaper.objects.exists()

    def test_is_refused_with_the_code_of_another_company(self, merchant):
        merchant.organisation.credit_code = papers.credit_code()

        with pytest.raises(BadPaper) as refused:
            papers.entered(merchant, "business_licence", number="9144030071526726XG")

        assert refused.value.points()[0][:2] == ("number", "credit_code_of_another")

    def test_happens_once_while_it_waits(self, merchant):
        first = papers.entered(merchant)

        with pytest.raises(AlreadyThere):
            papers.entered(merchant, number=first.number)

    def test_cannot_replace_what_is_anothers_or_of_another_kind(self, merchant, chidi, dana):
        old = papers.verified(merchant, dana)

        with pytest.raises(NotReplaceable):
            papers.entered(chidi, replaces=old)
        with pytest.raises(NotReplaceable):
            papers.entered(merchant, "trademark", replaces=old)

    def test_of_another_merchants_file_is_refused_by_the_database_too(self, merchant, chidi):
        theirs, mine = papers.entered(chidi).file, papers.entered(merchant)

        values = {f.attname: getattr(mine, f.attname) for f in QualificationPaper._meta.fields if f.name != "id"}
        QualificationPaper.objects.create(**values | {"file_id": theirs.pk, "number": "JY13301090999999"})
        with pytest.raises(IntegrityError, match="file_same_owner"):
            connection.check_constraints()


class TestDecidingOnAPaper:
    def test_verifies_it_by_somebody_else(self, merchant, dana):
        paper = papers.verified(merchant, dana)

        assert (paper.state, paper.decided_by, paper.decided_at) == (PaperState.VERIFIED, dana, NOON)

    def test_is_nobodys_own_work(self, merchant, ann):
        paper = papers.entered(merchant)

        for person in (merchant, ann):
            with pytest.raises(OwnWork):
                actions.verify([paper.pk], actor=person, at=NOON)

    def test_returns_it_with_a_reason_at_a_field(self, merchant, dana):
        paper = papers.entered(merchant)

        with pytest.raises(BadObjections) as refused:
            actions.send_back(paper_id=paper.pk, objections=[], actor=dana, at=NOON)
        assert refused.value.code == "reason_required"

        given = [Objection("until_date", "contradiction", "The paper says 2026.")]
        returned = actions.send_back(paper_id=paper.pk, objections=given, actor=dana, at=NOON)
        assert returned.objections == [{"field": "until_date", "code": "contradiction", "words": "The paper says 2026."}]
        with pytest.raises(WrongState):
            actions.verify([paper.pk], actor=dana, at=NOON)

    def test_is_refused_when_it_has_ended_meanwhile(self, merchant, dana):
        paper = papers.entered(merchant, until_date=TODAY)

        with pytest.raises(PaperOver, match=TODAY.isoformat()):
            actions.verify([paper.pk], actor=dana, at=NOON + timedelta(days=1))

    def test_ends_what_it_replaces_on_the_day_it_begins(self, merchant, dana):
        old = papers.verified(merchant, dana, until_date=TODAY + timedelta(days=20))
        to_come = papers.verified(merchant, dana, from_date=TODAY + timedelta(days=10), replaces=old)

        old.refresh_from_db()
        assert (old.state, to_come.state) == (PaperState.VERIFIED, PaperState.VERIFIED)

        assert actions.replace_due(at=NOON + timedelta(days=9)) == 0
        assert actions.replace_due(at=NOON + timedelta(days=10)) == 1
        old.refresh_from_db()
        assert old.state == PaperState.REPLACED


@pytest.mark.row("P1.4")
class TestTheEndOfAPaper:
    def test_is_told_once_at_each_threshold(self, merchant, ann, dana):
        until = TODAY + timedelta(days=30)
        paper = papers.verified(merchant, dana, until_date=until)

        sent = [actions.warn_of_ends(at=NOON + timedelta(days=day, minutes=turn)) for day in range(-1, 33) for turn in (0, 1)]

        assert sum(sent) == 3
        warnings = list(PaperWarning.objects.order_by("id").values_list("days", "is_told", "at"))
        assert warnings == [(30, True, NOON), (7, True, NOON + timedelta(days=23)), (0, True, NOON + timedelta(days=30))]
        told = Notice.objects.filter(recipient=ann).order_by("id").values_list("kind", "params__left", "params__date")
        assert list(told) == [("paper_ends", left, until.isoformat()) for left in (30, 7, 0)]
        assert paper.state == PaperState.VERIFIED

    def test_that_was_missed_is_caught_up_once(self, merchant, ann, dana):
        papers.verified(merchant, dana, until_date=TODAY + timedelta(days=3))
        assert actions.warn_of_ends(at=NOON) == 1
        assert actions.warn_of_ends(at=NOON + timedelta(days=20)) == 1

        assert list(PaperWarning.objects.order_by("id").values_list("days", "is_told")) == [(30, False), (7, True), (0, True)]
        assert list(Notice.objects.filter(recipient=ann).order_by("id").values_list("kind", flat=True)) == ["paper_ends", "paper_ended"]

    def test_keeps_what_depends_on_it_from_being_submitted(self, merchant, dana):
        named, free = made.draft(merchant), made.draft(merchant)
        brand(merchant, dana, scope="products", products=[named.product], until_date=ENDED, at=BEFORE)

        with pytest.raises(Incomplete) as refused:
            enrolments.submit(enrolment_id=named.pk, actor=merchant, at=NOON)

        field, code, words = refused.value.points()[0]
        assert (field, code) == ("papers.brand_authorisation", "paper_brand_authorisation")
        assert ENDED.isoformat() in words
        assert "until a newer one is verified" in words
        assert enrolments.submit(enrolment_id=free.pk, actor=merchant, at=NOON).state == "submitted"

    def test_during_a_review_keeps_it_from_being_approved(self, merchant, dana):
        claimed = made.claimed(merchant, dana)
        brand(merchant, dana, until_date=TODAY)

        with pytest.raises(Blocked):
            enrolments.approve(enrolment_id=claimed.pk, actor=dana, at=NOON + timedelta(days=1))
        assert enrolments.approve(enrolment_id=claimed.pk, actor=dana, at=NOON).state == "approved"

    def test_stops_what_is_approved_until_a_newer_one_is_verified(self, merchant, dana):
        approved, free = made.approved(merchant, dana), made.approved(merchant, dana)
        old = brand(merchant, dana, scope="products", products=[approved.product], until_date=TODAY)
        day_after = NOON + timedelta(days=1)

        assert actions.settle_all(at=NOON) == 0
        assert actions.settle_all(at=day_after) == 1
        assert actions.settle_all(at=day_after) == 0
        stop = Stop.objects.get()
        assert (stop.product_id, stop.code, stop.lifted_at) == (approved.product_id, "paper_brand_authorisation", None)
        assert f"{old.number} ended on {TODAY.isoformat()}" in stop.because
        assert queries.blocks_of([approved.product, free.product], TODAY + timedelta(days=1)).keys() == {approved.product_id}

        brand(merchant, dana, scope="products", products=[approved.product], at=day_after, replaces=old)
        stop.refresh_from_db()
        assert (stop.lifted_at, stop.lift_reason) == (day_after, "a paper in force covers it")

    def test_suspends_the_badge_and_says_until_when(self, merchant, dana):
        entry = offers.offered(merchant)
        brand(merchant, dana, scope="products", products=[entry.product], until_date=TODAY)
        after = NOON + timedelta(days=1)
        was = best_of_each([entry.product_id], at=after)[entry.product_id]

        actions.settle_all(at=after)
        is_now = best_of_each([entry.product_id], at=after)[entry.product_id]

        assert (was.validity.status, is_now.validity.status) == ("valid", "suspended")
        assert is_now.stop is not None
        assert "until a newer one is verified" in is_now.stop.because

    def test_of_the_business_licence_stops_the_whole_shop(self, merchant, dana):
        merchant.organisation.credit_code = papers.credit_code()
        papers.verified(merchant, dana, "business_licence", until_date=ENDED, at=BEFORE)

        actions.settle_all(at=NOON)

        assert list(Stop.objects.values_list("product_id", "code")) == [(None, "paper_business_licence")]
        block = queries.blocks([merchant.organisation_id], TODAY)[merchant.organisation_id][0]
        assert (block.code, block.since, block.product_ids) == ("paper_business_licence", ENDED, None)


class TestThePaperRow:
    def test_never_changes_after_it_was_entered(self, merchant):
        paper = papers.entered(merchant)

        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            QualificationPaper.objects.filter(pk=paper.pk).update(number="JY13301090000009")
