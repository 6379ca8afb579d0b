"""The administrator's page: what lies on the server, what came out, and a run in the background with a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from assurance.events import actions as events
from assurance.events.worker import run_job
from assurance.roles import Kind, Role
from assurance.runs.models import Run
from demo.replay.report import report
from tests import factories
from tests.demo.replay.made_folder import make

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase


@pytest.mark.django_db
class TestThePage:
    def test_says_which_files_are_missing_and_begins_nothing(
        self, eve: User, client: Client, settings: SettingsWrapper, tmp_path: Path
    ) -> None:
        settings.REPLAY_DIR = tmp_path
        client.force_login(eve)

        page = client.get(reverse("replay:show"))
        answer = client.post(reverse("replay:start"))

        assert page.status_code == 200
        assert page.content.decode().count("Missing") == 5
        assert answer.status_code == 422
        assert not Run.objects.filter(kind="replay").exists()

    def test_is_for_the_platform_only(self, amal: User, client: Client) -> None:
        client.force_login(amal)

        assert client.get(reverse("replay:show")).status_code == 403
        assert client.post(reverse("replay:start")).status_code == 403


@pytest.mark.long
class TestARun:
    def test_plays_the_folder_in_batches_and_hands_bad_rows_back(
        self, committed_db: CommittedDatabase, client: Client, settings: SettingsWrapper, tmp_path: Path
    ) -> None:
        made = make(tmp_path)
        settings.REPLAY_DIR = tmp_path
        eve = factories.user(Role.PLATFORM_ADMIN, factories.organisation(Kind.PLATFORM), email="eve@wuyou.example", name="Eve")
        client.force_login(eve)

        answer = client.post(reverse("replay:start"))
        again = client.post(reverse("replay:start"))
        work_off("runs")

        run = Run.objects.get(kind="replay")
        assert answer.status_code == 302
        assert again.status_code == 409
        assert (run.state, run.done, run.errors) == ("done", run.total, len(made.bad))
        assert run.result is not None
        found = report()
        assert {key: found[key] for key in made.report} == made.report
        page = client.get(reverse("replay:show")).content.decode()
        assert "Lines and statements agree to the fen" in page


def work_off(queue: str) -> None:
    """Do the jobs of one queue as relay and worker would."""
    while leased := [one for one in events.lease_due_jobs(at=timezone.now(), most=200) if one.queue == queue]:
        for one in leased:
            run_job(one.job_id, one.attempt)
