"""Activate a version: only by another person, and only with the list of everybody whom it hits (A1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI
from assurance.categories import queries
from assurance.categories.actions.drafting import guard, judge_day, latest_of, locked
from assurance.categories.models import CategoryConcern
from assurance.events.actions import announce, announce_all
from assurance.events.changes import change
from assurance.products.content import FIELDS
from assurance.products.lifecycle import VersionState
from assurance.products.models import Category, CategoryVersion
from assurance.refusals import OwnWork, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from django.db.models import Model

    from assurance.categories.queries import Hit
    from assurance.events.changes import Changes


class OwnDraft(OwnWork):
    code = "own_work"
    message = _("You wrote on this draft. Another platform administrator must activate it.")


class NoSecondAdministrator(OwnWork):
    code = "no_second_person"
    message = _(
        "You wrote on this draft, and there is no other platform administrator. Nobody activates what he wrote: invite a second one."
    )


class ListChanged(Refused):
    code = "list_changed"
    message = _("The list of products that would fail is another one now: %(count)s products. Read it again before you accept it.")


@dataclass(frozen=True)
class Activation:
    """A draft to activate, with the fingerprint of the list that the person accepts."""

    version_id: int
    digest: str


def activate(*, version_id: int, digest: str, actor: User, at: datetime) -> CategoryVersion:
    """Activate one version; see ``activate_all``."""
    return activate_all([Activation(version_id, digest)], actor=actor, at=at)[0]


@transaction.atomic
def activate_all(wanted: Sequence[Activation], *, actor: User, at: datetime) -> list[CategoryVersion]:
    """Activate drafts, all or none. From its first day on each is what the category demands; what was decided before stays.

    :raises OwnDraft, NoSecondAdministrator: for whoever wrote on it
    :raises ListChanged: if others would fail it now than on the list that was accepted
    :raises EffectiveInThePast, PeriodTaken, WrongState: nothing is changed
    """
    return [_activate_one(one, actor=actor, at=at) for one in sorted(wanted, key=lambda one: one.version_id)]


def _activate_one(one: Activation, *, actor: User, at: datetime) -> CategoryVersion:
    version = locked(one.version_id)
    guard(version, VersionState.ACTIVE)
    if reason := queries.why_not(version, actor):
        raise NoSecondAdministrator if reason == NoSecondAdministrator.code else OwnDraft
    begins = first_day(version, at=at)
    judge_day(begins, version.category_id, at=at)
    queries.hold_still(version.category_id)
    hits = queries.hits(version, at=at)
    if one.digest != queries.fingerprint(version, hits):
        raise ListChanged(count=len(hits))
    return _put(version, hits, begins, actor=actor, at=at)


def first_day(version: CategoryVersion, *, at: datetime) -> date:
    """Return the day on which a draft would begin. What we ship names no day that must be kept: it begins when somebody activates it."""
    today = timezone.localdate(at, SHANGHAI)
    return version.effective_from if version.authors else max(version.effective_from, today)


@transaction.atomic
def activate_harmless(versions: Iterable[CategoryVersion], *, at: datetime) -> list[CategoryVersion]:
    """Activate what we ship where no approved product fails it; the others wait as drafts for an administrator."""
    done = []
    for given in versions:
        version = locked(given.pk)
        latest = latest_of(version.category_id)
        queries.hold_still(version.category_id)
        if version.state == VersionState.DRAFT and not version.authors and not queries.hits(version, at=at):
            if latest and version.effective_from <= latest.effective_from:
                continue
            done.append(_put(version, [], version.effective_from, actor=None, at=at))
    return done


def _put(version: CategoryVersion, hits: Sequence[Hit], begins: date, *, actor: User | None, at: datetime) -> CategoryVersion:
    ended = latest_of(version.category_id)
    if ended:
        changes = change(ended, effective_until=begins)
        ended.save(update_fields=["effective_until"])
        announce("categories.version.ended", actor=actor, at=at, subject=ended, changes=changes, category_id=version.category_id)
    new = {
        "state": VersionState.ACTIVE,
        "effective_from": begins,
        "activated_by_id": actor.pk if actor else None,
        "activated_at": at,
        "accepted_digest": queries.fingerprint(version, hits),
        "accepted_count": len(hits),
    }
    changes = change(version, **new)
    version.save(update_fields=list(new))
    CategoryConcern.objects.bulk_create(
        CategoryConcern(version=version, product=hit.product, merchant=hit.product.merchant, findings=hit.plain(), accepted_at=at)
        for hit in hits
    )
    announce("categories.version.activated", actor=actor, at=at, subject=version, changes=changes, category_id=version.category_id)
    if version.effective_from <= timezone.localdate(at, SHANGHAI):
        take_over([version], at=at)
    return version


@transaction.atomic
def put_in_force(*, at: datetime) -> int:
    """Let every category say what the version of this day in China says; return how many changed."""
    today = timezone.localdate(at, SHANGHAI)
    versions = CategoryVersion.objects.on(today).select_related("category").order_by("category_id")
    behind = [one.category_id for one in versions if one.label != one.category.version]
    locked_rows = Category.objects.select_for_update().filter(pk__in=behind).order_by("pk").in_bulk()
    due = []
    for version in versions:
        if version.category_id in locked_rows:
            version.category = locked_rows[version.category_id]
            due.append(version)
    return take_over(due, at=at)


def take_over(versions: Sequence[CategoryVersion], *, at: datetime) -> int:
    """Copy versions into their categories, whose rows the caller has locked."""
    news: list[tuple[str, Model, Changes, dict[str, int]]] = []
    for version in versions:
        new = {name: getattr(version, name) for name in FIELDS} | {"version": version.label}
        if changes := change(version.category, **new):
            version.category.save(update_fields=list(new))
            news.append(("categories.category.in_force", version.category, changes, {"version_id": version.pk}))
    announce_all(news, actor=None, at=at)
    return len(news)
