"""A hundred thousand badges with their evidence, and where each of them can be seen."""

from __future__ import annotations

import json
import os
import time
from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import psycopg2
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from assurance.badges import actions
from assurance.badges.judging import WORDS
from assurance.badges.models import Badge
from assurance.badges.status_list import Purpose, place_of
from assurance.badges.validity import Status
from assurance.codes import public_code
from assurance.enrollment.models import Enrolment
from assurance.evidence.actions import Said, record_all
from assurance.gates.models import Clearance
from assurance.roles import Kind, Role
from benchmarks import load
from tests import factories
from tests.assurance.badges import outsider

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.rows import Ground

BADGES: Final = 100_000
SET: Final = 5_000
ASKED: Final = 10_000
"""How many of the badges are asked for, spread over all; these have entries of the log."""
REVOKED: Final = 20
WORKERS_ASKED: Final = 4
"""How often each door is asked: both workers answer."""
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


def revocation(ground: Ground, port: int) -> list[float]:
    """Revoke badges one after the other; return for each the seconds from the commit until every door has said so on both workers."""
    admin = factories.user(Role.PLATFORM_ADMIN, factories.organisation(Kind.PLATFORM))
    with override("zh-hans"):
        revoked = str(WORDS[Status.REVOKED])
    spent = []
    for badge in Badge.objects.filter(code__in=codes(ground)[-REVOKED:]):
        number, index = place_of(badge.pk)
        doors: dict[str, Callable[[str], bool]] = {
            f"/verify/{badge.code}/": lambda text: 'class="w-hero w-fail"' in text,
            f"/api/v1/verify/{badge.code}/": lambda text: json.loads(text)["status"] == "revoked",
            f"/verify/{badge.code}/embed.svg": lambda text: revoked in text,
            f"/verify/{badge.code}/credential/": lambda text: stated(text)["credentialSubject"]["statusWhenIssued"] == "revoked",
            f"/verify/status/{Purpose.REVOCATION}/{number}/": partial(is_listed, index=index),
        }
        if any(says(answer(port, door)) for door, says in doors.items()):
            raise RuntimeError("a badge is revoked before anybody did it")
        actions.revoke(badge_id=badge.pk, actor=admin, at=timezone.now(), reason="检验记录有误")
        began = time.perf_counter()
        for door, says in doors.items():
            for _ in range(WORKERS_ASKED):
                while not says(answer(port, door)):
                    pass
        spent.append(time.perf_counter() - began)
    return spent


def answer(port: int, path: str) -> str:
    return load.once(port, load.get(path)).split(b"\r\n\r\n", 1)[1].decode()


def is_listed(text: str, index: int) -> bool:
    return outsider.bit(stated(text), Purpose.REVOCATION, index)


def stated(token: str) -> dict[str, Any]:
    """Return what a credential states; its signature is tested elsewhere."""
    return dict(json.loads(outsider.unbase(token.split(".")[1])))
