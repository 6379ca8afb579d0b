"""Entries: begun with the first submission or by an application, decided by a reviewer, ended by an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.calendar import SHANGHAI
from assurance.database import update_each
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.evidence.actions import Said, record_all
from assurance.gates.actions import lift_stop, open_stop
from assurance.gates.models import Stop
from assurance.qualification.lifecycle import ENTRY_NEXT, EntryState
from assurance.qualification.models import ProgrammeEntry
from assurance.qualification.outcome import Verdict, return_date
from assurance.qualification.queries import cleared_because, newest_entries, outcomes, rules_at
from assurance.refusals import OwnWork, Refused, WrongState, at_place
from assurance.sentences import keep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.qualification.models import EntryRules
    from assurance.qualification.outcome import EntryOutcome

CODE: Final = "cleared_out"
WITH_ENROLMENT: Final = gettext_noop("Admitted with the approval of enrolment %(number)s.")
ADMITTED_AGAIN: Final = "admitted again"
keep(WITH_ENROLMENT)


class TakesPart(Refused):
    code = "takes_part"
    message = _("There is an application or an entry already.")


class TooEarly(Refused):
    code = "cool_down"
    message = _("After a clear-out one must wait: an application is possible from %(date)s.")


class NoMoreEntries(Refused):
    code = "no_more_entries"
    message = _("This was the last entry possible; there is no return.")


class ReasonMissing(Refused):
    code = "required"
    status = 422
    message = _("A reason is required.")


class EntryFailed(Refused):
    code = "entry_failed"
    message = _("The merchant's own numbers do not meet the entry metrics: %(metrics)s.")


class NothingToClear(Refused):
    code = "nothing_to_clear"
    message = _("It does not take part now.")


class NoRules(Refused):
    code = "no_rules"
    message = _("No entry rules were loaded.")


@dataclass(frozen=True)
class Applying:
    """One application to take part again: of the actor's shop, or of one of his products that was cleared out by itself."""

    actor: User
    at: datetime
    product_id: int | None = None


@dataclass(frozen=True)
class Deciding:
    """One application to decide, and what the reviewer goes by."""

    entry_id: int
    evidence: str = ""


def begin_all(wanted: Mapping[int, tuple[User, datetime]]) -> list[ProgrammeEntry]:
    """Begin the entry of merchants that submit something for the first time; nothing for those that have one.

    Part of the transaction that submits. What was cleared out returns by ``apply``, not by submitting.
    """
    newest = newest_entries(wanted)
    missing = [merchant for merchant in wanted if _is_new(newest.get((merchant, None)))]
    if not missing:
        return []
    list(Organisation.objects.select_for_update().filter(pk__in=missing).order_by("pk").values_list("pk"))
    newest = newest_entries(missing)  # somebody may have been faster
    fresh = [
        ProgrammeEntry(merchant_id=merchant, number=1, applied_by=wanted[merchant][0], applied_at=wanted[merchant][1])
        for merchant in missing
        if _is_new(newest.get((merchant, None)))
    ]
    ProgrammeEntry.objects.bulk_create(fresh)
    announce_each(
        [News("qualification.entry.applied", one, first(one, "number", "state"), one.applied_at, one.applied_by) for one in fresh]
    )
    return fresh


def _is_new(newest: ProgrammeEntry | None) -> bool:
    return newest is None or (newest.state == EntryState.REFUSED and newest.number == 1)


@transaction.atomic
def apply(applications: Sequence[Applying]) -> list[ProgrammeEntry]:
    """Apply to take part, the first time or again.

    :raises TakesPart: if there is an open application or entry
    :raises TooEarly: with the first day possible
    :raises NoMoreEntries: after the last time
    """
    merchants = {one.actor.organisation_id for one in applications}
    list(Organisation.objects.select_for_update().filter(pk__in=merchants).order_by("pk").values_list("pk"))
    newest = newest_entries(merchants)
    made = []
    for place, one in enumerate(applications):
        with at_place(place):
            number = _number(one, newest.get((one.actor.organisation_id, one.product_id)))
        made.append(
            ProgrammeEntry(
                merchant_id=one.actor.organisation_id, product_id=one.product_id, number=number, applied_by=one.actor, applied_at=one.at
            )
        )
    ProgrammeEntry.objects.bulk_create(made)
    shown = ("number", "product_id", "state")
    announce_each(
        [News("qualification.entry.applied", row, first(row, *shown), row.applied_at, row.applied_by, {"entry_id": row.pk}) for row in made]
    )
    return made


