"""Claims in the database: made, supported, refuted, run out; nobody sets what they are worth."""

from __future__ import annotations

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from assurance.certificates.models import Certificate
from assurance.claims import actions, tasks
from assurance.claims.actions import Attached, NewClaim
from assurance.claims.forms import EvidenceForm
from assurance.claims.models import Claim, ClaimEvidence, ClaimStatus
from assurance.claims.queries import lacks, shown_on_cards, standing
from assurance.events.models import Event
from assurance.evidence.models import EvidenceEntry
from assurance.notices.models import Notice
from assurance.products import actions as products
from assurance.products.models import Product
from tests import certificates, enrolments, goods
from tests.factories import NOON

LATER = NOON + timedelta(days=400)


def worth(product: Product, at=NOON) -> list[str]:
    return [one.status for one in standing([product.pk], at).get(product.pk, [])]


def changes() -> list[list[str]]:
    return [event.changes["status"] for event in Event.objects.filter(kind="claims.claim.changed").order_by("id")]


@pytest.mark.row("A2.1")
class TestAClaim:
    def test_rises_and_falls_with_its_evidence_and_says_why(self, claim, paper, publication, blender):
        made = claim()
        assert worth(blender) == ["declared"]

        paper(made)
        assert worth(blender) == ["documented"]

        actions.link_laboratory(product_id=blender.pk, entry_id=publication("298").pk, at=NOON)
        assert worth(blender) == ["lab_verified"]

        actions.link_laboratory(product_id=blender.pk, entry_id=publication("105", at=NOON + timedelta(days=1)).pk, at=NOON)
        assert worth(blender, NOON + timedelta(days=1)) == ["refuted"]

        found = standing([blender.pk], NOON)[blender.pk][0]
        assert "laboratory measured 298 W on a drawn sample" in found.proof
        assert [row.says["status"] for row in EvidenceEntry.objects.filter(kind="claim_status").order_by("id")] == ["lab_verified"]

    def test_is_linked_to_a_publication_once_and_only_where_it_answers(self, claim, publication, blender):
        claim()
        claim("纯棉", kind="composition", measured="fibre_content", component="棉", value=95, unit="%")
        entry = publication("105")

        actions.link_laboratory(product_id=blender.pk, entry_id=entry.pk, at=NOON)
        again = actions.link_laboratory(product_id=blender.pk, entry_id=entry.pk, at=NOON)

        assert again == []
        assert worth(blender) == ["refuted", "declared"]

    def test_that_a_sent_in_sample_shows_is_documented(self, claim, publication, blender):
        claim()

        actions.link_laboratory(product_id=blender.pk, entry_id=publication("300", origin="sent_in").pk, at=NOON)

        assert worth(blender) == ["documented"]

    @pytest.mark.parametrize("grade", ["alleged", "confirmed", "refuted"])
    def test_keeps_what_was_found_apart(self, claim, paper, dana, blender, grade):
        made = claim()
        paper(made)

        actions.find(claim_id=made.pk, grade=grade, source="court", words="判决", found_on=date(2026, 11, 1), actor=dana, at=NOON)

        found = standing([blender.pk], NOON)[blender.pk][0]
        assert (found.status, len(found.allegations)) == (
            ("refuted", 0) if grade == "confirmed" else ("documented", int(grade == "alleged"))
        )

    def test_never_changes_and_its_status_has_one_writer(self, claim, paper):
        made = claim()
        link = paper(made)

        for change in (
            lambda: Claim.objects.filter(pk=made.pk).update(text="全网第一"),
            lambda: Claim.objects.filter(pk=made.pk).delete(),
            lambda: ClaimStatus.objects.filter(claim=made).update(product_id=made.product_id),
        ):
            with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
                change()
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            ClaimEvidence.objects.filter(pk=link.pk).update(agrees=True)
        assert worth(made.product) == ["documented"]

    def test_is_worked_out_whatever_somebody_writes_into_the_copy(self, claim, blender):
        made = claim()

        ClaimStatus.objects.filter(claim=made).update(status="lab_verified")

        assert worth(blender) == ["declared"]

    def test_status_is_written_in_one_place(self):
        root = Path(actions.__file__).parents[3]
        writers = set()
        for path in [*root.glob("assurance/**/*.py"), *root.glob("[qwla]*/**/*.py")]:
            if "migrations" in path.parts or path.name == "models.py" or "ClaimStatus" not in path.read_text(encoding="utf-8"):
                continue
            calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)]
            if {"bulk_create", "update", "create", "save"} & {node.attr for node in calls}:
                writers.add(path.name)

        assert writers == {"settling.py"}

    def test_of_a_product_that_is_reviewed_or_enrolled_stays_as_it_was_judged(self, amal, dana, claim, paper, blender):
        made = claim()
        products.lock(Product.objects.select_for_update().get(pk=blender.pk), actor=dana, at=NOON)

        for refused in (
            lambda: claim("另一个"),
            lambda: paper(made),
            lambda: actions.withdraw(claim_id=made.pk, actor=amal, at=NOON),
            lambda: actions.attach(Attached(made.pk, "stated"), actor=amal, at=NOON),
        ):
            with pytest.raises(actions.ClaimsAreFixed):
                refused()
        assert Claim.objects.standing().of([blender.pk]).count() == 1

    def test_may_be_taken_back_with_its_evidence_while_it_is_a_draft(self, amal, claim, paper, blender):
        made = claim()
        link = paper(made)

        actions.retract(evidence_id=link.pk, actor=amal, at=NOON)
        assert worth(blender) == ["declared"]
        with pytest.raises(actions.AlreadyRetracted):
            actions.retract(evidence_id=link.pk, actor=amal, at=NOON)

        actions.withdraw(claim_id=made.pk, actor=amal, at=NOON)
        assert worth(blender) == []

    def test_of_a_number_needs_its_value_and_is_made_once(self, claim):
        with pytest.raises(actions.ValueMissing):
            claim(value=None)
        claim()
        with pytest.raises(Exception, match="word for word"):
            claim()

    def test_of_many_takes_as_many_queries_as_of_one(self, amal, blender, django_assert_num_queries):
        def several(count: int, first: int) -> list[NewClaim]:
            given = {"kind": "efficacy", "said_by": "page", "actor": amal, "at": NOON}
            return [NewClaim(blender.pk, text=f"第{n}", **given) for n in range(first, first + count)]

        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as one:
            actions.make_all(several(1, 0))
        with django_assert_num_queries(len(one)):
            actions.make_all(several(9, 1))


