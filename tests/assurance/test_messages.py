"""The catalogue: what is found, what is kept, what is wrong with it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assurance import messages, translation_flaws
from assurance.products.models import Category

ROOT = Path(__file__).resolve().parents[2]


def found_in(tmp_path: Path, name: str, text: str) -> dict[messages.Key, Any]:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return {messages.key_of(message): message.id for message in messages.found(tmp_path) if message.id}


class TestFindingMessages:
    def test_finds_calls_in_python(self, tmp_path: Path):
        text = (
            'a = _("One")\nb = ngettext("%(n)s lot", "%(n)s lots", n)\nc = pgettext_lazy("place", "Two")\nd = _("Three "\n  "and four")\n'
        )

        found = found_in(tmp_path, "qc/a.py", text)

        assert found == {
            (None, "One"): "One",
            (None, "%(n)s lot"): ("%(n)s lot", "%(n)s lots"),
            ("place", "Two"): "Two",
            (None, "Three and four"): "Three and four",
        }

    def test_finds_tags_in_templates(self, tmp_path: Path):
        text = (
            '<p>{% translate "One" %}</p>\n      {% row _("Two") x %}\n'
            "{% blocktranslate count n=n %}{{ n }} lot{% plural %}{{ n }} lots{% endblocktranslate %}\n"
            '  {% blocktranslate trimmed asvar said with a="b" %}\n   Three {{ a }}\n   50%\n  {% endblocktranslate %}\n'
            '{% translate "Four" context "place" %}{{ x|default:_("Five") }}{# _("Not this") #}'
        )

        found = found_in(tmp_path, "templates/a.html", text)

        assert found == {
            (None, "One"): "One",
            (None, "Two"): "Two",
            (None, "%(n)s lot"): ("%(n)s lot", "%(n)s lots"),
            (None, "Three %(a)s 50%%"): "Three %(a)s 50%%",
            ("place", "Four"): "Four",
            (None, "Five"): "Five",
        }

    def test_refuses_one_text_with_two_plurals(self, tmp_path: Path):
        with pytest.raises(ValueError, match="two plurals"):
            found_in(tmp_path, "qc/a.py", 'ngettext("lot", "lots", n)\nngettext("lot", "lotses", n)\n')


def catalogue(*entries: str) -> Any:
    return messages.parsed(messages.HEADER + "\n\n".join(entries))


@pytest.fixture(scope="module")
def found_in_the_house() -> Any:
    """Everything the house says: looking for it takes seconds, so it is done once."""
    return messages.found(ROOT)


@pytest.fixture
def found_once(monkeypatch: pytest.MonkeyPatch, found_in_the_house: Any) -> None:
    monkeypatch.setattr(messages, "found", {ROOT: found_in_the_house}.__getitem__)


class TestKeepingTheCatalogue:
    def test_keeps_translations_and_drops_what_is_not_used(self):
        fresh = catalogue('#: qc/b.py\nmsgid "New"\nmsgstr ""', '#: qc/a.py\nmsgid "Lot"\nmsgstr ""')
        kept = catalogue('msgid "Lot"\nmsgstr "批次"', 'msgid "Old"\nmsgstr "旧"')

        text = messages.written(messages.renewed(fresh, kept))

        assert text == messages.HEADER + '#: qc/a.py\nmsgid "Lot"\nmsgstr "批次"\n\n#: qc/b.py\nmsgid "New"\nmsgstr ""\n'

    def test_writes_the_same_again(self, found_in_the_house: Any):
        path = messages.catalogue_path(ROOT)

        again = messages.written(messages.renewed(copy.deepcopy(found_in_the_house), messages.read(path)))

        assert again == path.read_text(encoding="utf-8")


@pytest.mark.row("P21.1")
class TestTheCheck:
    @pytest.mark.parametrize(
        ("english", "entry", "flaw"),
        [
            ('msgid "Lot"', "", "not in the catalogue"),
            ('msgid "Lot"', 'msgid "Lot"\nmsgstr ""', "without Chinese"),
            ('msgid "Lot"', '#, fuzzy\nmsgid "Lot"\nmsgstr "批次"', "fuzzy"),
            ('msgid "Lot"', 'msgid "Lot"\nmsgstr "Lot"', "still English"),
            ('msgid "Lot %(lot)s"', 'msgid "Lot %(lot)s"\nmsgstr "批次"', "placeholders"),
            ('msgid "Lot %(lot)s"', 'msgid "Lot %(lot)s"\nmsgstr "批次 %(lots)s"', "placeholders"),
            ('msgid "Lot %(lot)s"', 'msgid "Lot %(lot)s"\nmsgstr "批次 %(lot)d"', "placeholders"),
            (
                'msgid "%(n)s lot"\nmsgid_plural "%(n)s lots"',
                'msgid "%(n)s lot"\nmsgid_plural "%(n)s lots"\nmsgstr[0] "批次"',
                "placeholders",
            ),
            ('msgid "Lots, here"', 'msgid "Lots, here"\nmsgstr "批次,在这里"', "half-width"),
            ('msgid "Lot"', 'msgid "Lot"\nmsgstr "批次"\n\nmsgid "Old"\nmsgstr "旧"', "no longer used"),
            ('msgid "批次"', 'msgid "批次"\nmsgstr "批次"', "Chinese in an English text"),
        ],
    )
    def test_names_the_flaw(self, english: str, entry: str, flaw: str):
        found = translation_flaws.flaws(catalogue(f'{english}\nmsgstr ""'), catalogue(entry))

        assert len(found) == 1
        assert flaw in found[0]

    def test_accepts_what_is_right(self):
        entry = '"%(n)s lot of %(m)s, 50%%"'

        assert (
            translation_flaws.flaws(catalogue(f'msgid {entry}\nmsgstr ""'), catalogue(f'msgid {entry}\nmsgstr "%(m)s 的 %(n)s 批，50%%"'))
            == []
        )

    def test_names_a_choice_that_is_no_message(self, monkeypatch: pytest.MonkeyPatch):
        field = Category._meta.get_field("inspection_level")
        monkeypatch.setattr(field, "choices", [("II", "Level II")])

        found = translation_flaws.plain_choices([Category])

        assert found == ["the choice 'Level II' of assurance.Category.inspection_level is no message: wrap it in gettext_lazy"]

    def test_names_data_in_one_language_only(self):
        told = {"name_zh": "食品", "children": [{"zh": "常温", "en": ""}, {"zh": "Ambient", "en": "Ambient"}, {"zh": "常温", "en": "常温"}]}

        found = translation_flaws.data_flaws(told, "x")

        assert found == [
            "x.name_en is missing",
            "x.children[0].en is missing",
            "x.children[1].zh holds no Chinese: 'Ambient'",
            "x.children[2].en holds Chinese: '常温'",
        ]

    @pytest.mark.usefixtures("found_once")
    def test_finds_nothing_in_the_house(self):
        call_command("messages", check=True)

    @pytest.mark.usefixtures("found_once")
    def test_fails_when_something_is_found(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(messages, "read", lambda path: catalogue())

        with pytest.raises(CommandError, match="not in the catalogue"):
            call_command("messages", check=True)
