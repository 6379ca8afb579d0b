"""What pages and actions ask about goods that failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import User
from assurance.gates.models import Stop
from assurance.roles import MERCHANT, Role
from qc.nonconformance.lifecycle import DispositionState
from qc.nonconformance.models import KINDS, Disposition, DispositionMove, NonConformance
from qc.nonconformance.remedies import Kind, offered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.utils.functional import Promise

    from qc.nonconformance.models import NonConformanceQuerySet

STOP_CODE: Final = "inspection_rejected"
"""The stop that a failed inspection puts on its lot."""
SCOPES: Final = {"open": _("To be put right"), "closed": _("Put right"), "all": _("All")}
SOURCE_PAGES: Final = {"inbound": "inspections:show", "outbound": "checks:show"}
"""The page of what failed; a returned unit's stands above and is found from there."""
KIND_NAMES: Final = {Kind(value): label for value, label in KINDS}


def find(user: User, *, scope: str = "all", q: str = "") -> NonConformanceQuerySet:
    """Return what failed of the goods a user sees: what is open by its deadline, everything else the newest first."""
    found = NonConformance.objects.visible_to(user).select_related("product", "lot", "parcel", "merchant", "warehouse", "owner")
    if q:
        named = Q(product__name__icontains=q) | Q(product__name_en__icontains=q)
        found = found.filter(named | Q(lot__number__istartswith=q))
    if scope == "open":
        return found.open().order_by("due_at", "id")
    if scope == "closed":
        return found.filter(state="closed").order_by("-closed_at", "-id")
    return found.order_by("-id")


@dataclass(frozen=True)
class Sheet:
    """One non-conformance with its decisions, as its page shows it."""

    row: NonConformance
    dispositions: list[Disposition]
    moves: list[DispositionMove]
    kinds: list[tuple[str, str | Promise]]
    source_url: str

    @property
    def may_be_decided(self) -> bool:
        return self.row.stage == "inbound" and self.row.state == "open" and self.row.undecided > 0

    @property
    def on_hold(self) -> int:
        """How many units still stand on hold."""
        return self.row.quantity - self.row.settled


def sheet(row: NonConformance) -> Sheet:
    """Gather everything about one non-conformance. Two queries."""
    people = ("requested_by__organisation", "decided_by__organisation")
    dispositions = list(row.dispositions.select_related(*people).order_by("id"))
    moves = DispositionMove.objects.filter(disposition__non_conformance=row).select_related("actor", "witness", "photo", "disposition")
    page = SOURCE_PAGES.get(row.stage)
    return Sheet(
        row,
        dispositions,
        list(moves.order_by("id")),
        [(kind, KIND_NAMES[kind]) for kind in offered(row.severity)],
        reverse(page, args=[row.source_id]) if page else "",
    )


def witnesses_for(user: User) -> list[User]:
    """Return who may see something destroyed with this person: everybody else in the same house."""
    return list(User.objects.filter(organisation_id=user.organisation_id, is_active=True).exclude(pk=user.pk).order_by("id"))


def undecided_of_lots(lot_ids: Iterable[int]) -> set[int]:
    """Return which of these lots have failed units without a decision."""
    return set(NonConformance.objects.undecided().filter(lot_id__in=lot_ids).values_list("lot_id", flat=True))


def stops_of_lots(lot_ids: Iterable[int], *, at: datetime) -> list[Stop]:
    """Return the stops that failed inspections put on these lots and that are in force."""
    return list(Stop.objects.open(at).filter(lot_id__in=lot_ids, code=STOP_CODE).order_by("id"))


def resubmitted_units(lot_ids: Iterable[int]) -> dict[int, int]:
    """Return how many units of each lot went back to inspection after rework, in all."""
    moved = DispositionMove.objects.filter(lot_id__in=lot_ids, kind__in=[Kind.REWORK, Kind.RELABEL]).order_by()
    return {row["lot_id"]: row["units"] for row in moved.values("lot_id").annotate(units=Sum("quantity"))}


def counts_of(user: User) -> dict[str, Any]:
    """Return how much waits for this side: what has no decision, what was asked for, what is to be carried out. Two queries."""
    rows = Disposition.objects.visible_to(user)
    return {
        "undecided": NonConformance.objects.visible_to(user).undecided().count(),
        "asked": rows.filter(state=DispositionState.REQUESTED).count(),
        "to_do": rows.filter(state=DispositionState.APPROVED).count(),
    }


def merchants_people(merchant_id: int) -> list[User]:
    return list(User.objects.acting_for(merchant_id, MERCHANT))


def leads(warehouse_id: int) -> list[User]:
    return list(User.objects.acting_for(warehouse_id, {Role.QC_LEAD}))
