"""What pages and actions ask about inspections."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.gates.queries import stop_covering
from assurance.home import Step, offers_steps
from assurance.roles import QC
from qc.inspections.lifecycle import UNDECIDED, InspectionState
from qc.inspections.models import CLASSES, SEVERITIES, DefectKind, InspectedUnit, Inspection
from qc.inspections.queries.points import Sheet, sheet
from qc.inspections.sampling import DefectClass
from qc.inspections.verdict import NOTHING_ASKED, Decision, Points, Tally, count, decide, weigh
from qc.nonconformance.queries import STOP_CODE
from warehouse.returns.queries import waiting_units
from warehouse.stock.custody import Custody
from warehouse.stock.queries import balance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from django.utils.functional import Promise

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile
    from assurance.gates.models import Stop
    from assurance.products.models import Category
    from qc.inspections.models import InspectionQuerySet
    from qc.inspections.sampling import Plan
    from warehouse.stock.models import Lot

CLASS_NAMES = {DefectClass(value): label for value, label in CLASSES}
SEVERITY_NAMES = {str(value): label for value, label in SEVERITIES}
TONES: Final = {DefectClass.CRITICAL: "fail", DefectClass.MAJOR: "hold", DefectClass.MINOR: "wait"}
LETTERS: Final = ascii_uppercase.replace("Z", "").replace("L", "")
"""Keys of the defects; Z takes the last unit back, L opens the checklist."""
SCOPES: Final = {"todo": _("To do"), "mine": _("Mine"), "decided": _("With verdict"), "all": _("All")}
STEPS_SHOWN: Final = 4


def uninspected_units(lot: Lot) -> int:
    """Return how many units of a lot wait without being in any inspection (P4.4)."""
    covered = Inspection.objects.undecided().filter(lot=lot).aggregate(units=Sum("lot_size"))["units"] or 0
    returned = waiting_units([lot.pk]).get(lot.pk, 0)
    return max(0, balance(lot, Custody.PENDING) - covered - returned)


def defects_of(inspection: Inspection) -> list[DefectKind]:
    """Return what can be wrong with these goods, by the version the inspection is judged by; the worst class first."""
    codes = []
    category: Category | None = inspection.product.category
    while category:
        codes.append(category.code)
        category = category.parent
    return list(DefectKind.objects.of(inspection.catalogue, categories=codes))


class Catalogue:
    """What can be wrong with goods, read once per version and category, for who judges many inspections."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], dict[str, DefectKind]] = {}

    def of(self, inspection: Inspection) -> dict[str, DefectKind]:
        """Return the defects of these goods by code."""
        key = (inspection.catalogue, inspection.product.category_id)
        if key not in self._known:
            self._known[key] = {kind.code: kind for kind in defects_of(inspection)}
        return self._known[key]


def tally_of(inspection: Inspection, kinds: Mapping[str, DefectKind]) -> Tally:
    """Count the units recorded so far against the plan."""
    units = inspection.units.standing().values_list("number", "defects")
    found = {number: [DefectClass(kinds[code].defect_class) for code in defects] for number, defects in units}
    return count(found, inspection.plans)


def find(user: User, *, scope: str = "all", q: str = "") -> InspectionQuerySet:
    """Return the inspections a user sees: the queue by due time, or the newest first."""
    found = Inspection.objects.visible_to(user).select_related(
        "lot", "product__category", "merchant", "warehouse", "inspector", "checklist", "repeats"
    )
    if q:
        named = Q(product__name__icontains=q) | Q(product__name_en__icontains=q)
        found = found.filter(named | Q(lot__number__istartswith=q))
    if scope == "decided":
        return found.filter(decided_at__isnull=False).order_by("-decided_at", "-id")
    if scope == "all":
        return found.order_by("-id")
    found = found.filter(state__in=sorted(UNDECIDED))
    if scope == "mine":
        found = found.filter(inspector=user)
    return found.with_progress().order_by("due_at", "id")


def of_lot(lot: Lot, user: User) -> list[Inspection]:
    """Return the inspections of one lot, the first tranche first."""
    return list(Inspection.objects.visible_to(user).filter(lot=lot).with_progress().select_related("inspector").order_by("tranche", "id"))


@dataclass(frozen=True)
class PlanRow:
    """One class of the plan: what it allows and what was found by now."""

    defect_class: DefectClass
    name: str | Promise
    tone: str
    plan: Plan
    found: int

    @property
    def severity(self) -> str | Promise:
        """By which severity this class is inspected; critical defects have none."""
        return "" if self.defect_class == DefectClass.CRITICAL else SEVERITY_NAMES[self.plan.severity]


@dataclass(frozen=True)
class Pick:
    """One defect on the workbench, with its key; the rarest beyond the alphabet have none."""

    kind: DefectKind
    letter: str
    class_name: str | Promise


