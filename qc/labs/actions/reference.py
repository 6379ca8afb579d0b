"""Keep what can be tested, who is accredited for it, and who is too close to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.database import constraint_of
from assurance.events.actions import announce, announce_all
from assurance.events.changes import change, first
from assurance.refusals import Refused
from assurance.roles import Kind
from qc.labs.limits import parse_limit
from qc.labs.models import LabScope, LabTest, LabTie

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class NoSuchLab(Refused):
    code = "no_such_lab"
    status = 422
    message = _("This is no laboratory.")


class NoSuchMerchant(Refused):
    code = "no_such_merchant"
    status = 422
    message = _("This is no merchant.")


class NoSuchTest(Refused):
    code = "no_such_test"
    status = 422
    message = _("Nobody knows a test “%(test)s”.")


class ScopeTwice(Refused):
    code = "scope_twice"
    message = _("This laboratory has a line for this test that begins on the same day.")


class EndsBefore(Refused):
    code = "ends_before"
    status = 422
    message = _("The last day comes before the first one.")


class EndsLater(Refused):
    code = "ends_later"
    status = 422
    message = _("A line is ended earlier, never prolonged: add a new one instead.")


@dataclass(frozen=True)
class ScopeTerms:
    """One line of an accreditation with its terms. ``valid_until`` is the last day."""

    lab_id: int
    test: str
    mark: str
    accreditation: str
    valid_from: date
    valid_until: date
    price: Decimal
    turnaround_days: int
    capacity_per_week: int


@dataclass(frozen=True)
class TieTerms:
    """A laboratory and a merchant that are close to each other."""

    lab_id: int
    merchant_id: int
    because: str


@transaction.atomic
def load_tests(*, data: Mapping[str, Any], at: datetime) -> int:
    """Bring one version of the tests into the database; return how many rows are new.

    :raises ValueError: if a row is known with another content: a change is a row with a later day
    :raises assurance.qc.labs.limits.Unreadable: if nobody could judge by a limit
    """
    wanted = [_row_of(data["version"], place, entry) for place, entry in enumerate(data["tests"])]
    known = {(row.code, row.effective_from): row for row in LabTest.objects.all()}
    fresh = []
    for row in wanted:
        before = known.get((row.code, row.effective_from))
        if before is None:
            parse_limit(row.limit)
            fresh.append(row)
        elif _content(before) != _content(row):
            raise ValueError(f"test {row.code} of {row.effective_from} is loaded with another content; write a later row")
    made = LabTest.objects.bulk_create(fresh)
    announce_all(
        [("qc.lab.test_loaded", row, first(row, "code", "effective_from", "limit", "standard"), {}) for row in made], actor=None, at=at
    )
    return len(made)


def _row_of(version: str, place: int, entry: Mapping[str, Any]) -> LabTest:
    given = {name: entry[name] for name in _CONTENT if name not in ("name_zh", "name_en", "effective_from")}
    return LabTest(
        version=version,
        position=place,
        code=entry["code"],
        effective_from=date.fromisoformat(entry["effective_from"]),
        name_zh=entry["zh"],
        name_en=entry["en"],
        **given,
    )


_CONTENT = (
    *("category", "effective_from", "name_zh", "name_en", "limit", "reporting", "standard", "method"),
    *("is_safety", "is_repeatable", "units", "verifications"),
)


def _content(row: LabTest) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _CONTENT)


@transaction.atomic
def add_scopes(items: Sequence[ScopeTerms], *, actor: User, at: datetime) -> list[LabScope]:
    """Write down what laboratories are accredited for; all lines or none.

    :raises NoSuchLab, NoSuchTest, EndsBefore, ScopeTwice: naming the line
    """
    labs = set(Organisation.objects.filter(pk__in={one.lab_id for one in items}, kind=Kind.LAB).values_list("pk", flat=True))
    tests = set(LabTest.objects.filter(code__in={one.test for one in items}).values_list("code", flat=True))
    for place, one in enumerate(items):
        if one.lab_id not in labs:
            raise NoSuchLab(field=f"items.{place}.lab")
        if one.test not in tests:
            raise NoSuchTest(field=f"items.{place}.test", test=one.test)
        if one.valid_until < one.valid_from:
            raise EndsBefore(field=f"items.{place}.valid_until")
    try:
        with transaction.atomic():
            made = LabScope.objects.bulk_create(LabScope(**vars(one), added_by=actor, added_at=at) for one in items)
    except IntegrityError as error:
        if constraint_of(error) == "lab_scope_once_per_beginning":
            raise ScopeTwice(field="items") from None
        raise
    shown = ("lab_id", "test", "mark", "accreditation", "valid_from", "valid_until", "price", "turnaround_days", "capacity_per_week")
    announce_all([("qc.lab.scope_added", one, first(one, *shown), {"scope_id": one.pk}) for one in made], actor=actor, at=at)
    return made


@transaction.atomic
def end_scope(*, scope_id: int, valid_until: date, reason: str, actor: User, at: datetime) -> LabScope:
    """Bring the last day of a line forward, because the accreditation was withdrawn or the laboratory gave it up.

    :raises EndsLater: if that would prolong it
    """
    scope = LabScope.objects.select_for_update().get(pk=scope_id)
    if valid_until > scope.valid_until:
        raise EndsLater(field="valid_until")
    changes = change(scope, valid_until=max(valid_until, scope.valid_from), ended_at=at, end_reason=reason)
    scope.save(update_fields=["valid_until", "ended_at", "end_reason"])
    announce("qc.lab.scope_ended", actor=actor, at=at, subject=scope, changes=changes, reason=reason, scope_id=scope.pk)
    return scope


@transaction.atomic
def declare_ties(items: Sequence[TieTerms], *, actor: User, at: datetime) -> list[LabTie]:
    """Write down that laboratories and merchants are close to each other; what is known stays as it is. Returns what is new."""
    labs = set(Organisation.objects.filter(pk__in={one.lab_id for one in items}, kind=Kind.LAB).values_list("pk", flat=True))
    if not labs.issuperset(one.lab_id for one in items):
        raise NoSuchLab(field="lab")
    known = set(LabTie.objects.filter(lab_id__in=labs).values_list("lab_id", "merchant_id"))
    fresh = {(one.lab_id, one.merchant_id): one for one in items if (one.lab_id, one.merchant_id) not in known}
    made = LabTie.objects.bulk_create(LabTie(**vars(one), declared_by=actor, declared_at=at) for one in fresh.values())
    announce_all(
        [("qc.lab.tie_declared", one, first(one, "lab_id", "because"), {"tie_id": one.pk}) for one in made],
        actor=actor,
        at=at,
        organisation_id=actor.organisation_id,
    )
    return made
