"""Examples for the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assurance.catalog import actions
from assurance.catalog.models import CatalogEntry, SelectionList
from assurance.roles import Role
from tests import offers
from tests.factories import NOON
from tests.hostile.examples.example import Example, number, somebody


def entry() -> CatalogEntry:
    return offers.listed(somebody(Role.MERCHANT_OWNER).organisation)


def studio_list() -> tuple[Any, SelectionList]:
    person = somebody(Role.STREAMER)
    return person, actions.make_list(name=f"list {number()}", actor=person, at=NOON)


def show() -> Example:
    return Example(somebody(Role.STREAMER), path={"pk": entry().pk})


def talk_sheet() -> Example:
    return Example(somebody(Role.STREAMER), path={"pk": entry().pk}, status=201)


def kept_sheet() -> Example:
    person = somebody(Role.STREAMER)
    _content, shown = actions.show_talk_sheet(entry=entry(), actor=person, at=NOON)
    return Example(person, path={"pk": shown.pk})


def one_list() -> Example:
    person, made = studio_list()
    return Example(person, path={"pk": made.pk})


def add() -> Example:
    person, made = studio_list()
    offered = offers.offered(somebody(Role.MERCHANT_OWNER))
    return Example(person, {"entries": [offered.pk]}, path={"pk": made.pk}, shared=frozenset({"entries"}))


def remove() -> Example:
    person, made = studio_list()
    return Example(person, {"entries": [entry().pk]}, path={"pk": made.pk}, shared=frozenset({"entries"}))


EXAMPLES: dict[str, Callable[[], Example]] = {
    "GET api:catalog-detail": show,
    "POST api:catalog-talk-sheet": talk_sheet,
    "POST api:catalog-check-script": lambda: Example(somebody(Role.STREAMER), {"script": "这是一支好用的洁面乳"}),
    "POST api:selection-list": lambda: Example(somebody(Role.STREAMER), {"name": "今晚"}, status=201),
    "GET api:selection-detail": one_list,
    "POST api:selection-add": add,
    "POST api:selection-remove": remove,
    "GET api:talk-sheet-detail": kept_sheet,
}
