"""Give waybills back that no parcel travels on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from logistics.couriers.adapters import adapter
from logistics.couriers.adapters.interface import NotSupported
from logistics.dispatch.actions.refusing import AlreadyLeft, CannotBeCalledOff, ids_of
from logistics.dispatch.lifecycle import BEFORE, WaybillState
from logistics.dispatch.models import Waybill

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User


@transaction.atomic
def cancel_waybills(waybill_ids: Sequence[int], *, reason: str, actor: User, at: datetime) -> list[Waybill]:
    """Call waybills off before hand-over; the parcels may get others. One that is called off stays so.

    :raises AlreadyLeft: if one has left
    :raises CannotBeCalledOff: if the courier takes none back
    """
    rows = list(Waybill.objects.select_for_update(of=("self",)).select_related("service").filter(pk__in=waybill_ids).order_by("pk"))
    open_ones = [waybill for waybill in rows if waybill.state != WaybillState.CANCELLED]
    news = []
    for place, waybill in enumerate(open_ones):
        if waybill.state not in BEFORE:
            raise AlreadyLeft(field=f"items.{place}", waybill=waybill.code, state=waybill.get_state_display())
        _give_back(waybill)
        changes = change(waybill, state=WaybillState.CANCELLED, close_reason=reason)
        news.append(News("logistics.waybill.cancelled", waybill, changes, at, actor, ids_of(waybill), reason))
    update_each(open_ones, ["state", "close_reason"])
    announce_each(news)
    return rows


def _give_back(waybill: Waybill) -> None:
    if not waybill.number:
        return
    try:
        adapter(waybill.service.adapter).cancel(waybill.number)
    except NotSupported:
        raise CannotBeCalledOff(service=waybill.service.name) from None
