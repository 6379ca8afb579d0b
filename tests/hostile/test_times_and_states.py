"""Rows 29 and 30 of the hostile inputs: dates that contradict each other, and steps that somebody else has taken already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from qc.inspections import actions as inspecting
from tests.hostile.examples import EXAMPLES, Example
from tests.hostile.rows import Sent, as_json
from tests.hostile.sending import send, signed_in
from tests.hostile.test_corpus import wrong
from tests.hostile.walk import URLCONF, operations

pytestmark = [pytest.mark.urls(URLCONF), pytest.mark.django_db]

NEXT_MONTH = (timezone.localdate() + timedelta(days=30)).isoformat()
TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()


@dataclass(frozen=True)
class Row:
    """A valid request, made wrong by its dates or by what happened before it."""

    number: int
    name: str
    operation: str
    spoil: Callable[[Example], dict[str, Any]]
    status: int
    code: str


def line(**given: Any) -> Callable[[Example], dict[str, Any]]:
    return lambda example: example.body | {"lines": [example.body["lines"][0] | given]}


def with_values(**given: Any) -> Callable[[Example], dict[str, Any]]:
    return lambda example: example.body | given


def decided(example: Example) -> dict[str, Any]:
    """Bring the inspection to its verdict first."""
    pk = int(str(example.path["pk"]))
    found = inspecting.claim(inspection_id=pk, actor=example.user, at=timezone.now())
    units = [inspecting.FoundUnit(number, True, ()) for number in range(1, found.sample_size + 1)]
    inspecting.record_units(inspection_id=pk, units=units, actor=example.user, at=timezone.now())
    return example.body


def sent_before(example: Example) -> dict[str, Any]:
    """Take the step once under another key."""
    by_name = {operation.name: operation for operation in operations()}
    first = send(signed_in(example.user), by_name["POST api:enrolment-submit"], example, Sent(as_json(example.body)), key="first")
    assert first.status_code == 200, first.content
    return example.body


ROWS = [
    Row(29, "announced to expire before it is made", "POST api:shipment-list", line(expiry_date="2026-11-04"), 422, "dates_inconsistent"),
    Row(29, "announced as made after it comes", "POST api:shipment-list", line(produced_date=NEXT_MONTH), 422, "dates_inconsistent"),
    Row(29, "received as made tomorrow", "POST api:shipment-receive", with_values(produced_date=TOMORROW), 422, "dates_inconsistent"),
    Row(29, "received with another expiry", "POST api:shipment-receive", with_values(expiry_date="2026-11-04"), 422, "dates_inconsistent"),
    Row(30, "units after the verdict", "POST api:inspection-record-units", decided, 409, "already_decided"),
    Row(30, "claimed after the verdict", "POST api:inspection-claim", decided, 409, "already_decided"),
    Row(30, "a stale version", "PATCH api:product-detail", with_values(version=99), 409, "version_conflict"),
    Row(30, "submitted twice", "POST api:enrolment-submit", sent_before, 409, "wrong_state"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_is_refused_as_written(row: Row):
    operation = next(operation for operation in operations() if operation.name == row.operation)
    example = EXAMPLES[row.operation]()
    body = row.spoil(example)

    response = send(signed_in(example.user), operation, example, Sent(as_json(body)))

    assert wrong(response, row.status, row.code, row.name) == []
