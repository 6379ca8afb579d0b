"""What a page says in the wrong language: its texts against the catalogue, and against what people wrote into the database."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.conf import settings
from django.db import models

from assurance import messages
from assurance.reference import newest
from assurance.translation_flaws import HAN, PLACEHOLDER, real, texts
from logistics.couriers.zones import PROVINCES

if TYPE_CHECKING:
    from collections.abc import Iterator

SILENT: Final = frozenset({"script", "style", "template"})
SAID_BY: Final = frozenset({"title", "placeholder", "aria-label", "alt", "hx-confirm", "data-confirm", "label"})
"""Attributes that a person sees or hears."""
SENTENCE: Final = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
"""Three English words in a row: no code, no name."""
BOTH: Final = ("无忧服务", "简体中文", "中文", "妆网备字", "国妆备字", "国妆特字", "国妆特进字", "国妆网备进字", "国食健注", "食健备")
"""What an English page says in Chinese: the name of the service, of the language, and the marks in official numbers."""
BY_THE_HOUSE: Final = frozenset({"Clearance", "Event", "EvidenceEntry", "Notice", "Stop"})
"""Tables whose English texts the house itself writes: they must be worded for the reader."""
MASKED: Final = re.compile(r"[\u4e00-\u9fff]+\*{1,3}")
"""A masked name, or a street without its number."""
OWN_NAME: Final = "English"
"""What a Chinese page says in English: the switch to it."""


class Page(HTMLParser):
    """The texts of a page, one for each element or telling attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0
        self._goes_on = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self._goes_on = tag == "mark"  # a text with a part of it marked is one text
        self.said += [squeezed(value) for name, value in attrs if name in SAID_BY and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0
        self._goes_on = tag == "mark"

    def handle_data(self, data: str) -> None:
        if self._silent or not squeezed(data):
            return
        if self._goes_on and self.said:
            self.said[-1] += squeezed(data)
        else:
            self.said.append(squeezed(data))


def squeezed(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class Written:
    """What people wrote into the database: it stays in the language it was written in."""

    chinese: tuple[str, ...]
    english: tuple[str, ...]
    codes: frozenset[str]
    judged: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False, repr=False)
    """What was found of a text in a language; pages repeat themselves."""

    @classmethod
    def in_the_database(cls) -> Written:
        ours = [model for model in apps.get_models() if model._meta.app_label in messages.APPS]
        everything = {text for model in ours for text in texts_of(model)}
        of_the_law = set(leaves(newest("advertising")["rules"]))  # words that a script is searched for
        chinese = {text for text in everything | of_the_law | set(PROVINCES.values()) if HAN.search(text)}
        by_people = [model for model in ours if model.__name__ not in BY_THE_HOUSE]
        english = {text for model in by_people for text in texts_of(model) if SENTENCE.search(text)}
        codes = frozenset(text for text in everything if text.islower() and " " not in text)
        return cls(tuple(sorted(chinese, key=len, reverse=True)), tuple(sorted(english, key=len, reverse=True)), codes)


def texts_of(model: type[models.Model]) -> Iterator[str]:
    """Yield every text in a table, those inside JSON too."""
    names = [f.name for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField | models.JSONField)]
    for row in model._default_manager.values_list(*names) if names else ():
        for value in row:
            yield from leaves(value)


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("{"):  # kept word for word, as canonical JSON
        with suppress(ValueError):
            yield from leaves(json.loads(value))
    elif isinstance(value, str):
        yield squeezed(value)
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from leaves(below)


@cache
def english_texts() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Return the pieces of all English texts that read differently in Chinese: as they are, and with placeholders as patterns."""
    plain, patterns = set(), []
    for message in real(messages.read(messages.catalogue_path(settings.BASE_DIR))):
        if HAN.search(messages.strings(message)[0]):
            for piece in (squeezed(piece) for text in texts(message) for piece in re.split(r"<[^>]+>", text)):
                if not PLACEHOLDER.search(piece):
                    plain.add(piece)
                elif re.search("[A-Za-z]{3}", PLACEHOLDER.sub("", piece)):
                    patterns.append(re.compile(".+".join(re.escape(part) for part in PLACEHOLDER.split(piece)[::4])))
    return frozenset(text for text in plain if re.search("[A-Za-z]{2}", text)), tuple(patterns)


def left_over(html: str, language: str, written: Written) -> list[str]:
    """Return the texts of a page that are not in its language."""
    return [text for text in Page(html).said if is_foreign(text, language, written)]


def is_foreign(text: str, language: str, written: Written) -> bool:
    found = written.judged.get((text, language))
    if found is None:
        found = is_english(text, written) if language == "zh-hans" else is_chinese(text, written)
        written.judged[text, language] = found
    return found


def is_english(text: str, written: Written) -> bool:
    plain, patterns = english_texts()
    if text == OWN_NAME:
        return False
    if text in plain or any(pattern.fullmatch(text) for pattern in patterns):
        return text not in written.english and text not in written.codes
    return bool(SENTENCE.search(without(text, written.english)))


def is_chinese(text: str, written: Written) -> bool:
    if len(text) == 1:  # the first character of a name, in place of a picture
        return False
    return bool(HAN.search(text)) and bool(HAN.search(without(MASKED.sub("", text), (*written.chinese, *BOTH))))


def without(text: str, known: tuple[str, ...]) -> str:
    for one in known:
        text = text.replace(one, "")
    return text


def said_in(answer: Any) -> str:
    """Return what an API answer says to a person: its title, its detail and those of its errors."""
    told = json.loads(answer.content)
    errors = told.get("errors", [])
    return " ".join([told["title"], told.get("detail") or "", *(str(error.get("message", error.get("detail", ""))) for error in errors)])
