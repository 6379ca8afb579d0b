"""Keyed writes while another request with the same key is running, and what is forgotten."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connection, connections, transaction
from django.test import Client

from assurance.events.models import Event
from assurance.web.actions import LOCKS, once, sweep_idempotency_keys
from assurance.web.idempotency import Reply
from assurance.web.models import IdempotencyKey
from assurance.web.rejection import Rejection
from tests import factories
from tests.hostile.examples.sample import create as sample

URL = "/api/v1/sample/samples/"
REPLY = Reply(201, "application/json", "/x/1/", b'{"id":1}')
HASH = b"\x01" * 32

pytestmark = [pytest.mark.urls("tests.hostile.urls"), pytest.mark.django_db]


def run_once(**given: Any) -> tuple[Reply, bool]:
    values: dict[str, Any] = {"principal": "user:1", "key": "k", "request_hash": HASH, "at": factories.NOON, "run": lambda: REPLY}
    return once(**(values | given))


def never() -> Reply:
    raise AssertionError("the effect was repeated")


@pytest.fixture
def neighbour(django_db_setup: str) -> Iterator[Any]:
    """Another connection to the same database."""
    settings = connection.get_connection_params()
    other = psycopg2.connect(**{name: settings[name] for name in ("dbname", "user", "password", "host", "port")})
    yield other
    other.close()


class TestOnce:
    def test_runs_first_and_then_only_repeats_the_answer(self):
        assert run_once() == (REPLY, False)
        assert run_once(run=never) == (REPLY, True)

    def test_keeps_keys_of_different_people_apart(self):
        run_once()

        assert run_once(principal="user:2") == (REPLY, False)

    def test_refuses_a_key_that_was_used_for_something_else(self):
        run_once()

        with pytest.raises(Rejection) as refused:
            run_once(request_hash=b"\x02" * 32, run=never)

        assert (refused.value.problem.status, refused.value.problem.code) == (422, "idempotency_mismatch")

    def test_keeps_nothing_of_what_fails(self):
        def fail() -> Reply:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError), transaction.atomic():
            run_once(run=fail)

        assert run_once() == (REPLY, False)

    def test_waits_two_seconds_for_the_first_and_then_says_when_to_come_back(self, neighbour):
        neighbour.cursor().execute("SELECT pg_advisory_xact_lock(%s, hashtext('user:1 k'))", [LOCKS])
        began = time.monotonic()

        with pytest.raises(Rejection) as refused, transaction.atomic():
            run_once(run=never)

        assert 1.9 < time.monotonic() - began < 10
        problem = refused.value.problem
        assert (problem.status, problem.code, problem.headers) == (409, "request_in_progress", {"Retry-After": "2"})

    def test_goes_on_as_soon_as_the_first_is_done(self, neighbour):
        neighbour.cursor().execute("SELECT pg_advisory_xact_lock(%s, hashtext('user:1 k'))", [LOCKS])
        threading.Timer(0.2, neighbour.rollback).start()

        assert run_once() == (REPLY, False)

    def test_leaves_the_usual_lock_timeout_to_the_work(self):
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            usual = cursor.fetchone()
            run_once()
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == usual

    def test_keeps_answers_that_a_copy_of_the_database_does_not_show(self):
        run_once(run=lambda: Reply(200, "application/json", "", "张三 13800138000".encode()))

        assert b"13800138000" not in bytes(IdempotencyKey.objects.get().body)

    def test_can_read_answers_sealed_under_a_former_secret(self, settings):
        run_once()
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

        assert run_once(run=never) == (REPLY, True)

    def test_does_not_repeat_the_work_when_the_answer_cannot_be_read(self, settings):
        run_once()
        settings.SECRET_KEY = "another"

        with pytest.raises(Rejection) as refused:
            run_once(run=never)

        assert (refused.value.problem.status, refused.value.problem.code) == (409, "answer_not_kept")

    def test_remembers_for_seven_days(self):
        run_once()
        run_once(key="later", at=factories.NOON + timedelta(days=1))

        assert sweep_idempotency_keys(at=factories.NOON + timedelta(days=7)) == 0
        assert sweep_idempotency_keys(at=factories.NOON + timedelta(days=7, seconds=1)) == 1
        assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["later"]


@pytest.mark.row("P19.3")
class TestARepeatedRequest:
    def test_is_the_same_however_its_json_is_written(self):
        example = sample()
        client = Client()
        client.force_login(example.user)
        spaced = json.dumps(dict(reversed(example.body.items())), indent=4)
        first = client.post(URL, json.dumps(example.body), content_type="application/json", headers={"Idempotency-Key": "k"})

        again = client.post(URL, spaced, content_type="application/json", headers={"Idempotency-Key": "k"})

        assert again.headers["Idempotent-Replayed"] == "true"
        assert (again.status_code, again.content, again.headers["Location"]) == (201, first.content, first.headers["Location"])
        assert Event.objects.filter(kind="sample.made").count() == 1

    def test_may_correct_what_was_refused(self):
        example = sample()
        client = Client()
        client.force_login(example.user)
        answers = [
            client.post(
                URL, json.dumps(example.body | {"quantity": quantity}), content_type="application/json", headers={"Idempotency-Key": "k"}
            ).status_code
            for quantity in (0, 5, 5, 6)
        ]

        assert answers == [400, 201, 201, 422]

    @pytest.mark.promise("G6")
    def test_sent_from_eight_places_at_once_has_one_effect(self, committed_db):
        example = sample()
        client = Client()
        client.force_login(example.user)
        body, barrier, answers = json.dumps(example.body), threading.Barrier(8), []

        def send() -> None:
            mine = Client()
            mine.cookies = client.cookies
            barrier.wait()
            answers.append(mine.post(URL, body, content_type="application/json", headers={"Idempotency-Key": "k"}))
            connections.close_all()

        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [answer.status_code for answer in answers] == [201] * 8
        assert len({answer.content for answer in answers}) == 1
        assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
        assert Event.objects.filter(kind="sample.made").count() == 1
