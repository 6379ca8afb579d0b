"""The pages that are asked for most, compiled by Jinja2: one program per language in which constant sentences already stand.

Django's templates walk a tree at every request; a program only joins texts. What the house's other pages say by tags is said here by calls
of the same functions: ``icon("check")``, ``pill(tone, _("Accepted"))``, ``row(_("Lot"), badge.lot_number)``, ``{% trans day=… %}``.
Such a page is ``templates/**/*.jinja``; the frame around it stays a template of Django (docs/adr/0012).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import override as speaking
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from assurance.templatetags import ui

if TYPE_CHECKING:
    from collections.abc import Callable

EXTENSIONS: Final = ["jinja2.ext.i18n"]
PLACE: Final = "7070707070"
"""Stands for a code or a number in an address: digits are both."""
GAP: Final = re.compile(r"%\((\w+)\)s")


def rendered(name: str, **context: Any) -> Markup:
    """Return a compiled page in the language that is active now."""
    return Markup(program(name, get_language() or settings.LANGUAGE_CODE).render(context))  # noqa: S704  escaped as it was made


@lru_cache(maxsize=64)
def program(name: str, language: str) -> Template:
    """Read, fold and compile a page for one language; kept for the life of the process."""
    environment = environment_of(language)
    loader = environment.loader
    if loader is None:
        raise TypeError("the environment has no loader")
    source, path, _is_fresh = loader.get_source(environment, name)
    with speaking(language):
        tree = Folding(environment).visit(environment.parse(source, name, path))
        code = environment.compile(tree, name, path)
    return environment.template_class.from_code(environment, code, environment.make_globals(None))


@cache
def environment_of(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(settings.BASE_DIR / "templates"), autoescape=True, undefined=StrictUndefined, extensions=EXTENSIONS
    )
    environment.install_gettext_callables(kept(gettext), ngettext, newstyle=True)  # type: ignore[attr-defined]  # by the extension
    environment.globals.update(CONSTANT, row=ui.row, seal=lru_cache(maxsize=256)(seal), language=language)
    environment.filters.update(
        day=ui.day, moment=ui.moment, money=ui.money, number=ui.number, retold=ui.retold, shown=ui.shown, when=ui.when
    )
    return environment


def kept(say: Callable[[str], str]) -> Callable[[str], str]:
    """Return the same for the sentences of one language, each looked up once."""
    return lru_cache(maxsize=4096)(say)


def seal(status: str, sides: str, size: str = "") -> Markup:
    return Markup(render_to_string("ui/seal.html", ui.seal(status, sides, size)))  # noqa: S704  of a template that escapes


# --- what says the same at every request --------------------------------------------------------------------------
def sentence(message: str) -> Markup:
    """A constant sentence: ours, so it may hold marks. A per cent sign is written twice, as in those with gaps."""
    return Markup(gettext(message) % ())  # noqa: S704


def url(route: str, code: str | int = "") -> str:
    """Return the address of a route; of one with a code or number, where codes are letters and digits only."""
    return address(route).replace(PLACE, str(code)) if code else reverse(route)


@cache
def address(route: str) -> str:
    return reverse(route, args=[PLACE])


CONSTANT: Final[dict[str, Callable[..., Any]]] = {"_": sentence, "icon": ui.icon, "pill": ui.pill, "url": url}
"""Functions that say the same to the same words in one language: called while a page is compiled, if all they are given stands there."""


class Folding(NodeTransformer):
    """Puts what constant calls say in their place, and takes sentences, lines and addresses with gaps apart at their gaps.

    A call with gaps costs a look-up, a format and an escape of the whole at every request; apart, only the gaps are worked out.
    """

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  the visitor looks for this name
        self.generic_visit(node)
        function = CONSTANT.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        given = [*node.args, *(one.value for one in node.kwargs)]
        if function is None or node.dyn_args or node.dyn_kwargs or not all(isinstance(one, nodes.Const) for one in given):
            return node
        args = [one.as_const() for one in node.args]
        said = function(*args, **{one.key: one.value.as_const() for one in node.kwargs})
        return nodes.Const(said, lineno=node.lineno, environment=self.environment)

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802  the visitor looks for this name
        self.generic_visit(node)
        node.nodes = [piece for child in node.nodes for piece in self.apart(child)]
        return node

    def apart(self, child: nodes.Expr) -> list[nodes.Expr]:
        """Return what is written out one after the other in the place of a call; anything else as it is."""
        match child:
            case nodes.Call(node=nodes.Name(name="gettext"), args=[nodes.Const(value=str(message))], kwargs=gaps):
                given = {gap.key: gap.value for gap in gaps}
                pieces = GAP.split(gettext(message))
                return [given[one] if is_gap else self.text(one.replace("%%", "%")) for one, is_gap in zip(pieces, cycle((False, True)))]
            case nodes.Call(node=nodes.Name(name="row"), args=[label, value]):
                before, between, after = map(self.text, ui.ROW.split("{}"))
                return [before, label, between, nodes.Filter(value, "shown", [], [], None, None), after]
            case nodes.Call(node=nodes.Name(name="url"), args=[nodes.Const(value=str(route)), code]):
                before, after = map(self.text, address(route).split(PLACE))
                return [before, code, after]
        return [child]

    def text(self, constant: str) -> nodes.Const:
        return nodes.Const(Markup(constant), environment=self.environment)  # noqa: S704  ours
