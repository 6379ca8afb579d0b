"""A hundred thousand badges with their evidence, and where each of them can be seen."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import psycopg2
from django.db import transaction
from django.utils import timezone

from assurance.badges.models import Badge
from assurance.codes import public_code
from assurance.enrollment.models import Enrolment
from assurance.evidence.actions import Said, record_all
from assurance.gates.models import Clearance

if TYPE_CHECKING:
    from benchmarks.rows import Ground

BADGES: Final = 100_000
SET: Final = 5_000
ASKED: Final = 10_000
"""How many of the badges are asked for, spread over all; these have entries of the log."""
NO_LOT: Final = 1_000_000_000
"""Badges of the benchmark stand on lots that are not there; real ones begin far below."""
_codes: list[str] = []


def codes(ground: Ground) -> list[str]:
    """Write the badges on the first call; return the codes to ask for."""
    if not _codes:
        enrolments = list(Enrolment.objects.filter(product_id__in=ground.product_ids).order_by("id"))
        for start in range(0, BADGES, SET):
            with transaction.atomic():
                made = write(ground, enrolments, start)
                asked = made[:: BADGES // ASKED]
                record_all([said(badge) for badge in asked], actor=ground.owner, at=timezone.now())
            _codes.extend(badge.code for badge in asked)
        settle()
    return _codes


def settle() -> None:
    """Do now what the database would do by itself while the first figure is measured: a running system has it behind it."""
    with closing(psycopg2.connect(os.environ["DATABASE_OWNER_URL"])) as owner, owner.cursor() as cursor:
        owner.autocommit = True
        cursor.execute("VACUUM (ANALYZE)")


def write(ground: Ground, enrolments: list[Enrolment], start: int) -> list[Badge]:
    """Write one set of clearances and badges."""
    now = timezone.now()
    cleared = {"organisation": ground.merchant, "subject_kind": "lot", "stage": "inbound", "verdict": "released", "because": "accepted"}
    clearances = Clearance.objects.bulk_create(
        Clearance(subject_id=NO_LOT + number, actor=ground.owner, at=now, **cleared) for number in range(start, start + SET)
    )
    known = {"merchant": ground.merchant, "warehouse": ground.warehouse, "received": 6000, "inspected": 200, "defective": 0}
    moments = {"inspected_at": now, "issued_at": now, "valid_until": now + timedelta(days=90)}
    return Badge.objects.bulk_create(
        Badge(
            code=public_code(),
            product_id=enrolments[number % len(enrolments)].product_id,
            enrolment=enrolments[number % len(enrolments)],
            clearance=clearance,
            lot_id=clearance.subject_id,
            lot_number=f"HJ{clearance.subject_id:06}",
            **known,
            **moments,
        )
        for number, clearance in enumerate(clearances, start)
    )


def said(badge: Badge) -> Said:
    """Return what the log holds of a badge."""
    body = {"code": badge.code, "lot_number": badge.lot_number, "valid_until": badge.valid_until.isoformat()}
    return Said("badge_issued", badge.product_id, badge.merchant_id, body, badge.lot_id)
