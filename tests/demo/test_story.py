"""The demo month loads through the actions, and every state of the first path has something to show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.core.management import call_command

from assurance.accounts.models import User
from assurance.badges.models import Badge
from assurance.badges.queries import judge_all
from assurance.enrollment.models import Enrolment
from assurance.events.models import Job
from assurance.roles import Role
from qc.inspections.models import Inspection
from warehouse.inbound.models import ShipmentNotice
from warehouse.stock.queries import differences

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


class TestTheDemo:
    def test_shows_every_state_of_the_first_path(self, committed_db: CommittedDatabase) -> None:
        from django.utils import timezone

        call_command("load_demo", verbosity=0)

        assert set(User.objects.values_list("role", flat=True)) == set(Role)
        assert Counter(Enrolment.objects.values_list("state", flat=True)) == {
            "approved": 6,
            "submitted": 2,
            "draft": 1,
            "needs_changes": 1,
            "rejected": 1,
        }
        assert Counter(ShipmentNotice.objects.values_list("state", flat=True)) == {"received": 7, "receiving": 1, "announced": 2}
        assert Counter(Inspection.objects.values_list("state", flat=True)) == {"accepted": 6, "rejected": 1, "claimed": 1, "open": 2}
        found = judge_all(list(Badge.objects.select_related("enrolment")), at=timezone.now())
        assert Counter(one.validity.status for one in found) == {"valid": 5, "suspended": 1}
        assert differences() == []
        assert not Job.objects.exclude(state="done").exists()

        before = User.objects.count()
        call_command("load_demo", verbosity=0)
        assert User.objects.count() == before
