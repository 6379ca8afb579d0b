"""Products as streamers find them: enrolled, inspected, with a badge and stock, made through the same actions as on the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from assurance.badges import actions as badges
from assurance.catalog import actions as catalog
from assurance.catalog.models import CatalogEntry
from assurance.evidence.actions import report_fact
from assurance.roles import Kind, Role
from tests import factories, goods
from tests.factories import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import Organisation, User


def floor() -> tuple[User, User]:
    """Return who receives and who inspects in a new warehouse."""
    house = factories.organisation(Kind.WAREHOUSE)
    return factories.user(Role.WAREHOUSE_OPERATOR, house), factories.user(Role.QC_INSPECTOR, house)


def stock(entry_or_product_id: int, units: int, *, at: datetime | None = None) -> None:
    """Report how many units of a product can be sold."""
    now = at or timezone.now()
    with transaction.atomic():
        report_fact("sellable_units", subject_kind="product", subject_id=entry_or_product_id, value=units, sample_size=1, as_of=now, at=now)


def listed(merchant: Organisation, **given: Any) -> CatalogEntry:
    """Return an enrolled product in the catalogue, without badge and stock."""
    product = goods.enrolled(merchant, **given)
    catalog.refresh([product.pk], at=timezone.now())
    return CatalogEntry.objects.get(product=product)


def offered(owner: User, *, units: int = 500, team: tuple[User, User] | None = None, **given: Any) -> CatalogEntry:
    """Return a product that can be chosen: its lot was accepted, its badge is valid, units of it can be sold."""
    receiver, inspector = team or floor()
    product = given.pop("product", None) or goods.enrolled(owner.organisation, **given)
    inspection = goods.accepted(owner, receiver, inspector, product=product, expiry_date=timezone.localdate() + timedelta(days=900))
    assert inspection.clearance_id
    assert inspection.evidence_entry_id
    badges.issue(clearance_id=inspection.clearance_id, evidence_entry_id=inspection.evidence_entry_id, at=NOON)
    stock(product.pk, units)
    catalog.refresh([product.pk], at=timezone.now())
    return CatalogEntry.objects.get(product=product)


def streamer(**given: Any) -> User:
    """Return a streamer of a new studio."""
    return factories.user(Role.STREAMER, factories.organisation(Kind.STUDIO), **given)
