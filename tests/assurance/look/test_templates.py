"""Rules that hold for every template of the house, whoever wrote it."""

import re
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.template.loader import get_template

from assurance.templatetags import ui
from assurance.web import compiled

ROOT = settings.BASE_DIR / "templates"
CSS = settings.BASE_DIR / "assurance/static/wuyou/css"
NAMES = sorted(str(file.relative_to(ROOT)) for kind in ("*.html", "*.jinja") for file in ROOT.rglob(kind))
ALONE = {"evidence/check_alone.html"}
"""Files to be kept and opened without the platform: they carry their own style and script, and no page shows them."""
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


@cache
def source(name: str) -> str:
    return (ROOT / name).read_text()


@cache
def known_classes() -> frozenset[str]:
    return frozenset(re.findall(r"\.(w-[a-z0-9-]+)", "".join(file.read_text() for file in CSS.glob("*.css"))))


def used_classes(text: str) -> Iterator[str]:
    """Yield the ``w-`` classes of a template that are written out; ``w-{{ tone }}`` is no class yet."""
    for value in re.findall(r'class="([^"]*(?:"[^"%{}]*"[^"]*)*?)"', TAG.sub(" ", re.sub(r"w-[a-z0-9-]*(?={[{%])", " ", text))):
        yield from re.findall(r"(?<![\w-])(w-[a-z0-9-]+)", value)


def icons(text: str) -> set[str]:
    return set(re.findall(r'(?:{% icon |{{ icon\()"([^"]+)"', text)) | set(re.findall(r'\bicon="([^"]+)"', text))


class TestEveryTemplate:
    def test_can_be_read(self):
        for name in NAMES:
            assert compiled.program(name, "zh-hans") if name.endswith(".jinja") else get_template(name)

    def test_says_something(self):
        assert [name for name in NAMES if not source(name).strip()] == []

    def test_has_no_inline_style_or_script(self):
        inline = r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")"
        assert [name for name in NAMES if name not in ALONE and re.search(inline, TAG.sub("", source(name)))] == []

    def test_names_icons_that_exist(self):
        for icon in {icon for name in NAMES for icon in icons(source(name))}:
            ui.drawn(icon, "w-i")

    def test_uses_classes_that_exist(self):
        assert {name: wrong for name in NAMES if (wrong := set(used_classes(source(name))) - known_classes())} == {}

    def test_takes_nothing_from_another_host(self):
        assert [name for name in NAMES if re.search(r"(?:src|href|action)=\"(?:https?:)?//", source(name))] == []
