"""Examples for the log: a head that is signed, and proofs under it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from assurance.evidence.models import Checkpoint
from assurance.evidence.sequencer import sequence_new_entries
from assurance.files import actions as files
from assurance.roles import Role
from tests.hostile.examples.example import Example, somebody
from tests.hostile.examples.house import picture


def head(**path: object) -> Example:
    """Return how the newest head of a log with something in it is asked for."""
    owner = somebody(Role.MERCHANT_OWNER)
    files.store(organisation=owner.organisation, uploaded_by=owner, data=picture(), shown_name="a.jpg", at=timezone.now())
    sequence_new_entries(at=timezone.now())
    return Example(owner, path={"size": Checkpoint.objects.order_by("-number")[0].size, **path})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "GET api:checkpoint-detail": head,
    "GET api:checkpoint-inclusion": lambda: head(seq=0),
    "GET api:checkpoint-consistency": lambda: head(old=1),
}
