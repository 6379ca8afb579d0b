"""Let the rules look, open cases of what they find, and switch a rule off that is wrong too often (A14.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from aftersales.cases.actions import NewCase, open_cases
from aftersales.cases.lifecycle import Kind
from aftersales.signals import queries, rules
from aftersales.signals.models import SignalFinding, SignalSwitch
from aftersales.signals.rules import Rule
from assurance.events.actions import announce
from assurance.events.changes import change
from assurance.refusals import Refused
from assurance.sentences import keep
from qc.labs.models import LabResult, Sample
from warehouse.returns.models import ReturnUnit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User

SILENT: Final = gettext_noop("No event for %(hours)s hours; %(limit)s are the limit.")
LATE: Final = gettext_noop("Promised for %(promised)s, %(hours)s hours ago, and not delivered.")
LAB: Final = gettext_noop("Laboratory sample %(sample)s failed: %(parameters)s.")
GRADED: Final = gettext_noop("A returned unit was graded %(grade)s.")
WRONG: Final = gettext_noop("A returned unit is not what was sent.")
SPIKE: Final = gettext_noop("%(returned)s of %(shipped)s units of the lot came back; %(expected)s were to be expected.")
TOO_OFTEN_WRONG: Final = gettext_noop("Switched off by itself: %(confirmed)s of %(decided)s cases were confirmed.")
keep(SILENT, LATE, LAB, GRADED, WRONG, SPIKE, TOO_OFTEN_WRONG)
KIND_OF: Final = {
    Rule.SILENT_PARCEL: Kind.NOT_ARRIVED,
    Rule.LATE_PARCEL: Kind.LATE,
    Rule.LAB_FAILURE: Kind.LAB_FAILURE,
    Rule.RETURN_GRADED: Kind.DAMAGED,
    Rule.RETURN_SPIKE: Kind.RETURNS,
}
MOST: Final = 200


class NoReason(Refused):
    code = "required"
    status = 422
    message = _("A reason is required.")


@dataclass(frozen=True)
class Noticed:
    """What a rule found on one thing."""

    rule: Rule
    about_kind: str
    about_id: int
    finding: rules.Finding
    kind: str = ""


@transaction.atomic
def open_what_fires(noticed: Sequence[Noticed], *, at: datetime) -> int:
    """Open a case of everything that fires, with rule, score and reason; return how many were opened. A constant number of queries.

    A rule that is switched off opens nothing; one that has a case of the same thing open, no second.
    """
    off = queries.switched_off()
    firing = [one for one in noticed if one.finding.fires and one.rule not in off]
    wanted = [
        NewCase(
            kind=one.kind or KIND_OF[one.rule],
            origin="signal",
            about_kind=one.about_kind,
            about_id=one.about_id,
            summary=one.finding.because,
            rule=one.rule,
        )
        for one in firing
    ]
    opened = [(case, one) for case, one in zip(open_cases(wanted, actor=None, at=at), firing, strict=True) if case] if wanted else []
    SignalFinding.objects.bulk_create(
        SignalFinding(
            case=case,
            merchant_id=case.merchant_id,
            rule=one.rule,
            score=one.finding.score,
            because=one.finding.because,
            found_at=at,
        )
        for case, one in opened
    )
    return len(opened)


def watch_parcels(*, at: datetime, most: int = MOST) -> int:
    """Open cases of parcels that are silent or late; return how many."""
    noticed = [
        Noticed(
            Rule.SILENT_PARCEL,
            "warehouse.parcel",
            one.parcel_id,
            rules.silent_parcel(last_event_at=one.last_event_at or one.handed_over_at or at, at=at),
        )
        for one in queries.silent_waybills(at=at, most=most)
    ]
    noticed += [
        Noticed(Rule.LATE_PARCEL, "warehouse.parcel", one.parcel_id, rules.late_parcel(promised_at=queries.end_of(one), at=at))
        for one in queries.late_waybills(at=at, most=most)
    ]
    return open_what_fires(noticed, at=at)


def watch_returns(*, at: datetime, most: int = MOST) -> int:
    """Open cases of lots of which too many units come back; return how many."""
    noticed = [
        Noticed(
            Rule.RETURN_SPIKE,
            "warehouse.lot",
            one.lot_id,
            rules.return_spike(returned=one.returned, shipped=one.shipped, base_rate=one.base_rate),
        )
        for one in queries.returned_lots(at=at, most=most)
    ]
    return open_what_fires(noticed, at=at)


def look_at_sample(*, sample_id: int, at: datetime) -> int:
    """Open a case of a published sample that failed."""
    sample = Sample.objects.get(pk=sample_id)
    if sample.verdict != "fail":
        return 0
    failed = LabResult.objects.filter(sample=sample, verdict="fail", replaced_by=None).order_by("pk")
    codes = tuple(dict.fromkeys(failed.values_list("sample_test__test__code", flat=True)))
    finding = rules.lab_failure(sample=sample.code, parameters=codes)
    return open_what_fires([Noticed(Rule.LAB_FAILURE, "qc.sample", sample.pk, finding)], at=at)


def look_at_returned_unit(*, return_unit_id: int, at: datetime) -> int:
    """Open a case of a unit that came back damaged, or is not what was sent."""
    unit = ReturnUnit.objects.get(pk=return_unit_id)
    finding = rules.return_graded(grade=unit.grade, is_wrong_item=unit.is_wrong_item)
    kind = Kind.WRONG_ITEM if unit.is_wrong_item else Kind.DAMAGED
    return open_what_fires([Noticed(Rule.RETURN_GRADED, "warehouse.returnunit", unit.pk, finding, kind)], at=at)


@transaction.atomic
def switch(*, rule: str, is_on: bool, reason: str, actor: User | None, at: datetime) -> SignalSwitch:
    """Switch a rule on or off, with a reason.

    :raises NoReason: without one
    """
    if not reason.strip():
        raise NoReason(field="reason")
    SignalSwitch.objects.bulk_create(
        [SignalSwitch(rule=rule, is_on=True, changed_at=at, changed_by=actor, reason=reason)], ignore_conflicts=True
    )
    kept = SignalSwitch.objects.select_for_update().get(rule=rule)
    changes = change(kept, is_on=is_on)
    kept.reason, kept.changed_at, kept.changed_by = reason, at, actor
    kept.save(update_fields=["is_on", "reason", "changed_at", "changed_by"])
    announce("aftersales.rule.switched", actor=actor, at=at, subject=kept, changes=changes | {"rule": [None, rule]}, reason=reason)
    return kept


def judge_rules(*, at: datetime) -> list[str]:
    """Switch off the rules that were wrong too often; return them."""
    off = queries.switched_off()
    wrong = [(rule, figures) for rule, figures in sorted(queries.precision().items()) if figures.says_stop and rule not in off]
    for rule, figures in wrong:
        reason = TOO_OFTEN_WRONG % {"confirmed": figures.confirmed, "decided": figures.decided}
        switch(rule=rule, is_on=False, reason=reason, actor=None, at=at)
    return [rule for rule, _figures in wrong]
