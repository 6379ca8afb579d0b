"""The first path through the actions: enrol, review, announce, receive, inspect, release, badge, verify."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.utils import timezone

from assurance.badges.models import Badge
from assurance.badges.queries import verify
from assurance.badges.validity import Status
from assurance.enrollment import actions as enrolments
from assurance.gates.actions import lift_stop
from assurance.gates.models import Clearance, Stop
from assurance.notices.models import Notice
from qc.inspections import actions as inspections
from qc.inspections.models import Inspection
from tests import enrolments as made
from tests import goods
from tests.journeys.jobs import work_off
from warehouse.inbound import actions as inbound
from warehouse.inbound.actions import AnnouncedLine
from warehouse.stock.models import Lot
from warehouse.stock.queries import stand_of

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation, User
    from tests.harness.databases import CommittedDatabase


@pytest.fixture
def inspection(committed_db: CommittedDatabase, amal: User, dana: User, wei: User, bo: User, xiaoshan: Organisation) -> Inspection:
    """Everything up to the inspector's claim, on today's clock."""
    now = timezone.now()
    made.load_categories()
    goods.catalogue()
    made.accept(amal)
    enrolment = enrolments.begin(values=made.values(), picture=None, submitting=False, actor=amal, at=now)
    made.prove(enrolment.product, amal)
    enrolments.submit(enrolment_id=enrolment.pk, actor=amal, at=now)
    enrolments.claim(enrolment_id=enrolment.pk, actor=dana, at=now)
    enrolments.approve(enrolment_id=enrolment.pk, actor=dana, at=now)
    today = timezone.localdate()
    line = AnnouncedLine(
        product_id=enrolment.product_id,
        lot_number="HJ261105B",
        quantity=1000,
        produced_date=today - timedelta(days=15),
        expiry_date=today + timedelta(days=1000),
    )
    notice = inbound.announce_shipment(actor=amal, warehouse_id=xiaoshan.pk, reference="PO-1", expected_date=today, lines=[line], at=now)
    inbound.receive(
        notice_id=notice.pk,
        code=made.GTIN,
        lot_number="HJ261105B",
        quantity=1000,
        message="scan-1",
        actor=wei,
        at=now,
        produced_date=line.produced_date,
        expiry_date=line.expiry_date,
    )
    work_off()
    found = Inspection.objects.get()
    inspections.claim(inspection_id=found.pk, actor=bo, at=timezone.now())
    return found


class TestTheFirstPath:
    @pytest.mark.row("P3.2")
    def test_ends_with_a_badge_that_anybody_can_verify(self, inspection: Inspection, amal: User, bo: User) -> None:
        lot = Lot.objects.get()
        assert (stand_of(lot).received, lot.balances.get(custody="pending").quantity) == (1000, 1000)

        goods.record(inspection, bo, range(1, inspection.sample_size + 1))
        assert lot.balances.get(custody="released").quantity == 1000
        work_off()

        badge = Badge.objects.get()
        found = verify(badge.code, at=timezone.now())
        assert found.validity.status is Status.VALID
        assert (badge.lot_number, badge.received, badge.inspected, badge.defective) == ("HJ261105B", 1000, 80, 0)
        kinds = set(Notice.objects.filter(recipient=amal).values_list("kind", flat=True))
        assert {"enrolment_approved", "lot_received", "lot_released"} <= kinds
        call_command("verify_evidence", verbosity=0)

    @pytest.mark.row("P4.6")
    def test_ends_without_a_badge_when_the_lot_fails(self, inspection: Inspection, bo: User) -> None:
        lot = Lot.objects.get()

        goods.record(inspection, bo, [1], "batch-mismatch")
        work_off()

        inspection.refresh_from_db()
        assert inspection.state == "rejected"
        assert lot.balances.get(custody="held").quantity == 1000
        assert Clearance.objects.get().verdict == "refused"
        assert Stop.objects.get().lot_id == lot.pk
        assert not Badge.objects.exists()
        call_command("verify_evidence", verbosity=0)

    def test_takes_the_badge_away_at_once_when_a_stop_comes(self, inspection: Inspection, bo: User, bea: User, eve: User) -> None:
        from assurance.gates.actions import open_stop

        goods.record(inspection, bo, range(1, inspection.sample_size + 1))
        work_off()
        badge = Badge.objects.get()

        stop = open_stop(
            merchant_id=badge.merchant_id, product_id=badge.product_id, code="complaints", because="三起投诉", actor=bea, at=timezone.now()
        )
        assert verify(badge.code, at=timezone.now()).validity.status is Status.SUSPENDED

        lift_stop(stop_id=stop.pk, actor=eve, at=timezone.now(), reason="复检合格")
        assert verify(badge.code, at=timezone.now()).validity.is_valid
