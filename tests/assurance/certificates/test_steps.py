"""Entering, deciding, attaching, ending: what the actions do and refuse."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from assurance.certificates import actions, queries
from assurance.certificates.models import Certificate, CertificateAttachment, CertificateConflict, CoveredProduct, ExpiryNotice
from assurance.certificates.tasks import tell_administrators, tell_of_end
from assurance.events.models import Event, Job
from assurance.evidence.models import EvidenceEntry
from assurance.files import vault
from assurance.gates.models import Stop
from assurance.notices.models import Notice
from assurance.refusals import OwnWork, Refused, WrongState
from tests import certificates as papers
from tests import enrolments, factories, goods
from tests.factories import NOON

TODAY = date(2026, 11, 20)


def refusal(deed, *args, **given) -> Refused:
    with pytest.raises(Refused) as refused, transaction.atomic():
        deed(*args, **given)
    return refused.value


def kinds(about) -> list[str]:
    return [event.kind.rsplit(".", 1)[1] for event in Event.objects.about(about).order_by("id")]


class TestEntering:
    @pytest.mark.row("P2.2")
    def test_keeps_number_issuer_products_days_and_the_fingerprint_of_the_file(self, amal, cleanser, cream):
        data = papers.pdf()
        made = papers.entered(amal, cleanser, cream, data=data, number="浙G妆网备字 2026-000777", issuer="浙江省药监局")

        made.refresh_from_db()
        assert (made.number, made.number_key, made.issuer) == ("浙G妆网备字 2026-000777", "浙G妆网备字2026000777", "浙江省药监局")
        assert (made.issued_date, made.expires_date, made.state) == (papers.ISSUED, papers.EXPIRES, "entered")
        assert made.sha256 == made.file.sha256 == vault.digest_of(data)
        assert set(made.covered.values_list("product_id", flat=True)) == {cleanser.pk, cream.pk}
        assert kinds(made) == ["entered"]

    def test_names_every_flaw_of_the_number_at_its_field(self, amal, cleanser):
        refused = refusal(papers.entered, amal, cleanser, kind="sc", number="SC11834020305038")

        assert refused.points() == [("number", "check_digit", "The last digit does not fit the others. Compare it with the certificate.")]
        assert not Certificate.objects.exists()

    @pytest.mark.parametrize(
        ("given", "field", "code"),
        [
            ({"expires_date": TODAY - timedelta(days=1)}, "expires_date", "certificate_expired"),
            ({"expires_date": papers.ISSUED - timedelta(days=1)}, "expires_date", "dates_inconsistent"),
            ({"valid_from_date": papers.EXPIRES + timedelta(days=1)}, "expires_date", "dates_inconsistent"),
            ({"issued_date": TODAY + timedelta(days=1)}, "issued_date", "dates_inconsistent"),
            ({"data": b"%PDF-1.7 <html>"}, "file", "not_a_pdf"),
        ],
    )
    def test_refuses_what_cannot_be(self, amal, cleanser, given, field, code):
        refused = refusal(papers.entered, amal, cleanser, **given)

        assert (refused.field, refused.code) == (field, code)

    def test_refuses_products_of_another_merchant_and_none_at_all(self, amal, theirs):
        assert [refusal(papers.entered, amal, theirs).code, refusal(papers.entered, amal).code] == ["not_found", "required"]

    def test_refuses_the_same_certificate_for_the_same_product_twice(self, amal, cleanser, cream):
        data, number = papers.pdf(), papers.number_of("cosmetics_filing")
        papers.entered(amal, cleanser, data=data, number=number)

        assert refusal(papers.entered, amal, cleanser, data=data, number=number).code == "already_exists"
        assert papers.entered(amal, cream, data=data, number=number).pk

    def test_refuses_a_test_report_whose_file_counted_before_also_in_one_call(self, amal, cleanser, cream):
        """Row 56: one report is one sample's, whatever number it is given the second time."""
        data = papers.pdf(77)

        def new(product, number):
            return actions.NewCertificate(
                papers.values(amal, kind="test_report", number=number), [product.pk], actions.Paper(data, "r.pdf"), amal, NOON
            )

        assert refusal(actions.enter_all, [new(cleanser, "JX-0001"), new(cream, "JX-0002")]).code == "report_already_used"
        assert not Certificate.objects.exists()
        actions.enter_all([new(cleanser, "JX-0001")])
        again = refusal(actions.enter_all, [new(cream, "JX-0002")])
        assert (again.code, again.field) == ("report_already_used", "file")

    def test_of_many_costs_as_much_as_of_one(self, amal, cleanser, django_assert_max_num_queries):
        made = [
            actions.NewCertificate(papers.values(amal, kind="other"), [cleanser.pk], actions.Paper(stored=one.file), amal, NOON)
            for one in [papers.entered(amal, cleanser)]
            for _ in range(20)
        ]
        with django_assert_max_num_queries(16):
            assert len(actions.enter_all(made)) == 20


