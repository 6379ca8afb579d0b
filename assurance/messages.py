"""The words of the house: found in the code and its templates, kept in one catalogue for each language but English.

A message is written in English where it is used and is its own key. No gettext tools are needed, only Babel.
"""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize
from jinja2 import Environment
from jinja2.ext import extract_from_ast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LOCALE: Final = "zh_Hans"
APPS: Final = ("assurance", "warehouse", "qc", "logistics", "aftersales", "demo")
CALLS: Final[dict[str, Any]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
"""Which arguments of a call are messages; ``c`` is the context."""
HEADER: Final = f"""\
# Chinese of the house. ``make messages`` brings it up to date; only the msgstr are written by hand.
msgid ""
msgstr ""
"Language: {LOCALE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

Key = tuple[str | None, str]
"""Context and (singular) text."""


def catalogue_path(root: Path, folder: str = "locale") -> Path:
    return root / folder / LOCALE / "LC_MESSAGES" / "django.po"


def key_of(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def shown(message: Message) -> str:
    """Return the message for a line of a report, with the file it was found in."""
    place = f"{message.locations[0][0]}: " if message.locations else ""
    return place + repr(key_of(message)[1])


# --- finding ------------------------------------------------------------------------------------------------------
def sources(root: Path) -> Iterator[Path]:
    """Yield every file that may hold messages, in a fixed order."""
    for app in APPS:
        yield from sorted(path for path in (root / app).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for kind in ("*.html", "*.jinja", "*.txt") for path in (root / "templates").rglob(kind))


def calls_in(path: Path) -> bytes:
    """Return the file as Python in which the messages are calls of gettext.

    What Django makes of a template is no program: its lines keep their indentation, which would not fit together.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    if path.suffix == ".jinja":
        environment = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701  nothing is rendered
        environment.newstyle_gettext = True  # type: ignore[attr-defined]  # a per cent sign stays written twice
        told = ((call, said if isinstance(said, tuple) else (said,)) for _, call, said in extract_from_ast(environment.parse(text)))
        return "\n".join(f"{call}({', '.join(repr(one) for one in said if one is not None)})" for call, said in told).encode()
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines()).encode()


def found(root: Path) -> Catalog:
    """Return all messages of the code and the templates, untranslated.

    :raises ValueError: if one text is used with two plurals: gettext keeps only one of them
    """
    return gathered(sources(root), root)


def found_below(folder: str, *, but: tuple[str, ...] = ()) -> Catalog:
    """Return all messages of somebody else's package, without those of some of its folders."""
    root = Path(folder)
    paths = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".html", ".txt"))
    return gathered((path for path in paths if not set(but) & set(path.relative_to(root).parts)), root)


def gathered(paths: Iterable[Path], root: Path) -> Catalog:
    catalog = Catalog(locale=LOCALE, fuzzy=False)
    for path in paths:
        place = str(path.relative_to(root))
        for _, call, texts, _ in extract_python(BytesIO(calls_in(path)), CALLS, [], {"encoding": "utf-8"}):
            told = message_of(str(call), texts)
            if told is None:
                continue
            context, ids = told
            known = catalog.get(ids, context)
            if known and isinstance(known.id, tuple) and isinstance(ids, tuple) and known.id != ids:
                raise ValueError(f"{place}: {ids[0]!r} has two plurals: {known.id[1]!r} and {ids[1]!r}")
            catalog.add(ids, context=context, locations=[] if known and (place, 0) in known.locations else [(place, 0)])
    return catalog


def message_of(call: str, texts: Any) -> tuple[str | None, str | tuple[str, str]] | None:
    """Return context and text (or singular and plural) of one call; nothing if they are not literals."""
    given: list[Any] = list(texts) if isinstance(texts, tuple | list) else [texts]
    context = None
    wanted = CALLS[call] or (1,)
    if isinstance(wanted[0], tuple):
        context, wanted = given[0], (2, *wanted[2:])
    ids = [str(given[n - 1] or "") if n <= len(given) else "" for n in wanted]
    if not all(ids):
        return None
    return context, (ids[0], ids[1]) if len(ids) > 1 else ids[0]


# --- keeping ------------------------------------------------------------------------------------------------------
def read(path: Path) -> Catalog:
    """Return the catalogue of a file; an empty one if there is none."""
    if not path.exists():
        return Catalog(locale=LOCALE, fuzzy=False)
    with path.open("rb") as po:
        return read_po(po, locale=LOCALE)


def written(catalog: Catalog) -> str:
    """Return the text of the file: in the order of the places, without dates and line numbers, so that nothing but words differs."""
    for message in catalog:
        message.locations = sorted(set(message.locations))
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    return HEADER + body.getvalue().decode("utf-8").rstrip() + "\n"


def renewed(fresh: Catalog, *kept: Catalog) -> Catalog:
    """Return the fresh messages with the translations that are known; the first catalogue that has one wins."""
    for message in fresh:
        for old in (catalog.get(message.id, message.context) for catalog in kept):
            if old is not None and old.id and any(strings(old)):
                message.string = strings(old)[:1] if message.pluralizable else strings(old)[0]
                message.flags |= old.flags & {"fuzzy"}
                break
    return fresh


def strings(message: Message) -> tuple[str, ...]:
    """Return the translation of a message, one string for each plural form."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def parsed(text: str) -> Catalog:
    return read_po(StringIO(text), locale=LOCALE)
