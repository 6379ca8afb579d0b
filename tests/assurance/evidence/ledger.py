"""Small logs for tests: every turn tells of one decision and one other change, and is given its places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from assurance.events.actions import announce_all
from assurance.events.models import Heartbeat
from assurance.evidence import signing
from assurance.evidence.actions import record
from assurance.evidence.models import LogPlace
from assurance.evidence.sequencer import sequence_new_entries
from tests.factories import NOON

MERCHANT = 7
BOTTLE, CUP = 501, 502
"""Two products of the merchant."""
ORIGIN = "wuyou.local/log"
Tamper = Callable[..., None]
"""Runs SQL as the superuser with every guard off."""


def decide(turn: int, *, product_id: int | None = BOTTLE, at: datetime = NOON, **says: Any) -> int:
    """Record one inspection and return the entry's id."""
    with transaction.atomic():
        body = {"lot_number": f"L{turn}", "defective": turn % 3} | says
        return record("inspection_decided", product_id=product_id, organisation_id=MERCHANT, at=at, actor=None, body=body, lot_id=turn).pk


def tell(count: int = 1, *, at: datetime = NOON) -> list[int]:
    """Announce changes of something and return the events' ids."""
    news = [("accounts.organisation.renamed", subject(number), {"name": ["禾", "禾见"]}, {}) for number in range(1, count + 1)]
    with transaction.atomic():
        return [event.pk for event in announce_all(news, actor=None, at=at, reason="改名", organisation_id=MERCHANT)]


def subject(number: int) -> Any:
    """Something that events can be about."""
    row = Heartbeat(process="relay")
    row.pk = number
    return row


def write_log(turns: int) -> None:
    """Write three entries a turn – evidence, its event, another event – and a checkpoint after each turn."""
    for turn in range(turns):
        at = NOON + timedelta(minutes=5 * turn)
        decide(turn, product_id=(BOTTLE, CUP)[turn % 2], at=at)
        tell(at=at)
        assert sequence_new_entries(at=at) == 3


def our_keys():
    return [signing.verifier_key(signing.signing_key(), ORIGIN)]


def place(seq: int) -> LogPlace:
    return LogPlace.objects.get(pk=seq)


def cut(tamper: Tamper, size: int) -> None:
    """Remove everything from this entry on, as if it had never been."""
    tamper(
        f"DELETE FROM assurance_event WHERE id IN (SELECT source_id FROM assurance_logplace WHERE seq >= {size} AND source = 'event')",
        f"DELETE FROM assurance_evidenceentry WHERE id IN "
        f"(SELECT source_id FROM assurance_logplace WHERE seq >= {size} AND source = 'evidence')",
        f"DELETE FROM assurance_logplace WHERE seq >= {size}",
    )
