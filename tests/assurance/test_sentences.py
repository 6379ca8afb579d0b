"""What the house wrote into the record is said again to each reader; what people wrote stays as it is."""

from __future__ import annotations

import pytest
from django.utils import translation

from assurance.sentences import KEPT, PLACEHOLDER, retold
from qc.inspections.verdict import ACCEPTED, REJECTED

pytestmark = pytest.mark.row("P21.1")


def filled(sentence: str) -> str:
    """Return a sentence as it is kept."""
    return PLACEHOLDER.sub("7", sentence.replace("%%", "%"))


class TestASentenceOfTheRecord:
    @pytest.mark.parametrize(
        ("kept", "chinese"),
        [
            (
                "Units with major defects: 9. The lot is rejected at 8.",
                "有严重缺陷的样品 9 件，到 8 件即不接收本批。",
            ),
            (
                "All 80 units were inspected, every class is within its limit.",
                "80 件样品已全部检验，各类缺陷均未超过接收数。",
            ),
        ],
    )
    def test_is_said_in_the_language_of_the_reader(self, kept: str, chinese: str):
        with translation.override("zh-hans"):
            assert retold(kept) == chinese
        with translation.override("en"):
            assert retold(kept) == kept

    @pytest.mark.parametrize(
        "text", ["", "9", "封口渗漏", "Units with major defects: 9.", "See: All 80 units were inspected, every class is within its limit."]
    )
    def test_is_left_alone_if_people_wrote_it(self, text: str):
        with translation.override("zh-hans"):
            assert retold(text) == text

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_is_said_in_every_language_whatever_signs_it_holds(self, language: str):
        with translation.override(language):
            for sentence in KEPT:
                told = retold(filled(sentence))

                assert told == filled(translation.gettext(sentence))
                assert not PLACEHOLDER.search(told)

    def test_is_registered_for_every_verdict(self):
        assert {ACCEPTED, *REJECTED.values()} <= KEPT.keys()
