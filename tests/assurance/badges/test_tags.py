"""Products and shops carry the badge by themselves: tagged, warned, untagged; at once where safety failed."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from assurance.badges import actions, tasks
from assurance.badges.lifecycle import NEXT, Loss, Standing, TagState, follow, shop_share
from assurance.badges.models import Badge, Tag
from assurance.badges.queries import snapshots
from assurance.calendar import SHANGHAI
from assurance.evidence.actions import record
from assurance.notices.models import Notice
from assurance.products.models import Category
from tests import certificates, offers, papers
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import User

DAY = timedelta(days=1)
FRESH = Standing(TagState.TAGGED, None)
EN = {"accept-language": "en"}


class TestFollowing:
    def test_warns_first_and_falls_when_the_days_are_over(self) -> None:
        loss = Loss("x", "because", NOON)
        warned = follow(FRESH, [loss], at=NOON, days=7)

        assert (warned.state, warned.falls_at) == (TagState.WARNED, NOON + 7 * DAY)
        assert follow(warned, [loss], at=NOON + 3 * DAY, days=7) == warned
        assert follow(warned, [loss], at=NOON + 7 * DAY, days=7).state is TagState.UNTAGGED

    def test_takes_the_badge_at_once_where_safety_failed(self) -> None:
        fallen = follow(FRESH, [Loss("x", "because", NOON - DAY, is_safety=True)], at=NOON, days=7)

        assert (fallen.state, fallen.falls_at) == (TagState.UNTAGGED, NOON)

    def test_warns_ahead_of_what_ends_later(self) -> None:
        assert follow(FRESH, [Loss("x", "because", NOON + 30 * DAY)], at=NOON, days=7).falls_at == NOON + 30 * DAY

    def test_gives_the_badge_back_only_when_every_ground_holds(self) -> None:
        fallen = follow(FRESH, [Loss("x", "because", NOON, is_safety=True)], at=NOON, days=7)

        assert follow(fallen, [Loss("y", "because", NOON)], at=NOON, days=7).state is TagState.UNTAGGED
        assert follow(fallen, [], at=NOON + DAY, days=7) == FRESH

    def test_takes_no_step_that_the_table_does_not_know(self) -> None:
        kinds = ([], [Loss("a", "b", NOON)], [Loss("a", "b", NOON, is_safety=True)], [Loss("a", "b", NOON + 9 * DAY)])
        starts = [follow(FRESH, lost, at=NOON, days=7) for lost in kinds]
        for before, lost, later in itertools.product(starts, kinds, (0, 5, 8, 20)):
            after = follow(before, lost, at=NOON + later * DAY, days=7)
            assert after.state == before.state or after.state in NEXT[before.state]

    def test_of_a_shop_counts_its_products(self) -> None:
        assert [shop_share(badged=badged, enrolled=5) for badged in (0, 4, 5)] == [0, 0.8, 1]
        assert shop_share(badged=0, enrolled=0) == 0


def complained(badge: Badge, times: int, *, at: datetime) -> None:
    body = {"case": "C-1"}
    for _time in range(times):
        record("case_confirmed", product_id=badge.product_id, organisation_id=badge.merchant_id, at=at, actor=None, body=body)


@pytest.mark.promise("G17")
class TestATag:
    @pytest.fixture
    def badge(self, amal: User, wei: User, bo: User) -> Badge:
        return offers.offered(amal, team=(wei, bo)).badge

    def test_of_a_product_and_its_shop_come_with_the_first_badge(self, badge: Badge) -> None:
        tasks.follow_tags()
        tasks.follow_tags()

        assert list(Tag.objects.order_by("level").values_list("level", "state")) == [("product", "tagged"), ("shop", "tagged")]
        for tag in Tag.objects.all():
            text = Client(headers=EN).get(f"/verify/{tag.code}/").text
            assert "carries the badge" in text

    def test_warns_then_falls_and_the_lots_page_says_why(self, badge: Badge, amal: User) -> None:
        now = timezone.now()
        actions.follow_products(product_ids=[badge.product_id], at=now)
        complained(badge, 5, at=now)

        [tag] = actions.follow_products(product_ids=[badge.product_id], at=now)
        tasks.tell_of_tag(tag_id=tag.pk)

        assert (tag.state, tag.falls_at) == ("warned", now + timedelta(days=7))
        assert "The badge is valid" in Client(headers=EN).get(f"/verify/{badge.code}/").text
        assert Notice.objects.get(recipient=amal, kind="badge_warned").params["product"] == badge.product.name

        Tag.objects.filter(pk=tag.pk).update(falls_at=now)  # the days pass, and nobody does anything
        Tag.objects.filter(pk=tag.pk).update(lost=[one | {"falls_at": now.isoformat()} for one in tag.lost])
        text = Client(headers=EN).get(f"/verify/{badge.code}/").text

        assert "The badge is suspended" in text
        assert "Complaints about this product were confirmed several times within 30 days." in text

    @pytest.mark.row("P1.4")
    def test_warns_of_a_certificate_that_ends_and_of_a_paper_by_the_days_of_the_category(
        self, badge: Badge, amal: User, dana: User
    ) -> None:
        now, day = timezone.now(), timezone.localdate(timezone.now(), SHANGHAI)
        Category.objects.filter(pk=badge.product.category_id).update(badge_warning_days=3)
        certificates.verified(amal, dana, badge.product, expires_date=day + 3 * DAY, at=now)

        def followed(at: datetime) -> list[tuple[str, date | None]]:
            actions.follow_products(product_ids=[badge.product_id], at=at)
            tag = Tag.objects.get()
            falls = [(one["code"], datetime.fromisoformat(one["falls_at"]).astimezone(SHANGHAI).date()) for one in tag.lost]
            return [(tag.state, None), *falls]

        assert followed(now) == [("tagged", None)]
        ends = day + 4 * DAY
        assert followed(now + DAY) == [("warned", None), ("certificate_cosmetics_filing", ends)]
        certificates.verified(amal, dana, badge.product, expires_date=day + 300 * DAY, at=now)
        assert followed(now + DAY) == [("tagged", None)]
        papers.verified(amal, dana, "business_licence", until_date=day - DAY)
        assert followed(now + DAY) == [("warned", None), ("paper_business_licence", ends)]

    def test_that_fell_leaves_the_promise_of_orders_before(self, badge: Badge) -> None:
        now = timezone.now()
        kept = snapshots([badge.product_id], now)[badge.product_id]
        actions.follow_products(product_ids=[badge.product_id], at=now)
        Tag.objects.filter(product_id=badge.product_id).update(state="untagged", falls_at=now)

        after = snapshots([badge.product_id], now + DAY)[badge.product_id]

        assert (kept["is_valid"], after["is_valid"], after["status"]) == (True, False, "suspended")

    def test_is_written_once_however_often_it_is_followed(self, badge: Badge) -> None:
        for _time in range(3):
            actions.follow_products(product_ids=[badge.product_id], at=timezone.now())

        assert Tag.objects.count() == 1
