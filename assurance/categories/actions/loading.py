"""Bring the categories that we ship into the database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from assurance.calendar import SHANGHAI
from assurance.categories.actions.activating import activate_harmless
from assurance.events.actions import announce_all
from assurance.events.changes import change, first
from assurance.products.content import FIELDS, Entry, entries, flaws
from assurance.products.lifecycle import VersionState
from assurance.products.models import Category, CategoryVersion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model

    from assurance.events.changes import Changes

    News = tuple[str, Model, Changes, dict[str, int]]

PLACE = ("name_zh", "name_en", "parent_id", "position")


@transaction.atomic
def load_categories(*, data: Mapping[str, Any], at: datetime) -> int:
    """Bring a file of categories into the database; return how many rows are new or changed. Nothing is ever removed.

    A category that is new begins with this version, in force from the file's ``from_date``. One that is there gets a draft if the
    file says something else than what is in force; the draft is activated at once if no approved product fails it, else it waits for an
    administrator (A1.2). A version that is known, whatever became of it, is passed over.

    :raises ValueError: for a file that says what no version may say
    """
    told = list(entries(data))
    for entry in told:
        if entry.content is not None and (found := flaws(entry.content)):
            raise ValueError(f"{entry.code}: {found}")
    known = {category.code: category for category in Category.objects.select_for_update().order_by("pk")}
    news = _place([one for one in told if not one.parent], known, data["version"])
    news += _place([one for one in told if one.parent], known, data["version"])
    said = [(known[one.code], one.content) for one in told if one.content is not None]
    fresh = _versions(said, data, at=at)
    news += [("categories.version.loaded", one, first(one, "label", "state"), {"category_id": one.category_id}) for one in fresh]
    announce_all(news, actor=None, at=at)
    done = activate_harmless([one for one in fresh if one.state == VersionState.DRAFT], at=at)
    return len(news) + len(done)


def _place(told: Sequence[Entry], known: dict[str, Category], label: str) -> list[News]:
    """Enter and move categories of one level; what they demand is their versions' part."""
    new: list[Category] = []
    news: list[News] = []
    for entry in told:
        values = {"name_zh": entry.name_zh, "name_en": entry.name_en, "position": entry.position}
        values |= {"parent_id": known[entry.parent].pk if entry.parent else None}
        if entry.code not in known:
            known[entry.code] = category = Category(code=entry.code, version=label, **values)
            for name, value in _columns(entry.content or {}).items():
                setattr(category, name, value)
            new.append(category)
        elif changes := change(known[entry.code], **values):
            known[entry.code].save(update_fields=list(values))
            news.append(("products.category.loaded", known[entry.code], changes, {}))
    Category.objects.bulk_create(new)
    return news + [("products.category.loaded", one, first(one, "version", "code", *PLACE), {}) for one in new]


def _versions(said: Sequence[tuple[Category, dict[str, Any]]], data: Mapping[str, Any], *, at: datetime) -> list[CategoryVersion]:
    """Enter the file's version of every category that does not know it."""
    standing: dict[int, list[CategoryVersion]] = {}
    for version in CategoryVersion.objects.filter(category__in=[category for category, _content in said]):
        standing.setdefault(version.category_id, []).append(version)
    fresh = []
    for category, content in said:
        others = standing.get(category.pk, [])
        if not others:
            begins = date.fromisoformat(data["from_date"])
            fresh.append(_version(category, content, data, at, 1, begins, state=VersionState.ACTIVE, activated_at=at, accepted_count=0))
        elif _is_news(others, content, data["version"]):
            today = timezone.localdate(at, SHANGHAI)
            fresh.append(_version(category, content, data, at, max(one.number for one in others) + 1, today))
    CategoryVersion.objects.bulk_create(fresh)
    return fresh


def _is_news(others: Sequence[CategoryVersion], content: Mapping[str, Any], label: str) -> bool:
    """Say whether a file's version must be entered: unknown, no draft in its way, and not what is in force anyway."""
    if any(one.label == label or one.state == VersionState.DRAFT for one in others):
        return False
    latest = next(one for one in others if one.state == VersionState.ACTIVE and one.effective_until is None)
    return latest.content() != content


def _version(
    category: Category, content: Mapping[str, Any], data: Mapping[str, Any], at: datetime, number: int, begins: date, **given: Any
) -> CategoryVersion:
    values = _columns(content) | {"label": data["version"], "number": number, "effective_from": begins}
    return CategoryVersion(category=category, drafted_at=at, changed_at=at, **values, **given)


def _columns(content: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: content[name] for name in FIELDS if name in content}
    return values | ({"risk_prior": Decimal(content["risk_prior"])} if content else {})
