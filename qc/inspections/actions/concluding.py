"""Give the verdict that the plan computed: clearance, goods, evidence, facts and news in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.evidence.actions import Measured, Said, record_all, report_facts
from assurance.fees.actions import Metered, meter_all
from assurance.gates.actions import Judgement, clear_all, hold_gates, open_stop
from assurance.sentences import keep
from qc.inspections.actions.failing import open_non_conformances
from qc.inspections.actions.severities import lock_severities, tell_verdicts
from qc.inspections.drawing import ALGORITHM, pick_units
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import Inspection, InspectionSeed
from qc.inspections.verdict import ACCEPT, ACCEPTED, POINTS_FAIL, REJECTED
from qc.nonconformance.queries import STOP_CODE
from warehouse.stock.actions import Moving, move_all
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.gates.models import Stop
    from qc.inspections.verdict import Decision, Tally

keep(ACCEPTED, POINTS_FAIL, *REJECTED.values())


@dataclass(frozen=True)
class Conclusion:
    """A decision that is final, with the sample it stands on; ``failing`` units of it have a defect."""

    inspection: Inspection
    decision: Decision
    tally: Tally
    failing: int
    at: datetime

    @property
    def is_accepted(self) -> bool:
        return self.decision.verdict == ACCEPT

    def ids(self) -> dict[str, int]:
        """Return what subscribers get, once the verdict is written."""
        one = self.inspection
        ids = {"inspection_id": one.pk, "lot_id": one.lot_id, "product_id": one.product_id}
        return ids | {"clearance_id": one.clearance_id or 0, "evidence_entry_id": one.evidence_entry_id or 0}


def conclude_all(conclusions: Sequence[Conclusion], *, actor: User) -> None:
    """Write what follows from decisions that are final. The caller holds the locks of lots and inspections.

    Accepted goods are released, unless a stop covers them: then they go on hold and the verdict still stands.
    Rejected goods go on hold, and the lot is stopped.
    """
    if not conclusions:
        return
    at = conclusions[0].at
    severities = lock_severities([one.inspection for one in conclusions], at=at)
    _write_verdicts(conclusions, actor=actor)
    tell_verdicts(conclusions, severities, actor=actor)
    open_non_conformances([(one.inspection, one.decision, one.at) for one in conclusions if not one.is_accepted], actor=actor)
    meter_all([_metered(one) for one in conclusions], at=at)
    report_defect_rates(conclusions)
    for one in conclusions:  # before the gates are held: who opens a stop waits for those who pass
        if not one.is_accepted:
            stop_lot(one, actor=actor)
    stops = hold_gates({one.inspection.merchant_id for one in conclusions if one.is_accepted}, at=at)
    because = {one.inspection.pk: _because(one, stops) for one in conclusions}
    move_all([_moving(one, because[one.inspection.pk]) for one in conclusions], actor=actor, at=at)
    announce_each([_whereabouts(one, because[one.inspection.pk], actor) for one in conclusions])


def _write_verdicts(conclusions: Sequence[Conclusion], *, actor: User) -> None:
    clearances = clear_all(
        [_judgement(one) for one in conclusions], stage=conclusions[0].inspection.stage, actor=actor, at=conclusions[0].at
    )
    seeds = dict(InspectionSeed.objects.filter(inspection__in=[one.inspection for one in conclusions]).values_list("inspection", "seed"))
    entries = record_all([_said(one, seeds.get(one.inspection.pk, "")) for one in conclusions], actor=actor, at=conclusions[0].at)
    news = []
    for one, clearance, entry in zip(conclusions, clearances, entries, strict=True):
        changes = change(
            one.inspection,
            state=InspectionState.ACCEPTED if one.is_accepted else InspectionState.REJECTED,
            decided_at=one.at,
            because=reason_of(one.decision),
            inspected=one.tally.inspected,
            nonconforming=one.failing,
            clearance_id=clearance.pk,
            evidence_entry_id=entry.pk,
            seed=seeds.get(one.inspection.pk, ""),
        )
        one.inspection.clearance = clearance
        news.append(News("qc.inspection.decided", one.inspection, changes, one.at, actor, one.ids(), one.decision.because))
    columns = ["state", "decided_at", "because", "inspected", "nonconforming", "clearance", "evidence_entry_id", "seed"]
    update_each([one.inspection for one in conclusions], columns)
    announce_each(news)


def _judgement(one: Conclusion) -> Judgement:
    return Judgement(
        subject_kind="lot",
        subject_id=one.inspection.lot_id,
        verdict="released" if one.is_accepted else "refused",
        organisation_id=one.inspection.merchant_id,
        because=one.decision.because,
        tranche=one.inspection.tranche,
        at=one.at,
    )


def _said(one: Conclusion, seed: str) -> Said:
    inspection = one.inspection
    return Said(
        "inspection_verdict",
        product_id=inspection.product_id,
        organisation_id=inspection.merchant_id,
        lot_id=inspection.lot_id,
        body=verdict_body(inspection, one.decision, one.tally, failing=one.failing, at=one.at) | draw_body(inspection, seed),
        at=one.at,
    )


def _metered(one: Conclusion) -> Metered:
    # who answers the points of a checklist has at least one unit in hand
    units = max(1, one.tally.inspected)
    return Metered("inbound_check", one.inspection.merchant_id, "qc.inspection", one.inspection.pk, one.at, units)


def _because(one: Conclusion, stops: Sequence[Stop]) -> str:
    """Return why the goods move: accepted and released, or on hold for one of two reasons."""
    inspection = one.inspection
    if not one.is_accepted:
        return "rejected"
    place = {"product_id": inspection.product_id, "warehouse_id": inspection.warehouse_id, "lot_id": inspection.lot_id}
    return "stopped" if any(stop.covers(merchant_id=inspection.merchant_id, **place) for stop in stops) else "accepted"


def _moving(one: Conclusion, because: str) -> Moving:
    """The whole tranche goes from pending to released or held."""
    inspection = one.inspection
    return Moving(
        lot=inspection.lot,
        source=Custody.PENDING,
        target=Custody.RELEASED if because == "accepted" else Custody.HELD,
        quantity=inspection.lot_size,
        because=because,
        reference=inspection.move_reference,
        clearance=inspection.clearance,
        at=one.at,
    )


def _whereabouts(one: Conclusion, because: str, actor: User) -> News:
    kind = "qc.lot.released" if because == "accepted" else "qc.lot.held"
    return News(kind, one.inspection.lot, {"units": [None, one.inspection.lot_size]}, one.at, actor, one.ids(), because)


def stop_lot(one: Conclusion, *, actor: User) -> None:
    """Nothing of a rejected lot may move or be shown until somebody has dealt with it."""
    inspection = one.inspection
    open_stop(
        merchant_id=inspection.merchant_id,
        product_id=inspection.product_id,
        warehouse_id=inspection.warehouse_id,
        lot_id=inspection.lot_id,
        code=STOP_CODE,
        because=one.decision.because,
        actor=actor,
        at=one.at,
    )


def report_defect_rates(conclusions: Sequence[Conclusion]) -> None:
    """Report the share of failing units of each lot and product, each with the number of units it stands on."""
    stage, last = conclusions[0].inspection.stage, max(one.at for one in conclusions)
    for kind, column in (("lot", "lot_id"), ("product", "product_id")):
        moments = {getattr(one.inspection, column): one.at for one in sorted(conclusions, key=lambda one: one.at)}
        decided = Inspection.objects.filter(decided_at__isnull=False, stage=stage, **{f"{column}__in": moments})
        sums = decided.values_list(column).annotate(seen=Sum("inspected"), failing=Sum("nonconforming"))
        rates = [Measured(number, Decimal(failing) / Decimal(units), units, moments[number]) for number, units, failing in sums if units]
        report_facts("defect_rate", rates, subject_kind=kind, as_of=last, at=last)


def reason_of(decision: Decision) -> dict[str, Any]:
    """Return the decision as it is kept with the inspection."""
    return {
        "verdict": decision.verdict,
        "message": decision.message,
        "params": decision.params,
        "classes": [
            {
                "class": str(one.defect_class),
                "verdict": one.verdict,
                "sample_size": one.sample_size,
                "nonconforming": one.nonconforming,
                "accept": one.accept,
                "reject": one.reject,
            }
            for one in decision.classes
        ],
    }


def draw_body(inspection: Inspection, seed: str) -> dict[str, Any]:
    """Return what lets anybody draw the sample again; nothing of inspections that were opened before there was a draw."""
    if not seed:
        return {}
    units = pick_units(seed, lot_size=inspection.lot_size, sample_size=inspection.sample_size)
    return {"draw": {"algorithm": ALGORITHM, "commitment": inspection.commitment, "seed": seed, "units": units}}


def verdict_body(inspection: Inspection, decision: Decision, tally: Tally, *, failing: int, at: datetime) -> dict[str, Any]:
    """Return what the evidence entry says; docs/inspections.md is its contract. No persons, no floats."""
    lot = inspection.lot
    return {
        "product_id": inspection.product_id,
        "merchant_id": inspection.merchant_id,
        "warehouse_id": inspection.warehouse_id,
        "lot_id": lot.pk,
        "lot_number": lot.number,
        "produced_date": lot.produced_date,
        "expiry_date": lot.expiry_date,
        "inspection_id": inspection.pk,
        "stage": inspection.stage,
        "tranche": inspection.tranche,
        "lot_size": inspection.lot_size,
        "inspected": tally.inspected,
        "defective": failing,
        "opened_at": inspection.opened_at,
        "decided_at": at,
        "verdict": decision.verdict,
        "because": decision.because,
        "catalogue": inspection.catalogue,
        "plan": inspection.plan,
        "classes": reason_of(decision)["classes"],
    }
