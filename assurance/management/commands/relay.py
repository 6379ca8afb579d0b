"""``manage.py relay``: publish due jobs and number new evidence, five times a second."""

from __future__ import annotations

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from assurance.celery import app
from assurance.events import actions, relay
from assurance.evidence.handover import hand_over
from assurance.evidence.sequencer import LogDamaged, sequence_new_entries
from assurance.evidence.signing import NoSigningKey
from assurance.evidence.witness import WitnessRefused

log = logging.getLogger(__name__)
HEARTBEAT_EVERY = 10
BATCH = 200


def number_evidence(*, aloud: bool) -> None:
    """Give new evidence its places. A log that cannot be continued is told of, but holds up no job; what is new waits."""
    try:
        sequence_new_entries(at=timezone.now())
    except (LogDamaged, DatabaseError) as problem:
        if aloud:
            log.critical("the evidence log is not continued: %s", problem)


def tell_the_witness(known: int) -> int:
    """Bring new checkpoints to the witness; return the size of the log it knows. What it refuses is told of and holds up nothing."""
    try:
        return hand_over(known=known)
    except (WitnessRefused, NoSigningKey, OSError, DatabaseError) as problem:
        log.critical("the witness did not take the newest checkpoint: %s", problem)
        return 0


class Command(BaseCommand):
    help = "Publish due jobs to the broker and number new evidence. A second relay waits as standby."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        turns = witnessed = 0
        held: object = None
        pause = 0.0
        while not stop.wait(pause):
            pause = settings.RELAY_POLL_SECONDS
            try:
                connection.ensure_connection()
                if held is not connection.connection:
                    held = connection.connection if relay.hold_lock() else None
                if held is None:
                    continue
                if turns % HEARTBEAT_EVERY == 0:
                    actions.beat_heart("relay", at=timezone.now())
                turns += 1
                number_evidence(aloud=turns % HEARTBEAT_EVERY == 1)
                if turns % HEARTBEAT_EVERY == 1:
                    witnessed = tell_the_witness(witnessed)
                if relay.publish_due(app, most=BATCH) == BATCH:
                    pause = 0.0  # more is waiting
            except (DatabaseError, BrokerError, ConnectionError, TimeoutError, OSError) as error:
                log.warning("relay: %s: %s", type(error).__name__, str(error).splitlines()[:1])
                if not isinstance(error, BrokerError | ConnectionError | TimeoutError):
                    connection.close()
                    held = None
                stop.wait(1)
