"""Every kind of notice that the code sends has words, a tone and an icon; every kind that has words is sent."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import tablericons
from django.utils import translation

from assurance.notices.wording import LOOKS, WORDS, worded
from assurance.states import TONES

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT: Final = Path(__file__).resolve().parents[3]
APPS: Final = ("assurance", "warehouse", "qc", "logistics", "aftersales")
SENDERS: Final = {"notify", "_notify", "_tell", "_tell_merchant"}
"""``notify``, and functions of tasks that hand a kind on to it."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "notify(" in text:
                yield str(path.relative_to(ROOT)), ast.parse(text)


def called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def sent(tree: ast.AST) -> Iterable[str]:
    """Yield every kind that a module sends: the first argument, both sides if it is a choice."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in SENDERS and node.args:
            first = node.args[0]
            for one in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                if isinstance(one, ast.Constant):
                    yield str(one.value)


SENT: Final = {(name, kind) for name, tree in modules() for kind in sent(tree)}


class TestEveryKind:
    def test_that_is_sent_has_words(self) -> None:
        assert {(name, kind) for name, kind in SENT if kind not in WORDS} == set()

    def test_that_has_words_is_sent(self) -> None:
        assert WORDS.keys() - {kind for _name, kind in SENT} == set()

    @pytest.mark.parametrize(
        "sin", ['notify("wombat", recipients=x)', 'actions.notify("wombat")', 'notify("run_done" if ok else "wombat", key=k)']
    )
    def test_without_words_would_be_caught(self, sin: str) -> None:
        assert "wombat" in set(sent(ast.parse(sin)))

    def test_has_a_tone_and_an_icon(self) -> None:
        assert LOOKS.keys() == WORDS.keys()
        for tone, icon in LOOKS.values():
            assert tone in TONES
            assert tablericons._render_icon(f"outline/{icon}", None)

    def test_does_not_stumble_over_one_thing(self) -> None:
        with translation.override("en"):
            assert (
                worded("enrolment_returned", {"product": "Cream", "count": 1}).detail
                == "Points to change: 1. Each stands beside its field."
            )

    def test_names_a_product_in_the_readers_language(self) -> None:
        params = {"product": "洁面乳", "product_en": "Cleanser", "count": 1}
        with translation.override("en"):
            assert worded("enrolment_returned", params).title == "Cleanser needs changes"
            assert worded("enrolment_returned", params | {"product_en": ""}).title == "洁面乳 needs changes"
        with translation.override("zh-hans"):
            assert worded("enrolment_returned", params).title.startswith("洁面乳")
