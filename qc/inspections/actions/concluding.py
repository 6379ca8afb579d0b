"""Give the verdict that the plan computed: clearance, goods, evidence, facts and news in one transaction."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from assurance.events.actions import announce
from assurance.events.changes import change
from assurance.evidence.actions import record, report_fact
from assurance.gates.actions import Stopped, clear, open_stop
from assurance.sentences import keep
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import Inspection
from qc.inspections.queries import STOP_CODE
from qc.inspections.verdict import ACCEPT, ACCEPTED, REJECTED
from warehouse.stock.actions import move
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.gates.models import Clearance
    from qc.inspections.verdict import Decision, Tally

keep(ACCEPTED, *REJECTED.values())


def conclude(inspection: Inspection, decision: Decision, tally: Tally, *, actor: User, at: datetime) -> None:
    """Write what follows from a decision that is final. The caller holds the locks of lot and inspection.

    Accepted goods are released, unless a stop covers them: then they go on hold and the verdict still stands.
    Rejected goods go on hold, and the lot is stopped.
    """
    is_accepted = decision.verdict == ACCEPT
    clearance = clear(
        subject_kind="lot",
        subject_id=inspection.lot_id,
        stage=inspection.stage,
        tranche=inspection.tranche,
        verdict="released" if is_accepted else "refused",
        organisation_id=inspection.merchant_id,
        because=decision.because,
        actor=actor,
        at=at,
    )
    failing = inspection.units.standing().filter(is_conforming=False).count()
    entry = record(
        "inspection_verdict",
        product_id=inspection.product_id,
        organisation_id=inspection.merchant_id,
        lot_id=inspection.lot_id,
        at=at,
        actor=actor,
        body=verdict_body(inspection, decision, tally, failing=failing, at=at),
    )
    changes = change(
        inspection,
        state=InspectionState.ACCEPTED if is_accepted else InspectionState.REJECTED,
        decided_at=at,
        because=reason_of(decision),
        inspected=tally.inspected,
        nonconforming=failing,
        clearance_id=clearance.pk,
        evidence_entry_id=entry.pk,
    )
    inspection.save(update_fields=["state", "decided_at", "because", "inspected", "nonconforming", "clearance", "evidence_entry_id"])
    ids = {"inspection_id": inspection.pk, "lot_id": inspection.lot_id, "product_id": inspection.product_id}
    ids |= {"clearance_id": clearance.pk, "evidence_entry_id": entry.pk}
    announce("qc.inspection.decided", actor=actor, at=at, subject=inspection, changes=changes, reason=decision.because, **ids)
    report_defect_rates(inspection, at=at)
    is_released = is_accepted and release(inspection, clearance, actor=actor, at=at)
    because = "accepted" if is_released else "stopped" if is_accepted else "rejected"
    if not is_released:
        hold(inspection, clearance, because, actor=actor, at=at)
    if not is_accepted:
        stop_lot(inspection, decision, actor=actor, at=at)
    kind = "qc.lot.released" if is_released else "qc.lot.held"
    units = {"units": [None, inspection.lot_size]}
    announce(kind, actor=actor, at=at, subject=inspection.lot, changes=units, reason=because, **ids)


def release(inspection: Inspection, clearance: Clearance, *, actor: User, at: datetime) -> bool:
    """Move the tranche from pending to released; say whether no stop stood in the way."""
    try:
        move_tranche(inspection, Custody.RELEASED, "accepted", clearance, actor=actor, at=at)
    except Stopped:
        return False
    return True


def hold(inspection: Inspection, clearance: Clearance, because: str, *, actor: User, at: datetime) -> None:
    """Move the tranche from pending to held."""
    move_tranche(inspection, Custody.HELD, because, clearance, actor=actor, at=at)


def move_tranche(inspection: Inspection, target: Custody, because: str, clearance: Clearance, *, actor: User, at: datetime) -> None:
    move(
        lot=inspection.lot,
        source=Custody.PENDING,
        target=target,
        quantity=inspection.lot_size,
        because=because,
        reference=inspection.move_reference,
        clearance=clearance,
        actor=actor,
        at=at,
    )


def stop_lot(inspection: Inspection, decision: Decision, *, actor: User, at: datetime) -> None:
    """Nothing of a rejected lot may move or be shown until somebody has dealt with it."""
    open_stop(
        merchant_id=inspection.merchant_id,
        product_id=inspection.product_id,
        warehouse_id=inspection.warehouse_id,
        lot_id=inspection.lot_id,
        code=STOP_CODE,
        because=decision.because,
        actor=actor,
        at=at,
    )


def report_defect_rates(inspection: Inspection, *, at: datetime) -> None:
    """Report the share of failing units of the lot and of the product, each with the number of units it stands on."""
    for kind, subject_id, of in (
        ("lot", inspection.lot_id, {"lot_id": inspection.lot_id}),
        ("product", inspection.product_id, {"product_id": inspection.product_id}),
    ):
        decided = Inspection.objects.filter(decided_at__isnull=False, stage=inspection.stage, **of)
        sums = decided.aggregate(units=Sum("inspected"), failing=Sum("nonconforming"))
        rate = Decimal(sums["failing"]) / Decimal(sums["units"])
        report_fact("defect_rate", subject_kind=kind, subject_id=subject_id, value=rate, sample_size=sums["units"], as_of=at, at=at)


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
