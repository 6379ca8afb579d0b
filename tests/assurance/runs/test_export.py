"""Long work on a real example: a merchant's products as a file, batch by batch."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone

from assurance.events.actions import lease_due_jobs
from assurance.events.lifecycle import JobState
from assurance.events.models import Job
from assurance.events.worker import run_job
from assurance.notices.models import Notice
from assurance.products import export
from assurance.runs import actions
from assurance.runs.lifecycle import RunState
from assurance.runs.models import Run, RunPart
from assurance.sheets.escaping import cell
from tests import goods

if TYPE_CHECKING:
    from django.test import Client

    from assurance.accounts.models import Organisation, User


def work_off(*, most: int = 100) -> None:
    """Do what relay and worker would do, in so many rounds of one job a queue."""
    for _ in range(most):
        leased = lease_due_jobs(at=timezone.now(), most=1)
        if not leased:
            return
        for one in leased:
            run_job(one.job_id, one.attempt)


def exported(person: User) -> Run:
    return actions.start_run("products_export", actor=person, at=timezone.now(), total=None)


def rows_of(run: Run) -> list[dict[str, str]]:
    run.refresh_from_db()
    assert run.result is not None
    digest = run.result.sha256
    stored = next(path for path in Path(settings.MEDIA_ROOT).rglob(f"{digest}*"))
    return list(csv.DictReader(io.StringIO(stored.read_text(encoding="utf-8-sig"))))


@pytest.fixture
def five(hejian: Organisation, amal: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five products, two to a batch."""
    monkeypatch.setattr(export, "ROWS_PER_BATCH", 2)
    for number in range(5):
        goods.product(hejian, sku=f"S{number}", cost="14.20", commission_rate="0.2")


@pytest.mark.usefixtures("five")
class TestAnExport:
    def test_holds_every_product_once(self, amal: User) -> None:
        run = exported(amal)

        work_off()

        assert [row["sku"] for row in rows_of(run)] == ["S0", "S1", "S2", "S3", "S4"]
        assert (run.state, run.done, run.errors) == (RunState.DONE, 5, 0)
        assert not RunPart.objects.exists()

    @pytest.mark.row("P22.2")
    def test_has_no_column_of_costs_for_who_may_not_see_them(self, amal: User, ann: User) -> None:
        owners, operators = exported(amal), exported(ann)

        work_off()

        assert rows_of(owners)[0]["cost"] == "14.20"
        assert "cost" not in rows_of(operators)[0]

    def test_holds_nothing_of_another_merchant(self, chidi: User) -> None:
        run = exported(chidi)

        work_off()

        assert rows_of(run) == []

    def test_shows_how_far_it_is_after_every_batch(self, amal: User, client: Client) -> None:
        run = actions.start_run("products_export", actor=amal, at=timezone.now(), total=5)
        client.force_login(amal)

        work_off(most=1)

        answer = client.get(f"/runs/{run.pk}/progress/").text
        assert "2 / 5" in answer
        assert "every 2s" in answer

    def test_stops_before_the_next_batch_and_keeps_what_was_done(self, amal: User, client: Client) -> None:
        run = exported(amal)
        work_off(most=1)
        client.force_login(amal)

        client.post(f"/runs/{run.pk}/cancel/")
        work_off()

        assert [row["sku"] for row in rows_of(run)] == ["S0", "S1"]
        assert run.state == RunState.CANCELLED

    def test_tells_who_started_it_once_by_notice_and_mail(self, amal: User) -> None:
        exported(amal)

        work_off()

        assert Notice.objects.get(recipient=amal).kind == "run_done"
        assert [message.to for message in mail.outbox] == [[amal.email]]

    def test_fails_as_a_whole_when_a_batch_fails_in_every_attempt(
        self, amal: User, monkeypatch: pytest.MonkeyPatch, settings: object
    ) -> None:
        run = exported(amal)
        work_off(most=1)
        monkeypatch.setattr(export, "lines", lambda rows: 1 / 0)
        for _ in range(5):
            Job.objects.filter(state=JobState.SENT).update(lease_until=None, next_at=timezone.now())
            work_off(most=1)

        assert Job.objects.parked().count() == 1
        work_off()

        run.refresh_from_db()
        assert run.state == RunState.FAILED
        assert run.done == 2
        assert Notice.objects.get(recipient=amal).kind == "run_failed"

    def test_cannot_be_cancelled_when_it_is_over(self, amal: User) -> None:
        run = exported(amal)
        work_off()

        with pytest.raises(actions.RunNotOpen):
            actions.cancel_run(run_id=run.pk, actor=amal, at=timezone.now())

    @pytest.mark.row("P22.1")
    def test_is_not_there_for_another_merchant(self, amal: User, chidi: User, client: Client) -> None:
        run = exported(amal)
        client.force_login(chidi)

        assert client.get(f"/runs/{run.pk}/").status_code == 404
        assert client.post(f"/runs/{run.pk}/cancel/").status_code == 404


class TestACell:
    @pytest.mark.parametrize("live", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1", "＠x"])
    def test_never_begins_like_a_formula(self, live: str) -> None:
        assert cell(live) == "'" + live

    @pytest.mark.parametrize("plain", ["-12.30", "+5", "禾见", "6901234567892", ""])
    def test_leaves_numbers_and_text_alone(self, plain: str) -> None:
        assert cell(plain) == plain


@pytest.mark.row("P22.2")
@pytest.mark.promise("G24")
class TestTheFileOfAnExport:
    @pytest.fixture
    def made(self, five: None, amal: User) -> Run:
        run = exported(amal)
        work_off()
        run.refresh_from_db()
        return run

    def test_with_costs_is_no_business_of_who_may_not_see_them(self, made: Run, ann: User, eve: User, client: Client) -> None:
        assert made.result is not None
        for person in (ann, eve):
            client.force_login(person)
            assert client.get(f"/files/{made.result.pk}/").status_code == 404
            assert f"/files/{made.result.pk}/" not in client.get(f"/runs/{made.pk}/").content.decode()

    def test_is_opened_by_who_made_it(self, made: Run, amal: User, client: Client) -> None:
        assert made.result is not None
        client.force_login(amal)

        assert client.get(f"/files/{made.result.pk}/").status_code == 200
