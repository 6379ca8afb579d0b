"""What may be wrong with a translation. Every flaw is one line that names the text and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.utils.functional import Promise

from assurance.messages import key_of, shown, strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from babel.messages.catalog import Catalog, Message
    from django.db.models import Model

HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
PLACEHOLDER: Final = re.compile(r"%(?:%|\((\w+)\)[-#0 +]*\d*(?:\.\d+)?([a-zA-Z])|[-#0 +]*\d*(?:\.\d+)?([sdrf]))")
HALF_WIDTH: Final = re.compile(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\.(?:\s|$)|[,;:?!][\u4e00-\u9fff]")
PROPER_NAMES: Final = ("无忧服务", "简体中文")
"""Chinese that an English text may hold."""
SAME_IN_CHINESE: Final = frozenset({"API", "English", "GTIN"})
"""Texts that are what they are in both languages."""
OWN_NAMES: Final = frozenset({"简体中文", "English", "CMA", "CNAS", "CMA + CNAS", "=", "<", ">"})
"""Choices that are no message: a language is called what its speakers call it, marks and signs are the same everywhere."""
NEVER_SHOWN: Final = frozenset({"assurance.SignInAttempt.outcome"})
"""Columns whose values nobody reads: the limits on sign-in count them."""


# --- the catalogue ------------------------------------------------------------------------------------------------
def flaws(fresh: Catalog, kept: Catalog) -> list[str]:
    """Return what is wrong with the catalogue for the messages that were found."""
    wrong = [f"no longer used, run make messages: {shown(old)}" for old in real(kept) if fresh.get(old.id, old.context) is None]
    for message in real(fresh):
        wrong += [f"Chinese in an English text: {shown(message)}"] if any(map(has_chinese, texts(message))) else []
        translated = kept.get(message.id, message.context)
        wrong += [f"{flaw}: {shown(message)}" for flaw in flaws_of(message, translated)]
    return wrong


def real(catalog: Catalog) -> Iterator[Message]:
    """Yield the messages without the header."""
    return (message for message in catalog if message.id)


def texts(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def has_chinese(text: str) -> bool:
    """Say whether an English text holds Chinese other than proper names."""
    for name in PROPER_NAMES:
        text = text.replace(name, "")
    return bool(HAN.search(text))


def flaws_of(message: Message, translated: Message | None) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    if translated is None:
        yield "not in the catalogue, run make messages"
        return
    chinese = strings(translated)[0]
    if not chinese:
        yield "without Chinese"
        return
    if translated.fuzzy:
        yield "marked as fuzzy"
    if message.pluralizable and len(strings(translated)) != 1:
        yield "Chinese has one plural form"
    if texts(message) != texts(translated):
        yield f"the plural has changed from {texts(translated)[-1]!r}, run make messages"
    wanted, given = placeholders(texts(message)[-1]), placeholders(chinese)
    if wanted != given:
        yield f"placeholders are {sorted(given)}, not {sorted(wanted)}"
    yield from flaws_of_style(key_of(message)[1], chinese)


def placeholders(text: str) -> set[str]:
    """Return the placeholders as (name)conversion; what occurs twice counts once, positional ones are counted."""
    named, positional = set(), 0
    for match in PLACEHOLDER.finditer(text):
        if match[1]:
            named.add(f"%({match[1]}){match[2]}")
        positional += bool(match[3])
    return named | ({f"{positional} × %s"} if positional else set())


def flaws_of_style(english: str, chinese: str) -> Iterator[str]:
    if not HAN.search(chinese) and english not in SAME_IN_CHINESE and re.search("[A-Za-z]{2}", PLACEHOLDER.sub("", chinese)):
        yield "still English"
    if HALF_WIDTH.search(chinese):
        yield "half-width punctuation beside Chinese"
    if (english[:1] == "\n", english[-1:] == "\n") != (chinese[:1] == "\n", chinese[-1:] == "\n"):
        yield "line break at one end only"


# --- choices ------------------------------------------------------------------------------------------------------
def plain_choices(models: Iterable[type[Model]]) -> list[str]:
    """Return the choices of columns whose label is a plain text, which nobody can translate."""
    return [
        f"the choice {label!r} of {model._meta.label}.{field.name} is no message: wrap it in gettext_lazy"
        for model in models
        for field in model._meta.get_fields()
        for _, label in getattr(field, "flatchoices", ())
        if not isinstance(label, Promise) and label not in OWN_NAMES and f"{model._meta.label}.{field.name}" not in NEVER_SHOWN
    ]


# --- data ---------------------------------------------------------------------------------------------------------
def data_flaws(told: Any, where: str) -> list[str]:
    """Return the texts of a data file that exist in one language only: ``zh`` beside ``en``, ``name_zh`` beside ``name_en``."""
    if isinstance(told, list):
        return [flaw for n, item in enumerate(told) for flaw in data_flaws(item, f"{where}[{n}]")]
    if not isinstance(told, dict):
        return []
    below = [flaw for name, item in told.items() for flaw in data_flaws(item, f"{where}.{name}")]
    return [*pair_flaws(told, where), *below]


def pair_flaws(told: Mapping[str, Any], where: str) -> Iterator[str]:
    stems = {name[:-2] for name, text in told.items() if re.search("(^|_)(zh|en)$", name) and isinstance(text, str)}
    for stem in sorted(stems):
        chinese, english = told.get(f"{stem}zh"), told.get(f"{stem}en")
        if bool(chinese) != bool(english):
            yield f"{where}.{stem}{'en' if chinese else 'zh'} is missing"
        elif chinese and english and has_chinese(english):
            yield f"{where}.{stem}en holds Chinese: {english!r}"
        elif chinese and re.search("[A-Za-z]{4}", chinese) and not HAN.search(chinese):
            yield f"{where}.{stem}zh holds no Chinese: {chinese!r}"
