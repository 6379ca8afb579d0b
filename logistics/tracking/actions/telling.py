"""Tell people of parcels that are in trouble or late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.urls import reverse

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI
from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.notices.actions import notify
from assurance.notices.wording import english
from assurance.roles import MERCHANT, Role
from logistics.dispatch.models import Waybill

if TYPE_CHECKING:
    from datetime import datetime

MOST_LATE: Final = 500


def tell_of_exception(*, waybill_id: int, at: datetime) -> None:
    """Tell the merchant and the courier's people what is wrong and who answers for it."""
    waybill = Waybill.objects.get(pk=waybill_id)
    if not waybill.incident:
        return
    concerned = User.objects.acting_for(waybill.merchant_id, MERCHANT) | User.objects.acting_for(waybill.courier_id, {Role.COURIER_AGENT})
    notify(
        "parcel_exception",
        recipients=concerned,
        key=f"{waybill.pk}:{waybill.incident}",
        at=at,
        link=reverse("tracking:show", args=[waybill.pk]),
        waybill=waybill.code,
        incident=english(dict(Waybill._meta.get_field("incident").flatchoices)[waybill.incident]),
        responsible=english(dict(Waybill._meta.get_field("responsible").flatchoices)[waybill.responsible]),
    )


def tell_of_late(*, waybill_id: int, at: datetime) -> None:
    """Tell the merchant that the promised day has gone by."""
    waybill = Waybill.objects.get(pk=waybill_id)
    notify(
        "parcel_late",
        recipients=User.objects.acting_for(waybill.merchant_id, MERCHANT),
        key=str(waybill.pk),
        at=at,
        link=reverse("tracking:show", args=[waybill.pk]),
        waybill=waybill.code,
        date=waybill.promised_delivery_date.isoformat(),
    )


@transaction.atomic
def tell_of_late_ones(*, at: datetime) -> int:
    """Announce each parcel once whose promised day has gone by while it is on the way; return how many there were."""
    today = at.astimezone(SHANGHAI).date()
    late = Waybill.objects.on_the_way().filter(late_told_at=None, promised_delivery_date__lt=today)
    rows = list(late.select_for_update(skip_locked=True).order_by("pk")[:MOST_LATE])
    news = []
    for waybill in rows:
        changes = change(waybill, late_told_at=at)
        ids = {"waybill_id": waybill.pk, "parcel_id": waybill.parcel_id}
        news.append(News("logistics.parcel.late", waybill, changes, at, None, ids))
    update_each(rows, ["late_told_at"])
    announce_each(news)
    return len(rows)
