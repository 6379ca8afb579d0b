"""Put evidence under claims: statements and papers by people, results by the laboratory's publication. Append-only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.certificates.lifecycle import CertificateState
from assurance.certificates.models import CoveredProduct
from assurance.claims.actions.making import AlreadyWithdrawn, ClaimsAreFixed, held_claims
from assurance.claims.actions.settling import settle
from assurance.claims.kinds import Basis
from assurance.claims.measuring import Measured, answers, compare, read
from assurance.claims.models import Claim, ClaimEvidence
from assurance.claims.queries import day_of
from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.evidence.models import EvidenceEntry
from assurance.refusals import Refused, at_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.certificates.models import Certificate
    from assurance.files.models import StoredFile

RESULT_COUNTS_FOR: Final = timedelta(days=365)
"""How long a laboratory's result speaks for what is sold: a year, as reports are commonly accepted."""
KINDS: Final = {"attached": "claims.evidence.attached", "retracted": "claims.evidence.retracted"}
DRAWN: Final = frozenset({"random", "demanded", "redraw", "retest"})
"""Origins of a sample that somebody else than the merchant took from the lot."""


class PaperMissing(Refused):
    code = "required"
    status = 422
    message = _("Attach the paper itself.")


class CertificateMissing(Refused):
    code = "certificate_missing"
    status = 422
    message = _("Choose a verified certificate of yours that covers this product.")


class NotYourFile(Refused):
    code = "not_found"
    status = 422
    message = _("There is no such file.")


class PapersAreFixed(ClaimsAreFixed):
    code = "papers_are_fixed"
    message = _("This product is under review or enrolled: its papers stay as they were judged. Withdraw the enrolment first.")


class AlreadyRetracted(Refused):
    code = "already_retracted"
    message = _("This evidence is retracted.")


class EndsBeforeItBegins(Refused):
    code = "ends_before_it_begins"
    status = 422
    message = _("The last day lies before the first.")


@dataclass(frozen=True)
class Attached:
    """A statement or a paper under a claim; ``until`` is its last day."""

    claim_id: int
    basis: str
    words: str = ""
    file: StoredFile | None = None
    since: date | None = None
    until: date | None = None
    certificate: Certificate | None = None


def attach(one: Attached, *, actor: User, at: datetime) -> ClaimEvidence:
    """Put one piece of evidence under a claim; see ``attach_all``."""
    return attach_all([one], actor=actor, at=at)[0]


@transaction.atomic
def attach_all(wanted: Sequence[Attached], *, actor: User, at: datetime) -> list[ClaimEvidence]:
    """Put statements and papers under claims, all or none, and settle what the claims are worth.

    :raises PapersAreFixed: while the product is reviewed or enrolled; then only laboratories and certificates speak
    :raises AlreadyWithdrawn, PaperMissing, NotYourFile, EndsBeforeItBegins: of the first that is refused
    """
    claims = held_claims([one.claim_id for one in wanted])
    rows = []
    for place, (one, claim) in enumerate(zip(wanted, claims, strict=True)):
        with at_place(place):
            _guard(one, claim)
            since, until = _period(one, at)
            if until and until < since:
                raise EndsBeforeItBegins(field="until_date")
        rows.append(
            ClaimEvidence(
                claim=claim,
                merchant_id=claim.merchant_id,
                basis=one.basis,
                file=one.file,
                words=one.words,
                from_date=since,
                until_date=until,
                certificate=one.certificate,
                attached_by=actor,
                attached_at=at,
            )
        )
    return _kept(rows, "attached", actor=actor, at=at)


@transaction.atomic
def retract(*, evidence_id: int, actor: User, at: datetime) -> ClaimEvidence:
    """Take back a statement or a paper that was attached by mistake; both rows stay.

    :raises PapersAreFixed: while the product is reviewed or enrolled
    :raises AlreadyRetracted: if it is taken back already, or is a laboratory's
    """
    found = ClaimEvidence.objects.get(pk=evidence_id)
    claim = held_claims([found.claim_id])[0]
    if claim.product.is_locked:
        raise PapersAreFixed
    if found.basis in ("", Basis.LAB) or ClaimEvidence.objects.filter(retracts=found).exists():
        raise AlreadyRetracted
    row = ClaimEvidence(claim=claim, merchant_id=claim.merchant_id, retracts=found, from_date=day_of(at), attached_by=actor, attached_at=at)
    return _kept([row], "retracted", actor=actor, at=at)[0]


