"""What depends on a certificate stops with it, and goes on when another one proves the product again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from assurance.certificates.days import NOTICE_DAYS, due
from assurance.certificates.lifecycle import CertificateState
from assurance.certificates.models import Certificate, CertificateAttachment, ExpiryNotice
from assurance.certificates.queries import day_of, lapsed_for
from assurance.certificates.wording import LAPSED, PROVEN_AGAIN
from assurance.events.actions import News, announce_each
from assurance.gates.actions import lift_stop, open_stop
from assurance.gates.models import Stop
from assurance.products.models import Product

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

STOP: Final = "certificate_lapsed"
MOST: Final = 500


@transaction.atomic
def follow(product_ids: Collection[int], *, at: datetime) -> None:
    """Stop the products that lost a certificate, and let those go on that have one again. Badges and shipments obey at once."""
    lapsed = lapsed_for(product_ids, day_of(at))
    standing = {one.product_id or 0: one for one in Stop.objects.filter(code=STOP, product_id__in=set(product_ids), lifted_at=None)}
    for product in Product.objects.filter(pk__in=lapsed.keys() - standing.keys()).order_by("pk"):
        because = LAPSED % {"number": lapsed[product.pk].number}
        open_stop(merchant_id=product.merchant_id, product_id=product.pk, code=STOP, because=because, actor=None, at=at)
    for number in sorted(standing.keys() - lapsed.keys()):
        lift_stop(stop_id=standing[number].pk, actor=None, at=at, reason=PROVEN_AGAIN)


def follow_expiry(*, at: datetime) -> int:
    """Stop what depends on certificates that ended and was not stopped yet; return how many products were looked at."""
    day = day_of(at)
    there = CertificateAttachment.objects.filter(detached_at=None)
    holds = Q(certificate__expires_date=None) | Q(certificate__expires_date__gte=day)
    replaced = there.filter(
        holds,
        product_id=OuterRef("product_id"),
        certificate__kind=OuterRef("certificate__kind"),
        certificate__state=CertificateState.VERIFIED,
    )
    ended = there.filter(~Exists(replaced), certificate__state=CertificateState.VERIFIED, certificate__expires_date__lt=day)
    stopped = Stop.objects.filter(code=STOP, lifted_at=None).values("product_id")
    found = list(ended.exclude(product_id__in=stopped).order_by("product_id").values_list("product_id", flat=True).distinct()[:MOST])
    follow(found, at=at)
    return len(found)


@transaction.atomic
def note_ends(*, at: datetime) -> list[Certificate]:
    """Write down which certificates end in 30, 7 or 0 days and announce the most urgent of each; what was slept through counts as told.

    Each once: the row is unique, a second beat finds it. Returns the certificates that were announced.
    """
    day, reach = day_of(at), timedelta(days=max(NOTICE_DAYS))
    ending = Certificate.objects.filter(state=CertificateState.VERIFIED, expires_date__range=(day - reach, day + reach))
    rows = ending.exclude(expiry_notices__days=min(NOTICE_DAYS)).select_for_update(of=("self",)).order_by("expires_date", "pk")
    told, written = [], []
    for certificate in rows.prefetch_related("expiry_notices"):
        assert certificate.expires_date is not None
        days = due(certificate.expires_date, day, {one.days for one in certificate.expiry_notices.all()})
        written += [ExpiryNotice(certificate=certificate, merchant_id=certificate.merchant_id, days=one, told_at=at) for one in days]
        if days:
            told.append((certificate, days[-1]))
    ExpiryNotice.objects.bulk_create(written)
    announce_each(
        [
            News("certificates.certificate.ending", one, {"days": [None, days]}, at, ids={"certificate_id": one.pk, "days": days})
            for one, days in told
        ]
    )
    return [one for one, _days in told]
