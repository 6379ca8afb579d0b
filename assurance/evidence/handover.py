"""Bring new checkpoints to the witness, each with the proof that it continues the one before."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from django.conf import settings

from assurance.evidence import queries, signing, subtrees
from assurance.evidence.models import Checkpoint
from assurance.evidence.witness import Witness, WitnessRefused

log = logging.getLogger(__name__)
AT_ONCE: Final = 100


def own_witness() -> Witness:
    """Return the witness of WITNESS_DIR, which follows the key that signs here.

    :raises NoSigningKey: if there is none
    """
    key = signing.read_key(Path(settings.SIGNING_KEY_FILE))
    return Witness(Path(settings.WITNESS_DIR), signing.verifier_key(key, settings.CHECKPOINT_ORIGIN))


def hand_over(*, known: int = 0, most: int = AT_ONCE) -> int:
    """Bring the checkpoints that the witness has not seen, oldest first; return the size of the log it knows now.

    ``known`` is what an earlier call returned: as long as there is no newer checkpoint this costs one query. Nothing is brought
    before it is committed, and what was missed while the witness was away is brought later.

    :raises WitnessRefused: if the database tells another story than the witness saw
    :raises NoSigningKey: if there is no key to know the log by
    :raises OSError: if the folder cannot be written
    """
    newest = queries.newest_checkpoint()
    if newest is None or newest.size == known:
        return known
    witness = own_witness()
    seen = witness.seen()
    size = seen.head.size if seen else 0
    if newest.size <= size:
        witness.take(newest.note)
        return newest.size
    for one in Checkpoint.objects.filter(size__gt=size).order_by("number")[:most]:
        try:
            path = queries.consistency(size, one.size).path if size else ()
        except subtrees.Incomplete as problem:
            raise WitnessRefused(f"the log cannot prove that it continues: {problem} is missing") from None
        size = witness.take(one.note, path).size
    return size
