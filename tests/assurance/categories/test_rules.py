"""What a version may say, what two versions say differently, and how old goods may be: no database."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from assurance.products import content, freshness
from assurance.products.completeness import Demands, Finding, Given, findings
from assurance.products.content import Difference, Flaw
from assurance.reference import newest

SNACKS = next(entry.content for entry in content.entries(newest("categories")) if entry.code == "snacks")
FOOD = SNACKS["shelf_life"]
FRESH = newest("categories")["shared"]["shelf_life"]["fresh"]


def with_(**changed: Any) -> dict[str, Any]:
    return copy.deepcopy(SNACKS) | changed


def attribute(**changed: Any) -> dict[str, Any]:
    return {"key": "salt", "kind": "number", "label_zh": "盐", "label_en": "Salt"} | changed


class TestAVersion:
    @pytest.mark.parametrize(
        ("changed", "flaw"),
        [
            ({"aql_major": "2.6"}, Flaw("aql_major", "aql_not_preferred", "2.6")),
            ({"aql_major": "4.0", "aql_minor": "2.5"}, Flaw("aql_minor", "aql_stricter_than_major", "2.5")),
            ({"inspection_level": "IV"}, Flaw("inspection_level", "invalid_choice", "IV")),
            ({"badge_days": 0}, Flaw("badge_days", "out_of_range")),
            ({"risk_prior": "1.2"}, Flaw("risk_prior", "prior_expected", "1.2")),
            ({"risk_prior": "٠.٢"}, Flaw("risk_prior", "prior_expected", "٠.٢")),
            ({"risk_reason_zh": " "}, Flaw("risk_reason_zh", "required")),
            ({"required_attributes": [attribute(kind="colour")]}, Flaw("required_attributes.0.kind", "attribute_kind_unknown", "colour")),
            ({"required_attributes": [attribute(key="Salt")]}, Flaw("required_attributes.0.key", "key_expected", "Salt")),
            ({"required_attributes": [attribute(), attribute()]}, Flaw("required_attributes", "named_twice", "salt")),
            ({"required_attributes": [attribute(kind="choice")]}, Flaw("required_attributes.0.choices", "choices_expected")),
            ({"required_attributes": [attribute(colour="red")]}, Flaw("required_attributes.0.colour", "unknown_field")),
            ({"required_attributes": [{"key": "salt"}]}, Flaw("required_attributes.0.kind", "required")),
            ({"required_attributes": "salt"}, Flaw("required_attributes", "list_expected")),
            (
                {"certificates": [{"kind": "ce", "label_zh": "欧", "label_en": "CE", "required": True}]},
                Flaw("certificates.0.kind", "certificate_kind_unknown", "ce"),
            ),
            ({"labels": [dict(SNACKS["labels"][0], made_until="2027-3-16")]}, Flaw("labels.0.made_until", "date_expected", "2027-3-16")),
            ({"labels": [dict(SNACKS["labels"][0], items=[])]}, Flaw("labels.0.items", "items_expected")),
            ({"shelf_life": FOOD | {"gift": "3/2"}}, Flaw("shelf_life", "share_expected")),
            ({"shelf_life": FOOD | {"near": FOOD["near"][::-1]}}, Flaw("shelf_life", "rule_without_end")),
            (
                {"shelf_life": FOOD | {"near": [FOOD["near"][1], FOOD["near"][0], FOOD["near"][-1]]}},
                Flaw("shelf_life", "rule_out_of_order"),
            ),
            ({"shelf_life": {"code": "x"}}, Flaw("shelf_life", "rule_unreadable")),
        ],
    )
    def test_says_nothing_that_cannot_be_kept(self, changed, flaw):
        assert flaw in content.flaws(with_(**changed))

    def test_is_whole(self):
        assert [one.code for one in content.flaws({})] == ["required"] * len(content.FIELDS)

    def test_differs_from_another_entry_by_entry(self):
        after = with_(badge_days=60, certificates=[one for one in SNACKS["certificates"] if one["kind"] != "customs"])
        after["required_attributes"] = [*after["required_attributes"], attribute()]

        assert content.differences(SNACKS, after) == [
            Difference("required_attributes", "salt", None, attribute()),
            Difference("certificates", "customs", SNACKS["certificates"][-1], None),
            Difference("badge_days", "", 90, 60),
        ]

    def test_has_a_fingerprint_that_does_not_depend_on_order(self):
        assert content.digest({"a": 1, "b": [2]}) == content.digest({"b": [2], "a": 1}) != content.digest({"a": 1, "b": [3]})


class TestFreshness:
    @pytest.mark.parametrize(("life", "days"), [(60, 15), (61, 20), (365, 121), (1, 0)])
    def test_takes_in_what_has_used_up_a_quarter_or_a_third(self, life, days):
        assert freshness.most_age_days(life, FOOD) == days

    def test_takes_gifts_in_until_half(self):
        assert freshness.most_age_days(365, FOOD, is_gift=True) == 182

    @pytest.mark.parametrize(("life", "days"), [(730, 90), (729, 45), (180, 30), (90, 20), (30, 10), (29, 2), (9, 1)])
    def test_calls_goods_near_their_end_by_the_table(self, life, days):
        assert freshness.near_days(life, FOOD) == days

    @pytest.mark.parametrize(("life", "days"), [(8, 2), (9, 3), (60, 5)])
    def test_calls_goods_near_their_end_by_a_share_with_a_cap(self, life, days):
        assert freshness.near_days(life, FRESH) == days

    def test_has_no_limit_without_a_rule(self):
        assert (freshness.most_age_days(365, {}), freshness.near_days(365, {})) == (None, None)

    def test_needs_a_life(self):
        with pytest.raises(ValueError, match="at least one day"):
            freshness.most_age_days(0, FOOD)


class TestCompleteness:
    def test_asks_for_certificates_where_they_are_demanded(self):
        given = Given("x", "y", "", "loose goods", None, {}, certificates=frozenset({"sc"}))

        assert findings(given, Demands(False, (), ("sc", "ccc"))) == [Finding("certificates.ccc", "missing_certificate")]