def _number(one: Applying, newest: ProgrammeEntry | None) -> int:
    if newest is None:
        if one.product_id is not None:  # it takes part with the shop
            raise TakesPart
        return 1
    if newest.state == EntryState.REFUSED:
        return newest.number
    if newest.state != EntryState.CLEARED_OUT:
        raise TakesPart
    if newest.return_date is None:
        raise NoMoreEntries
    if one.at.astimezone(SHANGHAI).date() < newest.return_date:
        raise TooEarly(date=newest.return_date.isoformat())
    return newest.number + 1


def admit_with_enrolments(approved: Sequence[tuple[int, str, datetime]], *, actor: User) -> list[ProgrammeEntry]:
    """Admit the merchants (number of merchant and of enrolment, moment) whose first enrolments a reviewer approves.

    Metrics that say nothing yet are no obstacle: the enrolment is the stated evidence. Part of the transaction that approves.

    :raises EntryFailed: of the first merchant whose own numbers are below the floors
    """
    newest = newest_entries({merchant for merchant, _number, _at in approved})
    waiting: dict[int, ProgrammeEntry] = {}
    reasons: dict[int, tuple[str, datetime]] = {}
    for merchant, number, at in approved:
        there = newest.get((merchant, None))
        if there is None:
            there = ProgrammeEntry(merchant_id=merchant, number=1, applied_at=at)
        if merchant not in waiting and there.state == EntryState.APPLIED and there.number == 1:
            waiting[merchant] = there
            reasons[merchant] = (WITH_ENROLMENT % {"number": number}, at)
    if not waiting:
        return []
    for entry in _locked([one.pk for one in waiting.values() if one.pk]):
        waiting[entry.merchant_id] = entry
    open_ones = {merchant: one for merchant, one in waiting.items() if one.state == EntryState.APPLIED}
    judged = set()
    for place, (merchant, _number, _at) in enumerate(approved):
        if merchant in open_ones and merchant not in judged:
            judged.add(merchant)
            with at_place(place):
                _judge(open_ones[merchant], at=reasons[merchant][1])
    return _admit([(one, *reasons[merchant]) for merchant, one in open_ones.items()], actor=actor)


@transaction.atomic
def admit(decisions: Sequence[Deciding], *, actor: User, at: datetime) -> list[ProgrammeEntry]:
    """Let applicants take part. What stopped them since they were cleared out is lifted.

    :raises WrongState, OwnWork: of the first that the actor may not decide now
    :raises EntryFailed: if the merchant's own numbers are below the floors
    :raises ReasonMissing: if they say nothing yet and no evidence is stated
    """
    entries = _decidable([one.entry_id for one in decisions], EntryState.ADMITTED, actor)
    for place, (entry, one) in enumerate(zip(entries, decisions, strict=True)):
        with at_place(place):
            outcome = _judge(entry, at=at)
            if (outcome is None or outcome.verdict == Verdict.UNKNOWN) and not one.evidence.strip():
                raise ReasonMissing(field="evidence")
    return _admit([(entry, one.evidence, at) for entry, one in zip(entries, decisions, strict=True)], actor=actor)


@transaction.atomic
def refuse(decisions: Sequence[Deciding], *, actor: User, at: datetime) -> list[ProgrammeEntry]:
    """Refuse applicants, each with a reason that they see.

    :raises WrongState, OwnWork: of the first that the actor may not decide now
    :raises ReasonMissing: without a reason
    """
    entries = _decidable([one.entry_id for one in decisions], EntryState.REFUSED, actor)
    told = []
    for place, (entry, one) in enumerate(zip(entries, decisions, strict=True)):
        with at_place(place):
            if not one.evidence.strip():
                raise ReasonMissing(field="evidence")
        changes = change(entry, state=EntryState.REFUSED, decided_by_id=actor.pk, decided_at=at, evidence=one.evidence)
        told.append(News("qualification.entry.refused", entry, changes, at, actor, {"entry_id": entry.pk}, one.evidence))
    update_each(entries, ["state", "decided_by", "decided_at", "evidence"])
    announce_each(told)
    return entries


