"""A released lot gets its badge, once; whoever looks sees what holds at that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from assurance.badges import actions, queries
from assurance.badges.models import Badge
from assurance.badges.tasks import follow_conflict
from assurance.badges.validity import Status
from assurance.certificates.actions import decide_conflict
from assurance.certificates.models import CertificateConflict
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.evidence.actions import record
from assurance.gates.actions import clear, lift_stop, open_stop
from assurance.products.models import Category, Product
from tests import certificates, goods
from tests.factories import NOON

if TYPE_CHECKING:
    from django.test import Client

    from assurance.accounts.models import Organisation, User

LOT = 77


@pytest.fixture
def enrolment(amal: User, dana: User, hejian: Organisation) -> Enrolment:
    category = Category.objects.create(code="t-face", name_zh="面部清洁", name_en="Face care", badge_days=90)
    product = Product.objects.create(
        merchant=hejian,
        sku="HJ-120",
        name="氨基酸洁面乳",
        name_en="Amino acid cleanser",
        category=category,
        gtin="6901234567892",
        price="59.90",
        created_by=amal,
        created_at=NOON,
        updated_at=NOON,
    )
    return Enrolment.objects.create(
        product=product,
        merchant=hejian,
        state=EnrolmentState.APPROVED,
        created_by=amal,
        created_at=NOON,
        submitted_by=amal,
        submitted_at=NOON,
        due_at=NOON,
        decided_by=dana,
        decided_at=NOON,
        valid_until=NOON + timedelta(days=365),
    )


def release(enrolment: Enrolment, xiaoshan: Organisation, bo: User, *, tranche: int = 1, **said: Any) -> dict[str, int]:
    """Do what quality control does when it accepts a lot; return the ids that its event carries."""
    entry = record(
        "inspection_verdict",
        product_id=enrolment.product_id,
        organisation_id=enrolment.merchant_id,
        lot_id=LOT,
        at=NOON,
        actor=bo,
        body={
            "lot_number": "HJ260918A",
            "warehouse_id": xiaoshan.pk,
            "lot_size": 6000,
            "inspected": 200,
            "defective": 0,
            "decided_at": NOON.isoformat(),
            "produced_date": "2026-09-18",
            "expiry_date": "2029-09-17",
        }
        | said,
    )
    clearance = clear(
        subject_kind="lot",
        subject_id=LOT,
        stage="inbound",
        verdict="released",
        organisation_id=enrolment.merchant_id,
        because="accepted",
        tranche=tranche,
        actor=bo,
        at=NOON,
    )
    return {"clearance_id": clearance.pk, "evidence_entry_id": entry.pk}


@pytest.fixture
def badge(enrolment: Enrolment, xiaoshan: Organisation, bo: User) -> Badge:
    return actions.issue(**release(enrolment, xiaoshan, bo), at=NOON)


class TestIssuing:
    def test_gives_a_released_lot_its_badge(self, badge: Badge, enrolment: Enrolment) -> None:
        assert (badge.product_id, badge.lot_id, badge.lot_number) == (enrolment.product_id, LOT, "HJ260918A")
        assert (badge.received, badge.inspected, badge.defective) == (6000, 200, 0)
        assert badge.valid_until == NOON + timedelta(days=90)

    def test_twice_for_one_clearance_changes_nothing(self, badge: Badge) -> None:
        again = actions.issue(
            clearance_id=badge.clearance_id,
            evidence_entry_id=first_entry(badge),
            at=NOON + timedelta(hours=1),
        )

        assert (again.pk, again.inspected, again.code) == (badge.pk, 200, badge.code)
        assert Badge.objects.count() == 1

    def test_adds_a_second_tranche_of_the_same_lot(self, badge: Badge, enrolment: Enrolment, xiaoshan: Organisation, bo: User) -> None:
        ids = release(enrolment, xiaoshan, bo, tranche=2, lot_size=1000, inspected=80, defective=1)

        extended = actions.issue(**ids, at=NOON)

        assert extended.pk == badge.pk
        assert (extended.received, extended.inspected, extended.defective) == (7000, 280, 1)

    def test_ends_with_the_goods_when_they_expire_first(self, enrolment: Enrolment, xiaoshan: Organisation, bo: User) -> None:
        ids = release(enrolment, xiaoshan, bo, expiry_date="2026-12-01")

        badge = actions.issue(**ids, at=NOON)

        assert badge.valid_until.isoformat() == "2026-12-02T00:00:00+08:00"

    def test_refuses_a_product_that_left(self, enrolment: Enrolment, xiaoshan: Organisation, bo: User) -> None:
        ids = release(enrolment, xiaoshan, bo)
        Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.WITHDRAWN)

        with pytest.raises(actions.NotEnrolled):
            actions.issue(**ids, at=NOON)

        assert not Badge.objects.exists()


def first_entry(badge: Badge) -> int:
    """Return the evidence entry that the badge was issued from."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM assurance_evidenceentry WHERE lot_id = %s AND kind = 'inspection_verdict' ORDER BY id", [badge.lot_id]
        )
        return int(cursor.fetchone()[0])


