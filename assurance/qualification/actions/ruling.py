"""Versions of the entry rules: the first from the data we ship, every further one from an administrator who saw whom it hits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import announce
from assurance.events.changes import first
from assurance.qualification.models import EntryRules
from assurance.qualification.outcome import read_terms, with_changes
from assurance.qualification.queries import newest_rules, would_fail
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from decimal import Decimal

    from assurance.accounts.models import Organisation, User

APART = ("version", "from_date", "about")


class RulesTooEarly(Refused):
    code = "rules_too_early"
    status = 422
    message = _("A new version begins after the one of %(from_date)s, and not in the past.")


class RulesDiffer(Refused):
    code = "rules_differ"
    message = _("Version %(version)s of the entry rules is there already and says something else. A change is a new version.")


class UnseenList(Refused):
    code = "list_not_accepted"
    message = _("Look at the merchants taking part that would not meet the new rules, and accept exactly these: %(codes)s.")

    def __init__(self, hit: list[Organisation]) -> None:
        super().__init__(field="accepts", codes=", ".join(one.code for one in hit) or "–")
        self.hit = hit


@transaction.atomic
def load_rules(*, data: Mapping[str, Any], at: datetime) -> int:
    """Bring a version of the rules into the database; return 1 if it is new. A version that another one has followed stays out.

    :raises RulesDiffer: if this version is there with other terms
    """
    version, begins = data["version"], date.fromisoformat(data["from_date"])
    terms = {name: value for name, value in data.items() if name not in APART}
    there = EntryRules.objects.filter(version=version).first()
    if there:
        if there.terms != terms or there.from_date != begins:
            raise RulesDiffer(version=version)
        return 0
    newest = newest_rules()
    if newest and begins <= newest.from_date:
        return 0
    read_terms(version, terms)
    _keep(version, begins, terms, because="", actor=None, at=at)
    return 1


@transaction.atomic
def publish_rules(
    *,
    version: str,
    from_date: date,
    floors: Mapping[str, Decimal],
    changed: Mapping[str, Any],
    because: str,
    accepts: Collection[str],
    actor: User,
    at: datetime,
) -> EntryRules:
    """Bring in a new version: the newest one with other floors and numbers, from a day on.

    ``accepts`` are the codes of the merchants taking part that would not meet it; who publishes has seen exactly these.

    :raises RulesTooEarly: unless it begins after the newest one, and today at the earliest
    :raises RulesDiffer: if the version is there already
    :raises UnseenList: if the list is another one by now
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('entry rules'))")
    newest = newest_rules()
    today = at.astimezone(SHANGHAI).date()
    if newest is None or from_date <= newest.from_date or from_date < today:
        raise RulesTooEarly(field="from_date", from_date=newest.from_date.isoformat() if newest else "–")
    if EntryRules.objects.filter(version=version).exists():
        raise RulesDiffer(field="version", version=version)
    terms = with_changes(newest.terms, floors, changed)
    hit = would_fail(read_terms(version, terms), at=at)
    if {one.code for one in hit} != set(accepts):
        raise UnseenList(hit)
    return _keep(version, from_date, terms, because=because, actor=actor, at=at)


def _keep(version: str, begins: date, terms: Mapping[str, Any], *, because: str, actor: User | None, at: datetime) -> EntryRules:
    rules = EntryRules.objects.create(version=version, from_date=begins, terms=dict(terms), because=because, loaded_by=actor, loaded_at=at)
    changes = first(rules, "version", "from_date", "terms")
    announce("qualification.rules.loaded", actor=actor, at=at, subject=rules, changes=changes, reason=because)
    return rules
