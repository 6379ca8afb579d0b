"""Read what the linked records of a case say, for the rules; say the ranked causes in words; count how often the first was right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, F, Q
from django.utils.translation import gettext, gettext_noop

from aftersales.cases.lifecycle import DecisionState
from aftersales.cases.models import Case, CaseLink
from aftersales.cases.models.case import LIABLE_CHOICES
from aftersales.diagnosis.models import Diagnosis
from aftersales.diagnosis.ranking import Facts, rank
from assurance.calendar import SHANGHAI
from logistics.dispatch.models import Waybill
from qc.checks.models import OutboundCheck
from qc.inspections.models import Inspection
from qc.labs.models import Sample
from qc.returned.models import ReturnInspection
from warehouse.orders.models import Parcel
from warehouse.returns.models import ReturnUnit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

MARKED: Final = (
    gettext_noop("The courier reported an incident: %(incident)s"),
    gettext_noop("Delivered in time, and the courier reported no incident"),
    gettext_noop("Days beyond the promise: %(days)s"),
    gettext_noop("Hours it left the warehouse too late: %(hours)s"),
    gettext_noop("The outbound check passed"),
    gettext_noop("The outbound check failed before it passed"),
    gettext_noop("No outbound check is recorded"),
    gettext_noop("On arrival %(failing)s of %(inspected)s inspected units had defects"),
    gettext_noop("On arrival none of %(inspected)s inspected units had a defect"),
    gettext_noop("A laboratory test of the lot failed"),
    gettext_noop("The laboratory tests of the lot passed"),
    gettext_noop("Other cases about the same lot: %(cases)s"),
    gettext_noop("No other case about the same lot"),
    gettext_noop("What came back was graded %(grade)s, and its inspection points here"),
    gettext_noop("What came back was as new"),
)
"""The sentences of ``ranking``, marked here because rules know no languages; a test compares the two."""
PARTY_OF: Final = {"recipient": "consumer", "buyer": "consumer", "consumer": "consumer"} | {
    party: party for party in ("courier", "warehouse", "merchant", "platform", "lab")
}
"""What other rooms call a party → what liability calls it; who is unknown or nobody counts for no one."""
HITS_OVER: Final = timedelta(days=90)


@dataclass(frozen=True)
class ToldCause:
    """A cause in the language that is active now."""

    liable: str
    name: str
    share: int
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


@dataclass(frozen=True)
class Hits:
    """Of how many decisions the first cause was the one that was decided."""

    decided: int
    right: int

    @property
    def percent(self) -> int | None:
        return 100 * self.right // self.decided if self.decided else None


def facts_of(cases: Sequence[Case], *, at: datetime) -> list[Facts]:
    """Return what the linked records of each case say. A constant number of queries."""
    ids: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for link in CaseLink.objects.filter(case__in=cases).order_by("pk"):
        ids[link.case_id][link.relation].add(link.subject_id)

    def rows(relation: str, found: QuerySet[Any]) -> dict[int, Any]:
        return found.in_bulk({pk for each in ids.values() for pk in each[relation]})

    waybills = rows("waybill", Waybill.objects.all())
    parcels = rows("parcel", Parcel.objects.all())
    checks = rows("outbound_check", OutboundCheck.objects.all())
    inspections = rows("inspection", Inspection.objects.all())
    samples = rows("sample", Sample.objects.all())
    units = _units(ids)
    others = _others_of_lots(cases)
    return [
        _facts(
            case,
            waybills=_some(waybills, ids[case.pk]["waybill"]),
            parcels=_some(parcels, ids[case.pk]["parcel"]),
            checks=_some(checks, ids[case.pk]["outbound_check"]),
            inspections=_some(inspections, ids[case.pk]["inspection"]),
            samples=_some(samples, ids[case.pk]["sample"]),
            units=[one for pk in sorted(ids[case.pk]["return"]) for one in units[pk]],
            cases_of_lot=others.get(case.lot_id, 0) - 1 if case.lot_id else None,
            at=at,
        )
        for case in cases
    ]


def _some(rows: Mapping[int, Any], wanted: Iterable[int]) -> list[Any]:
    return [rows[pk] for pk in sorted(wanted) if pk in rows]


def _units(ids: Mapping[int, Mapping[str, set[int]]]) -> dict[int, list[tuple[ReturnUnit, str]]]:
    """Return the graded units of each return, with whom their inspection holds responsible. Two queries."""
    returns = {pk for each in ids.values() for pk in each["return"]}
    graded = list(ReturnUnit.objects.filter(return_parcel_id__in=returns).exclude(grade="").order_by("pk"))
    said = dict(ReturnInspection.objects.filter(unit__in=graded).values_list("unit_id", "party"))
    found: dict[int, list[tuple[ReturnUnit, str]]] = defaultdict(list)
    for unit in graded:
        found[unit.return_parcel_id].append((unit, said.get(unit.pk, "")))
    return found


def _others_of_lots(cases: Iterable[Case]) -> dict[int | None, int]:
    lots = {case.lot_id for case in cases if case.lot_id}
    counted = Case.objects.filter(lot_id__in=lots).exclude(is_confirmed=False).order_by().values_list("lot_id").annotate(n=Count("pk"))
    return dict(counted)


def _facts(
    case: Case,
    *,
    waybills: list[Waybill],
    parcels: list[Parcel],
    checks: list[OutboundCheck],
    inspections: list[Inspection],
    samples: list[Sample],
    units: list[tuple[ReturnUnit, str]],
    cases_of_lot: int | None,
    at: datetime,
) -> Facts:
    incident = next((one for one in waybills if one.incident), None)
    grade, party = _worst(units)
    judged = [one for one in samples if one.verdict]
    decided = [one for one in inspections if one.is_decided]
    days_late = max((_days_late(one, at=at) for one in waybills), default=0)
    return Facts(
        kind=case.kind,
        incident=str(incident.incident) if incident else "",
        incident_party=PARTY_OF.get(str(incident.responsible), "") if incident else "",
        is_delivered_in_time=bool(waybills) and days_late == 0 and all(one.delivered_at for one in waybills),
        days_late=days_late,
        hours_handed_over_late=max((_hours_late(one) for one in parcels), default=0),
        outbound=_outbound(checks, parcels),
        inspected=sum(one.inspected or 0 for one in decided) or None,
        failing=sum(one.nonconforming or 0 for one in decided),
        lab_failed=any(one.verdict == "fail" for one in judged) if judged else None,
        cases_of_lot=None if cases_of_lot is None else max(0, cases_of_lot),
        return_grade=grade,
        return_party=party,
    )


def _days_late(waybill: Waybill, *, at: datetime) -> int:
    if waybill.handed_over_at is None:
        return 0
    ended = (waybill.delivered_at or at).astimezone(SHANGHAI).date()
    return max(0, (ended - waybill.promised_delivery_date).days)


def _hours_late(parcel: Parcel) -> int:
    if parcel.handed_over_at is None:
        return 0
    return max(0, int((parcel.handed_over_at - parcel.ship_by) / timedelta(hours=1)))


def _outbound(checks: Sequence[OutboundCheck], parcels: Sequence[Parcel]) -> str | None:
    if not parcels:
        return None
    if not checks:
        return "missing"
    return "passed" if all(one.has_passed for one in checks) else "failed"


def _worst(units: Sequence[tuple[ReturnUnit, str]]) -> tuple[str, str]:
    """Return the worst grade of what came back and whom its inspection holds responsible; a wrong item is the warehouse's."""
    if not units:
        return "", ""
    unit, said = max(units, key=lambda pair: pair[0].grade)
    party = PARTY_OF.get(said, "")
    return str(unit.grade), party or ("warehouse" if unit.kind == "wrong_item" else "")


