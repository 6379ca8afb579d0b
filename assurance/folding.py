"""Templates whose constant parts are worked out once for each language: sentences, addresses, icons, names of static files.

A page of ours is mostly constant; rendering it node by node asked the catalogue for the same sentence at every request. The loader takes
runs of nodes that no context can change and keeps what they say, by language. What depends on a request is untouched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.base import FilterExpression, Node, NodeList, Template, TextNode, Variable
from django.template.defaulttags import CommentNode, LoadNode, URLNode
from django.template.library import InclusionNode, SimpleNode
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.template.loaders.cached import Loader as CachedLoader
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

from assurance.templatetags import ui

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.template import Context
    from django.template.base import Origin

PURE: Final[frozenset[Callable[..., Any]]] = frozenset({ui.icon, ui.pill, ui.key})
"""Tags that say the same for the same words, in one language."""
DRAWN: Final[frozenset[Callable[..., Any]]] = frozenset({ui.seal, ui.pips})
"""Tags with a template of their own of which the same is true."""
CLOSED: Final = frozenset({"ui/toast.html"})
"""Templates that look at nothing but what the including one gives them."""
MOST_KEPT: Final = 200
OURS: Final = str(settings.BASE_DIR / "templates")


class ConstantNode(Node):
    """A run of nodes that say the same at every request in one language."""

    child_nodelists = ()

    def __init__(self, parts: list[Node]) -> None:
        self.parts = parts
        self.said: dict[str | None, str] = {}

    def render_annotated(self, context: Context) -> str:
        language = get_language()
        try:
            return self.said[language]
        except KeyError:
            said = self.said[language] = "".join([str(part.render_annotated(context)) for part in self.parts])
            return said

    render = render_annotated


class SentenceNode(BlockTranslateNode):
    """A sentence with gaps that puts its message together once instead of at every request."""

    def __init__(self, node: BlockTranslateNode) -> None:
        self.__dict__.update(node.__dict__)
        read = super().render_token_list
        self.read = {id(tokens): read(tokens) for tokens in (self.singular, self.plural) if tokens}

    def render_token_list(self, tokens: Any) -> tuple[str, list[str]]:
        message, names = self.read[id(tokens)]
        return message, list(names)  # the caller adds to it


class DrawnNode(InclusionNode):
    """A tag with a template that keeps what it said to the same words."""

    def __init__(self, node: InclusionNode) -> None:
        self.__dict__.update(node.__dict__)
        self.said: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        args, kwargs = self.get_resolved_arguments(context)
        asked = (get_language(), *map(str, args), *map(str, kwargs.items()))
        if asked not in self.said:
            if len(self.said) >= MOST_KEPT:
                self.said.clear()
            self.said[asked] = super().render(context)
        return self.said[asked]


class Loader(CachedLoader):
    """Keeps templates, ours folded."""

    def __init__(self, engine: Any, loaders: Any) -> None:
        super().__init__(engine, loaders)
        self.folding: set[str] = set()

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        if str(template.origin.name).startswith(OURS) and not hasattr(template, "is_folded") and template_name not in self.folding:
            self.folding.add(template_name)
            try:
                fold(template.nodelist, self)
            finally:
                self.folding.discard(template_name)
            template.is_folded = True  # type: ignore[attr-defined]
        return template


def fold(nodes: NodeList, loader: Loader) -> None:
    """Replace runs of constant nodes in this list and in those below it."""
    for node in nodes:
        for below in lists_of(node):
            fold(below, loader)
    if any(isinstance(node, ExtendsNode) for node in nodes):
        return  # it must stay the first that is no text
    nodes[:] = joined(part for node in nodes for part in unfolded(node, loader))


def lists_of(node: Node) -> list[NodeList]:
    """Return the lists that a node holds. An ``if`` holds one a branch."""
    if branches := getattr(node, "conditions_nodelists", None):
        return [below for _condition, below in branches]
    return [below for name in node.child_nodelists if isinstance(below := getattr(node, name, None), NodeList)]


def unfolded(node: Node, loader: Loader) -> list[Node]:
    """Return the constant parts in place of a node that is made of nothing else, or the node."""
    if isinstance(node, ConstantNode):
        return node.parts
    if isinstance(node, IncludeNode) and not node.extra_context and isinstance(name := constant_of(node.template), str):
        try:
            below = loader.get_template(name).nodelist
        except TemplateDoesNotExist:
            return [node]  # told when it is rendered, as always
        if all(isinstance(one, ConstantNode | TextNode) for one in below):
            return [part for one in below for part in unfolded(one, loader)]
    return [node]


def joined(nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes with every run of constant ones as one."""
    made: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if is_constant(node):
            run.append(node)
            continue
        made += closed(run)
        run = []
        made.append(quicker(node))
    return made + closed(run)


def quicker(node: Node) -> Node:
    """Return a node that says the same with less work, where there is one."""
    if type(node) is BlockTranslateNode:
        return SentenceNode(node)
    return DrawnNode(node) if isinstance(node, InclusionNode) and node.func in DRAWN else node


def closed(run: list[Node]) -> list[Node]:
    """Return a run as one node; a single text stays what it is."""
    return run if len(run) == 1 and isinstance(run[0], TextNode) else [ConstantNode(run)] if run else []


# --- what no context can change -----------------------------------------------------------------------------------
def is_constant(node: Node) -> bool:
    """Say whether a node says the same at every request in one language. Only kinds that are known can be."""
    match node:
        case TextNode() | CommentNode() | LoadNode() | ConstantNode():
            return True
        case TranslateNode():
            return not node.asvar and node.message_context is None and is_literal(node.filter_expression)
        case BlockTranslateNode():
            plain = not (node.asvar or node.extra_context or node.counter or node.message_context)
            return plain and not node.render_token_list(node.singular)[1]
        case StaticNode():
            return node.varname is None and is_literal(node.path)
        case URLNode():
            return node.asvar is None and all(map(is_literal, [node.view_name, *node.args, *node.kwargs.values()]))
        case IncludeNode():
            return constant_of(node.template) in CLOSED and all(map(is_literal, node.extra_context.values()))
        case SimpleNode():
            given = [*node.args, *node.kwargs.values()]
            return node.target_var is None and node.func in PURE and all(map(is_literal, given))
    return False


def is_literal(said: FilterExpression) -> bool:
    """Say whether an expression is a text or a figure written in the template, through no filter."""
    if said.filters:
        return False
    return not isinstance(said.var, Variable) or said.var.literal is not None


def constant_of(said: FilterExpression) -> Any:
    return said.var if not said.filters and isinstance(said.var, str) else None
