"""What pages and actions ask about returned units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI
from qc.checks.models import OutboundCheck
from qc.checks.queries import Lists, answered, fine_of, photos_of, points_of
from qc.nonconformance.models import NonConformance
from qc.returned.grading import offered
from qc.returned.models import DISPOSITIONS, PARTIES, ReturnInspection
from qc.returned.responsibility import Change, compare
from warehouse.returns.grades import Disposition, Grade
from warehouse.returns.lifecycle import UnitState
from warehouse.returns.models import ReturnUnit

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.utils.functional import Promise

    from qc.checks.checkpoints import Checkpoint
    from qc.checks.queries import Answered
    from qc.returned.models import ReturnDisposition
    from warehouse.returns.models import ReturnUnitQuerySet

SHOWN = ("return_parcel", "parcel__order", "product", "lot", "merchant", "warehouse", "received_by")


def outbound_of(parcel_ids: Collection[int]) -> dict[int, OutboundCheck]:
    """Return the check that let each parcel go."""
    return {row.parcel_id: row for row in OutboundCheck.objects.filter(parcel_id__in=parcel_ids, verdict="passed")}


def find(user: User, *, scope: str = "todo") -> ReturnUnitQuerySet:
    """Return the units a user sees: what waits for inspection, what waits for a decision, or all, the newest first."""
    found = ReturnUnit.objects.visible_to(user).select_related(*SHOWN)
    if scope == "todo":
        return found.to_inspect().order_by("received_at", "id")
    if scope == "decide":
        return found.to_decide().order_by("received_at", "id")
    return found.order_by("-id")


def points_for(unit: ReturnUnit, *, at: datetime) -> tuple[Checkpoint, ...]:
    """Return what is asked of a unit on this day."""
    lists = Lists("return", [unit.product_id] if unit.product_id else [])
    version = lists.of(unit.product, day=at.astimezone(SHANGHAI).date())
    return version.points if version else ()


@dataclass(frozen=True)
class Pair:
    """One point before the parcel left and after the unit came back; either may be missing."""

    name: str
    before: Answered | None
    after: Answered | None
    change: Change

    @property
    def is_worse(self) -> bool:
        return self.change == Change.WORSE

    @property
    def is_unseen(self) -> bool:
        return self.change == Change.UNSEEN


@dataclass(frozen=True)
class Why:
    """One reason of the suggestion, in the language that is active now."""

    point: str
    party: str | Promise
    words: str


@dataclass(frozen=True)
class Sheet:
    """A returned unit with everything its page shows."""

    unit: ReturnUnit
    outbound: OutboundCheck | None
    inspection: ReturnInspection | None
    pairs: list[Pair]
    why: list[Why]
    decisions: list[ReturnDisposition]
    choices: list[tuple[str, str | Promise]]


def sheet(unit: ReturnUnit) -> Sheet:
    """Gather what is known of a unit before it left and after it came back. A handful of queries."""
    outbound = outbound_of([unit.parcel_id]).get(unit.parcel_id)
    inspection = ReturnInspection.objects.filter(unit=unit).select_related("inspector").first()
    before = _told(outbound) if outbound else []
    after = _told(inspection) if inspection else []
    decisions = list(inspection.dispositions.select_related("decided_by", "witness").order_by("id")) if inspection else []
    return Sheet(
        unit=unit,
        outbound=outbound,
        inspection=inspection,
        pairs=_pairs(before, after, outbound),
        why=_why(inspection, before + after) if inspection else [],
        decisions=decisions,
        choices=choices_of(unit),
    )


def choices_of(unit: ReturnUnit) -> list[tuple[str, str | Promise]]:
    """Return what may be done with a unit as it stands: its grade limits it (P8.2)."""
    if unit.state not in (UnitState.GRADED, UnitState.HELD):
        return []
    may = offered(Grade(unit.grade), is_in_stock=unit.is_in_ledger)
    if defaulted([unit.pk]):
        may = may & {Disposition.RETURN}
    if unit.state == UnitState.HELD:
        may = may - {Disposition.HOLD}
    return [(str(value), label) for value, label in DISPOSITIONS if value in may]


def defaulted(unit_ids: Collection[int]) -> set[int]:
    """Return which of these units the deadline decided on: they go back to their merchants. One query."""
    rows = NonConformance.objects.open().filter(stage="return", defaulted_at__isnull=False)
    inspected = ReturnInspection.objects.filter(unit_id__in=unit_ids, pk__in=rows.values("source_id"))
    return set(inspected.values_list("unit_id", flat=True))


def witnesses_for(user: User) -> list[User]:
    """Return who of the warehouse may see something destroyed: everybody but the one who does it."""
    people = User.objects.filter(organisation_id=user.organisation_id, is_active=True).exclude(pk=user.pk)
    return list(people.order_by("name", "id"))


def _told(row: OutboundCheck | ReturnInspection) -> list[Answered]:
    photos: Any = row.photos.select_related("file").order_by("id")
    return answered(points_of(row.checklists), row.answers, row.because, photos_of(photos))


def _pairs(before: list[Answered], after: list[Answered], outbound: OutboundCheck | None) -> list[Pair]:
    """Return the points of both sides in the order of the later list."""
    changes = compare(fine_of(outbound) if outbound else None, {one.point.code: one.is_fine for one in after})
    earlier = {one.point.code: one for one in before}
    later = {one.point.code: one for one in after}
    codes = list(dict.fromkeys([*later, *earlier]))
    return [
        Pair((later.get(code) or earlier[code]).name, earlier.get(code), later.get(code), changes.get(code, Change.OPEN)) for code in codes
    ]


def _why(inspection: ReturnInspection, known: list[Answered]) -> list[Why]:
    names = {one.point.code: one.name for one in known}
    parties = dict(PARTIES)
    return [Why(names.get(told["point"], ""), parties[told["party"]], gettext(told["message"])) for told in inspection.party_reasons]
