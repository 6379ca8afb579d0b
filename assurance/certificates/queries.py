"""What others ask about certificates: which hold, which are missing, which are contested."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from assurance.calendar import SHANGHAI
from assurance.certificates import demands
from assurance.certificates.days import NOTICE_DAYS
from assurance.certificates.holders import is_same
from assurance.certificates.lifecycle import CertificateState
from assurance.certificates.models import Certificate, CertificateAttachment, CertificateConflict, Kind
from assurance.certificates.numbers import read
from assurance.certificates.wording import FINDINGS, PARTS, flaw_in_words
from assurance.events.models import Event
from assurance.events.wording import words
from assurance.products.models import Product
from assurance.products.queries import Lack
from assurance.sentences import retold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.certificates.models import CertificateConflictQuerySet, CertificateQuerySet

TONES: Final = {
    "entered": "wait",
    "verified": "pass",
    "rejected": "fail",
    "suspended": "stop",
    "withdrawn": "fail",
    "reinstated": "pass",
    "ending": "hold",
}
"""The tone of an event in a certificate's history."""
GONE: Final = frozenset({CertificateState.SUSPENDED, CertificateState.WITHDRAWN})
"""States into which a certificate falls that was good before."""


def day_of(at: datetime) -> date:
    """Return the day of a moment in China: certificates end there."""
    return timezone.localdate(at, SHANGHAI)


# --- lists --------------------------------------------------------------------------------------------------------
def find(user: User, *, q: str = "", kind: str = "", state: str = "") -> CertificateQuerySet:
    """Return the certificates the user may see, newest first."""
    found: CertificateQuerySet = Certificate.objects.visible_to(user).select_related("merchant", "file", "decided_by", "entered_by")
    if q:
        found = found.filter(Q(number__icontains=q) | Q(issuer__icontains=q) | Q(holder__icontains=q) | Q(merchant__name__icontains=q))
    if kind:
        found = found.filter(kind=kind)
    return (found.filter(state=state) if state else found).order_by("-id")


def queue(user: User) -> CertificateQuerySet:
    """Return what waits for verification, the oldest first."""
    return find(user).waiting().order_by("entered_at", "id")


def conflicts(user: User, *, state: str = "") -> CertificateConflictQuerySet:
    """Return what two merchants claim at once, newest first."""
    found = CertificateConflict.objects.visible_to(user).select_related(
        "first__merchant", "first__file", "second__merchant", "second__file", "decided_by"
    )
    return (found.filter(state=state) if state else found).order_by("-id")


@dataclass(frozen=True)
class PartInWords:
    """One stretch of a number with its name."""

    name: str
    text: str


def parts_of(certificate: Certificate) -> list[PartInWords]:
    """Return what the number says, in words."""
    reading = read(certificate.kind, certificate.number, year=day_of(certificate.entered_at).year)
    return [PartInWords(str(PARTS[part.name]), part.text) for part in reading.parts]


def flaws_of(kind: str, number: str, *, at: datetime, product_class: str = "") -> list[str]:
    """Return what is wrong with a number, in words."""
    reading = read(kind, number, year=day_of(at).year, product_class=product_class)
    return [flaw_in_words(kind, reading.key, flaw) for flaw in reading.flaws]


def classes_of(kind: str, product_ids: Collection[int]) -> set[str]:
    """Return what the categories of these products say a number's class must begin with. One query."""
    found = Product.objects.filter(pk__in=product_ids).select_related("category")
    return {one.product_class for product in found for one in _demands(product) if one.kind == kind and one.product_class}


# --- what holds ---------------------------------------------------------------------------------------------------
def attached_to(product_ids: Collection[int]) -> dict[int, list[Certificate]]:
    """Return the certificates attached to each of these products, in whatever state. One query."""
    rows = CertificateAttachment.objects.filter(product_id__in=set(product_ids), detached_at=None)
    found: dict[int, list[Certificate]] = defaultdict(list)
    for row in rows.select_related("certificate__merchant", "certificate__file").order_by("id"):
        found[row.product_id].append(row.certificate)
    return found


