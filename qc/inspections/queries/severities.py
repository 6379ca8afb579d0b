"""The board of severities: how strictly each product is inspected, and which lots made it so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from qc.inspections.models import ClassSeverity, Inspection, SeveritySwitch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assurance.accounts.models import User
    from qc.inspections.models import ClassSeverityQuerySet

NEWEST: Final = 3
"""Switches shown of each severity."""


@dataclass(frozen=True)
class Switched:
    """One switch with the inspections that caused it, each with its lot."""

    switch: SeveritySwitch
    causes: list[Inspection]


@dataclass(frozen=True)
class SeverityRow:
    """One class of one product in one warehouse, with its newest switches, the last first."""

    severity: ClassSeverity
    switches: list[Switched]


def severity_board(user: User, *, q: str = "", severity: str = "") -> ClassSeverityQuerySet:
    """Return the severities a user sees, tightened and suspended first; ``with_switches`` adds the causes."""
    found = ClassSeverity.objects.visible_to(user).select_related("product", "merchant", "warehouse")
    if severity:
        found = found.filter(severity=severity)
    if q:
        found = found.filter(Q(product__name__icontains=q) | Q(product__name_en__icontains=q) | Q(product__sku__istartswith=q))
    # as the alphabet has it, backwards: what needs somebody stands first
    return found.order_by("-severity", "-changed_at", "id")


def with_switches(rows: Iterable[ClassSeverity]) -> list[SeverityRow]:
    """Add the newest switches of each severity and the lots behind them. Two queries, whatever the number of rows."""
    severities = list(rows)
    newest = Window(RowNumber(), partition_by=F("of_id"), order_by=F("number").desc())
    switches = SeveritySwitch.objects.filter(of__in=severities).annotate(place=newest).filter(place__lte=NEWEST)
    of: dict[int, list[SeveritySwitch]] = defaultdict(list)
    for switch in switches.select_related("decided_by").order_by("of_id", "-number"):
        of[switch.of_id].append(switch)
    known = Inspection.objects.select_related("lot").in_bulk({pk for some in of.values() for one in some for pk in one.inspections})
    return [SeverityRow(one, [_switched(switch, known) for switch in of[one.pk]]) for one in severities]


def _switched(switch: SeveritySwitch, known: dict[int, Inspection]) -> Switched:
    numbers: Sequence[int] = switch.inspections
    return Switched(switch, [known[number] for number in numbers if number in known])