@pytest.mark.row("P2.2")
class TestAttaching:
    def test_is_refused_outside_the_covered_list(self, amal, cleanser, cream):
        made = papers.entered(amal, cleanser)
        refused = refusal(actions.attach, certificate_id=made.pk, product_ids=[cleanser.pk, cream.pk], actor=amal, at=NOON)

        assert (refused.code, refused.field, refused.params) == ("not_covered", "products", {"sku": cream.sku})

    def test_is_refused_by_the_database_too(self, amal, cleanser, cream):
        made = papers.entered(amal, cleanser)
        row = {"merchant": amal.organisation, "attached_by": amal, "attached_at": NOON}
        CertificateAttachment.objects.create(certificate=made, product=cream, **row)
        with pytest.raises(IntegrityError, match="certificateattachment_certificate_same_owner"):
            transaction.get_connection().check_constraints()

    def test_is_refused_after_the_last_day(self, amal, cleanser):
        made = papers.entered(amal, cleanser, attaching=False, expires_date=TODAY)
        later = NOON + timedelta(days=1)

        assert (
            refusal(actions.attach, certificate_id=made.pk, product_ids=[cleanser.pk], actor=amal, at=later).code == "certificate_expired"
        )
        assert actions.attach(certificate_id=made.pk, product_ids=[cleanser.pk], actor=amal, at=NOON).pk == made.pk

    def test_is_refused_of_what_was_rejected(self, amal, dana, cleanser):
        made = papers.entered(amal, cleanser, attaching=False)
        actions.reject(certificate_id=made.pk, reason="文件与编号不符", actor=dana, at=NOON)

        assert refusal(actions.attach, certificate_id=made.pk, product_ids=[cleanser.pk], actor=amal, at=NOON).code == "wrong_state"

    def test_may_be_undone_unless_the_product_stands_still_for_it(self, amal, dana, cleanser):
        made = papers.verified(amal, dana, cleanser)
        actions.detach(certificate_id=made.pk, product_id=cleanser.pk, actor=amal, at=NOON)
        assert queries.valid_for([cleanser.pk], TODAY) == {cleanser.pk: []}

        actions.attach(certificate_id=made.pk, product_ids=[cleanser.pk], actor=amal, at=NOON)
        type(cleanser).objects.filter(pk=cleanser.pk).update(locked_at=NOON)
        assert refusal(actions.detach, certificate_id=made.pk, product_id=cleanser.pk, actor=amal, at=NOON).code == "still_needed"

    def test_leaves_the_covered_list_as_it_was_verified(self, amal, cleanser):
        made = papers.entered(amal, cleanser)

        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            CoveredProduct.objects.filter(certificate=made).delete()


