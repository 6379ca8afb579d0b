"""G6: repeating a request never repeats its effect, also when the web is killed in the middle of it."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from django.conf import settings
from django.test import Client

from assurance.roles import Kind, Role
from deploy.embedded import process
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "/api/v1/sample/samples/"
SENDERS = 8
CHANGED_SHARE = 0.05
SETTLED_WITHIN = 60
CSRF = "0123456789abcdef0123456789abcdef"


class Web:
    """gunicorn with four workers, each of which may be killed at any moment."""

    def __init__(self, folder: Path, *, database_url: str, sabotage: str) -> None:
        self.folder, self.port = folder, process.free_port()
        self.environment = os.environ | {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "assurance.settings",
            "EXPERIMENT_SABOTAGE": sabotage,
            "ALLOWED_HOSTS": "127.0.0.1",
            "LOG_LEVEL": "ERROR",
        }
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.experiments.sample_web", str(self.port)]
        self.child = process.spawn(command, end=signal.SIGKILL, env=self.environment, cwd=ROOT, output=self.folder / "web.log")
        end = time.monotonic() + 60
        while not self.answers():
            if time.monotonic() > end or self.child.poll() is not None:
                raise process.ServerFailed((self.folder / "web.log").read_text()[-2000:])
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            return send(self.port, "GET", "/healthz").status == 200
        except OSError:
            return False

    def kill_worker(self, chance: random.Random) -> None:
        workers = psutil.Process(self.child.pid).children()
        if workers:
            chance.choice(workers).kill()

    def kill_all(self) -> None:
        process.kill(self.child)
        self.start()


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    replayed: bool = False


def send(port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
    """:raises OSError: when no answer came"""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return Answer(response.status, response.read(), response.headers.get("Idempotent-Replayed") == "true")
    except http.client.HTTPException as error:
        raise OSError("no answer") from error
    finally:
        connection.close()


@dataclass
class Person:
    """Somebody who sends keyed requests from a browser's session."""

    pk: int
    owner: int
    cookie: str

    def post(self, port: int, key: str, quantity: int) -> Answer:
        body = {"name": "即食燕窝", "quantity": quantity, "price": "12.30", "owner": self.owner}
        headers = {"Content-Type": "application/json", "Idempotency-Key": key, "Cookie": self.cookie, "X-CSRFToken": CSRF}
        return send(port, "POST", ADDRESS, json.dumps(body).encode(), headers)


def person() -> Person:
    user = factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT))
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    return Person(user.pk, user.organisation_id, cookie)


