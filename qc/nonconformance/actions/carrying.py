"""Carry a decision out: what is written of it and the goods' move commit together or not at all (P5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.evidence.actions import record
from assurance.files.actions import share
from assurance.files.models import StoredFile
from assurance.gates.actions import clear
from assurance.refusals import Refused, WrongState
from assurance.sentences import keep
from qc.nonconformance.actions.deciding import ConcessionPast, give_time
from qc.nonconformance.actions.guarding import OtherWarehouse, lock_disposition
from qc.nonconformance.lifecycle import DispositionState, NonConformanceState
from qc.nonconformance.models import DispositionMove
from qc.nonconformance.remedies import BECAUSE, RELEASING, RESUBMITTED, TARGETS, Kind
from warehouse.stock.actions import move
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.gates.models import Clearance
    from qc.nonconformance.models import Disposition, NonConformance
    from warehouse.stock.models import StockMove

SORTED: Final = gettext_noop("Every unit was looked at; these are in order.")
CONCEDED: Final = gettext_noop("A concession lets these units be used as they are.")
PUT_RIGHT: Final = gettext_noop("Every unit has gone where its decision says.")
keep(SORTED, CONCEDED, PUT_RIGHT)
STAGE: Final = "disposition"
KIND: Final = "goods_disposed"


class MoreThanDecided(Refused):
    code = "more_than_decided"
    message = _("Only %(left)s units are left of this decision; %(asked)s were given.")


class NothingCarried(Refused):
    code = "no_units"
    status = 422
    message = _("At least one unit.")


class NotSorted(Refused):
    code = "not_sorted"
    status = 422
    message = _("Only a sorting has units that are not in order.")


class WitnessMissing(Refused):
    code = "witness_missing"
    status = 422
    message = _("Name a second person of this warehouse who sees it destroyed.")


class PhotoMissing(Refused):
    code = "photo_missing"
    status = 422
    message = _("A photograph of the destruction is required.")


class CertificateMissing(Refused):
    code = "certificate_missing"
    status = 422
    message = _("The number of the destruction certificate is required.")


@dataclass(frozen=True)
class Proof:
    """What destroying needs: who saw it, a photograph of the warehouse's own, the number of the certificate."""

    witness_id: int | None = None
    photo_id: int | None = None
    certificate_number: str = ""


@transaction.atomic
def carry_out(
    *, disposition_id: int, quantity: int, actor: User, at: datetime, sorted_out: int = 0, proof: Proof | None = None
) -> DispositionMove:
    """Move so many units as decided; of a sorting these are the good ones, ``sorted_out`` the others. In parts, if need be.

    What may be sold again gets a clearance of the lot's stage "disposition" and passes the gate; what was reworked waits for its
    inspection. The last unit closes the decision, and the last decision what failed.

    :raises OtherWarehouse, WrongState: if it is not to be carried out here, or not now
    :raises ConcessionPast: if its last day has passed (P5.4)
    :raises MoreThanDecided, NothingCarried, NotSorted: if the units cannot be meant
    :raises WitnessMissing, PhotoMissing, CertificateMissing: if it is to be destroyed without
    :raises Stopped: if the goods were to be sold again while a stop covers them
    """
    found, row = lock_disposition(disposition_id)
    _check(found, actor, quantity, sorted_out, at=at)
    kept = _check_proof(proof or Proof(), actor) if found.kind == Kind.DESTROY else {}
    found.lot = row.goods
    place = found.moves.count() + 1
    moved = _move(found, row, quantity, place, actor=actor, at=at) if quantity else None
    made = DispositionMove.objects.create(
        merchant_id=found.merchant_id,
        warehouse_id=found.warehouse_id,
        disposition=found,
        lot_id=found.lot_id,
        kind=found.kind,
        quantity=quantity,
        sorted_out=sorted_out,
        move=moved,
        actor=actor,
        at=at,
        day_date=at.astimezone(SHANGHAI).date(),
        ends_date=found.ends_date,
        evidence_entry_id=_prove(found, row, quantity, sorted_out, proof, actor=actor, at=at),
        **kept,
    )
    if made.photo_id:
        share(file_ids=[made.photo_id], organisation_ids=[made.merchant_id], actor=actor, at=at)
    announce(
        "qc.disposition.carried", actor=actor, at=at, subject=made, changes=first(made, "kind", "quantity", "sorted_out"), **_ids(made)
    )
    if found.kind in RESUBMITTED:
        announce("qc.goods.resubmitted", actor=actor, at=at, subject=made, changes=first(made, "quantity"), **_ids(made))
    _finish(found, row, actor=actor, at=at)
    return made


