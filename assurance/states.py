"""Which of seven tones every state of the house wears, and with which icon: one table, tested to be complete.

A tone has one meaning everywhere: ``pass`` it holds, ``wait`` nothing has begun, ``run`` somebody is at it, ``hold`` somebody must act,
``fail`` it does not hold, ``stop`` stopped by rule and able to come back, ``gone`` over. Words come from the columns' choices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

TONES: Final = ("pass", "wait", "run", "hold", "fail", "stop", "gone")

ICONS: Final[Mapping[str, str]] = {
    "pass": "circle-check",
    "wait": "clock",
    "run": "progress",
    "hold": "hand-stop",
    "fail": "circle-x",
    "stop": "player-pause",
    "gone": "calendar-off",
}
"""The icon of a tone where the state itself has no better one."""


class Dress(NamedTuple):
    """How a state is drawn."""

    tone: str
    icon: str


PASS: Final = Dress("pass", ICONS["pass"])
WAIT: Final = Dress("wait", ICONS["wait"])
RUN: Final = Dress("run", ICONS["run"])
HOLD: Final = Dress("hold", ICONS["hold"])
FAIL: Final = Dress("fail", ICONS["fail"])
STOP: Final = Dress("stop", ICONS["stop"])
GONE: Final = Dress("gone", ICONS["gone"])

LEFT: Final = Dress("gone", "ban")
"""Given up by somebody, not run out."""

CUSTODY: Final[Mapping[str, Dress]] = {
    "arrival": Dress("wait", "package-import"),
    "pending": WAIT,
    "released": PASS,
    "held": HOLD,
    "sampled": Dress("run", "flask"),
    "returned": Dress("gone", "arrow-back-up"),
    "destroyed": Dress("gone", "trash"),
    "shipped": Dress("run", "truck"),
}
DEFECTS: Final[Mapping[str, Dress]] = {"critical": FAIL, "major": Dress("hold", "alert-triangle"), "minor": Dress("wait", "alert-circle")}

GRADES: Final = {
    "a": Dress("pass", "circle-letter-a"),
    "b": Dress("wait", "circle-letter-b"),
    "c": Dress("hold", "circle-letter-c"),
    "d": Dress("fail", "circle-letter-d"),
}
"""How much of a returned unit's worth is left."""
LAB_VERDICTS: Final[Mapping[str, Dress]] = {"pass": PASS, "warning": Dress("hold", "alert-triangle"), "fail": FAIL}