class TestLookingAtABadge:
    def test_finds_it_valid(self, badge: Badge) -> None:
        found = queries.verify(badge.code, at=NOON)

        assert found.validity.status is Status.VALID
        assert found.at_most_percent == 1.5  # 1.4867 %, rounded up

    def test_sees_a_stop_at_once_and_its_end_too(self, badge: Badge, bea: User, eve: User) -> None:
        stop = open_stop(merchant_id=badge.merchant_id, lot_id=badge.lot_id, code="lot_failed", because="封口渗漏", actor=bea, at=NOON)
        assert queries.verify(badge.code, at=NOON).validity.status is Status.SUSPENDED

        lift_stop(stop_id=stop.pk, reason="复检合格", actor=eve, at=NOON + timedelta(minutes=1))
        assert queries.verify(badge.code, at=NOON + timedelta(minutes=2)).validity.is_valid

    def test_is_not_misled_by_a_stop_on_something_else(self, badge: Badge, bea: User) -> None:
        open_stop(merchant_id=badge.merchant_id, lot_id=badge.lot_id + 1, code="lot_failed", because="x", actor=bea, at=NOON)

        assert queries.verify(badge.code, at=NOON).validity.is_valid

    def test_sees_that_the_product_left(self, badge: Badge) -> None:
        Enrolment.objects.filter(pk=badge.enrolment_id).update(state=EnrolmentState.WITHDRAWN)

        assert queries.verify(badge.code, at=NOON).validity.status is Status.SUSPENDED

    def test_sees_a_revocation_for_ever(self, badge: Badge, eve: User) -> None:
        actions.revoke(badge_id=badge.pk, actor=eve, at=NOON, reason="检验记录造假")

        assert queries.verify(badge.code, at=NOON + timedelta(days=999)).validity.status is Status.REVOKED
        with pytest.raises(actions.AlreadyRevoked):
            actions.revoke(badge_id=badge.pk, actor=eve, at=NOON, reason="again")

    def test_costs_one_query(self, badge: Badge, django_assert_num_queries: Any) -> None:
        queries.verify(badge.code, at=NOON)  # a connection prepares it once

        with django_assert_num_queries(1):
            queries.verify(badge.code, at=NOON)


class TestThePublicPage:
    def test_shows_a_valid_badge_to_anybody(self, badge: Badge, client: Client) -> None:
        response = client.get(f"/verify/{badge.code}/", headers={"accept-language": "en"})

        assert response.status_code == 200
        assert "The badge is valid" in response.text
        assert "Amino acid cleanser" in response.text
        assert "no-store" in response["Cache-Control"]

    def test_says_plainly_that_a_code_is_unknown(self, client: Client, db: None) -> None:
        response = client.get("/verify/AAAABBBBCCCCDDDDEEEE/", headers={"accept-language": "en"})

        assert response.status_code == 404
        assert "We do not know this code" in response.text

    def test_answers_programs_alike(self, badge: Badge, client: Client, eve: User) -> None:
        said = client.get(f"/api/v1/verify/{badge.code}/").json()
        assert (said["status"], said["is_valid"], said["inspected"]) == ("valid", True, 200)

        actions.revoke(badge_id=badge.pk, actor=eve, at=NOON, reason="x")
        said = client.get(f"/api/v1/verify/{badge.code}/").json()
        assert (said["status"], said["is_valid"]) == ("revoked", False)

    @pytest.mark.parametrize("code", ["%00", "' OR 1=1--", "A" * 3000, "../../etc", "０１２３４５６７８９"])
    def test_finds_nothing_behind_a_senseless_code(self, client: Client, db: None, code: str) -> None:
        assert client.get(f"/verify/{code}/").status_code == 404


@pytest.mark.row("A2.4")
class TestAContestedCertificate:
    def test_holds_the_badge_back_until_somebody_decides(self, amal, chidi, bo, eve, enrolment, xiaoshan, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        ids = release(enrolment, xiaoshan, bo)
        for user, product in ((amal, enrolment.product), (chidi, goods.product(chidi.organisation))):
            certificates.entered(user, product, kind="test_report", number="JX-2026-77")
        with pytest.raises(actions.CertificateContested), transaction.atomic():
            actions.issue(**ids, at=NOON)
        assert actions.issue_all([actions.Release(**ids)]) == []

        [conflict] = CertificateConflict.objects.all()
        decide_conflict(conflict_id=conflict.pk, keep="first", reason="已核实", actor=eve, at=NOON)
        follow_conflict(conflict_id=conflict.pk)
        assert Badge.objects.get().product_id == enrolment.product_id
