"""A badge to take along: what was found, signed with the platform's key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from assurance.badges import credential, gathering, gs1, status_list
from assurance.badges.status_list import Purpose
from assurance.evidence.signing import signing_key

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.badges.judging import Verification
    from assurance.badges.models import Badge

EMBED_WIDTH: Final = 320
EMBED_HEIGHT: Final = 104


def credential_of(found: Verification) -> str:
    """Return a badge that was found as a signed credential, with the state it was found in.

    :raises NoSigningKey: if the platform's key cannot be used
    """
    badge = found.badge
    if badge is None:
        raise ValueError("there is no credential of an unknown code")
    subject = {
        "product": badge.product.name,
        "gtin": badge.product.gtin,
        "lotNumber": badge.lot_number,
        "merchant": badge.merchant.name,
        "warehouse": badge.warehouse.name,
        "inspectedAt": credential.moment(badge.inspected_at),
        "received": badge.received,
        "inspected": badge.inspected,
        "defective": badge.defective,
        "atMostPercentDefective": None if found.at_most_percent is None else f"{found.at_most_percent:.1f}",
        "provenSides": found.sides,
        "statusWhenIssued": str(found.validity.status),
        "checkedAt": credential.moment(found.at),
    }
    number, index = status_list.place_of(badge.pk)
    stated = credential.claims(
        address=settings.PUBLIC_URL + reverse("badges:verify", args=[badge.code]),
        issuer=settings.PUBLIC_URL,
        issued_at=badge.issued_at,
        valid_until=badge.valid_until,
        status=[status_list.entry(purpose, address=list_address(purpose, number), index=index) for purpose in Purpose],
        asked_at=found.at,
        subject=subject,
    )
    return signed(stated)


def signed(stated: dict[str, Any]) -> str:
    """Return a credential signed with the platform's key."""
    key = signing_key()
    return credential.token(stated, key_id=credential.public_key(key.public_key().public_bytes_raw())["kid"], sign=key.sign)


def list_address(purpose: Purpose, number: int) -> str:
    return settings.PUBLIC_URL + reverse("badges:status-list", args=[purpose, number])


def status_list_of(purpose: Purpose, number: int, *, at: datetime) -> str:
    """Return one list of bits as a signed credential, as it is in this moment."""
    indices = gathering.not_holding(purpose, number, at=at)
    stated = status_list.claims(
        purpose, indices, address=list_address(purpose, number), issuer=settings.PUBLIC_URL, at=at, moment=credential.moment
    )
    return signed(stated)


def gs1_link(badge: Badge) -> str:
    """Return the GS1 Digital Link of a badge's lot with its code, or nothing where the product has no GTIN."""
    gtin = badge.product.gtin
    return settings.PUBLIC_URL + gs1.path(gtin, badge.lot_number, badge.code) if gtin and gs1.is_gtin(gtin) else ""


def embed_code(badge: Badge) -> str:
    """Return the line of HTML that shows a badge live on another page."""
    address = settings.PUBLIC_URL + reverse("badges:verify", args=[badge.code])
    picture = settings.PUBLIC_URL + reverse("badges:embed", args=[badge.code])
    line = '<a href="{}" rel="noopener" target="_blank"><img src="{}" width="{}" height="{}" alt="{}" referrerpolicy="origin"></a>'
    return format_html(line, address, picture, EMBED_WIDTH, EMBED_HEIGHT, gettext("Wuyou Service: check this badge"))


def oembed_of(badge: Badge) -> dict[str, Any]:
    """Return what oEmbed 1.0 wants to know of a badge; it may not be kept."""
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": "无忧服务",
        "provider_url": settings.PUBLIC_URL,
        "title": f"{badge.product.shown_name} · {badge.lot_number}",
        "cache_age": 0,
        "width": EMBED_WIDTH,
        "height": EMBED_HEIGHT,
        "html": embed_code(badge),
    }