@pytest.mark.row("A2.2")
class TestEvidenceThatEnds:
    def test_changes_the_claim_by_time_alone_and_tells_the_merchant(self, claim, paper, blender, amal):
        made = claim()
        paper(made, until=date(2026, 12, 31))
        assert [row.claim_id for row in shown_on_cards([blender.pk], NOON)[blender.pk]] == [made.pk]
        assert dict(shown_on_cards([blender.pk], LATER)) == {}

        assert actions.settle_over(at=LATER) == 1

        assert worth(blender, LATER) == ["expired"]
        assert changes() == [["declared", "documented"], ["documented", "expired"]]
        assert actions.settle_over(at=LATER) == 0

    def test_tells_the_merchants_people_once(self, claim, dana, blender, amal):
        made = claim()
        actions.find(claim_id=made.pk, grade="confirmed", source="court", words="判决", found_on=date(2026, 11, 1), actor=dana, at=NOON)

        for _again in range(2):
            tasks.tell_merchant(claim_id=made.pk, product_id=blender.pk)

        assert [notice.kind for notice in Notice.objects.filter(recipient=amal)] == ["claim_refuted"]


@pytest.mark.row("A2.2")
class TestACertificateUnderAClaim:
    def test_carries_it_while_it_holds_also_after_the_review(self, amal, dana, claim, blender):
        made = claim("3C 认证", kind="certificate")
        paper = certificates.verified(amal, dana, blender, kind="test_report")
        products.lock(Product.objects.select_for_update().get(pk=blender.pk), actor=dana, at=NOON)

        actions.attach(Attached(made.pk, "certificate", certificate=paper), actor=amal, at=NOON)
        assert worth(blender) == ["documented"]

        Certificate.objects.filter(pk=paper.pk).update(state="suspended")
        tasks.follow_certificate(certificate_id=paper.pk)

        assert worth(blender) == ["expired"]
        assert changes()[-1] == ["documented", "expired"]

    def test_must_be_verified_and_cover_the_product(self, amal, dana, claim, hejian, blender):
        made = claim("3C 认证", kind="certificate")
        waiting = certificates.entered(amal, blender, kind="test_report")
        elsewhere = certificates.verified(amal, dana, goods.product(hejian), kind="test_report")

        for paper in (None, waiting, elsewhere):
            with pytest.raises(actions.CertificateMissing):
                actions.attach(Attached(made.pk, "certificate", certificate=paper), actor=amal, at=NOON)

    def test_is_offered_by_the_form_only_when_it_would_be_taken(self, amal, dana, blender):
        certificates.entered(amal, blender, kind="test_report")
        verified = certificates.verified(amal, dana, blender, kind="brand_authorisation")

        offered = [number for number, _ in EvidenceForm(product_id=blender.pk).fields["certificate"].choices]

        assert offered == ["", str(verified.pk)]


@pytest.mark.row("A2.3")
class TestWordsOfAClaim:
    def test_that_are_grave_keep_the_product_back_until_they_are_proven(self, claim, paper, blender):
        made = claim("全网第一", kind="absolute_word")
        assert [one.code for one in lacks([blender], NOON)[blender.pk]] == ["unsupported_words"]

        paper(made, words="2026 年 10 月销量榜")

        assert lacks([blender], NOON).get(blender.pk, []) == []

    def test_that_nothing_supports_keep_it_back_for_ever(self, claim, paper, blender):
        made = claim("国家机关特供", kind="absolute_word")
        paper(made)

        assert {one.code for one in lacks([blender], NOON)[blender.pk]} == {"forbidden_words"}

    def test_that_are_refuted_keep_it_back(self, claim, publication, blender):
        claim()
        actions.link_laboratory(product_id=blender.pk, entry_id=publication("105").pk, at=NOON)

        assert [one.code for one in lacks([blender], NOON)[blender.pk]] == ["refuted_claim"]

    def test_that_are_mild_keep_nothing_back(self, claim, blender):
        claim("新品首发", kind="efficacy")

        assert lacks([blender], NOON).get(blender.pk, []) == []

    def test_stop_the_submission_of_an_enrolment(self, amal, dana):
        from assurance.enrollment import actions as enrolling

        enrolments.load_categories()
        enrolment = enrolments.draft(amal)
        actions.make(NewClaim(enrolment.product_id, "absolute_word", "page", "全网第一", amal, NOON))

        with pytest.raises(enrolling.Incomplete) as refused:
            enrolling.submit(enrolment_id=enrolment.pk, actor=amal, at=NOON)

        assert [code for _field, code, _words in refused.value.points()] == ["unsupported_words"]

    def test_of_another_merchant_are_not_seen(self, chidi, claim):
        made = claim()

        assert not Claim.objects.visible_to(chidi).filter(pk=made.pk).exists()
