"""Show a product with a certificate as its proof, and take it off again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.certificates.actions.lapsing import follow
from assurance.certificates.lifecycle import ATTACHABLE
from assurance.certificates.models import Certificate, CertificateAttachment, CoveredProduct
from assurance.certificates.queries import day_of
from assurance.events.actions import News, announce_each
from assurance.products.models import Product
from assurance.refusals import Refused, WrongState
from assurance.web.database import explain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class NotCovered(Refused):
    code = "not_covered"
    status = 422
    message = _("This certificate does not cover the product %(sku)s.")


class HasExpired(Refused):
    code = "certificate_expired"
    status = 422
    message = _("This certificate has expired on %(day)s and cannot be attached.")


class NotAttached(Refused):
    code = "not_attached"
    message = _("This certificate is not attached to that product.")


class StillNeeded(Refused):
    code = "still_needed"
    message = _("The product is under review or enrolled, and no other certificate of this kind holds. Attach the new one first.")


explain(
    "assurance_certificateattachment_certificate_same_owner",
    code=NotCovered.code,
    message=_("This certificate does not cover the product."),
    field="products",
)


@transaction.atomic
def attach(*, certificate_id: int, product_ids: Sequence[int], actor: User, at: datetime) -> Certificate:
    """Attach a certificate to products that it covers. What is attached already stays so.

    :raises WrongState: if it was rejected, suspended or withdrawn
    :raises HasExpired: after its last day
    :raises NotCovered: for a product outside its covered list (P2.2)
    """
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.state not in ATTACHABLE:
        raise WrongState(state=certificate.get_state_display())
    if certificate.is_over(day_of(at)):
        raise HasExpired(field="products", day=str(certificate.expires_date))
    covered = set(CoveredProduct.objects.filter(certificate=certificate).values_list("product_id", flat=True))
    for product in Product.objects.filter(pk__in=set(product_ids) - covered).order_by("pk"):
        raise NotCovered(field="products", sku=product.sku)
    there = set(CertificateAttachment.objects.filter(certificate=certificate, detached_at=None).values_list("product_id", flat=True))
    made = CertificateAttachment.objects.bulk_create(
        CertificateAttachment(
            certificate=certificate, product_id=number, merchant_id=certificate.merchant_id, attached_by=actor, attached_at=at
        )
        for number in dict.fromkeys(product_ids)
        if number not in there
    )
    announce_each([_news("certificates.certificate.attached", certificate, one.product_id, actor, at) for one in made])
    follow([one.product_id for one in made], at=at)
    return certificate


@transaction.atomic
def detach(*, certificate_id: int, product_id: int, actor: User, at: datetime) -> Certificate:
    """Take a certificate off a product.

    :raises NotAttached: if it is not attached
    :raises StillNeeded: if the product stands still for it: under review or enrolled, and nothing else of its kind holds
    """
    product = Product.objects.select_for_update().get(pk=product_id)
    certificate = Certificate.objects.get(pk=certificate_id)
    rows = CertificateAttachment.objects.select_for_update().filter(certificate=certificate, product=product, detached_at=None)
    attachment = rows.first()
    if attachment is None:
        raise NotAttached
    others = CertificateAttachment.objects.filter(product=product, certificate__kind=certificate.kind, detached_at=None)
    holding = Certificate.objects.filter(pk__in=others.exclude(pk=attachment.pk).values("certificate_id")).holding(day_of(at))
    if product.is_locked and not holding.exists():
        raise StillNeeded
    attachment.detached_at, attachment.detached_by = at, actor
    attachment.save(update_fields=["detached_at", "detached_by"])
    announce_each([_news("certificates.certificate.detached", certificate, product.pk, actor, at)])
    follow([product.pk], at=at)
    return certificate


def _news(kind: str, certificate: Certificate, product_id: int, actor: User, at: datetime) -> News:
    ids = {"certificate_id": certificate.pk, "product_id": product_id}
    pair = [product_id, None] if kind.endswith("detached") else [None, product_id]
    return News(kind, certificate, {"product": pair}, at, actor, ids)
