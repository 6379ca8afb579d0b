"""A person's notices: by day, unread ones plain to see, nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assurance.notices.actions import notify
from assurance.notices.models import Notice

if TYPE_CHECKING:
    from assurance.accounts.models import User


@pytest.fixture
def notices(amal: User) -> list[Notice]:
    now = timezone.now()
    return [
        notify(
            "lot_received", recipients=[amal], key=f"{days}", at=now - timedelta(days=days), link="/lots/1/", lot=f"HJ-{days}", units=6000
        )[0]
        for days in (2, 0)
    ]


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


class TestTheList:
    def test_groups_by_day_and_says_which_are_unread(self, notices: list[Notice], amal: User) -> None:
        Notice.objects.filter(pk=notices[0].pk).update(read_at=timezone.now())

        text = browser(amal).get("/notices/").text

        assert text.index("Today") < text.index("HJ-0") < text.index("HJ-2")
        assert text.count('class="w-day"') == 2
        assert text.count('class="w-unread"') == 1

    def test_shows_the_unread_ones_alone(self, notices: list[Notice], amal: User) -> None:
        Notice.objects.filter(pk=notices[0].pk).update(read_at=timezone.now())

        text = browser(amal).get("/notices/?unread=1").text

        assert ("HJ-0" in text, "HJ-2" in text) == (True, False)

    def test_offers_to_read_all_only_while_something_is_unread(self, notices: list[Notice], amal: User) -> None:
        client = browser(amal)
        assert "Mark all as read" in client.get("/notices/").text

        client.post("/notices/read/")

        assert "Mark all as read" not in client.get("/notices/").text
        assert "Everything is read" in client.get("/notices/?unread=1").text

    def test_shows_nobody_elses(self, notices: list[Notice], chidi: User) -> None:
        assert "HJ-" not in browser(chidi).get("/notices/").text

    def test_costs_the_same_for_two_and_for_many(self, notices: list[Notice], amal: User, django_assert_num_queries: Any) -> None:
        client = browser(amal)
        client.get("/notices/")
        with CaptureQueriesContext(connection) as few:
            client.get("/notices/")
        for number in range(9):
            notify("run_failed", recipients=[amal], key=f"run {number}", at=timezone.now(), run="Product export")

        with django_assert_num_queries(len(few)):
            client.get("/notices/")
