"""Commit to a draw, then make it: the seed is on record as a hash before anybody knows what it draws."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assurance.database import constraint_of
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.evidence.actions import record
from assurance.refusals import Refused
from qc.labs.actions.locking import OtherHouse
from qc.labs.actions.scheduling import Wanted, schedule
from qc.labs.drawing import ALGORITHM, Candidate, commitment_of, draw, hash_of
from qc.labs.models import DrawCandidate, DrawRound, DrawSeed, Sample
from qc.labs.queries.risk import drawable, weighed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.labs.queries.risk import Weighed


class NothingToDraw(Refused):
    code = "nothing_to_draw"
    message = _("No released lot of high risk waits for a laboratory.")


class RoundOpen(Refused):
    code = "round_open"
    message = _("A round is committed to already. Draw it first.")


class AlreadyDrawn(Refused):
    code = "already_drawn"
    message = _("This round was drawn already.")


class NotTheSeed(Refused):
    code = "not_the_seed"
    message = _("Seed or list of lots is not what was committed to. Nothing is drawn.")


@transaction.atomic
def open_round(*, size: int, actor: User, at: datetime, seed: str = "") -> DrawRound:
    """Freeze the lots of high risk in the actor's warehouse and publish the hash of the seed that will draw them.

    The seed is random unless a generator gives one. The commitment stands in the evidence, so that a signed checkpoint covers it
    before the draw.

    :raises NothingToDraw: if there is no lot of high risk
    :raises RoundOpen: if the warehouse has a round that was not drawn
    """
    risky = [one for one in weighed(drawable(actor.organisation)) if one.weight.is_high]
    if not risky:
        raise NothingToDraw
    seed = seed or secrets.token_hex(32)
    listed = [Candidate(one.lot.pk, one.weight.tickets) for one in risky]
    body = {
        "algorithm": ALGORITHM,
        "commitment": commitment_of(seed),
        "candidates": len(listed),
        "candidates_hash": hash_of(listed),
        "size": min(size, len(listed)),
    }
    entry = record("lab_draw_committed", product_id=None, organisation_id=actor.organisation_id, at=at, actor=actor, body=body)
    try:
        with transaction.atomic():
            made = DrawRound.objects.create(
                warehouse=actor.organisation, opened_by=actor, opened_at=at, commitment_entry_id=entry.pk, **body
            )
    except IntegrityError as error:
        if constraint_of(error) == "draw_round_one_open_per_warehouse":
            raise RoundOpen from None
        raise
    _freeze(made, seed, risky)
    changes = first(made, "size", "candidates", "candidates_hash", "commitment")
    announce(
        "qc.draw.committed", actor=actor, at=at, subject=made, changes=changes, organisation_id=actor.organisation_id, round_id=made.pk
    )
    return made


def _freeze(made: DrawRound, seed: str, risky: Sequence[Weighed]) -> None:
    """Keep the seed where nothing shows it, and the lots with their tickets."""
    DrawSeed.objects.create(round=made, seed=seed)
    DrawCandidate.objects.bulk_create(
        DrawCandidate(
            round=made,
            lot=one.lot,
            merchant_id=one.lot.merchant_id,
            weight=one.weight.tickets,
            reasons=list(one.weight.reasons),
        )
        for one in risky
    )


@transaction.atomic
def draw_round(*, round_id: int, actor: User, at: datetime) -> list[Sample]:
    """Reveal the seed and schedule a sample of every lot it draws.

    :raises AlreadyDrawn: if somebody was faster
    :raises OtherHouse: if the round is another warehouse's
    :raises NotTheSeed: if what is kept is not what was committed to
    """
    found = DrawRound.objects.select_for_update().get(pk=round_id)
    if found.warehouse_id != actor.organisation_id:
        raise OtherHouse
    if found.is_drawn:
        raise AlreadyDrawn
    rows = list(DrawCandidate.objects.filter(round=found).select_related("lot__product").order_by("lot_id"))
    listed = [Candidate(row.lot_id, row.weight) for row in rows]
    seed = DrawSeed.objects.get(round=found).seed
    if commitment_of(seed) != found.commitment or hash_of(listed) != found.candidates_hash:
        raise NotTheSeed
    drawn = {place.candidate.lot_id for place in draw(seed, listed, found.size) if place.is_drawn}
    changes = change(found, seed=seed, drawn_by_id=actor.pk, drawn_at=at)
    found.save(update_fields=["seed", "drawn_by", "drawn_at"])
    body = {
        "algorithm": found.algorithm,
        "commitment": found.commitment,
        "seed": seed,
        "candidates_hash": found.candidates_hash,
        "lots": sorted(drawn),
    }
    record("lab_draw_made", product_id=None, organisation_id=found.warehouse_id, at=at, actor=actor, body=body)
    announce("qc.draw.made", actor=actor, at=at, subject=found, changes=changes, organisation_id=found.warehouse_id, round_id=found.pk)
    return schedule([Wanted(row.lot, "random", found) for row in rows if row.lot_id in drawn], actor=actor, at=at)
