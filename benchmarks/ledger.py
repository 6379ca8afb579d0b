"""How fast the log is numbered and verified, beside what its rows cost anyway: to be written, and to be read and hashed once."""

from __future__ import annotations

import gc
import hashlib
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from assurance.events.actions import announce_all
from assurance.events.models import Heartbeat
from assurance.evidence import rereading, signing
from assurance.evidence.actions import Said, record_all
from assurance.evidence.models import LogPlace
from assurance.evidence.sequencer import sequence_new_entries
from assurance.evidence.verification import verify

ENTRIES: Final = 30_000
SET: Final = 500
BEGAN: Final = datetime(2026, 11, 1, tzinfo=UTC)


def numbering_and_verifying(_ground: Any) -> dict[str, Any]:
    """Return entries a second: numbered by the sequencer, verified by ``verify_evidence``. A third are evidence, with a product's chain."""
    write()
    before, numbered, at = LogPlace.objects.count(), 0, BEGAN
    began = time.perf_counter()
    while given := sequence_new_entries(at=at):
        numbered, at = numbered + given, at + timedelta(seconds=1)
    sequencer = numbered / (time.perf_counter() - began)
    written = numbered / bare_writing(before)
    keys = [signing.verifier_key(signing.signing_key(), settings.CHECKPOINT_ORIGIN)]
    gc.freeze()  # as the command does
    began, used = time.perf_counter(), time.process_time()
    entries = verify(keys=keys, files=False).entries
    seconds, own = time.perf_counter() - began, time.process_time() - used
    read = entries / bare_reading()
    return {
        "numbered": compared(sequencer, written),
        "verified": compared(entries / seconds, read) | {"per_cpu_second": round(entries / own)},
    }


def compared(ours: float, limit: float) -> dict[str, Any]:
    return {"ours": {"per_second": round(ours, 1)}, "limit": {"per_second": round(limit, 1)}, "ratio": round(ours / limit, 2)}


def write() -> None:
    """Write what waits for its places: decisions with their events, and other events."""
    for number in range(ENTRIES // 3 // SET):
        with transaction.atomic():
            body = {"lot_number": f"L{number}", "verdict": "accept", "inspected": 80, "defective": 0}
            record_all([Said("benchmark", 1 + one % 200, 1, body) for one in range(SET)], actor=None, at=BEGAN)
            subjects = [Heartbeat(pk=1 + one, process="relay") for one in range(SET)]
            announce_all([("benchmark.told", subject, {"state": ["open", "done"]}, {}) for subject in subjects], actor=None, at=BEGAN)


def bare_writing(before: int) -> float:
    """Return the seconds it takes to insert the same places into a table with the same indexes, computing nothing."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bare (LIKE assurance_logplace INCLUDING ALL)")
    rows = list(LogPlace.objects.filter(seq__gte=before).order_by("seq"))
    began = time.perf_counter()
    for start in range(0, len(rows), 2000):
        columns = [field.attname for field in LogPlace._meta.concrete_fields]
        values = [tuple(getattr(row, name) for name in columns) for row in rows[start : start + 2000]]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO bare ({', '.join(columns)}) VALUES " + ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(values)),
                [value for row in values for value in row],
            )
    return time.perf_counter() - began


def bare_reading() -> float:
    """Return the seconds it takes to read every entry and hash what it says once, checking nothing."""
    began = time.perf_counter()
    with transaction.atomic(), closing(rereading.pages()) as pages:
        for page in pages:
            for row in page:
                hashlib.sha256(bytes(row[9]) if row[9] is not None else row[10].encode()).digest()
    return time.perf_counter() - began
