import pytest

from assurance.web import text
from assurance.web.invalid import Invalid


def refusal_of(value: str, *, max_length: int = 40, several_lines: bool = False) -> str:
    with pytest.raises(Invalid) as refused:
        text.clean(value, max_length=max_length, several_lines=several_lines)
    return refused.value.code


class TestText:
    @pytest.mark.parametrize(
        "value",
        [
            "即食燕窝 70g×6",
            "Crème brûlée",
            "𠮷野家",
            "👩\u200d👩\u200d👧 家庭装",
            "กิ๊ฟท์",
            "ภาษาไทย น้ำ",
            "5 μm ± 0.2 ‰",
            "",
        ],
    )
    def test_that_people_type_is_kept(self, value):
        assert text.clean(value, max_length=40) == value

    def test_is_trimmed_and_composed(self):
        assert text.clean("　e\u0301clair \n", max_length=40, several_lines=True) == "éclair"

    def test_keeps_its_lines_where_several_are_allowed(self):
        assert text.clean("一\r\n二\t三", max_length=40, several_lines=True) == "一\n二\t三"

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("a\x00b", "nul_character"),
            ("a\ud800b", "invalid_unicode"),
            ("a\nb", "character_not_allowed"),
            ("a\x1b[31mb", "character_not_allowed"),
            ("a\x85b", "character_not_allowed"),
            ("photo\u202egpj.exe", "character_not_allowed"),
            ("a\u2066b", "character_not_allowed"),
            ("a\u200bb", "character_not_allowed"),
            ("a\u2028b", "character_not_allowed"),
            ("a\ufffeb", "character_not_allowed"),
            ("a\U0001ffffb", "character_not_allowed"),
            ("Z" + "\u0351" * 30, "character_not_allowed"),
            ("x" * 41, "too_long"),
            ("x" * 10_000_000, "too_long"),
            ("Z" + "\u0351" * 5000, "too_long"),
        ],
    )
    def test_that_hides_or_breaks_something_is_refused(self, value, code):
        assert refusal_of(value) == code

    def test_refuses_other_control_characters_also_in_several_lines(self):
        assert refusal_of("a\x08b", several_lines=True) == "character_not_allowed"


class TestClipping:
    def test_leaves_at_most_eighty_printable_characters(self):
        assert text.clip("x" * 5000) == "x" * 79 + "…"
        assert text.clip("a\x1b\nb") == "a  b"
        assert text.clip("x" * 80) == "x" * 80