class TestDeciding:
    def test_lets_a_certificate_count_and_proves_it(self, amal, dana, cleanser):
        made = papers.verified(amal, dana, cleanser)

        assert [one.pk for one in queries.valid_for([cleanser.pk], TODAY)[cleanser.pk]] == [made.pk]
        entry = EvidenceEntry.objects.about(cleanser.pk).get()
        assert (entry.kind, entry.says["number"], entry.says["sha256"]) == ("certificate_verified", made.number, made.sha256)

    def test_is_nobodys_own_work(self, amal, ann, dana, cleanser):
        made = papers.entered(amal, cleanser)

        assert isinstance(refusal(actions.verify, certificate_id=made.pk, actor=ann, at=NOON), OwnWork)
        with pytest.raises(IntegrityError, match="certificate_not_by_who_entered_it"), transaction.atomic():
            Certificate.objects.filter(pk=made.pk).update(state="verified", decided_by=amal, decided_at=NOON)

    def test_of_anothers_certificate_needs_his_authorisation_or_a_reason(self, amal, dana, cleanser):
        made = papers.entered(amal, cleanser, holder="云朵日化有限公司")

        refused = refusal(actions.verify, certificate_id=made.pk, actor=dana, at=NOON)
        assert (refused.code, refused.field, refused.params) == ("other_holder", "reason", {"holder": "云朵日化有限公司"})
        papers.verified(amal, dana, cleanser, kind="brand_authorisation", issuer="云朵日化（有限公司）", holder=amal.organisation.name)
        assert actions.verify(certificate_id=made.pk, actor=dana, at=NOON).holder_accepted == ""

        other = papers.entered(amal, cleanser, holder="代工厂有限公司")
        assert actions.verify(certificate_id=other.pk, actor=dana, at=NOON, reason="有代工合同").holder_accepted == "有代工合同"

    def test_needs_a_reason_and_a_state_that_allows_it(self, amal, dana, cleanser):
        made = papers.entered(amal, cleanser)

        assert refusal(actions.reject, certificate_id=made.pk, reason=" ", actor=dana, at=NOON).points()[0][:2] == ("reason", "required")
        assert isinstance(refusal(actions.suspend, certificate_id=made.pk, reason="x", actor=dana, at=NOON), WrongState)
        assert isinstance(refusal(actions.reinstate, certificate_id=made.pk, reason="x", actor=dana, at=NOON), WrongState)