@transaction.atomic
def link_laboratory(*, product_id: int, entry_id: int, at: datetime) -> list[ClaimEvidence]:
    """Put what a laboratory published under the claims it speaks of. Doing it again changes nothing.

    A value that fits verifies or documents the claim; one that does not refutes it, at once.
    """
    entry = EvidenceEntry.objects.get(pk=entry_id)
    claims = held_claims(list(Claim.objects.standing().of([product_id]).exclude(measured="").order_by("pk").values_list("pk", flat=True)))
    known = set(ClaimEvidence.objects.filter(claim__in=claims, evidence_entry_id=entry_id).values_list("claim_id", flat=True))
    rows = [row for claim in claims if claim.pk not in known for row in _results(claim, entry)]
    return _kept(rows, "attached", actor=None, at=at)


def _results(claim: Claim, entry: EvidenceEntry) -> Iterator[ClaimEvidence]:
    """Yield the first result of a publication that answers the claim."""
    said = entry.says
    for test in said.get("tests", []):
        if (found := _answer(claim, test)) is None:
            continue
        agrees, value, unit = found
        since = day_of(entry.recorded_at)
        yield ClaimEvidence(
            claim=claim,
            merchant_id=claim.merchant_id,
            basis=Basis.LAB,
            evidence_entry_id=entry.pk,
            measured_value=value,
            unit=unit,
            agrees=agrees,
            is_drawn=said.get("origin") in DRAWN,
            words=f"{said.get('sample', '')} {test.get('standard', '')}".strip()[:200],
            from_date=since,
            until_date=since + RESULT_COUNTS_FOR,
            attached_at=entry.recorded_at,
        )
        return


def _answer(claim: Claim, test: Mapping[str, Any]) -> tuple[bool, Any, str] | None:
    of = Measured(claim.measured)
    if claim.value is None or not answers(of, test["code"], test["zh"], claim.component):
        return None
    reported = read(test["reported"], test.get("unit", ""))
    if reported is None:
        return None
    value, unit = reported
    compared = compare(of, claim.value, claim.unit, value, unit)
    return (compared.agrees, value, unit) if compared else None


def _period(one: Attached, at: datetime) -> tuple[date, date | None]:
    """Return first and last day; a certificate has its own."""
    if one.certificate:
        return one.certificate.valid_from_date or one.certificate.issued_date, one.certificate.expires_date
    return one.since or day_of(at), one.until


def _guard(one: Attached, claim: Claim) -> None:
    if claim.withdrawn_at is not None:
        raise AlreadyWithdrawn
    if one.basis == Basis.CERTIFICATE:  # judged by its own reviewers, so it may come at any time
        covers = (
            one.certificate
            and CoveredProduct.objects.filter(
                certificate=one.certificate, certificate__state=CertificateState.VERIFIED, product=claim.product_id
            ).exists()
        )
        if not covers:
            raise CertificateMissing(field="certificate")
        return
    if claim.product.is_locked:
        raise PapersAreFixed
    if one.basis == Basis.DOCUMENT and one.file is None:
        raise PaperMissing(field="file")
    if one.file is not None and one.file.organisation_id != claim.merchant_id:
        raise NotYourFile(field="file")


def _kept(rows: list[ClaimEvidence], verb: str, *, actor: User | None, at: datetime) -> list[ClaimEvidence]:
    ClaimEvidence.objects.bulk_create(rows)
    names = ("claim_id", "basis", "file_id", "words", "from_date", "until_date", "measured_value", "unit", "agrees", "retracts_id")
    news = [
        News(
            KINDS[verb],
            row,
            {name: pair for name, pair in first(row, *names).items() if pair[1] not in (None, "")},
            at,
            actor,
            {"claim_id": row.claim_id, "product_id": row.claim.product_id},
        )
        for row in rows
    ]
    announce_each(news)
    settle({row.claim_id for row in rows}, at=at, actor=actor)
    return rows