@dataclass(frozen=True)
class Seen:
    """One recorded unit with its defects in words."""

    unit: InspectedUnit
    defects: str
    photos: list[StoredFile]


@dataclass(frozen=True)
class Bench:
    """An inspection as the workbench and the result page show it."""

    inspection: Inspection
    rows: list[PlanRow]
    picks: list[Pick]
    units: list[Seen]
    decision: Decision
    next_number: int | None
    stop: Stop | None
    sheet: Sheet

    @property
    def recorded(self) -> int:
        return len(self.units)

    @property
    def left(self) -> int:
        return self.inspection.sample_size - self.recorded

    @property
    def is_last(self) -> bool:
        """Whether the verdict follows from the next unit: it completes the sample, and the checklist is answered."""
        return self.left == 1 and not self.sheet.is_open

    @property
    def last(self) -> Seen | None:
        return self.units[0] if self.units else None

    @property
    def is_own_stop(self) -> bool:
        """Whether the stop is only what follows from this inspection's own verdict."""
        return bool(self.stop and self.stop.code == STOP_CODE and self.inspection.is_decided)

    @property
    def failing(self) -> list[Seen]:
        return [seen for seen in self.units if not seen.unit.is_conforming]

    @property
    def words(self) -> str:
        """What the sample says by now, in the language that is active now."""
        return gettext(self.decision.message) % self.decision.params


def bench(inspection: Inspection, *, at: datetime) -> Bench:
    """Gather everything about one inspection; units newest first. A handful of queries, whatever the sample."""
    kinds = {kind.code: kind for kind in defects_of(inspection)}
    tally = tally_of(inspection, kinds)
    plans = inspection.plans
    asked = sheet(inspection)
    units = list(inspection.units.standing().select_related("recorded_by").order_by("-id"))
    shown: dict[int | None, list[StoredFile]] = defaultdict(list)
    for shot in inspection.photos.filter(unit__isnull=False).select_related("file").order_by("id"):
        shown[shot.unit_id].append(shot.file)
    stop = stop_covering(
        merchant_id=inspection.merchant_id,
        product_id=inspection.product_id,
        warehouse_id=inspection.warehouse_id,
        lot_id=inspection.lot_id,
        at=at,
    )
    return Bench(
        inspection=inspection,
        rows=[PlanRow(one, CLASS_NAMES[one], TONES[one], plan, tally.nonconforming[one]) for one, plan in plans.items()],
        picks=[Pick(kind, letter, CLASS_NAMES[DefectClass(kind.defect_class)]) for kind, letter in lettered(list(kinds.values()))],
        units=[Seen(unit, gettext(", ").join(kinds[code].name for code in unit.defects), shown[unit.pk]) for unit in units],
        decision=weigh(decide(plans, tally), _points(asked)),
        next_number=next_free({unit.number for unit in units}, plans.sample_size),
        stop=stop,
        sheet=asked,
    )


def _points(asked: Sheet) -> Points:
    if not asked.points:
        return NOTHING_ASKED
    failing = tuple(DefectClass(told["class"]) for told in asked.row.failing) if asked.row else None
    return Points(len(asked.points), failing)


def lettered(kinds: list[DefectKind]) -> Iterator[tuple[DefectKind, str]]:
    """Give every defect its key, as long as there are letters."""
    for place, kind in enumerate(kinds):
        yield kind, LETTERS[place] if place < len(LETTERS) else ""


def next_free(taken: set[int], sample_size: int) -> int | None:
    """Return the smallest unit that is not recorded yet."""
    return next((number for number in range(1, sample_size + 1) if number not in taken), None)


@offers_steps
def steps(user: User, *, at: datetime) -> list[Step]:  # noqa: ARG001  the front door's signature
    """Offer inspectors what they have begun and what waits, the earliest due first."""
    if user.role not in QC:
        return []
    waiting = find(user, scope="todo").filter(Q(state=InspectionState.OPEN) | Q(inspector=user))
    return [step_of(inspection) for inspection in waiting[:STEPS_SHOWN]]


def step_of(inspection: Inspection) -> Step:
    """Return what to do about an inspection that is not decided."""
    is_begun = inspection.state == InspectionState.CLAIMED
    facts = {"lot": inspection.lot.number, "sample": inspection.sample_size, "done": inspection.recorded_units}  # type: ignore[attr-defined]
    detail = gettext("%(done)s of %(sample)s units inspected") if is_begun else gettext("Sample of %(sample)s units")
    return Step(
        title=gettext("Inspect lot %(lot)s") % facts,
        detail=f"{inspection.product.shown_name} · {detail % facts}",
        url=reverse("inspections:work" if is_begun else "inspections:show", args=[inspection.pk]),
        verb=gettext("Go on") if is_begun else gettext("Open"),
        tone="run" if is_begun else "wait",
        icon="clipboard-check",
        due_at=inspection.due_at,
    )