@pytest.mark.row("P1.4")
class TestAnEnd:
    def test_is_told_thirty_seven_and_no_days_before_once_each(self, amal, ann, dana, cleanser):
        made = papers.verified(amal, dana, cleanser, expires_date=TODAY + timedelta(days=40))
        for day in range(45):
            for _beat in range(2):
                actions.note_ends(at=NOON + timedelta(days=day))
        for job in Job.objects.filter(handler="assurance.certificates.tell_of_end").order_by("id"):
            tell_of_end(**job.payload)
            tell_of_end(**job.payload)

        told = ExpiryNotice.objects.order_by("told_at")
        assert [(one.days, (one.told_at - NOON).days) for one in told] == [(30, 10), (7, 33), (0, 40)]
        notices = Notice.objects.filter(recipient=ann).order_by("id").values_list("kind", flat=True)
        assert list(notices) == ["certificate_ends", "certificate_ends", "certificate_ends_today"]
        assert kinds(made).count("ending") == 3

    def test_that_was_slept_through_is_told_late_and_once(self, amal, dana, cleanser):
        papers.verified(amal, dana, cleanser, expires_date=TODAY + timedelta(days=20))

        assert len(actions.note_ends(at=NOON + timedelta(days=15))) == 1
        assert sorted(ExpiryNotice.objects.values_list("days", flat=True)) == [7, 30]
        assert len(actions.note_ends(at=NOON + timedelta(days=25))) == 1
        assert actions.note_ends(at=NOON + timedelta(days=26)) == []

    def test_stops_what_depends_on_it_until_another_one_holds(self, amal, dana, cleanser):
        papers.verified(amal, dana, cleanser, expires_date=TODAY)
        actions.follow_expiry(at=NOON)
        assert not Stop.objects.exists()

        later = NOON + timedelta(days=1)
        actions.follow_expiry(at=later)
        actions.follow_expiry(at=later)
        stop = Stop.objects.get()
        assert (stop.product_id, stop.code, stop.lifted_at) == (cleanser.pk, "certificate_lapsed", None)

        papers.verified(amal, dana, cleanser, at=later)
        stop.refresh_from_db()
        assert stop.lifted_at == later
        actions.follow_expiry(at=later)
        assert Stop.objects.open(later).count() == 0

    def test_before_submitting_blocks_the_enrolment(self, amal, dana):
        from assurance.enrollment import actions as enrolling

        enrolments.load_categories()
        draft = enrolments.draft(amal)
        papers.verified(amal, dana, draft.product, kind="test_report", expires_date=TODAY)

        refused = refusal(enrolling.submit, enrolment_id=draft.pk, actor=amal, at=NOON + timedelta(days=1))
        assert ("certificates.test_report", "certificate_lapsed") in [point[:2] for point in refused.points()]

    @pytest.mark.row("P2.2")
    def test_and_a_missing_and_an_unverified_one_keep_it_from_submitting_and_from_approving(self, amal, dana, dov):
        from assurance.enrollment import actions as enrolling

        enrolments.load_categories()
        draft = enrolments.draft(amal, proven=False)
        refused = refusal(enrolling.submit, enrolment_id=draft.pk, actor=amal, at=NOON)
        assert refused.points() == [("certificates.cosmetics_filing", "certificate_missing", "Attach this certificate.")]
        waiting = papers.entered(amal, draft.product)
        enrolling.submit(enrolment_id=draft.pk, actor=amal, at=NOON)
        enrolling.claim(enrolment_id=draft.pk, actor=dana, at=NOON)

        refused = refusal(enrolling.approve, enrolment_id=draft.pk, actor=dana, at=NOON)
        assert (refused.code, "verif" in str(refused)) == ("blocked", True)

        actions.verify(certificate_id=waiting.pk, actor=dov, at=NOON)
        assert enrolling.approve(enrolment_id=draft.pk, actor=dana, at=NOON).state == "approved"

    @pytest.mark.parametrize("step", [actions.suspend, actions.withdraw])
    def test_by_decision_stops_at_once_and_may_be_taken_back(self, amal, dana, cleanser, step):
        made = papers.verified(amal, dana, cleanser)
        step(certificate_id=made.pk, reason="发证机构暂停", actor=dana, at=NOON)
        assert Stop.objects.get().because == f"certificate {made.number} no longer holds"
        assert queries.valid_for([cleanser.pk], TODAY) == {cleanser.pk: []}

        actions.reinstate(certificate_id=made.pk, reason="已恢复", actor=dana, at=NOON)
        assert Stop.objects.get().lifted_at == NOON


