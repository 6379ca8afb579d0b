"""The report in words, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

COUNTED: Final[Mapping[str, Promise]] = {
    "merchants": _("Merchants"),
    "products": _("Products"),
    "orders": _("Orders"),
    "order_lines": _("Order lines"),
    "courier_events": _("Courier events"),
    "reviews": _("Reviews"),
    "volumetric_over_actual": _("Products that weigh more by volume than on the scales"),
}
PUNCTUAL: Final[Mapping[str, Promise]] = {
    "paid_and_picked": _("Orders paid and picked up"),
    "within_24h": _("Picked up within 24 hours"),
    "picked_before_paid": _("Picked up before they were paid: wrong clocks, not counted"),
    "merchants_ge_10": _("Merchants with ten such orders or more"),
    "merchants_ge_45pct": _("Of these, at the public floor of 45 % or above"),
    "delivered_late": _("Delivered after the promised day"),
}
MONEY: Final[Mapping[str, Promise]] = {
    "goods": _("Goods"),
    "freight": _("Freight paid by buyers"),
    "charges": _("Fees charged"),
    "statements_total": _("Total of the statements"),
}
STATES: Final[Mapping[str, Promise]] = {
    "delivered": _("Delivered"),
    "shipped": _("Shipped"),
    "canceled": _("Called off"),
    "invoiced": _("Invoiced"),
    "processing": _("In progress"),
    "unavailable": _("Not available"),
    "approved": _("Payment approved"),
    "created": _("Entered"),
}


@dataclass(frozen=True)
class Shown:
    """The report by its parts, each as label and value."""

    counted: list[tuple[Promise, int]]
    punctual: list[tuple[Promise, int]]
    money: list[tuple[Promise, Decimal]]
    states: list[tuple[str, int]]
    orders: int
    agrees: bool


def shown(report: Mapping[str, Any]) -> Shown:
    """Return the report as its page draws it."""
    return Shown(
        counted=[(label, report[key]) for key, label in COUNTED.items()],
        punctual=[(label, report[key]) for key, label in PUNCTUAL.items()],
        money=[(label, Decimal(report[key])) for key, label in MONEY.items()],
        states=[(str(STATES.get(state, state)) if state else gettext("Unknown"), count) for state, count in report["states"].items()],
        orders=report["orders"],
        agrees=report["charges"] == report["statements_total"],
    )
