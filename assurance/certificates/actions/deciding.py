"""What a reviewer decides about a certificate: it is true, it is not, it no longer holds, it holds again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.certificates.actions.lapsing import follow
from assurance.certificates.lifecycle import NEXT, CertificateState
from assurance.certificates.models import Certificate, CoveredProduct
from assurance.certificates.queries import contested, day_of, is_anothers
from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.evidence.actions import Said, record_all
from assurance.refusals import OwnWork, Refused, WrongState, at_place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User

EVIDENCE: Final = {
    CertificateState.VERIFIED: "certificate_verified",
    CertificateState.SUSPENDED: "certificate_suspended",
    CertificateState.WITHDRAWN: "certificate_withdrawn",
}
"""What of it is recorded: a rejected one never proved anything."""
COLUMNS: Final = ("state", "decided_by", "decided_at", "decision_reason", "holder_accepted")


class NoReason(Refused):
    code = "required"
    status = 422
    message = _("A reason is required.")


class OtherHolder(Refused):
    code = "other_holder"
    status = 422
    message = _("This certificate belongs to %(holder)s, who did not authorise the merchant. Say why it counts, or reject it.")


class Contested(Refused):
    code = "certificate_contested"
    message = _("Another merchant shows the same number or file. An administrator decides first.")


class Ended(Refused):
    code = "certificate_expired"
    message = _("This certificate has expired on %(day)s.")


@dataclass(frozen=True)
class Decision:
    """One certificate, and why. ``reason`` is what the merchant reads; for a verified one it says why another's certificate counts."""

    certificate_id: int
    at: datetime
    reason: str = ""


def verify(*, certificate_id: int, actor: User, at: datetime, reason: str = "") -> Certificate:
    """Say that a certificate is true and covers what it says; see ``verify_all``."""
    return verify_all([Decision(certificate_id, at, reason)], actor=actor)[0]


@transaction.atomic
def verify_all(decisions: Sequence[Decision], *, actor: User) -> list[Certificate]:
    """Say that certificates are true. ``reason`` is needed where the holder is neither the merchant nor somebody who authorised him.

    :raises OwnWork: nobody verifies what he entered, or what belongs to his own organisation
    :raises WrongState, Ended, Contested, OtherHolder: of the first that is refused; then none is verified
    """
    certificates = _locked(decisions)
    claimed = contested([one.pk for one in certificates])
    for place, (one, decision) in enumerate(zip(certificates, decisions, strict=True)):
        with at_place(place):
            _guard(one, CertificateState.VERIFIED, actor)
            if one.pk in claimed:
                raise Contested
            _check_truth(one, decision)
    return _move(certificates, decisions, CertificateState.VERIFIED, "certificates.certificate.verified", actor=actor)


def _check_truth(one: Certificate, decision: Decision) -> None:
    day = day_of(decision.at)
    if one.is_over(day):
        raise Ended(day=str(one.expires_date))
    if is_anothers(one, day):
        if not decision.reason.strip():
            raise OtherHolder(field="reason", holder=one.holder)
        one.holder_accepted = decision.reason.strip()


def reject(*, certificate_id: int, reason: str, actor: User, at: datetime) -> Certificate:
    """Refuse a certificate that was entered; the merchant reads why.

    :raises NoReason, OwnWork, WrongState: nothing is changed
    """
    return _decide(Decision(certificate_id, at, reason), CertificateState.REJECTED, "certificates.certificate.rejected", actor=actor)


def suspend(*, certificate_id: int, reason: str, actor: User, at: datetime) -> Certificate:
    """Say that a certificate does not hold for the moment (its issuer suspended it). What depends on it stops at once.

    :raises NoReason, OwnWork, WrongState: nothing is changed
    """
    return _decide(Decision(certificate_id, at, reason), CertificateState.SUSPENDED, "certificates.certificate.suspended", actor=actor)


def withdraw(*, certificate_id: int, reason: str, actor: User, at: datetime) -> Certificate:
    """Say that a certificate no longer holds (revoked, cancelled, forged). What depends on it stops at once.

    :raises NoReason, OwnWork, WrongState: nothing is changed
    """
    return _decide(Decision(certificate_id, at, reason), CertificateState.WITHDRAWN, "certificates.certificate.withdrawn", actor=actor)