def _check(found: Disposition, actor: User, quantity: int, sorted_out: int, *, at: datetime) -> None:
    if actor.organisation_id != found.warehouse_id:
        raise OtherWarehouse
    if found.state != DispositionState.APPROVED:
        raise WrongState(state=found.get_state_display())
    if found.ends_date and at.astimezone(SHANGHAI).date() > found.ends_date:
        raise ConcessionPast
    if sorted_out and found.kind != Kind.SORT:
        raise NotSorted(field="sorted_out")
    if min(quantity, sorted_out) < 0 or quantity + sorted_out < 1:
        raise NothingCarried(field="quantity")
    if quantity + sorted_out > found.left:
        raise MoreThanDecided(field="quantity", left=found.left, asked=quantity + sorted_out)


def _check_proof(proof: Proof, actor: User) -> dict[str, Any]:
    others = User.objects.filter(organisation_id=actor.organisation_id, is_active=True).exclude(pk=actor.pk)
    witness = others.filter(pk=proof.witness_id).first() if proof.witness_id else None
    if witness is None:
        raise WitnessMissing(field="witness")
    photo = StoredFile.objects.filter(pk=proof.photo_id, organisation_id=actor.organisation_id).first() if proof.photo_id else None
    if photo is None or not photo.is_picture:
        raise PhotoMissing(field="photo")
    if not proof.certificate_number.strip():
        raise CertificateMissing(field="certificate_number")
    return {"witness": witness, "photo": photo, "certificate_number": proof.certificate_number.strip()}


def _move(found: Disposition, row: NonConformance, quantity: int, place: int, *, actor: User, at: datetime) -> StockMove:
    kind = Kind(found.kind)
    return move(
        lot=found.lot,
        source=Custody.HELD,
        target=Custody(TARGETS[kind]),
        quantity=quantity,
        because=BECAUSE[kind],
        reference=f"disposition:{found.pk}:{place}",
        clearance=_clear(found, row, actor=actor, at=at) if kind in RELEASING else None,
        actor=actor,
        at=at,
    )


def _clear(found: Disposition, row: NonConformance, *, actor: User, at: datetime) -> Clearance:
    """Clear what may be sold again: the tranche counts the clearances of the lot at this stage."""
    tranche = DispositionMove.objects.filter(lot_id=found.lot_id, kind__in=sorted(RELEASING), quantity__gt=0).count() + 1
    return clear(
        subject_kind="lot",
        subject_id=found.lot_id,
        stage=STAGE,
        verdict="released",
        organisation_id=row.merchant_id,
        because=SORTED if found.kind == Kind.SORT else CONCEDED,
        tranche=tranche,
        actor=actor,
        at=at,
    )


def _prove(
    found: Disposition, row: NonConformance, quantity: int, sorted_out: int, proof: Proof | None, *, actor: User, at: datetime
) -> int:
    body = {
        "product_id": row.product_id,
        "merchant_id": row.merchant_id,
        "warehouse_id": row.warehouse_id,
        "lot_id": found.lot_id,
        "lot_number": found.lot.number,
        "inspection_id": row.source_id,
        "non_conformance_id": row.pk,
        "disposition_id": found.pk,
        "kind": found.kind,
        "quantity": quantity,
        "sorted_out": sorted_out,
        "ends_date": found.ends_date,
        "certificate_number": proof.certificate_number.strip() if proof else "",
        "carried_at": at,
    }
    entry = record(KIND, product_id=row.product_id, organisation_id=row.merchant_id, lot_id=found.lot_id, body=body, actor=actor, at=at)
    return entry.pk


def _finish(found: Disposition, row: NonConformance, *, actor: User, at: datetime) -> None:
    """Close the decision when its units are used up, and what failed with the last of them. Triggers have counted."""
    found.refresh_from_db(fields=["settled", "sorted_out"])
    if found.left:
        return
    changes = change(found, state=DispositionState.DONE, finished_at=at)
    found.save(update_fields=["state", "finished_at"])
    ids: dict[str, Any] = {"disposition_id": found.pk, "non_conformance_id": row.pk, "lot_id": found.lot_id}
    announce("qc.disposition.done", actor=actor, at=at, subject=found, changes=changes, **ids)
    row.refresh_from_db(fields=["assigned", "settled"])
    if row.settled < row.quantity:
        if row.undecided:
            give_time(row, at=at)
        return
    changes = change(row, state=NonConformanceState.CLOSED, closed_at=at, closed_by_id=actor.pk, remedy=PUT_RIGHT)
    row.save(update_fields=["state", "closed_at", "closed_by", "remedy"])
    announce("qc.non_conformance.closed", actor=actor, at=at, subject=row, changes=changes, non_conformance_id=row.pk)


def _ids(made: DispositionMove) -> dict[str, Any]:
    return {"disposition_move_id": made.pk, "disposition_id": made.disposition_id, "lot_id": made.lot_id}