@transaction.atomic
def clear_out(*, merchant_id: int, reason: str, actor: User, at: datetime, product_id: int | None = None) -> ProgrammeEntry:
    """End the part a merchant, or one of his products, takes: everything of it is stopped, badges with it, until a return is admitted.

    :raises ReasonMissing: without a reason
    :raises NothingToClear: if it takes no part now
    :raises OwnWork: on the actor's own organisation
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if actor.organisation_id == merchant_id:
        raise OwnWork
    list(Organisation.objects.select_for_update().filter(pk=merchant_id).values_list("pk"))
    rules = _rules(at)
    entry = newest_entries([merchant_id]).get((merchant_id, product_id)) or ProgrammeEntry(
        merchant_id=merchant_id, product_id=product_id, number=1, state=EntryState.ADMITTED, applied_at=at, decided_at=at
    )
    if entry.state != EntryState.ADMITTED:
        raise NothingToClear
    if entry.pk is None:
        entry.save()
    day = at.astimezone(SHANGHAI).date()
    changes = change(
        entry,
        state=EntryState.CLEARED_OUT,
        cleared_by_id=actor.pk,
        cleared_at=at,
        clear_reason=reason,
        return_date=return_date(rules.read(), cleared_on=day, times=entry.number),
    )
    entry.save(update_fields=["state", "cleared_by", "cleared_at", "clear_reason", "return_date"])
    announce("qualification.entry.cleared_out", actor=actor, at=at, subject=entry, changes=changes, reason=reason, entry_id=entry.pk)
    back = entry.return_date.isoformat() if entry.return_date else ""
    record_all([_said("merchant_cleared_out", entry, at, reason=reason, return_date=back)], actor=actor, at=at)
    open_stop(merchant_id=merchant_id, product_id=product_id, code=CODE, because=cleared_because(entry), actor=actor, at=at)
    return entry


def _locked(entry_ids: Sequence[int]) -> list[ProgrammeEntry]:
    found = ProgrammeEntry.objects.select_for_update().filter(pk__in=entry_ids).order_by("pk").in_bulk()
    return [found[number] for number in entry_ids]


def _decidable(entry_ids: Sequence[int], to: EntryState, actor: User) -> list[ProgrammeEntry]:
    entries = _locked(entry_ids)
    for place, entry in enumerate(entries):
        with at_place(place):
            if to not in ENTRY_NEXT[EntryState(entry.state)]:
                raise WrongState(state=entry.get_state_display())
            if actor.organisation_id == entry.merchant_id:
                raise OwnWork
    return entries


def _rules(at: datetime) -> EntryRules:
    rules = rules_at(at.astimezone(SHANGHAI).date())
    if rules is None:
        raise NoRules
    return rules


def _judge(entry: ProgrammeEntry, *, at: datetime) -> EntryOutcome | None:
    """Judge by the rules in force and keep in the row what the answer stood on.

    :raises EntryFailed: below a floor
    """
    rules = rules_at(at.astimezone(SHANGHAI).date())
    if rules is None:
        return None
    outcome = outcomes([entry.merchant_id], rules.read(), at=at)[entry.merchant_id]
    if outcome.verdict == Verdict.FAIL:
        raise EntryFailed(metrics=_below(outcome))
    entry.rules, entry.outcome = rules, outcome.numbers()
    return outcome


def _below(outcome: EntryOutcome) -> str:
    language = get_language() or ""
    failed = [line for line in outcome.lines if line.verdict == Verdict.FAIL and line.measured]
    return ", ".join(
        f"{line.demand.label(language)} {line.measured.share:.1%} < {line.demand.at_least:.0%}" for line in failed if line.measured
    )


def _admit(given: Sequence[tuple[ProgrammeEntry, str, datetime]], *, actor: User) -> list[ProgrammeEntry]:
    entries, told = [], []
    for entry, evidence, at in given:
        changes: dict[str, list[Any]] = change(entry, state=EntryState.ADMITTED, decided_by_id=actor.pk, decided_at=at, evidence=evidence)
        entries.append(entry)
        if entry.pk is None:
            entry.save()
        told.append(News("qualification.entry.admitted", entry, changes, at, actor, {"entry_id": entry.pk}, evidence))
    update_each(entries, ["state", "rules", "outcome", "decided_by", "decided_at", "evidence"])
    announce_each(told)
    if given:
        record_all([_said("merchant_admitted", entry, at, words=words) for entry, words, at in given], actor=actor, at=given[-1][2])
    for entry, _evidence, at in given:
        if entry.number > 1:
            _let_go(entry, at=at)
    return entries


def _said(kind: str, entry: ProgrammeEntry, at: datetime, **body: str) -> Said:
    """Return what the evidence keeps of an entry: which one it is, and the words it was decided with."""
    return Said(kind, entry.product_id, entry.merchant_id, {"entry": entry.number, **body}, at=at)


def _let_go(entry: ProgrammeEntry, *, at: datetime) -> None:
    for stop in Stop.objects.filter(merchant_id=entry.merchant_id, product_id=entry.product_id, code=CODE, lifted_at=None):
        lift_stop(stop_id=stop.pk, actor=None, at=at, reason=ADMITTED_AGAIN)