@transaction.atomic
def reinstate(*, certificate_id: int, reason: str, actor: User, at: datetime) -> Certificate:
    """Let a suspended or withdrawn certificate hold again. What stopped for its sake goes on.

    :raises NoReason, OwnWork, WrongState, Ended, Contested: nothing is changed
    """
    decision = Decision(certificate_id, at, reason)
    [certificate] = _locked([decision])
    _guard(certificate, CertificateState.VERIFIED, actor)
    if certificate.state == CertificateState.ENTERED:
        raise WrongState(state=certificate.get_state_display())
    if contested([certificate.pk]):
        raise Contested
    if certificate.is_over(day_of(at)):
        raise Ended(day=str(certificate.expires_date))
    _need_reason(reason)
    return _move([certificate], [decision], CertificateState.VERIFIED, "certificates.certificate.reinstated", actor=actor)[0]


@transaction.atomic
def lose(certificate: Certificate, *, reason: str, actor: User, at: datetime) -> None:
    """Take a certificate away that lost a conflict, in whatever live state it is. The caller guards who may."""
    decision = Decision(certificate.pk, at, reason)
    [locked] = _locked([decision])
    if locked.state == CertificateState.ENTERED:
        _move([locked], [decision], CertificateState.REJECTED, "certificates.certificate.rejected", actor=actor)
    elif CertificateState.WITHDRAWN in NEXT[CertificateState(locked.state)]:
        _move([locked], [decision], CertificateState.WITHDRAWN, "certificates.certificate.withdrawn", actor=actor)


@transaction.atomic
def _decide(decision: Decision, to: CertificateState, kind: str, *, actor: User) -> Certificate:
    [certificate] = _locked([decision])
    _guard(certificate, to, actor)
    _need_reason(decision.reason)
    return _move([certificate], [decision], to, kind, actor=actor)[0]


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise NoReason(field="reason")


def _locked(decisions: Sequence[Decision]) -> list[Certificate]:
    numbers = [one.certificate_id for one in decisions]
    rows = Certificate.objects.select_for_update(of=("self",)).select_related("merchant").filter(pk__in=numbers).order_by("pk").in_bulk()
    return [rows[number] for number in numbers]


def _guard(certificate: Certificate, to: CertificateState, actor: User) -> None:
    if to not in NEXT[CertificateState(certificate.state)]:
        raise WrongState(state=certificate.get_state_display())
    if actor.pk == certificate.entered_by_id or actor.organisation_id == certificate.merchant_id:
        raise OwnWork


def _move(
    certificates: Sequence[Certificate], decisions: Sequence[Decision], to: CertificateState, kind: str, *, actor: User
) -> list[Certificate]:
    """Bring locked certificates to their next state, tell it, prove it, and let what depends on them follow."""
    covered = _covered(certificates)
    told, said = [], []
    for one, decision in zip(certificates, decisions, strict=True):
        reason = decision.reason.strip()
        changes = change(one, state=to, decided_by_id=actor.pk, decided_at=decision.at, decision_reason=reason)
        told.append(News(kind, one, changes, decision.at, actor, {"certificate_id": one.pk}, reason))
        if proof := EVIDENCE.get(to):
            body = _body(one)
            said += [Said(proof, number, one.merchant_id, body, at=decision.at, actor=actor) for number in covered.get(one.pk, [])]
    update_each(certificates, COLUMNS)
    announce_each(told)
    if said:
        record_all(said, actor=actor, at=decisions[0].at)
    follow({number for numbers in covered.values() for number in numbers}, at=max(one.at for one in decisions))
    return list(certificates)


def _covered(certificates: Sequence[Certificate]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = CoveredProduct.objects.filter(certificate__in=certificates).order_by("product_id").values_list("certificate_id", "product_id")
    for certificate_id, product_id in rows:
        found.setdefault(certificate_id, []).append(product_id)
    return found


def _body(one: Certificate) -> dict[str, Any]:
    return {
        "certificate": one.code,
        "certificate_kind": one.kind,
        "number": one.number,
        "issuer": one.issuer,
        "sha256": one.sha256,
        "expires": one.expires_date.isoformat() if one.expires_date else None,
    }
