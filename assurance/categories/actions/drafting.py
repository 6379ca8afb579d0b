"""Write a draft of what a category demands, change it, or give it up. A draft has no effect on anything."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.categories.wording import FLAWS
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.products.content import FIELDS, Content, flaws
from assurance.products.lifecycle import NEXT, VersionState
from assurance.products.models import Category, CategoryVersion
from assurance.refusals import Refused, WrongState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.products.content import Flaw


class VersionConflict(Refused):
    code = "version_conflict"
    message = _("Somebody else changed this draft: you saw change %(seen)s, now it is change %(now)s.")


class DraftExists(Refused):
    code = "draft_exists"
    message = _("This category has a draft already (%(label)s). Change it, or discard it first.")


class CategoryIsGroup(Refused):
    code = "category_is_group"
    status = 400
    message = _("A group has no rules of its own. Choose a category inside this group.")


class EffectiveInThePast(Refused):
    code = "date_in_the_past"
    status = 400
    message = _("A version takes effect today (%(today)s) at the earliest: what was judged stays judged.")


class PeriodTaken(Refused):
    code = "period_taken"
    message = _("Version %(label)s takes effect on %(from_date)s. The next one must begin after that day.")


class BadContent(Refused):
    code = "invalid"
    status = 400
    message = _("What the version says cannot be kept.")

    def __init__(self, found: list[Flaw]) -> None:
        super().__init__()
        self.found = found

    def points(self) -> list[tuple[str, str, str]]:
        return [(one.field, one.code, str(FLAWS[one.code]) % {"given": one.given}) for one in self.found]


@dataclass(frozen=True)
class Wording:
    """What somebody wants a version to say, from which day, and why."""

    content: Content
    effective_from: date
    note: str = ""

    def values(self) -> dict[str, Any]:
        said = {name: self.content[name] for name in FIELDS} | {"risk_prior": Decimal(self.content["risk_prior"])}
        return said | {"effective_from": self.effective_from, "note": self.note}


@transaction.atomic
def draft(*, category_id: int, wording: Wording, actor: User, at: datetime) -> CategoryVersion:
    """Begin a new version of a category.

    :raises BadContent, CategoryIsGroup, DraftExists, EffectiveInThePast, PeriodTaken: nothing is kept
    """
    category = Category.objects.select_for_update().get(pk=category_id)
    if Category.objects.filter(parent=category).exists():
        raise CategoryIsGroup
    if standing := CategoryVersion.objects.filter(category=category, state=VersionState.DRAFT).first():
        raise DraftExists(label=standing.label)
    judge(wording, category_id, at=at)
    number = next_number(category_id)
    version = CategoryVersion.objects.create(
        category=category,
        number=number,
        label=f"{category.version.partition('+')[0]}+{number}",
        authors=[actor.pk],
        drafted_at=at,
        changed_at=at,
        **wording.values(),
    )
    _tell("categories.version.drafted", version, first(version, "label", "effective_from", "note", *FIELDS), actor=actor, at=at)
    return version


@transaction.atomic
def redraft(*, version_id: int, revision: int, wording: Wording, actor: User, at: datetime) -> CategoryVersion:
    """Let a draft say something else. ``revision`` is the one the person saw; from now on the actor is one of its authors.

    :raises VersionConflict: if somebody changed it meanwhile
    :raises BadContent, EffectiveInThePast, PeriodTaken, WrongState: nothing is changed
    """
    version = locked(version_id)
    guard(version, VersionState.DRAFT)
    if revision != version.revision:
        raise VersionConflict(seen=revision, now=version.revision)
    judge(wording, version.category_id, at=at)
    values = wording.values()
    if changes := change(version, **values):
        version.revision, version.changed_at = version.revision + 1, at
        version.authors = sorted({*version.authors, actor.pk})
        version.save(update_fields=[*values, "revision", "changed_at", "authors"])
        _tell("categories.version.redrafted", version, changes, actor=actor, at=at)
    return version


@transaction.atomic
def discard(*, version_id: int, actor: User, at: datetime) -> CategoryVersion:
    """Give a draft up; it stays to be read.

    :raises WrongState: if it is no draft any more
    """
    version = locked(version_id)
    guard(version, VersionState.DISCARDED)
    changes = change(version, state=VersionState.DISCARDED)
    version.save(update_fields=["state"])
    _tell("categories.version.discarded", version, changes, actor=actor, at=at)
    return version


def locked(version_id: int) -> CategoryVersion:
    """Lock a version and its category, always the category first."""
    category_id = CategoryVersion.objects.values_list("category_id", flat=True).get(pk=version_id)
    category = Category.objects.select_for_update().get(pk=category_id)
    version = CategoryVersion.objects.select_for_update().get(pk=version_id)
    version.category = category
    return version


def guard(version: CategoryVersion, to: VersionState) -> None:
    """Refuse a step that the version's state does not allow; staying a draft is a step too."""
    state = VersionState(version.state)
    if state != VersionState.DRAFT or (to != state and to not in NEXT[state]):
        raise WrongState(state=version.get_state_display())


def judge(wording: Wording, category_id: int, *, at: datetime) -> None:
    """Refuse what no version may say, and a day that is past or taken."""
    if found := flaws(wording.content):
        raise BadContent(found)
    judge_day(wording.effective_from, category_id, at=at)


def judge_day(begins: date, category_id: int, *, at: datetime) -> None:
    """Refuse a first day that is past, or on which a later version has begun already."""
    today = timezone.localdate(at, SHANGHAI)
    if begins < today:
        raise EffectiveInThePast(field="effective_from", today=today.isoformat())
    latest = latest_of(category_id)
    if latest and begins <= latest.effective_from:
        raise PeriodTaken(field="effective_from", label=latest.label, from_date=latest.effective_from.isoformat())


def latest_of(category_id: int) -> CategoryVersion | None:
    """Return the version that nothing follows yet."""
    return CategoryVersion.objects.filter(category_id=category_id, state=VersionState.ACTIVE, effective_until=None).first()


def next_number(category_id: int) -> int:
    return (CategoryVersion.objects.filter(category_id=category_id).aggregate(most=Max("number"))["most"] or 0) + 1


def _tell(kind: str, version: CategoryVersion, changes: Mapping[str, list[Any]], *, actor: User | None, at: datetime) -> None:
    announce(kind, actor=actor, at=at, subject=version, changes=dict(changes), category_id=version.category_id)