def contested(certificate_ids: Collection[int]) -> set[int]:
    """Return which of these certificates another merchant claims too, undecided. One query."""
    return {
        number
        for pair in CertificateConflict.objects.open()
        .filter(Q(first_id__in=certificate_ids) | Q(second_id__in=certificate_ids))
        .values_list("first_id", "second_id")
        for number in pair
    } & set(certificate_ids)


def valid_for(product_ids: Collection[int], day: date) -> dict[int, list[Certificate]]:
    """Return the certificates that prove something about each product on that day: attached, verified, in date, claimed by nobody else.

    Two queries, whatever the number. Every product asked for has its list.
    """
    attached = attached_to(product_ids)
    claimed = contested({one.pk for certificates in attached.values() for one in certificates})
    return {number: [one for one in attached.get(number, []) if one.holds_on(day) and one.pk not in claimed] for number in set(product_ids)}


def missing_for(products: Iterable[Product], day: date) -> dict[int, list[str]]:
    """Return the kinds that the categories of these products require and that no valid certificate proves on that day. Two queries."""
    wanted = list(products)
    valid = valid_for([product.pk for product in wanted], day)
    return {product.pk: demands.missing(_demands(product), {one.kind for one in valid[product.pk]}, day) for product in wanted}


def lapsed_for(product_ids: Collection[int], day: date) -> dict[int, Certificate]:
    """Return the products that lost what proved them: a kind is attached that ended or was taken away, and nothing of the kind holds.

    What depends on such a product must not go on (P1.4). One query.
    """
    found: dict[int, Certificate] = {}
    for number, certificates in attached_to(product_ids).items():
        held = {one.kind for one in certificates if one.holds_on(day)}
        lost = [one for one in certificates if one.kind not in held and (one.is_over(day) or one.state in GONE)]
        if lost:
            found[number] = lost[-1]
    return found


def in_conflict(product_ids: Collection[int]) -> set[int]:
    """Return the products with a certificate that another merchant shows too and nobody has decided (A2.4). One query.

    Covered is enough: a product must not win a badge while its paper is in doubt, attached or not.
    """
    contested_ones = Certificate.objects.filter(covered__product_id__in=set(product_ids)).contested()
    return set(contested_ones.filter(covered__product_id__in=set(product_ids)).values_list("covered__product_id", flat=True))


def products_of_conflict(conflict_id: int) -> list[int]:
    """Return the products that the certificates of a conflict cover. One query."""
    both = Q(conflicts_as_first=conflict_id) | Q(conflicts_as_second=conflict_id)
    return sorted(set(Certificate.objects.filter(both).values_list("covered__product_id", flat=True)))


def authorised(merchant_id: int, day: date) -> list[Certificate]:
    """Return the authorisations of others that a merchant holds on that day. One query."""
    return list(Certificate.objects.filter(merchant_id=merchant_id, kind=Kind.BRAND_AUTHORISATION).holding(day))


def is_anothers(certificate: Certificate, day: date) -> bool:
    """Say whether it belongs to somebody else who did not authorise the merchant, and no reviewer let it count. One query at most."""
    if certificate.holder_accepted or certificate.is_own or certificate.kind == Kind.BRAND_AUTHORISATION:
        return False
    return not any(is_same(one.issuer, certificate.holder) for one in authorised(certificate.merchant_id, day))


# --- what keeps a product from being enrolled ---------------------------------------------------------------------
def lacks(products: Collection[Product], at: datetime, *, deciding: bool = False) -> dict[int, list[Lack]]:
    """Return what the certificates of products still lack, each at the field of its kind; nothing for who lacks nothing (P2.2).

    What the category requires must be attached. Before a decision (``deciding``) it must be verified too.
    """
    day, ids = day_of(at), [product.pk for product in products]
    attached, doubted = attached_to(ids), in_conflict(ids)
    found: dict[int, list[Lack]] = {}
    for product in products:
        given = attached.get(product.pk, [])
        held = {one.kind for one in given if one.holds_on(day)}
        codes = {one.kind: code for one in given if one.kind not in held and (code := _lack(one, day, deciding=deciding))}
        told = [_told(kind, code) for kind, code in codes.items()]
        shown = {one.kind for one in given if one.is_waiting and not one.is_over(day)} | held
        told += [_told(kind, "certificate_missing") for kind in demands.missing(_demands(product), shown, day) if kind not in codes]
        told += [_told(one.kind, "other_holder", holder=one.holder) for one in given if one.is_waiting and is_anothers(one, day)]
        if product.pk in doubted:
            told.append(_told("", "certificate_contested"))
        if told:
            found[product.pk] = told
    return found


