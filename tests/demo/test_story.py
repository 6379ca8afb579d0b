"""The demo month loads through the actions, and every state of the first path has something to show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from aftersales.cases.models import Case
from assurance.accounts.models import User
from assurance.badges.models import Badge
from assurance.badges.queries import judge_all
from assurance.catalog.models import Selection
from assurance.enrollment.models import Enrolment
from assurance.events.models import Job
from assurance.fees.models import Dispute
from assurance.home import home_of
from assurance.roles import Role
from logistics.dispatch.models import Waybill
from qc.inspections.models import Inspection
from qc.labs.models import Sample
from tests.harness.demo import demo_month
from warehouse.inbound.models import Discrepancy, ShipmentNotice, Slot
from warehouse.orders.models import Order, Parcel
from warehouse.returns.models import ReturnParcel
from warehouse.stock.models import Bin, BinMove, CycleCount, EndingLot, LifeRule
from warehouse.stock.queries import bin_differences, differences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django import DjangoDbBlocker


@pytest.fixture
def month(django_db_setup: str, django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[None]:
    with django_db_blocker.unblock(), demo_month(django_db_setup, tmp_path):
        yield


@pytest.mark.usefixtures("month")
class TestTheDemo:
    def test_shows_every_state_of_the_first_path(self) -> None:
        assert set(User.objects.values_list("role", flat=True)) == set(Role)
        assert Counter(Enrolment.objects.values_list("state", flat=True)) == {
            "approved": 7,
            "submitted": 2,
            "draft": 1,
            "needs_changes": 1,
            "rejected": 1,
        }
        assert Counter(ShipmentNotice.objects.values_list("state", flat=True)) == {"received": 9, "receiving": 1, "announced": 2}
        assert Counter(Inspection.objects.values_list("state", flat=True)) == {"accepted": 8, "rejected": 1, "claimed": 1, "open": 2}
        found = judge_all(list(Badge.objects.select_related("enrolment")), at=timezone.now())
        assert Counter(one.validity.status for one in found) == {"valid": 7, "suspended": 1}
        assert differences() == []
        assert not Job.objects.exclude(state="done").exists()

        self.parcels_stand_at_every_step()
        self.the_warehouse_has_bins_counts_slots_and_differences()
        self.something_waits_for_everybody_who_decides()
        before = User.objects.count()
        call_command("load_demo", verbosity=0)
        assert User.objects.count() == before

    def parcels_stand_at_every_step(self) -> None:
        assert set(Order.objects.values_list("state", flat=True)) >= {"allocated", "packed", "shipped", "delivered", "short", "cancelled"}
        assert set(Parcel.objects.values_list("state", flat=True)) >= {"picking", "packed", "checked", "handed_over"}
        assert set(Waybill.objects.values_list("state", flat=True)) >= {"created", "in_transit", "exception", "delivered"}
        assert set(Sample.objects.values_list("state", flat=True)) >= {"published", "scheduled", "dispatched", "resulted", "verified"}
        assert set(Case.objects.values_list("state", flat=True)) >= {"new", "waiting", "proposed", "decided"}
        assert set(ReturnParcel.objects.values_list("state", flat=True)) >= {"announced", "received", "closed"}
        assert Counter(Dispute.objects.values_list("state", flat=True)) == {"open": 1}
        assert Selection.objects.count() == 3

    def the_warehouse_has_bins_counts_slots_and_differences(self) -> None:
        assert (bin_differences(), set(Bin.objects.values_list("kind", flat=True))) == ([], {"picking", "storage", "waiting"})
        assert BinMove.objects.filter(because="picked").exists()
        assert dict(CycleCount.objects.annotate(lost=Sum("lines__lost")).values_list("state", "lost")) == {"posted": 3, "counted": 0}
        assert (LifeRule.objects.count(), Slot.objects.filter(booked=1).count()) == (4, 1)
        assert dict(Discrepancy.objects.values_list("kind", "state")) == {"damaged": "open", "wrong": "settled"}
        assert list(EndingLot.objects.values_list("lot__number", "state")) == [("SL2610-X1", "open")]

    def something_waits_for_everybody_who_decides(self) -> None:
        looking = {Role.PLATFORM_ADMIN, Role.AUDITOR, Role.STREAMER}
        for role in set(Role) - looking:
            person = User.objects.filter(role=role).order_by("id").first()
            assert person is not None
            assert home_of(person, at=timezone.now())["steps"], role
