"""Enter certificates: number read, file kept, products covered and attached, other merchants' claims found in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.certificates import numbers
from assurance.certificates.actions.locking import lock_marks
from assurance.certificates.lifecycle import LIVE
from assurance.certificates.models import Certificate, CertificateAttachment, CertificateConflict, CoveredProduct, Kind
from assurance.certificates.queries import classes_of, day_of
from assurance.certificates.wording import flaw_in_words
from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.files.actions import store
from assurance.files.models import StoredFile
from assurance.files.sniffing import DOCUMENTS
from assurance.products.models import Product
from assurance.refusals import Refused, at_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User


class BadNumber(Refused):
    code = "certificate_number"
    status = 422
    message = _("This number is not one of a certificate of this kind.")

    def __init__(self, flaws: Sequence[tuple[str, str]]) -> None:
        super().__init__(field="number")
        self.flaws = flaws

    def points(self) -> list[tuple[str, str, str]]:
        return [("number", code, words) for code, words in self.flaws]


class DatesInconsistent(Refused):
    code = "dates_inconsistent"
    status = 422
    message = _("The days do not fit: issued, valid from, valid until must follow each other, and nothing is issued in the future.")


class Expired(Refused):
    code = "certificate_expired"
    status = 422
    message = _("This certificate has expired on %(day)s.")


class NotYours(Refused):
    code = "not_found"
    status = 422
    message = _("These are not products of yours.")


class NothingCovered(Refused):
    code = "required"
    status = 422
    message = _("Choose at least one product that the certificate covers.")


class AlreadyEntered(Refused):
    code = "already_exists"
    message = _("This certificate was already entered for %(product)s.")


class ReportAlreadyUsed(Refused):
    code = "report_already_used"
    message = _("This report was already entered as %(code)s. A report belongs to one sample: enter it once, with every product it covers.")


@dataclass(frozen=True)
class Paper:
    """The file of a certificate: as it came in, or one that was stored before."""

    data: bytes = b""
    name: str = ""
    stored: StoredFile | None = None


@dataclass(frozen=True)
class NewCertificate:
    """A certificate to enter for the organisation of its ``actor``.

    ``values`` are kind, number, issuer, holder, model_names, issued_date, valid_from_date, expires_date. It is attached to all
    products it covers, unless ``attaching`` is false.
    """

    values: Mapping[str, Any]
    product_ids: Sequence[int]
    paper: Paper
    actor: User
    at: datetime
    attaching: bool = True


def enter(
    *, values: Mapping[str, Any], product_ids: Sequence[int], paper: Paper, actor: User, at: datetime, attaching: bool = True
) -> Certificate:
    """Enter one certificate; see ``enter_all``."""
    return enter_all([NewCertificate(values, product_ids, paper, actor, at, attaching)])[0]


@transaction.atomic
def enter_all(entries: Sequence[NewCertificate]) -> list[Certificate]:
    """Enter many certificates, all or none. What another merchant shows too is a conflict in the same transaction (A2.4).

    :raises BadNumber, DatesInconsistent, Expired, NotYours, NothingCovered, AlreadyEntered, ReportAlreadyUsed: of the first that is refused
    """
    wanted = {number for one in entries for number in one.product_ids}
    merchant_of = dict(Product.objects.filter(pk__in=wanted).values_list("pk", "merchant_id"))
    made = []
    for place, one in enumerate(entries):
        with at_place(place):
            made.append(_judged(one, merchant_of))
    lock_marks([mark for one in made for mark in (f"{one.kind}:{one.number_key}", one.sha256)])
    _check_repeated(entries, made)
    Certificate.objects.bulk_create(made)
    pairs = [(certificate, entry, number) for certificate, entry in zip(made, entries, strict=True) for number in _unique(entry)]
    CoveredProduct.objects.bulk_create(
        CoveredProduct(certificate=certificate, product_id=number, merchant_id=certificate.merchant_id)
        for certificate, _one, number in pairs
    )
    CertificateAttachment.objects.bulk_create(
        CertificateAttachment(
            certificate=certificate, product_id=number, merchant_id=certificate.merchant_id, attached_by=one.actor, attached_at=one.at
        )
        for certificate, one, number in pairs
        if one.attaching
    )
    announce_each([_entered(certificate, one) for certificate, one in zip(made, entries, strict=True)])
    _find_conflicts(made)
    return made


def _unique(entry: NewCertificate) -> list[int]:
    return list(dict.fromkeys(entry.product_ids))


def _entered(certificate: Certificate, one: NewCertificate) -> News:
    shown = first(certificate, "kind", "number", "issuer", "issued_date", "expires_date", "sha256", "state")
    changes = shown | {"products": [None, _unique(one)]}
    return News("certificates.certificate.entered", certificate, changes, one.at, one.actor, {"certificate_id": certificate.pk})


def _judged(one: NewCertificate, merchant_of: Mapping[int, int]) -> Certificate:
    merchant_id, values, day = one.actor.organisation_id, dict(one.values), day_of(one.at)
    if not one.product_ids:
        raise NothingCovered(field="products")
    if any(merchant_of.get(number) != merchant_id for number in one.product_ids):
        raise NotYours(field="products")
    _check_days(values["issued_date"], values.get("valid_from_date"), values.get("expires_date"), day)
    key = _read(values["kind"], values["number"], day.year, one.product_ids)
    file = one.paper.stored or store(
        organisation=one.actor.organisation,
        uploaded_by=one.actor,
        data=one.paper.data,
        shown_name=one.paper.name,
        at=one.at,
        accept=DOCUMENTS,
        field="file",
    )
    return Certificate(
        merchant_id=merchant_id, number_key=key, file=file, sha256=file.sha256, entered_by=one.actor, entered_at=one.at, **values
    )


def _read(kind: str, number: str, year: int, product_ids: Sequence[int]) -> str:
    """Return the number as it is compared; its class is looked up only where a kind has one."""
    wanted = classes_of(kind, product_ids) if kind == "ccc" else set()
    for product_class in sorted(wanted) or [""]:
        reading = numbers.read(kind, number, year=year, product_class=product_class)
        if reading.flaws:
            raise BadNumber([(flaw.code, flaw_in_words(kind, reading.key, flaw)) for flaw in reading.flaws])
    return reading.key


def _check_days(issued: date, begins: date | None, expires: date | None, today: date) -> None:
    if issued > today:
        raise DatesInconsistent(field="issued_date")
    if expires and (expires < issued or (begins and expires < begins)):
        raise DatesInconsistent(field="expires_date")
    if expires and expires < today:
        raise Expired(field="expires_date", day=expires.isoformat())


def _check_repeated(entries: Sequence[NewCertificate], made: Sequence[Certificate]) -> None:
    """Refuse the same certificate (number and file) for the same product, also twice in one call. Whoever enters it waits for the lock.

    A test report is refused whatever its number and product if its file is there already: it would pass for another sample's.
    """
    _check_reports(made)
    known = Q()
    for one in made:
        known |= Q(certificate__merchant_id=one.merchant_id, certificate__number_key=one.number_key, certificate__sha256=one.sha256)
    rows = CoveredProduct.objects.filter(known, certificate__state__in=sorted(LIVE)).values_list(
        "certificate__kind", "certificate__number_key", "certificate__sha256", "product_id"
    )
    seen = set(rows)
    for place, (entry, one) in enumerate(zip(entries, made, strict=True)):
        for number in _unique(entry):
            mark = (one.kind, one.number_key, one.sha256, number)
            if mark in seen:
                with at_place(place):
                    raise AlreadyEntered(field="number", product=Product.objects.get(pk=number).sku)
            seen.add(mark)


def _check_reports(made: Sequence[Certificate]) -> None:
    reports = [one for one in made if one.kind == Kind.TEST_REPORT]
    same = Certificate.objects.filter(kind=Kind.TEST_REPORT, sha256__in=[one.sha256 for one in reports], state__in=sorted(LIVE))
    known = {(one.merchant_id, one.sha256): one.code for one in same} if reports else {}
    for place, one in enumerate(made):
        if one.kind != Kind.TEST_REPORT:
            continue
        if code := known.get((one.merchant_id, one.sha256)):
            with at_place(place):
                raise ReportAlreadyUsed(field="file", code=code)
        known[one.merchant_id, one.sha256] = one.number


def _find_conflicts(made: Sequence[Certificate]) -> None:
    """Write one conflict for every pair of certificates of two merchants with one number or one file. The locks on both are held."""
    alike = Certificate.objects.filter(
        Q(sha256__in=[one.sha256 for one in made])
        | Q(number_key__in=[one.number_key for one in made], kind__in={one.kind for one in made}),
        state__in=sorted(LIVE),
    ).order_by("pk")
    by_mark: dict[tuple[str, ...], list[Certificate]] = defaultdict(list)
    for one in alike:
        by_mark[(one.kind, one.number_key)].append(one)
        by_mark[(one.sha256,)].append(one)
    found: dict[tuple[int, int], CertificateConflict] = {}
    for new in made:
        others = {one.pk: one for mark in ((new.kind, new.number_key), (new.sha256,)) for one in by_mark[mark]}
        for other in others.values():
            if other.merchant_id != new.merchant_id:
                pair = _pair(*sorted((new, other), key=lambda one: one.pk), at=new.entered_at)
                found.setdefault((pair.first_id, pair.second_id), pair)
    conflicts = CertificateConflict.objects.bulk_create(found.values())
    announce_each(
        [
            News(
                "certificates.conflict.found",
                one,
                first(one, "first_id", "second_id", "is_number", "is_file", "state"),
                one.found_at,
                ids={"conflict_id": one.pk},
            )
            for one in conflicts
        ]
    )


def _pair(one: Certificate, other: Certificate, *, at: datetime) -> CertificateConflict:
    return CertificateConflict(
        first=one,
        second=other,
        first_merchant_id=one.merchant_id,
        second_merchant_id=other.merchant_id,
        is_number=(one.kind, one.number_key) == (other.kind, other.number_key),
        is_file=one.sha256 == other.sha256,
        found_at=at,
    )