def _lack(certificate: Certificate, day: date, *, deciding: bool) -> str:
    if certificate.is_over(day) or certificate.state in GONE:
        return "certificate_lapsed"
    return "certificate_unverified" if deciding and certificate.is_waiting else ""


def _told(kind: str, code: str, **params: str) -> Lack:
    label = str(Kind(kind).label) if kind else gettext("Certificates")
    return Lack(
        f"certificates.{kind}" if kind else "certificates", code, label, str(FINDINGS[code]) % params if params else str(FINDINGS[code])
    )


def _demands(product: Product) -> tuple[demands.Demand, ...]:
    return demands.read(getattr(product.category, "certificates", None) or ())


# --- pages --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """One certificate in a list, with how its end stands and whether somebody else shows it."""

    certificate: Certificate
    left: int | None
    is_contested: bool

    @property
    def is_over(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def ends_soon(self) -> bool:
        return self.left is not None and 0 <= self.left <= max(NOTICE_DAYS)


@dataclass(frozen=True)
class Detail:
    """What the page of one certificate shows beside its columns."""

    row: Row
    parts: list[PartInWords]
    products: list[tuple[Product, bool]]
    is_anothers: bool
    flaws: list[str]
    history: list[Entry]
    others: list[CertificateConflict]


@dataclass(frozen=True)
class Standing:
    """What proves a product, and what its category still asks for."""

    rows: list[Row]
    missing: list[tuple[str, str]]
    optional: list[tuple[str, str]]


@dataclass(frozen=True)
class Entry:
    """One line of a certificate's history."""

    at: datetime
    title: str
    text: str
    tone: str
    kind: str = ""


def rows(certificates: Iterable[Certificate], *, at: datetime) -> list[Row]:
    """Return certificates with what a list says of them. One query."""
    found, day = list(certificates), day_of(at)
    claimed = contested([one.pk for one in found])
    return [Row(one, (one.expires_date - day).days if one.expires_date else None, one.pk in claimed) for one in found]


def detail(certificate: Certificate, user: User, *, at: datetime) -> Detail:
    """Return what the page of one certificate shows."""
    attached = set(CertificateAttachment.objects.filter(certificate=certificate, detached_at=None).values_list("product_id", flat=True))
    covered = Product.objects.filter(pk__in=certificate.covered.values("product_id")).order_by("-id")
    events = Event.objects.about(certificate).order_by("-id")
    both = Q(first=certificate) | Q(second=certificate)
    return Detail(
        row=rows([certificate], at=at)[0],
        parts=parts_of(certificate),
        products=[(product, product.pk in attached) for product in covered],
        is_anothers=is_anothers(certificate, day_of(at)),
        flaws=flaws_of(certificate.kind, certificate.number, at=certificate.entered_at),
        history=[
            Entry(event.at, words(event.kind), retold(event.reason), TONES.get(event.kind.rsplit(".", 1)[1], "run")) for event in events
        ],
        others=list(conflicts(user).filter(both)),
    )


def standing_of(product: Product, *, at: datetime) -> Standing:
    """Return what proves a product and what its category asks for besides."""
    given = rows(attached_to([product.pk]).get(product.pk, []), at=at)
    there = {row.certificate.kind for row in given}
    missing = demands.missing(_demands(product), there, day_of(at))
    optional = [one.kind for one in _demands(product) if not one.is_required and one.kind not in there]
    return Standing(given, [(kind, str(Kind(kind).label)) for kind in missing], [(kind, str(Kind(kind).label)) for kind in optional])


def sides_of(conflict: CertificateConflict) -> list[tuple[str, Certificate, list[Product]]]:
    """Return both certificates of a conflict with the products they cover."""
    titles = (gettext("Entered first"), gettext("Entered second"))
    pairs = zip(titles, (conflict.first, conflict.second), strict=True)
    return [(title, one, list(Product.objects.filter(pk__in=one.covered.values("product_id")).order_by("-id"))) for title, one in pairs]
