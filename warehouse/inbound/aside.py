"""What pages ask about goods that arrived otherwise than announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import User
from assurance.roles import Role
from warehouse.inbound.lifecycle import Resolution
from warehouse.inbound.models import Discrepancy

if TYPE_CHECKING:
    from warehouse.inbound.models import DiscrepancyQuerySet, Receipt

TAKERS: Final = frozenset({Role.WAREHOUSE_OPERATOR, Role.QC_LEAD})
"""Who takes care of discrepancies."""
SCOPES: Final = {"open": _("Open"), "mine": _("Mine"), "all": _("All")}
MOST_DIGITS: Final = 18


def find(user: User, *, scope: str = "open", q: str = "") -> DiscrepancyQuerySet:
    """Return the discrepancies a user sees, the newest first, found by number, notice, reference or lot."""
    found = Discrepancy.objects.visible_to(user).select_related("notice__merchant", "notice__warehouse", "line__product", "owner")
    if scope != "all":
        found = found.open()
    if scope == "mine":
        found = found.filter(owner=user)
    if q:
        named = Q(lot_number__istartswith=q) | Q(scanned_code__istartswith=q) | Q(notice__reference__istartswith=q)
        for prefix, column in (("CY", "pk"), ("RK", "notice_id")):
            digits = q.upper().removeprefix(f"{prefix}-")
            if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS:
                named |= Q(**{column: int(digits)})
        found = found.filter(named)
    return found.order_by("-id")


def of_notice(user: User, notice_id: int) -> list[Discrepancy]:
    """Return what of a notice arrived otherwise than announced."""
    return list(find(user, scope="all").filter(notice_id=notice_id))


def takers(found: Discrepancy) -> list[tuple[str, str]]:
    """Return the people of the warehouse who may take care of it, as choices."""
    people = User.objects.filter(organisation_id=found.warehouse_id, role__in=TAKERS, is_active=True).order_by("name", "id")
    return [(str(person.pk), person.name) for person in people]


def ways(found: Discrepancy, user: User) -> list[Resolution]:
    """Return what this person may say became of it: old goods are admitted by a lead who did not find them."""
    may_admit = user.role == Role.QC_LEAD and user.pk != found.found_by_id
    return [way for way in found.ways if may_admit or way != Resolution.ADMITTED]


def receipts_under(found: Discrepancy) -> list[Receipt]:
    """Return what came in under its admission."""
    return list(found.receipts.select_related("lot", "received_by").order_by("id")) if found.resolution == Resolution.ADMITTED else []
