"""Templates with their constant parts worked out say what they said before, in every language and to every reader."""

from __future__ import annotations

import pytest
from django.template import Context, Engine
from django.template.loaders.locmem import Loader as Given
from django.utils import translation

from assurance.folding import ConstantNode, Loader, fold

PARTS = {
    "foot": "{% translate 'Close' %}{% icon 'x' %}",
    "own": "{{ name }}",
    "base": "<b>{% translate 'Products' %}</b>{% block body %}{% endblock %}{% include 'foot' %}",
    "page": "{% extends 'base' %}{% block body %}{% url 'home' %}{% if yes %}{% translate 'Cancel' %}{% else %}{{ name }}{% endif %}"
    "{% for n in '12' %}{% include 'own' %}{% endfor %}{% include 'ui/toast.html' with tone='pass' icon='x' text='' %}"
    "{% include 'ui/toast.html' with tone='pass' icon='x' text=name %}{% seal 'valid' sides %}"
    "{% blocktranslate with day=name %}Pick a day: {{ day }}{% endblocktranslate %}{% translate name %}"
    "{% translate 'Close' as word %}{{ word }}{% endblock %}",
}
BUILTINS = ["django.templatetags.i18n", "django.templatetags.static", "assurance.templatetags.ui"]


def engine(*, folded: bool) -> Engine:
    inner = [("django.template.loaders.locmem.Loader", PARTS), "django.template.loaders.filesystem.Loader"]
    made = Engine(dirs=Engine.get_default().dirs, loaders=[("assurance.folding.Loader", inner)], builtins=BUILTINS)
    if folded:
        loader = made.template_loaders[0]
        assert isinstance(loader, Loader)
        assert isinstance(loader.loaders[0], Given)
        for name in PARTS:
            fold(loader.get_template(name).nodelist, loader)
    return made


@pytest.fixture(scope="module")
def both() -> tuple[Engine, Engine]:
    return engine(folded=True), engine(folded=False)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_say_what_they_said(both: tuple[Engine, Engine], language: str) -> None:
    with translation.override(language):
        for name, yes, sides in (("<禾见>", True, "1000"), ("Amal", False, "1111"), ("Amal", True, "1000")):
            given = {"name": name, "yes": yes, "sides": sides}
            folded, plain = (one.get_template("page").render(Context(given)) for one in both)
            assert folded == plain


def test_keep_only_what_no_reader_changes(both: tuple[Engine, Engine]) -> None:
    base = both[0].get_template("base").nodelist
    assert [type(node) is ConstantNode for node in base] == [True, False, True]
    assert not any(isinstance(node, ConstantNode) for node in both[0].get_template("own").nodelist)
