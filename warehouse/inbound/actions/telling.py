"""Tell people of goods that arrived otherwise than announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from assurance.accounts.models import User
from assurance.notices.actions import notify
from assurance.notices.wording import english
from assurance.roles import MERCHANT, Role
from warehouse.inbound.lifecycle import Kind
from warehouse.inbound.models import KIND_CHOICES, RESOLUTION_CHOICES, Discrepancy

if TYPE_CHECKING:
    from datetime import datetime

KINDS: dict[str, Any] = {str(kind): words for kind, words in KIND_CHOICES}
RESOLUTIONS: dict[str, Any] = {str(way): words for way, words in RESOLUTION_CHOICES}


def tell_found(*, discrepancy_id: int, at: datetime) -> None:
    """Tell the merchant, and the leads of the warehouse of goods that only they may admit."""
    found = _found(discrepancy_id)
    _tell("discrepancy_found", found, found.merchant_id, MERCHANT, at=at, what=english(KINDS[found.kind]))
    if found.kind == Kind.STALE:
        _tell("discrepancy_admission", found, found.warehouse_id, frozenset({Role.QC_LEAD}), at=at)


def tell_handed_over(*, discrepancy_id: int, at: datetime) -> None:
    """Tell the person who takes care of it from now on."""
    found = _found(discrepancy_id)
    told = {"notice": found.notice.code, "what": english(KINDS[found.kind]), "units": found.quantity}
    notify("discrepancy_yours", recipients=[found.owner], key=str(found.pk), at=at, link=_link(found), **told)


def tell_settled(*, discrepancy_id: int, at: datetime) -> None:
    """Tell the merchant what became of his goods."""
    found = _found(discrepancy_id)
    _tell("discrepancy_settled", found, found.merchant_id, MERCHANT, at=at, outcome=english(RESOLUTIONS[found.resolution]))


def _tell(kind: str, found: Discrepancy, organisation_id: int, roles: frozenset[Role], *, at: datetime, **told: str) -> None:
    people = User.objects.acting_for(organisation_id, roles)
    facts = {"notice": found.notice.code, "units": found.quantity}
    notify(kind, recipients=people, key=str(found.pk), at=at, link=_link(found), **facts, **told)


def _found(discrepancy_id: int) -> Discrepancy:
    return Discrepancy.objects.select_related("notice", "owner").get(pk=discrepancy_id)


def _link(found: Discrepancy) -> str:
    return reverse("inbound:discrepancy", args=[found.pk])
