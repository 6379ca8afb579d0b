"""A whole made-up folder through the platform's actions: the report is what somebody else counted, and a second run changes nothing."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from aftersales.reviews.models import BuyerReview
from assurance.badges.models import Badge
from assurance.fees.models import FeeLine, Posting, RatingDue, Statement
from assurance.products.models import Product
from demo.replay.report import KEYS
from tests.demo.replay.made_folder import Made, make
from warehouse.orders.models import Order, OrderLine, Parcel
from warehouse.orders.queries import reserved_differences
from warehouse.stock.models import Lot
from warehouse.stock.queries import differences

if TYPE_CHECKING:
    from pathlib import Path

    from tests.harness.databases import CommittedDatabase

pytestmark = pytest.mark.long


def replay(folder: Path) -> dict[str, Any]:
    """Run the command and return the report it wrote."""
    file = folder / "report.json"
    call_command("replay", str(folder), json=file)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def checksums() -> dict[str, str]:
    """Return one sum over all rows of every table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{name}\" AS t")
            found[name] = str(cursor.fetchone())
        return found


class TestTheReplay:
    def test_comes_to_what_somebody_else_counted_and_again_to_the_same(self, committed_db: CommittedDatabase, tmp_path: Path) -> None:
        made = make(tmp_path)

        found = replay(tmp_path)

        assert tuple(found) == KEYS
        assert {key: found[key] for key in made.report} == made.report
        self.the_money_adds_up(found)
        self.the_orders_are_as_far_as_they_came()
        self.everything_says_where_it_comes_from()
        self.the_badge_stood_when_it_was_paid()
        self.the_bad_rows_came_back(tmp_path, made)
        assert differences() == []
        assert reserved_differences() == []

        before = checksums()
        assert replay(tmp_path) == found
        after = checksums()
        assert {name for name in before if before[name] != after[name]} == set()

    def the_money_adds_up(self, found: dict[str, Any]) -> None:
        lines = FeeLine.objects.aggregate(sum=Sum("amount"))["sum"]
        postings = Posting.objects.filter(account="receivable").aggregate(sum=Sum("amount"))["sum"]
        statements = Statement.objects.aggregate(sum=Sum("total"))["sum"]
        assert Decimal(found["charges"]) == lines == postings == statements == Decimal(found["statements_total"])
        assert lines > 0
        assert not RatingDue.objects.exists()
        assert set(Statement.objects.values_list("state", flat=True)) == {"final"}

    def the_orders_are_as_far_as_they_came(self) -> None:
        states = Counter(Order.objects.values_list("marketplace_state", "state"))
        assert states["unavailable", "short"] == 3
        assert states["approved", "paid"] == 2
        assert states["invoiced", "packed"] == 12
        assert states["processing", "packed"] == 12
        assert states["canceled", "cancelled"] + states["canceled", "shipped"] == 16
        assert states["canceled", "cancelled"] > 0
        assert states["canceled", "shipped"] > 0
        assert states["shipped", "shipped"] == 30
        assert states["delivered", "delivered"] + states["delivered", "shipped"] == 140
        assert states["delivered", "shipped"] > 0
        two = Order.objects.get(number="000011test")
        assert Parcel.objects.filter(order=two).values("merchant").distinct().count() == 2

    def everything_says_where_it_comes_from(self) -> None:
        for model in (Product, Lot, Order, BuyerReview):
            assert set(model._default_manager.values_list("source", flat=True)) == {"replay"}

    def the_badge_stood_when_it_was_paid(self) -> None:
        said = Counter(line.badge["status"] for line in OrderLine.objects.all())
        assert said["none"] == OrderLine.objects.exclude(product_id__in=Badge.objects.values("product_id")).count()
        assert set(said) <= {"none", "valid", "expired"}
        assert said["valid"] > said["expired"]

    def the_bad_rows_came_back(self, folder: Path, made: Made) -> None:
        text = (folder / "report.bad-rows.csv").read_text(encoding="utf-8-sig")
        assert len(text.splitlines()) >= len(made.bad) + 1
        assert "buyer_name" in text
