"""The categories that are shipped, and how they come into the database."""

from __future__ import annotations

import copy
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from assurance.events.models import Event
from assurance.products import actions, attributes
from assurance.products.models import Category
from assurance.reference import LOADERS, newest
from tests.factories import NOON

DATA = newest("categories")
TABLES = json.loads((Path(__file__).resolve().parents[3] / "data/gbt2828/single_sampling_2012.json").read_text(encoding="utf-8"))


def entries(level=DATA["categories"]):
    for entry in level:
        yield entry
        yield from entries(entry.get("children", []))


class TestTheShippedCategories:
    def test_are_named_once_in_both_languages(self):
        codes = [entry["code"] for entry in entries()]

        assert len(codes) == len(set(codes)) == 22
        assert all(entry["name_zh"] and entry["name_en"].isascii() for entry in entries())

    def test_ask_for_attributes_that_can_be_read_and_are_named_once(self):
        for entry in entries():
            asked = attributes.read(entry["required_attributes"])
            assert len({one.key for one in asked}) == len(asked), entry["code"]
            assert entry["code"] == "general" or bool(asked) is not bool(entry.get("children")), entry["code"]
            assert all(one.choices for one in asked if one.kind == "choice"), entry["code"]

    def test_use_acceptance_limits_of_the_standard(self):
        limits = json.dumps(TABLES)

        for entry in entries():
            assert all(f'"{entry[name]}"' in limits for name in ("aql_major", "aql_minor")), entry["code"]

    def test_are_stricter_for_infants(self):
        infant = next(entry for entry in entries() if entry["code"] == "infant-clothing")

        assert (infant["aql_major"], infant["aql_minor"]) == ("1.5", "2.5")


@pytest.mark.django_db
class TestLoadingCategories:
    def test_makes_each_once_below_its_group(self):
        assert actions.load_categories(data=DATA, at=NOON) == 22

        snacks = Category.objects.select_related("parent").get(code="snacks")
        assert (snacks.parent.code, snacks.name_zh, snacks.is_perishable, snacks.version) == ("food", "休闲零食", True, "2026-12")
        assert Event.objects.filter(kind="products.category.loaded").count() == 22

    @pytest.mark.row("P21.3")
    def test_changes_nothing_the_second_time(self):
        actions.load_categories(data=DATA, at=NOON)

        assert actions.load_categories(data=DATA, at=NOON) == 0
        assert Event.objects.filter(kind="products.category.loaded").count() == 22

    def test_brings_a_new_version_in_and_says_what_changed(self):
        actions.load_categories(data=DATA, at=NOON)
        newer = copy.deepcopy(DATA) | {"version": "2027-01"}
        newer["categories"][0]["badge_days"] = 45

        assert actions.load_categories(data=newer, at=NOON) == 22

        event = Event.objects.about(Category.objects.get(code="food")).order_by("-id").first()
        assert event.changes == {"badge_days": [90, 45], "version": ["2026-12", "2027-01"]}

    def test_is_part_of_one_command_for_all_reference_data(self):
        said = io.StringIO()

        call_command("load_reference", stdout=said)

        assert "categories: 22 changed\n" in said.getvalue()
        assert "categories" in LOADERS
