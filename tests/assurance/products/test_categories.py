"""The categories that are shipped, and how they come into the database."""

from __future__ import annotations

import copy
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from assurance.categories import actions
from assurance.events.models import Event
from assurance.products import content
from assurance.products.models import Category, CategoryVersion
from assurance.products.queries import rules_of
from assurance.reference import LOADERS, newest
from tests import leftovers
from tests.factories import NOON

DATA = newest("categories")
ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 20)


ENTRIES = list(content.entries(DATA))
LEAVES = {entry.code: entry.content for entry in ENTRIES if entry.content is not None}


class TestTheShippedCategories:
    def test_are_named_once_in_both_languages(self):
        codes = [entry.code for entry in ENTRIES]

        assert len(codes) == len(set(codes)) == 60
        assert len(LEAVES) == 49
        assert all(entry.name_zh and entry.name_en.isascii() for entry in ENTRIES)

    def test_say_only_what_a_version_may_say(self):
        assert {code: found for code, said in LEAVES.items() if (found := content.flaws(said))} == {}

    def test_keep_every_category_of_the_version_before(self):
        before = json.loads((ROOT / "data/categories/2026-12.json").read_text(encoding="utf-8"))
        old = {one["code"]: one for top in before["categories"] for one in top.get("children", [top])}

        assert old.keys() <= LEAVES.keys()
        for code, said in old.items():
            for name in ("required_attributes", "lab_tests", "inspection_level", "aql_major", "badge_days", "lab_result_days"):
                assert LEAVES[code][name] == said[name], (code, name)

    def test_ask_for_papers_and_labels_in_both_languages(self):
        for code, said in LEAVES.items():
            assert said["certificates"], code
            assert said["labels"], code
            for one in (*said["certificates"], *said["labels"], *said["lab_tests"]):
                assert leftovers.HAN.search(one["label_zh"]) or one["label_zh"] == "pH 值", (code, one)
                assert not leftovers.HAN.search(one["label_en"]), (code, one)

    def test_use_acceptance_limits_of_the_standard(self):
        tables = json.loads((ROOT / "data/gbt2828/single_sampling_2012.json").read_text(encoding="utf-8"))

        assert tuple(tables["aqls"][: len(content.AQLS)]) == content.AQLS

    def test_are_stricter_for_infants(self):
        infant = LEAVES["infant-clothing"]

        assert (infant["aql_major"], infant["aql_minor"]) == ("1.5", "2.5")

    def test_change_the_label_checklist_on_the_day_of_the_new_standard(self):
        labels = LEAVES["snacks"]["labels"]

        assert [one["code"] for one in content.labels_for(labels, date(2027, 3, 15))] == ["gb7718-2011"]
        assert [one["code"] for one in content.labels_for(labels, date(2027, 3, 16))] == ["gb7718-2025"]

    def test_keep_infant_formula_from_sale_by_a_rule_of_its_own(self):
        assert {code for code, leaf in LEAVES.items() if leaf["shelf_life"].get("code") == "infant_formula"} == {"infant-formula"}


@pytest.mark.django_db
class TestLoadingCategories:
    def test_makes_each_once_below_its_group_with_its_version(self):
        assert actions.load_categories(data=DATA, at=NOON) == 109

        snacks = Category.objects.select_related("parent").get(code="snacks")
        assert (snacks.parent.code, snacks.name_zh, snacks.is_perishable, snacks.version) == ("food", "休闲零食", True, "2026-15")
        assert Event.objects.filter(kind="products.category.loaded").count() == 60
        version = rules_of(snacks, date(2016, 1, 1))
        assert (version.label, version.content()) == ("2026-15", LEAVES["snacks"])
        assert version.content() == snacks.content()
        assert not CategoryVersion.objects.filter(category__children__isnull=False).exists()

    @pytest.mark.row("P21.3")
    def test_changes_nothing_the_second_time(self):
        actions.load_categories(data=DATA, at=NOON)

        assert actions.load_categories(data=DATA, at=NOON) == 0
        assert Event.objects.filter(kind="products.category.loaded").count() == 60

    def test_brings_a_new_version_in_and_says_what_changed(self):
        actions.load_categories(data=DATA, at=NOON)

        assert actions.load_categories(data=newer(), at=NOON) == 2

        snacks = Category.objects.get(code="snacks")
        assert (snacks.badge_days, snacks.version) == (45, "2027-01")
        event = Event.objects.about(snacks).order_by("-id").first()
        assert event.changes == {"badge_days": [90, 45], "version": ["2026-15", "2027-01"]}
        assert rules_of(snacks, TODAY).badge_days == 45
        assert rules_of(snacks, TODAY - timedelta(days=1)).badge_days == 90

    def test_is_part_of_one_command_for_all_reference_data(self):
        said = io.StringIO()

        call_command("load_reference", stdout=said)

        assert "categories: 109 changed\n" in said.getvalue()
        assert "categories" in LOADERS


def newer():
    data = copy.deepcopy(DATA) | {"version": "2027-01"}
    data["categories"][0]["children"][0]["badge_days"] = 45
    return data
