"""May a product be chosen, and what may a script say? Rules, tried without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assurance.catalog.standing import Obstacle, has_fallen, stand, strength_of
from assurance.enrollment import advertising
from assurance.enrollment.advertising import Level, check
from assurance.reference import newest

RULES = advertising.read(newest("advertising"))
UNTIL = datetime(2026, 12, 1, tzinfo=UTC)


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.words, finding.rule.code) for finding in check(text, RULES)]


@pytest.mark.row("P12.4")
class TestStanding:
    @pytest.mark.parametrize(
        ("given", "obstacle"),
        [
            ({}, Obstacle.NONE),
            ({"is_listed": False}, Obstacle.NOT_ENROLLED),
            ({"badge_status": "suspended"}, Obstacle.SUSPENDED),
            ({"badge_status": "revoked"}, Obstacle.REVOKED),
            ({"badge_status": "expired"}, Obstacle.EXPIRED),
            ({"badge_status": "none"}, Obstacle.NO_BADGE),
            ({"badge_status": "something new"}, Obstacle.NO_BADGE),
            ({"sellable_units": 0}, Obstacle.NO_STOCK),
            ({"badge_status": "suspended", "sellable_units": 0}, Obstacle.SUSPENDED),
        ],
    )
    def test_names_the_worst_reason(self, given, obstacle):
        values = {"is_listed": True, "badge_status": "valid", "sellable_units": 1} | given

        standing = stand(**values)

        assert (standing.obstacle, standing.may_be_chosen) == (obstacle, obstacle is Obstacle.NONE)

    def test_says_why_and_until_when_a_stop_holds(self):
        standing = stand(is_listed=True, badge_status="suspended", sellable_units=1, because="being retested", until=UNTIL)

        assert (standing.because, standing.until) == ("being retested", UNTIL)

    @pytest.mark.parametrize(
        ("before", "after", "fell"), [("valid", "suspended", True), ("valid", "valid", False), ("none", "suspended", False)]
    )
    def test_falls_only_from_valid(self, before, after, fell):
        assert has_fallen(before, after) is fell

    def test_counts_the_proven_sides(self):
        assert [strength_of(sides) for sides in ("0000", "1000", "1011", "1111")] == [0, 1, 3, 4]


class TestAScript:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("市面上最温和的洁面", [("最温和", "absolute")]),
            ("销量第 一，全网最低价", [("销量第 一", "rank"), ("全网最低价", "absolute")]),
            ("我们是Ｎｏ．１", [("Ｎｏ．１", "rank")]),
            ("最\u200b佳 选择", [("最\u200b佳", "absolute")]),
            ("根治痘痘，无副作用", [("根治", "medical"), ("无副作用", "guarantee")]),
            ("每一支都检过", [("每一支都检", "inspection")]),
            ("专家推荐，独家配方", [("专家推荐", "endorsement"), ("独家配方", "first_release")]),
        ],
    )
    def test_is_found_wanting_however_it_is_written(self, text, expected):
        assert found(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "送到最后一公里",
            "第一次用",
            "一级能效空调",
            "最近到货，最多三件",
            "顶级域名",
            "含棉 100%棉",
            "国家标准 GB/T 29680",
            "随机抽检 200 件，0 件不合格",
        ],
    )
    def test_may_say_what_is_harmless(self, text):
        assert found(text) == []

    def test_is_told_where_which_rule_and_what_law(self):
        finding = check("今天这支是顶级的", RULES)[0]

        assert (finding.start, finding.end, finding.rule.level) == (5, 7, Level.HIGH)
        assert "第九条第三项" in finding.rule.basis_zh
        assert finding.rule.advice_en

    def test_is_checked_quickly_and_not_without_end(self):
        assert check("这支洁面乳最近到货。" * 390, RULES) == []
        with pytest.raises(ValueError, match="at most"):
            check("好" * (advertising.LONGEST + 1), RULES)

    def test_has_rules_that_say_everything_in_both_languages(self):
        data = newest("advertising")

        assert len({rule["code"] for rule in data["rules"]}) == len(data["rules"])
        for rule in data["rules"]:
            assert all(rule[name] for name in ("name_zh", "name_en", "basis_zh", "basis_en", "advice_zh", "advice_en", "words"))
            assert rule["basis_en"].isascii()
