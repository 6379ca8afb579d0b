"""Who announces goods is told how they will be inspected and when they are released; how that was kept is counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from assurance.calendar import SHANGHAI
from assurance.events.models import Job
from assurance.notices.models import Notice
from qc.inspections import actions as inspecting
from qc.inspections.models import ClassSeverity, Inspection
from qc.inspections.switching import start
from qc.promises.actions import promise
from qc.promises.expecting import arrival, counted_from
from qc.promises.models import Promise
from qc.promises.queries import report
from tests import goods
from tests.factories import NOON
from tests.warehouse.inbound.test_pages import signed_in
from tests.warehouse.test_api import ask

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from warehouse.inbound.models import ShipmentNotice

EVENING = datetime(2026, 11, 20, 10, tzinfo=UTC)  # 18:00 in Shanghai
RELEASED = EVENING + timedelta(hours=24)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def notice(amal: User, wei: User) -> ShipmentNotice:
    return goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation), quantity=1000))


def decide(notice: ShipmentNotice, wei: User, bo: User, *, hours: int) -> Inspection:
    """Take everything in now and record the verdict so many hours later."""
    goods.catalogue()
    lot = goods.receive(notice, wei).receipt.lot
    inspection = inspecting.open_inspection(lot_id=lot.pk, actor=None, at=NOON)
    inspecting.claim(inspection_id=inspection.pk, actor=bo, at=NOON)
    units = [inspecting.FoundUnit(number, is_conforming=True, defects=()) for number in range(1, inspection.sample_size + 1)]
    inspecting.record_units(inspection_id=inspection.pk, units=units, actor=bo, at=NOON + timedelta(hours=hours))
    inspection.refresh_from_db()
    return inspection


@pytest.mark.row("A3.2")
class TestAPromise:
    def test_is_due_with_the_announcement_and_names_level_sample_and_release(self, notice: ShipmentNotice, amal: User) -> None:
        assert Job.objects.filter(handler__startswith="qc.promises", payload__notice_id=notice.pk).count() == 1

        [made] = promise(notice_id=notice.pk, at=NOON)

        assert (made.level, made.severity_major, made.sample_size, made.lot_size) == ("II", "normal", 80, 1000)
        assert (made.arrival_at, made.release_at) == (EVENING, RELEASED)
        [told] = Notice.objects.filter(recipient=amal, kind="inspection_promised")
        assert (told.params["units"], told.params["until"]) == (80, RELEASED.astimezone(SHANGHAI).isoformat())

    def test_is_made_once(self, notice: ShipmentNotice) -> None:
        promise(notice_id=notice.pk, at=NOON)

        assert (promise(notice_id=notice.pk, at=NOON), Promise.objects.count()) == ([], 1)

    def test_follows_the_severity_that_holds_there(self, notice: ShipmentNotice) -> None:
        standing = start().as_dict() | {"severity": "tightened", "score": None}
        sides = {"merchant_id": notice.merchant_id, "warehouse_id": notice.warehouse_id, "product_id": notice.lines.get().product_id}
        ClassSeverity.objects.create(defect_class="major", severity="tightened", standing=standing, changed_at=NOON, **sides)

        [made] = promise(notice_id=notice.pk, at=NOON)

        assert (made.severity_major, made.severity_minor) == ("tightened", "normal")

    def test_never_changes(self, notice: ShipmentNotice) -> None:
        promise(notice_id=notice.pk, at=NOON)

        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Promise.objects.update(release_at=NOON)

    def test_counts_from_the_arrival(self) -> None:
        day, late = date(2026, 11, 20), EVENING + timedelta(hours=5)

        assert arrival(day, slot_ends_at=None, tz=SHANGHAI) == EVENING
        assert arrival(day, slot_ends_at=NOON, tz=SHANGHAI) == NOON
        assert counted_from(RELEASED, arrival=EVENING, arrived=late) == RELEASED + timedelta(hours=5)
        assert counted_from(RELEASED, arrival=EVENING, arrived=NOON) == RELEASED


@pytest.mark.row("A3.2")
class TestTheReport:
    @pytest.mark.parametrize(("hours", "kept", "late"), [(20, 1, 0), (40, 0, 1)])
    def test_counts_what_was_in_time_and_what_was_late(
        self, notice: ShipmentNotice, amal: User, wei: User, bo: User, hours: int, kept: int, late: int
    ) -> None:
        promise(notice_id=notice.pk, at=NOON)
        decided = decide(notice, wei, bo, hours=hours).decided_at
        assert decided

        [row] = report(amal, at=NOON + timedelta(days=3))

        assert (row.code, row.kept, row.late, row.overdue) == (notice.warehouse.code, kept, late, 0)
        assert row.off_by == decided - RELEASED

    def test_counts_what_is_still_owed(self, notice: ShipmentNotice, wei: User, chidi: User) -> None:
        promise(notice_id=notice.pk, at=NOON)
        goods.receive(notice, wei)

        assert [(row.kept, row.late, row.overdue, row.percent) for row in report(wei, at=NOON + timedelta(days=3))] == [(0, 0, 1, 0)]
        assert report(chidi, at=NOON + timedelta(days=3)) == []

    def test_leaves_out_what_never_came(self, notice: ShipmentNotice, amal: User) -> None:
        promise(notice_id=notice.pk, at=NOON)

        assert report(amal, at=NOON + timedelta(days=3)) == []

    def test_stands_on_its_page_and_in_the_api_and_the_promise_beside_its_notice(
        self, notice: ShipmentNotice, amal: User, wei: User, bo: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        promise(notice_id=notice.pk, at=NOON)
        decide(notice, wei, bo, hours=40)
        fragment = signed_in(amal).get(reverse("promises:of-notice", args=[notice.pk])).content.decode()
        [listed] = ask(amal, "inspection-promises/", notice=str(notice.pk)).json()["results"]
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(days=3))

        assert "HJ261105B" in fragment
        assert "80" in fragment
        assert (listed["sample_size"], datetime.fromisoformat(listed["release_at"]), listed["round"]) == (80, RELEASED, 1)
        assert ask(amal, "inspection-promises/report/").json()[0] | {"hours": 0} == {
            "warehouse": notice.warehouse.code,
            "lines": 1,
            "kept": 0,
            "late": 1,
            "overdue": 0,
            "share": 0.0,
            "hours": 0,
        }
        assert notice.warehouse.name in signed_in(amal).get(reverse("promises:report")).content.decode()
