"""What takes a product's badge away, besides a stop and the end of its enrolment: grounds that no longer hold. Each source registers here.

A source is asked for many products at once and answers for those whose ground is lost, or will be at a day that is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Max
from django.utils.translation import gettext_noop

from assurance.badges.lifecycle import Loss
from assurance.badges.sides import LAB, PASSES
from assurance.calendar import SHANGHAI
from assurance.certificates.queries import GONE, attached_to
from assurance.certificates.queries import day_of as china_day
from assurance.claims.queries import standing
from assurance.evidence.models import EvidenceEntry
from assurance.qualification.queries import lapses
from assurance.sentences import keep

if TYPE_CHECKING:
    from datetime import date

    from assurance.certificates.models import Certificate
    from assurance.products.models import Product

    Source = Callable[[Sequence[Product], datetime], Mapping[int, Sequence[Loss]]]

COMPLAINT_DAYS: Final = 30
COMPLAINTS: Final = 5
"""So many confirmed complaints within ``COMPLAINT_DAYS`` cost a product its badge, after the warning."""

LAB_FAILED: Final = gettext_noop("The newest laboratory result of this product is a failure.")
LAB_OLD: Final = gettext_noop("The laboratory's result of this product is too old.")
COMPLAINED: Final = gettext_noop("Complaints about this product were confirmed several times within 30 days.")
REFUTED: Final = gettext_noop("A claim about this product was refuted.")
CERTIFICATE_ENDS: Final = gettext_noop("Certificate %(number)s of this product is valid until %(day)s, and nothing replaces it yet.")
CERTIFICATE_GONE: Final = gettext_noop("Certificate %(number)s of this product was suspended or withdrawn, and nothing replaces it.")
PAPER_ENDS: Final = gettext_noop("Paper %(number)s of the merchant is valid until %(day)s, and nothing replaces it yet.")
keep(LAB_FAILED, LAB_OLD, COMPLAINED, REFUTED, CERTIFICATE_ENDS, CERTIFICATE_GONE, PAPER_ENDS)
SOURCES: Final[list[Source]] = []


def ground(source: Source) -> Source:
    """Register ``source(products, at) -> {product_id: [Loss…]}``: a constant number of queries, whatever the number of products."""
    SOURCES.append(source)
    return source


def after(day: date) -> datetime:
    """Return the first moment in China after a day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI)


def losses_of(products: Sequence[Product], *, at: datetime) -> dict[int, list[Loss]]:
    """Return which grounds of each product's badge are lost; nothing for those where all hold."""
    found: dict[int, list[Loss]] = defaultdict(list)
    for source in SOURCES:
        for product_id, lost in source(products, at).items():
            found[product_id] += lost
    return {product_id: lost for product_id, lost in found.items() if lost}


@ground
def laboratory(products: Sequence[Product], at: datetime) -> dict[int, list[Loss]]:
    """Where the category demands a laboratory: its newest result is a failure (at once), or grows too old."""
    days = {product.pk: product.category.lab_result_days for product in products if product.category.lab_result_days}
    known = EvidenceEntry.objects.filter(kind=LAB, product_id__in=days, recorded_at__lte=at)
    lost = {}
    for entry in known.order_by("product_id", "-recorded_at", "-id").distinct("product_id"):
        product_id = entry.product_id or 0
        ends = entry.recorded_at + timedelta(days=days[product_id])
        if entry.says.get("verdict") not in PASSES:
            lost[product_id] = [Loss("lab_failed", LAB_FAILED, entry.recorded_at, is_safety=True)]
        elif ends <= at:
            lost[product_id] = [Loss("lab_old", LAB_OLD, ends)]
    return lost


@ground
def complaints(products: Sequence[Product], at: datetime) -> dict[int, list[Loss]]:
    """Complaints that were confirmed, too many within too few days."""
    window = (at - timedelta(days=COMPLAINT_DAYS), at)
    known = EvidenceEntry.objects.filter(
        kind="case_confirmed", product_id__in=[product.pk for product in products], recorded_at__range=window
    )
    many = known.order_by().values_list("product_id").annotate(n=Count("id"), last=Max("recorded_at")).filter(n__gte=COMPLAINTS)
    return {product_id: [Loss("complaints", COMPLAINED, last)] for product_id, _n, last in many}


@ground
def certificates(products: Sequence[Product], at: datetime) -> dict[int, list[Loss]]:
    """A certificate that was taken away, or ends within the category's days of warning, and none of its kind lasts longer."""
    day, attached = china_day(at), attached_to([product.pk for product in products])
    lost: dict[int, list[Loss]] = {}
    for product in products:
        given = attached.get(product.pk, [])
        reach = day + timedelta(days=product.category.badge_warning_days)
        lasting = {one.kind for one in given if one.holds_on(reach)}
        ending = {one.kind: one for one in given if one.kind not in lasting and (one.state in GONE or one.is_proof)}
        if found := [_of_certificate(one, at) for one in ending.values()]:
            lost[product.pk] = found
    return lost


def _of_certificate(one: Certificate, at: datetime) -> Loss:
    if one.state in GONE or one.expires_date is None:
        return Loss(f"certificate_{one.kind}", CERTIFICATE_GONE % {"number": one.number}, at)
    return Loss(
        f"certificate_{one.kind}", CERTIFICATE_ENDS % {"number": one.number, "day": one.expires_date.isoformat()}, after(one.expires_date)
    )


@ground
def papers(products: Sequence[Product], at: datetime) -> dict[int, list[Loss]]:
    """A paper of the merchant that covers the product and ends within the category's days of warning, without a successor."""
    day = china_day(at)
    by_days: dict[int, list[Product]] = defaultdict(list)
    for product in products:
        by_days[product.category.badge_warning_days].append(product)
    lost: dict[int, list[Loss]] = defaultdict(list)
    for days, some in by_days.items():
        ends = lapses({product.merchant_id for product in some}, day + timedelta(days=days))
        for product in some:
            for held, covered in ends[product.merchant_id]:
                if held.until_date and (covered is None or product.pk in covered):
                    because = PAPER_ENDS % {"number": held.number, "day": held.until_date.isoformat()}
                    lost[product.pk].append(Loss(f"paper_{held.kind}", because, after(held.until_date)))
    return dict(lost)


@ground
def claims(products: Sequence[Product], at: datetime) -> dict[int, list[Loss]]:
    """A claim that is still made although it was refuted: the merchant may withdraw it while he is warned."""
    made = standing([product.pk for product in products], at)
    refuted = {product_id for product_id, found in made.items() if any(one.status == "refuted" for one in found)}
    return {product_id: [Loss("claim_refuted", REFUTED, at)] for product_id in refuted}