SEVERITIES: Final[Mapping[str, Dress]] = {
    "normal": Dress("wait", "equal"),
    "tightened": Dress("hold", "arrow-narrow-up"),
    "reduced": Dress("pass", "arrow-narrow-down"),
    "suspended": STOP,
}
"""How strictly goods are inspected."""
STATES: Final[Mapping[str, Mapping[str, Dress]]] = {
    "aftersales.case.state": {
        "new": WAIT,
        "open": RUN,
        "waiting": Dress("wait", "player-pause"),
        "proposed": Dress("hold", "gavel"),
        "decided": Dress("run", "gavel"),
        "remedied": PASS,
        "appealed": Dress("hold", "scale"),
        "closed": Dress("gone", "archive"),
    },
    "aftersales.casedecision.state": {"proposed": Dress("hold", "gavel"), "decided": PASS, "sent_back": Dress("hold", "arrow-back-up")},
    "aftersales.remedy.state": {"ordered": Dress("hold", "clock"), "done": PASS, "cancelled": LEFT},
    "assurance.claimstatus.status": {
        "unsupported": HOLD,
        "declared": Dress("wait", "message"),
        "documented": Dress("pass", "file-check"),
        "lab_verified": Dress("pass", "flask"),
        "refuted": FAIL,
        "expired": GONE,
    },
    "assurance.claimfinding.grade": {"alleged": Dress("hold", "alert-triangle"), "confirmed": FAIL, "refuted": PASS},
    "assurance.certificate.state": {
        "entered": Dress("hold", "eye-check"),
        "verified": PASS,
        "rejected": FAIL,
        "suspended": STOP,
        "withdrawn": LEFT,
    },
    "assurance.certificateconflict.state": {
        "open": Dress("hold", "scale"),
        "both_kept": PASS,
        "first_kept": Dress("pass", "circle-number-1"),
        "second_kept": Dress("pass", "circle-number-2"),
        "none_kept": FAIL,
    },
    "assurance.clearance.verdict": {"released": PASS, "refused": FAIL},
    "assurance.dispute.state": {"open": Dress("hold", "message-exclamation"), "accepted": PASS, "rejected": FAIL},
    "assurance.tag.state": {
        "tagged": Dress("pass", "tag"),
        "warned": Dress("hold", "alert-triangle"),
        "untagged": Dress("stop", "tag-off"),
    },
    "assurance.statement.state": {"draft": RUN, "final": Dress("pass", "lock")},
    "assurance.categoryversion.state": {"draft": Dress("wait", "pencil"), "active": PASS, "discarded": LEFT},
    "assurance.enrolment.state": {
        "draft": Dress("wait", "pencil"),
        "submitted": RUN,
        "needs_changes": Dress("hold", "arrow-back-up"),
        "approved": PASS,
        "rejected": FAIL,
        "withdrawn": LEFT,
        "expired": GONE,
    },
    "assurance.programmeentry.state": {
        "applied": Dress("wait", "hourglass"),
        "admitted": PASS,
        "refused": FAIL,
        "cleared_out": Dress("stop", "ban"),
    },
    "assurance.qualificationpaper.state": {
        "entered": WAIT,
        "verified": PASS,
        "returned": Dress("hold", "arrow-back-up"),
        "replaced": GONE,
    },
    "assurance.job.state": {"new": WAIT, "sent": RUN, "done": PASS, "parked": Dress("hold", "parking")},
    "assurance.productimport.state": {"uploaded": RUN, "checked": HOLD, "importing": RUN, "imported": PASS, "stopped": STOP},
    "assurance.run.state": {"waiting": WAIT, "running": RUN, "done": PASS, "failed": FAIL, "cancelled": LEFT},
    "logistics.trackingevent.status": {
        "picked_up": Dress("run", "package-export"),
        "departed": Dress("run", "truck"),
        "arrived": Dress("run", "map-pin"),
        "out_for_delivery": Dress("run", "truck-delivery"),
        "at_pickup_point": Dress("wait", "building-store"),
        "delivered": PASS,
        "problem": Dress("hold", "alert-triangle"),
        "returning": Dress("hold", "arrow-back-up"),
        "returned": Dress("gone", "arrow-back-up"),
        "lost": FAIL,
        "unknown": Dress("wait", "question-mark"),
    },
    "logistics.waybill.state": {
        "requested": WAIT,
        "created": Dress("wait", "barcode"),
        "refused": FAIL,
        "cancelled": LEFT,
        "handed_over": Dress("run", "package-export"),
        "in_transit": Dress("run", "truck"),
        "out_for_delivery": Dress("run", "truck-delivery"),
        "exception": Dress("hold", "alert-triangle"),
        "delivered": PASS,
        "returned": Dress("gone", "arrow-back-up"),
        "lost": FAIL,
    },
    "qc.defectkind.defect_class": DEFECTS,
    "qc.classseverity.defect_class": {name: DEFECTS[name] for name in ("major", "minor")},
    "qc.disposition.state": {
        "requested": Dress("hold", "message-question"),
        "approved": RUN,
        "refused": FAIL,
        "withdrawn": LEFT,
        "done": PASS,
        "ended": GONE,
    },
    "qc.correctiveaction.state": {"demanded": HOLD, "submitted": Dress("hold", "message-question"), "approved": PASS},
    "qc.nonconformance.severity": DEFECTS,
    "qc.nonconformance.state": {"open": Dress("hold", "tools"), "closed": PASS},
    "qc.outboundcheck.verdict": {"passed": PASS, "failed": FAIL},
    "qc.returninspection.grade": GRADES,
    "warehouse.returnunit.grade": GRADES,
    "warehouse.returnunit.state": {
        "received": WAIT,
        "graded": Dress("run", "scale"),
        "held": Dress("hold", "hand-stop"),
        "restocked": PASS,
        "returned": Dress("gone", "truck-return"),
        "destroyed": Dress("gone", "trash"),
    },
    "warehouse.returnparcel.state": {
        "announced": WAIT,
        "unidentified": Dress("hold", "help"),
        "matched": Dress("run", "link"),
        "received": Dress("run", "clipboard-list"),
        "inspected": Dress("run", "scale"),
        "closed": PASS,
        "cancelled": LEFT,
    },
    "qc.sample.state": {
        "scheduled": WAIT,
        "drawn": Dress("run", "hand-grab"),
        "sealed": Dress("run", "lock"),
        "dispatched": Dress("run", "truck"),
        "received": Dress("run", "package-import"),
        "testing": Dress("run", "flask"),
        "resulted": Dress("hold", "eye-check"),
        "verified": Dress("hold", "send"),
        "published": PASS,
        "voided": LEFT,
    },
    "qc.sample.verdict": LAB_VERDICTS,
    "qc.labresult.verdict": LAB_VERDICTS,
    "qc.verification.decision": {"confirmed": PASS, "returned": Dress("hold", "arrow-back-up")},
    "qc.samplehandover.condition": {
        "intact": PASS,
        "broken_seal": FAIL,
        "wrong_seal": FAIL,
        "damaged": FAIL,
        "late": FAIL,
    },
    "qc.classseverity.severity": SEVERITIES,
    "qc.severityswitch.before": SEVERITIES,
    "qc.severityswitch.after": SEVERITIES,
    "qc.inspection.state": {"open": WAIT, "claimed": RUN, "accepted": PASS, "rejected": FAIL, "doubted": Dress("hold", "repeat")},
    "warehouse.order.state": {
        "paid": WAIT,
        "short": Dress("hold", "shopping-cart-exclamation"),
        "allocated": Dress("run", "list-check"),
        "packed": Dress("run", "package"),
        "shipped": Dress("run", "truck"),
        "delivered": PASS,
        "cancelled": LEFT,
    },
    "warehouse.parcel.state": {
        "picking": Dress("wait", "list-check"),
        "packed": Dress("run", "package"),
        "checked": Dress("pass", "clipboard-check"),
        "handed_over": Dress("run", "truck"),
        "cancelled": LEFT,
    },
    "warehouse.wave.state": {
        "planned": Dress("wait", "list-check"),
        "picking": Dress("run", "hand-grab"),
        "finished": Dress("pass", "circle-check"),
        "cancelled": LEFT,
    },
    "warehouse.weightdeviation.state": {
        "open": Dress("hold", "scale"),
        "accepted": Dress("pass", "circle-check"),
        "repacked": LEFT,
    },
    "warehouse.allocation.state": {
        "open": Dress("wait", "lock"),
        "picked": Dress("run", "hand-grab"),
        "shipped": Dress("run", "truck"),
        "freed": LEFT,
    },
    "warehouse.stockbalance.custody": CUSTODY,
    "warehouse.discrepancy.state": {"open": Dress("hold", "alert-triangle"), "settled": PASS},
    "warehouse.endinglot.state": {"open": Dress("hold", "hourglass"), "done": PASS},
    "warehouse.cyclecount.state": {
        "open": WAIT,
        "counted": Dress("hold", "eye-check"),
        "posted": PASS,
        "cancelled": LEFT,
    },
    "warehouse.shipmentnotice.state": {
        "announced": WAIT,
        "receiving": Dress("run", "package-import"),
        "received": PASS,
        "cancelled": LEFT,
    },
    "warehouse.stockmove.source": CUSTODY,
    "warehouse.stockmove.target": CUSTODY,
}
"""``app.model.column`` → value → dress."""

COMPUTED: Final[Mapping[str, Mapping[str, Dress]]] = {
    "assurance.badge.status": {
        "valid": PASS,
        "suspended": STOP,
        "expired": GONE,
        "revoked": FAIL,
        "superseded": Dress("gone", "replace"),
        "not_yet_valid": WAIT,
        "wrong_product": Dress("fail", "package-off"),
        "tampered": Dress("fail", "alert-octagon"),
        "unknown": Dress("fail", "question-mark"),
    },
}
"""States that are worked out at the moment of asking and stand in no column."""


def dress(column: str, value: str) -> Dress:
    """Return how a value of ``app.model.column`` is drawn.

    :raises KeyError: if the column or the value has no dress; a new state is dressed before it is shown
    """
    return (STATES.get(column) or COMPUTED[column])[value]