@pytest.mark.row("A2.4")
class TestOneNumberOfTwoMerchants:
    def test_is_flagged_in_the_same_transaction(self, amal, chidi, eve, cleanser, theirs):
        number = papers.number_of("cosmetics_filing")
        first = papers.entered(amal, cleanser, number=number)
        second = papers.entered(chidi, theirs, number=number.replace("2026", " ２０２６-"))

        conflict = CertificateConflict.objects.get()
        assert (conflict.first, conflict.second, conflict.is_number, conflict.is_file) == (first, second, True, False)
        assert queries.in_conflict([cleanser.pk, theirs.pk]) == {cleanser.pk, theirs.pk}
        tell_administrators(conflict_id=conflict.pk)
        assert Notice.objects.get(recipient=eve).kind == "certificate_conflict"

    def test_or_one_file_likewise(self, amal, chidi, cleanser, theirs):
        data = papers.pdf()
        papers.entered(amal, cleanser, data=data)
        papers.entered(chidi, theirs, data=data)

        conflict = CertificateConflict.objects.get()
        assert (conflict.is_number, conflict.is_file) == (False, True)

    def test_of_one_merchant_is_no_matter(self, amal, cleanser, cream):
        number = papers.number_of("cosmetics_filing")
        papers.entered(amal, cleanser, number=number)
        papers.entered(amal, cream, number=number)

        assert not CertificateConflict.objects.exists()

    def test_lets_neither_count_nor_enrol_until_somebody_decides(self, amal, chidi, dana, eve, theirs):
        from assurance.enrollment import actions as enrolling

        enrolments.load_categories()
        draft = enrolments.draft(amal)
        number = papers.number_of("test_report")
        mine = papers.verified(amal, dana, draft.product, kind="test_report", number=number)
        other = papers.entered(chidi, theirs, kind="test_report", number=number)

        assert mine not in queries.valid_for([draft.product_id], TODAY)[draft.product_id]
        assert refusal(actions.verify, certificate_id=other.pk, actor=dana, at=NOON).code == "certificate_contested"
        refused = refusal(enrolling.submit, enrolment_id=draft.pk, actor=amal, at=NOON)
        assert ("certificates", "certificate_contested") in [point[:2] for point in refused.points()]

        [conflict] = CertificateConflict.objects.all()
        assert refusal(actions.decide_conflict, conflict_id=conflict.pk, keep="first", reason=" ", actor=eve, at=NOON).code == "required"
        actions.decide_conflict(conflict_id=conflict.pk, keep="first", reason="发证机构已确认", actor=eve, at=NOON)
        assert (
            refusal(actions.decide_conflict, conflict_id=conflict.pk, keep="both", reason="x", actor=eve, at=NOON).code == "already_decided"
        )
        assert Certificate.objects.get(pk=other.pk).state == "rejected"
        assert mine in queries.valid_for([draft.product_id], TODAY)[draft.product_id]
        assert queries.in_conflict([draft.product_id, theirs.pk]) == set()

    def test_when_lost_takes_away_what_was_verified(self, amal, chidi, dana, eve, cleanser, theirs):
        number = papers.number_of("test_report")
        mine = papers.verified(amal, dana, cleanser, kind="test_report", number=number)
        papers.entered(chidi, theirs, kind="test_report", number=number)
        conflict = CertificateConflict.objects.get()
        actions.decide_conflict(conflict_id=conflict.pk, keep="second", reason="伪造", actor=eve, at=NOON)

        assert Certificate.objects.get(pk=mine.pk).state == "withdrawn"
        assert Stop.objects.get().product_id == cleanser.pk

    def test_is_decided_by_nobody_of_the_two(self, amal, chidi, cleanser, theirs):
        number = papers.number_of("test_report")
        papers.entered(amal, cleanser, kind="test_report", number=number)
        papers.entered(chidi, theirs, kind="test_report", number=number)
        conflict = CertificateConflict.objects.get()

        given = {"conflict_id": conflict.pk, "keep": "first", "reason": "我的", "at": NOON}
        assert isinstance(refusal(actions.decide_conflict, actor=amal, **given), OwnWork)


class TestWhatIsMissing:
    def test_is_what_the_category_requires_and_nothing_valid_proves(self, amal, dana):
        asked = [{"kind": "cosmetics_filing", "required": True}, {"kind": "test_report", "required": False}]
        top = goods.category("asking", certificates=asked)
        product = goods.product(amal.organisation, category=top)

        assert queries.missing_for([product], TODAY) == {product.pk: ["cosmetics_filing"]}
        papers.entered(amal, product)
        assert queries.missing_for([product], TODAY) == {product.pk: ["cosmetics_filing"]}
        papers.verified(amal, dana, product)
        assert queries.missing_for([product], TODAY) == {product.pk: []}
        assert queries.missing_for([product], papers.EXPIRES + timedelta(days=1)) == {product.pk: ["cosmetics_filing"]}


class TestWhoSees:
    def test_is_the_merchant_and_the_platform_but_conflicts_only_the_platform(self, amal, chidi, dana, cleanser, theirs):
        number = papers.number_of("test_report")
        mine = papers.entered(amal, cleanser, kind="test_report", number=number)
        papers.entered(chidi, theirs, kind="test_report", number=number)

        assert list(Certificate.objects.visible_to(amal)) == [mine]
        assert Certificate.objects.visible_to(dana).count() == 2
        assert [CertificateConflict.objects.visible_to(user).count() for user in (amal, chidi, dana)] == [0, 0, 1]
        assert factories.NOON == NOON
