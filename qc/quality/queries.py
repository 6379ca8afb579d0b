"""What the boards of quality show: severities, defects by frequency, the p-chart, and how well a plan tells good from bad."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db.models import CharField, Count, F, Func

from assurance.roles import Role
from assurance.templatetags.ui import NOTHING, number
from qc.inspections import oc
from qc.inspections.lifecycle import UNDECIDED
from qc.inspections.models import CLASSES, DefectKind, InspectedUnit, Inspection
from qc.inspections.sampling import DefectClass, counts_units
from qc.quality.control import Sample, p_chart, pareto
from qc.quality.models import CorrectiveAction

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.products.models import Product
    from qc.inspections.sampling import Plan
    from qc.quality.models import CorrectiveActionQuerySet

LATELY: Final = timedelta(days=90)
CHARTED: Final = 40
"""Inspections on the p-chart: the newest."""
CLASS_NAMES: Final = {DefectClass(value): label for value, label in CLASSES}


def percent(share: float | None) -> str:
    """Return a share from 0 to 1 as people read it."""
    return NOTHING if share is None else f"{number(Decimal(repr(share)) * 100, 1)}%"


def find(user: User) -> CorrectiveActionQuerySet:
    """Return the corrective actions a user sees, newest first."""
    found = CorrectiveAction.objects.visible_to(user)
    return found.select_related("product", "merchant", "warehouse", "stop", "submitted_by", "decided_by").order_by("-id")


def open_by_place(user: User) -> dict[tuple[int, int], CorrectiveAction]:
    """Return the open ones by product and warehouse."""
    return {(one.product_id, one.warehouse_id): one for one in CorrectiveAction.objects.visible_to(user).open()}


def may_judge(user: User) -> bool:
    return user.role in {Role.QC_LEAD, Role.PLATFORM_ADMIN}


@dataclass(frozen=True)
class Figures:
    """Both charts as plain values for the page's script, and as rows for who reads tables."""

    pareto: list[dict[str, Any]]
    dots: list[dict[str, Any]]
    mean: float | None

    @property
    def data(self) -> dict[str, Any]:
        return {"pareto": self.pareto, "dots": self.dots, "mean": self.mean}

    @property
    def mean_words(self) -> str:
        return percent(self.mean)

    @property
    def out(self) -> list[dict[str, Any]]:
        return [dot for dot in self.dots if dot["is_out"]]


def figures(user: User, *, product: Product | None, at: datetime) -> Figures:
    """Return the defects of three months by frequency, and the newest inspections as a p-chart. Three queries."""
    decided = Inspection.objects.visible_to(user).exclude(state__in=UNDECIDED).filter(inspected__gt=0, decided_at__gt=at - LATELY)
    if product:
        decided = decided.filter(product=product)
    units = InspectedUnit.objects.standing().filter(inspection__in=decided.values("pk"), is_conforming=False).order_by()
    unnested = units.annotate(code=Func(F("defects"), function="unnest", output_field=CharField()))
    counts = {row["code"]: row["n"] for row in unnested.values("code").annotate(n=Count("pk"))}
    names = {kind.code: kind.name for kind in DefectKind.objects.filter(code__in=counts).order_by("version")}
    newest = list(decided.select_related("lot").order_by("-decided_at", "-id")[:CHARTED])[::-1]
    chart = p_chart([Sample(str(one.pk), one.inspected or 0, min(one.nonconforming or 0, one.inspected or 0)) for one in newest])
    lots = {str(one.pk): one for one in newest}
    return Figures(
        [
            {
                "code": bar.code,
                "name": names.get(bar.code, bar.code),
                "count": bar.count,
                "share": round(bar.share, 4),
                "together": percent(bar.share),
            }
            for bar in pareto(counts)
        ],
        [
            {
                "inspection": int(dot.name),
                "lot": lots[dot.name].lot.number,
                "fraction": round(dot.fraction, 6),
                "words": percent(dot.fraction),
                "lower": round(dot.lower, 6),
                "upper": round(dot.upper, 6),
                "is_out": dot.is_out,
            }
            for dot in (chart.dots if chart else ())
        ],
        round(chart.mean, 6) if chart else None,
    )


@dataclass(frozen=True)
class Curve:
    """How well the plan of one class of defects tells good lots from bad; risks and qualities are shares, 0–1."""

    name: Any
    plan: Plan
    producers_risk: float | None
    consumers_quality: float | None
    points: list[tuple[float, float]]

    @property
    def producers_words(self) -> str:
        return percent(self.producers_risk)

    @property
    def consumers_words(self) -> str:
        return percent(self.consumers_quality)


def curves(inspection: Inspection) -> list[Curve]:
    """Return the OC curve of every class of an inspection's plan."""
    found = []
    for defect_class, plan in inspection.plans.items():
        numbers = {"sample_size": plan.sample_size, "accept": plan.accept}
        has_aql = plan.aql != "0" and counts_units(plan.aql)
        found.append(
            Curve(
                CLASS_NAMES[defect_class],
                plan,
                oc.producers_risk(**numbers, aql=plan.aql) if has_aql else None,
                oc.consumers_risk_quality(**numbers),
                [(point.fraction_nonconforming, point.probability_of_acceptance) for point in oc.curve(**numbers)],
            )
        )
    return found