@dataclass
class Book:
    """What was answered, written down by all senders."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answers: dict[int, set[tuple[int, bytes]]] = field(default_factory=dict)
    firsts: Counter[int] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    in_flight: int = 0
    sent: int = 0

    def note(self, number: int, answer: Answer) -> None:
        with self.lock:
            self.statuses[str(answer.status)] += 1
            if answer.status < 300:
                self.answers.setdefault(number, set()).add((answer.status, answer.body))
                self.firsts[number] += not answer.replayed
            elif answer.status != 409:
                self.wrong.append(f"{answer.status} {answer.body[:200]!r}")

    def note_changed(self, answer: Answer) -> None:
        with self.lock:
            self.statuses["changed: " + str(answer.status)] += 1
            if answer.status not in (409, 422):
                self.wrong.append(f"changed body: {answer.status}")


class Run:
    """One run: senders in threads, the killer in the main thread."""

    def __init__(self, web: Web, amal: Person, *, keys: int, sends: int, kills: int, seed: int) -> None:
        self.web, self.amal, self.kills = web, amal, kills
        self.chance = random.Random(seed)
        self.book = Book()
        self.turns = [number for number in range(1, keys + 1) for _ in range(sends)]
        self.chance.shuffle(self.turns)
        self.total = len(self.turns)
        self.landed = self.unanswered = 0
        self.last_kill = time.monotonic()

    def go(self) -> None:
        """Send everything while workers die."""
        threads = [threading.Thread(target=self.send_all, args=(n,)) for n in range(SENDERS)]
        for thread in threads:
            thread.start()
        for turn in range(self.kills):
            self.wait_for(self.total * (turn + 1) // (self.kills + 2))
            time.sleep(self.chance.uniform(0, 0.02))
            self.landed += self.book.in_flight > 0
            if turn % 10 == 9:
                self.web.kill_all()
            else:
                self.web.kill_worker(self.chance)
            self.last_kill = time.monotonic()
        for thread in threads:
            thread.join()

    def wait_for(self, sent: int) -> None:
        while self.book.sent < sent:
            time.sleep(0.002)

    def send_all(self, seed: int) -> None:
        chance = random.Random(seed)
        while True:
            with self.book.lock:
                if not self.turns:
                    return
                number = self.turns.pop()
                known = number in self.book.answers
            self.send_one(number, changed=known and chance.random() < CHANGED_SHARE)

    def send_one(self, number: int, *, changed: bool) -> bool:
        with self.book.lock:
            self.book.in_flight += 1
            self.book.sent += 1
        try:
            answer = self.post_when_up(key(number), number + 1_000_000 if changed else number)
        except OSError:
            with self.book.lock:
                self.unanswered += 1
            return False
        finally:
            with self.book.lock:
                self.book.in_flight -= 1
        if changed:
            self.book.note_changed(answer)
        else:
            self.book.note(number, answer)
        return answer.status < 300

    def post_when_up(self, key: str, quantity: int) -> Answer:
        """Wait while nobody listens; a request that was taken and then lost counts as without answer."""
        while True:
            try:
                return self.amal.post(self.web.port, key, quantity)
            except ConnectionRefusedError:
                time.sleep(0.02)

    def settle(self, keys: int) -> float:
        """Repeat what never got an answer; return the longest time after the last kill that one needed."""
        longest = 0.0
        for number in range(1, keys + 1):
            end = time.monotonic() + SETTLED_WITHIN
            while number not in self.book.answers and time.monotonic() < end:
                if not self.send_one(number, changed=False):
                    time.sleep(0.1)
                longest = max(longest, time.monotonic() - self.last_kill)
        return longest


def key(number: int) -> str:
    return f"shipment-{number}"


def run(*, folder: Path, database_url: str, keys: int, sends: int, kills: int, seed: int, sabotage: str = "") -> dict[str, Any]:
    """Send every key many times from eight threads while the web is killed; return what became of it.

    The database must be committed; the caller routes this process to it.
    """
    began = time.monotonic()
    amal, chidi = person(), person()
    web = Web(folder, database_url=database_url, sabotage=sabotage)
    try:
        refused = [amal.post(web.port, key(number), 0).status for number in range(1, keys + 1, 10)]
        sending = Run(web, amal, keys=keys, sends=sends, kills=kills, seed=seed)
        sending.go()
        longest = sending.settle(keys)
        others = [chidi.post(web.port, key(number), number) for number in range(1, 11)]
    finally:
        process.kill(web.child)
    book, made = sending.book, objects(database_url, amal.pk)
    return {
        "seed": seed,
        "keys": keys,
        "sent": book.sent,
        "kills": kills,
        "kills_in_flight": sending.landed,
        "without_answer": sending.unanswered,
        "objects": sum(made.values()),
        "missing": sum(number not in made for number in range(1, keys + 1)),
        "repeated": sum(count - 1 for count in made.values()),
        "from_changed_bodies": sum(number > keys for number in made),
        "unlike_answers": sum(len(seen) != 1 for seen in book.answers.values()),
        "answered_first_twice": sum(count > 1 for count in book.firsts.values()),
        "never_settled": sum(number not in book.answers for number in range(1, keys + 1)),
        "longest_to_settle_seconds": round(longest, 1),
        "invalid_first": Counter(map(str, refused)),
        "objects_of_another_with_the_same_keys": sum(objects(database_url, chidi.pk).values()),
        "replayed_to_another": sum(answer.replayed for answer in others),
        "statuses": dict(book.statuses),
        "wrong": book.wrong[:5],
        "seconds": round(time.monotonic() - began, 1),
    }


def objects(database_url: str, actor: int) -> Counter[int]:
    """Count what really stands in the database, by its number; asks without the application."""
    connection = psycopg2.connect(database_url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (ids->>'quantity')::int, count(*) FROM assurance_event WHERE kind = 'sample.made' AND actor_id = %s GROUP BY 1",
                [actor],
            )
            return Counter(dict(cursor.fetchall()))
    finally:
        connection.close()


def holds(found: dict[str, Any]) -> bool:
    """Say whether the promise was kept, and whether the run could have shown that it was not."""
    zeros = ("missing", "repeated", "from_changed_bodies", "unlike_answers", "answered_first_twice", "never_settled", "replayed_to_another")
    return (
        all(found[name] == 0 for name in zeros)
        and found["objects"] == found["keys"]
        and found["objects_of_another_with_the_same_keys"] == 10
        and set(found["invalid_first"]) == {"400"}
        and found["longest_to_settle_seconds"] <= SETTLED_WITHIN
        and found["statuses"].get("changed: 422", 0) > 0
        and not found["wrong"]
        and found["kills_in_flight"] >= 0.8 * found["kills"]
        and found["without_answer"] > 0
    )