def diagnose(case: Case, *, at: datetime) -> list[ToldCause]:
    """Return the ranked causes of a case in words."""
    causes = rank(facts_of([case], at=at)[0])
    return [told(one.as_dict()) for one in causes]


def told(cause: Mapping[str, Any]) -> ToldCause:
    """Return a kept cause in the language that is active now."""
    return ToldCause(
        liable=cause["liable"],
        name=str(dict(LIABLE_CHOICES)[cause["liable"]]),
        share=cause["share"],
        speaks_for=tuple(_said(one) for one in cause["for"]),
        speaks_against=tuple(_said(one) for one in cause["against"]),
    )


def _said(reason: Mapping[str, Any]) -> str:
    params = dict(reason["params"])
    if "incident" in params:
        params["incident"] = str(dict(Waybill._meta.get_field("incident").flatchoices).get(params["incident"], params["incident"]))
    return gettext(reason["message"]) % params


def hits(*, at: datetime) -> Hits:
    """Count over the last 90 days how often the first cause was the one that was decided. One query."""
    decided = Q(decision__state=DecisionState.DECIDED)
    counted = Diagnosis.objects.filter(decided, decision__decided_at__gt=at - HITS_OVER, decision__decided_at__lte=at).aggregate(
        decided=Count("pk"), right=Count("pk", filter=Q(first=F("decision__liability")))
    )
    return Hits(**counted)
