"""What a text may not say. Rules, tried without a database and without settings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assurance.enrollment import wording
from assurance.enrollment.wording import check
from assurance.reference import DATA, newest

HERE = Path(__file__).parent
FORBIDDEN = (HERE / "forbidden_words.txt").read_text(encoding="utf-8").split("\n")[:-1]
ORDINARY = (HERE / "ordinary_texts.txt").read_text(encoding="utf-8").splitlines()
HARMLESS = ("最后一公里", "第一次", "最低起订量", "一级能效", "顶级域名", "第一时间", "最近", "最大承重", "最佳食用期", "唯一编码")


def found(text: str, category: str | None = None) -> list[tuple[str, str]]:
    return [(finding.text, finding.rule) for finding in check(text, category)]


@pytest.mark.row("A2.3")
class TestAText:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("市面上最温和的洁面", [("最温和", "absolute")]),
            ("销量第 一，全网最低价", [("销量第 一", "rank"), ("全网最低价", "absolute")]),
            ("我们是Ｎｏ．１", [("Ｎｏ．１", "rank")]),
            ("TOP1", [("TOP1", "rank")]),
            ("№1 品牌", [("№1", "rank")]),
            ("最\u200b佳 选择", [("最\u200b佳", "absolute")]),
            ("『最』佳", [("最』佳", "absolute")]),
            ("國家級", [("國家級", "state")]),
            ("根治痘痘，无副作用", [("根治", "medical"), ("无副作用", "guarantee")]),
            ("每一支都检过", [("每一支都检", "inspection")]),
            ("专家推荐，独家配方", [("专家推荐", "endorsement"), ("独家配方", "first_release")]),
            ("100％野生", [("100％野生", "guarantee")]),
            ("产自内蒙古的羊绒", [("产自内蒙古", "origin")]),
        ],
    )
    def test_is_found_wanting_however_it_is_written(self, text, expected):
        assert found(text) == expected

    def test_says_no_word_of_the_circulated_lists_unseen(self):
        assert len(FORBIDDEN) == 190
        assert [word for word in FORBIDDEN if not check(word)] == []

    def test_may_say_what_is_ordinary_in_any_category(self):
        texts = [*ORDINARY, "No.10", "Casino 1", "1.00% 棉", "含棉 100%棉", "面料：棉 100%", "羊毛100%", "顺序：第一页", "送到最后一公里"]
        categories = (None, "food/snacks", "skincare", "infant", "appliance")

        assert [(text, found(text, category)) for text in texts for category in categories if check(text, category)] == []

    @pytest.mark.parametrize("text", HARMLESS)
    def test_may_say_what_is_harmless_and_hides_nothing_beside_it(self, text):
        assert found(text) == []
        assert found(f"{text}买到全网第一") == [("全网第一", "rank")]
        assert found(f"最好{text}") == [("最好", "absolute")]

    def test_is_told_where_which_rule_what_law_and_what_would_support_it(self):
        finding = check("今天这支是顶级的")[0]

        assert (finding.start, finding.end, finding.level) == (5, 7, "high")
        assert finding.legal_basis == "《广告法》第九条第三项"
        assert finding.would_support
        assert type(finding.level) is str

    def test_is_measured_by_the_rules_it_is_given(self):
        nothing = {"version": "0", "families": {}, "rules": [], "whitelist": {"words": [], "patterns": []}, "simplified": {}}

        assert check("全网第一", rules=wording.read(nothing)) == []

    def test_is_checked_quickly_and_not_without_end(self):
        assert check("这支洁面乳最近到货。" * 390) == []
        with pytest.raises(ValueError, match="at most"):
            check("好" * (wording.LONGEST + 1))

    def test_needs_no_settings_and_no_database(self):
        root = DATA.parent
        code = "from assurance.enrollment.wording import check; print(check('全网第一', None)[0].text)"

        done = subprocess.run([sys.executable, "-c", code], cwd=root, env={"PYTHONUTF8": "1"}, capture_output=True, text=True, check=True)

        assert done.stdout == "全网第一\n"


@pytest.mark.row("A2.3")
class TestACategory:
    @pytest.mark.parametrize(
        ("text", "category", "expected"),
        [
            ("帮助改善睡眠", "food/snacks", [("改善睡眠", "food_health")]),
            ("帮助改善睡眠", "snacks", [("改善睡眠", "food_health")]),
            ("帮助改善睡眠", "textile", []),
            ("富含膳食纤维", "food", [("富含", "food_rating")]),
            ("美白保湿", "skincare", [("美白", "cosmetic_effect")]),
            ("美白保湿", "food", [("美白", "special_use")]),
            ("杀菌", "cosmetics", [("杀菌", "cosmetic_medical")]),
            ("杀菌率99.9%", "appliance", [("杀菌率99.9%", "disinfecting")]),
            ("热销", "medical-device", [("热销", "medical_goods")]),
        ],
    )
    def test_has_rules_of_its_own(self, text, category, expected):
        assert found(text, category) == expected

    @pytest.mark.parametrize("text", ["SC10133078100123", "国妆特字G20201234", "国妆网备进字（沪）2020001234", "3C证书2016010901123456"])
    def test_asks_for_the_certificate_whose_number_is_written(self, text):
        finding = check(text)[0]

        assert (finding.rule, finding.level) == ("certificate_number", "medium")
        assert text in finding.would_support


class TestTheRuleFile:
    def test_says_everything_in_both_languages(self):
        data = newest("advertising")
        names = ("name_zh", "name_en", "basis_zh", "basis_en", "advice_zh", "advice_en", "would_support_zh", "would_support_en")

        assert len({rule["code"] for rule in data["rules"]}) == len(data["rules"])
        for rule in data["rules"]:
            assert all(rule[name] for name in names)
            assert rule["words"] or rule["patterns"]
            assert rule["basis_en"].isascii()
            assert set(rule["support"]) <= {"certificate", "lab", "document"}
            assert set(rule["only_in"]) | set(rule["not_in"]) <= set(data["families"])
