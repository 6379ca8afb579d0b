"""The bodies of the benchmark's creates, ours and the bare one."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from django.utils import timezone

from assurance.accounts.actions.keys import make_key
from assurance.accounts.scopes import SCOPES

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from benchmarks.rows import Ground


def key_headers(owner: User) -> str:
    """Return the headers of a program that acts for the merchant."""
    _, secret = make_key(name="benchmark", scopes=SCOPES, days=1, actor=owner, at=timezone.now())
    return f"Authorization: Bearer {secret}\r\n"


def our_body(ground: Ground, number: int) -> bytes:
    """A notice of one line: validation, gates, audit event, the jobs of its subscribers, the kept answer, in one commit."""
    line = {"product": ground.product_ids[number % len(ground.product_ids)], "lot_number": f"L{number}", "quantity": 100}
    day = str(timezone.localdate())
    return json.dumps({"warehouse": "BENCHW", "reference": f"B{number}-{time.time_ns()}", "expected_date": day, "lines": [line]}).encode()


def bare_body(ground: Ground, number: int) -> bytes:
    """One row of the same table through a bare serializer."""
    return json.dumps(
        {
            "merchant": ground.merchant.pk,
            "warehouse": ground.warehouse.pk,
            "reference": f"bare{number}-{time.time_ns()}",
            "expected_date": str(timezone.localdate()),
            "created_by": ground.owner.pk,
            "created_at": timezone.now().isoformat(),
        }
    ).encode()
