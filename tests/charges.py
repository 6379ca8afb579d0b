"""Metered operations for tests: what was done for a merchant, its prices, its lines."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from assurance.fees.actions import Metered, load_rate_cards, meter_all, rate_due
from assurance.fees.models import FeeLine, Operation
from assurance.reference import DATA
from tests.factories import NOON

OCTOBER = datetime(2026, 10, 15, 4, 0, tzinfo=UTC)
"""15 October 2026, 12:00 in Shanghai: a month that is over when a test begins."""
_source = itertools.count(1)


def load_prices() -> int:
    """Load the cards that are shipped."""
    cards = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "rates").glob("*.json"))]
    return load_rate_cards(cards=cards, at=NOON)


def told(merchant_id: int, kind: str = "service", **given: Any) -> Metered:
    """Say an operation, of a source of its own unless one is given."""
    values: dict[str, Any] = {"source_kind": "assurance.product", "source_id": next(_source), "at": OCTOBER} | given
    return Metered(kind=kind, merchant_id=merchant_id, **values)


def metered(*operations: Metered, at: datetime = NOON) -> list[Operation]:
    """Meter operations in a transaction of their own."""
    with transaction.atomic():
        meter_all(operations, at=at)
    keys = [one.key for one in operations]
    found = {(row.kind, row.source_kind, row.source_id): row for row in Operation.objects.filter(source_id__in=[key[2] for key in keys])}
    return [found[key] for key in keys]


def charged(*operations: Metered, at: datetime = NOON) -> list[FeeLine]:
    """Meter operations and rate them; the cards must be there."""
    rows = metered(*operations, at=at)
    while rate_due(at=at).rated:
        pass
    lines = {line.operation_id: line for line in FeeLine.objects.filter(operation__in=rows).select_related("statement", "rate__card")}
    return [lines[row.pk] for row in rows if row.pk in lines]
