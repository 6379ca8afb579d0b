"""What a category asks for beyond the common fields, read from its data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

TEXT_LENGTH: Final = 300


class AttributeKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True)
class Choice:
    value: str
    zh: str
    en: str


@dataclass(frozen=True)
class Attribute:
    """One thing a category wants to know. Values are text, numbers too, so that nothing is lost on the way."""

    key: str
    kind: AttributeKind
    label_zh: str
    label_en: str
    unit: str = ""
    hint_zh: str = ""
    hint_en: str = ""
    choices: tuple[Choice, ...] = ()

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_zh

    def hint(self, language: str) -> str:
        return self.hint_en if language.startswith("en") else self.hint_zh

    def options(self, language: str) -> list[tuple[str, str]]:
        return [(choice.value, choice.en if language.startswith("en") else choice.zh) for choice in self.choices]

    def written(self, value: str, language: str) -> str:
        """Return a value as people read it: a choice by its name, a number with its unit."""
        if self.kind == AttributeKind.CHOICE:
            return dict(self.options(language)).get(value, value)
        return f"{value} {self.unit}" if value and self.unit else value

    def flaw(self, value: str) -> str:
        """Return the code of what is wrong with a value that is there, or nothing."""
        if len(value) > TEXT_LENGTH:
            return "too_long"
        if self.kind == AttributeKind.NUMBER and not is_positive_number(value):
            return "number_expected"
        if self.kind == AttributeKind.CHOICE and value not in {choice.value for choice in self.choices}:
            return "invalid_choice"
        return ""


def read(asked: Iterable[Mapping[str, Any]]) -> tuple[Attribute, ...]:
    """Return a category's attributes from its data.

    :raises ValueError: for an unknown kind
    :raises TypeError: for an unknown or missing property
    """
    return tuple(
        Attribute(
            **{
                **one,
                "kind": AttributeKind(one["kind"]),
                "choices": tuple(Choice(**choice) for choice in one.get("choices", ())),
            }
        )
        for one in asked
    )


def is_positive_number(value: str) -> bool:
    """Say whether a text is a plain number greater than zero, like 800 or 0.5."""
    if not value.isascii() or not value.replace(".", "", 1).isdigit():
        return False
    try:
        return Decimal(value) > 0
    except InvalidOperation:
        return False


def flaws(given: Mapping[str, str], asked: Iterable[Attribute]) -> list[tuple[str, str]]:
    """Return ``(key, code)`` of every value that is wrong; what is missing is no flaw yet."""
    known = {attribute.key: attribute for attribute in asked}
    codes = {key: known[key].flaw(value) if key in known else "unknown_field" for key, value in given.items()}
    return [(key, code) for key, code in codes.items() if code]


def kept(given: Mapping[str, str], asked: Iterable[Attribute]) -> dict[str, str]:
    """Return the values that still mean something after the category was changed."""
    known = {attribute.key: attribute for attribute in asked}
    return {key: value for key, value in given.items() if key in known and not known[key].flaw(value)}
