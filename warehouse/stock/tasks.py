"""What stock tells by itself."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from assurance.accounts.models import User
from assurance.events.models import Event
from assurance.events.registry import every, job
from assurance.evidence.actions import MOST_FACTS, report_facts
from assurance.notices.actions import notify
from assurance.roles import MERCHANT
from warehouse.stock import actions, selling
from warehouse.stock.models import EndingLot, Lot


@every(30)
def report_sellable(**_from_newer_writers: object) -> None:
    """Report how many units of each product can be sold, where that changed."""
    now = timezone.now()
    changed = selling.news(at=now)
    for start in range(0, len(changed), MOST_FACTS):
        report_facts(selling.SELLABLE, changed[start : start + MOST_FACTS], subject_kind="product", as_of=now, at=now, unit="unit")


@job("warehouse.lot.on_hold", queue="notices")
def tell_of_hold(*, lot_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that his lot is kept back."""
    lot, event = _stopped(lot_id, "warehouse.lot.on_hold")
    notify("lot_on_hold", **_told(lot, event), lot=lot.number, because=event.reason)


@job("warehouse.lot.recalled", queue="notices")
def tell_of_recall(*, lot_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that his lot is recalled."""
    lot, event = _stopped(lot_id, "warehouse.lot.recalled")
    notify("lot_recalled", **_told(lot, event), lot=lot.number, because=event.reason)


def _stopped(lot_id: int, kind: str) -> tuple[Lot, Event]:
    return Lot.objects.get(pk=lot_id), Event.objects.filter(kind=kind, subject_id=lot_id).latest("id")


def _told(lot: Lot, event: Event) -> dict[str, Any]:
    merchant = User.objects.acting_for(lot.merchant_id, MERCHANT)
    return {"recipients": merchant, "key": str(event.pk), "at": timezone.now(), "link": reverse("stock:show", args=[lot.pk])}


@every(3600)
def queue_ending_lots(**_from_newer_writers: object) -> None:
    """Bring lots whose end is near to those who must act."""
    actions.queue_ending_lots(at=timezone.now())


@job("warehouse.lot.near_end", queue="notices")
def tell_of_end(*, ending_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that a lot of his comes to its end."""
    ending = EndingLot.objects.select_related("lot").get(pk=ending_id)
    notify(
        "lot_near_end",
        recipients=User.objects.acting_for(ending.merchant_id, MERCHANT),
        key=str(ending.pk),
        at=timezone.now(),
        link=reverse("stock:ending"),
        lot=ending.lot.number,
        date=ending.lot.expiry_date.isoformat() if ending.lot.expiry_date else "",
    )
