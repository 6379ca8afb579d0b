"""Print labels: the one moment at which the warehouse reads the recipient in clear, and it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from assurance.events.actions import announce
from assurance.events.changes import first
from logistics.couriers.adapters import adapter
from logistics.dispatch.actions.refusing import NoWaybill, OtherWarehouse
from logistics.dispatch.lifecycle import WaybillState
from logistics.dispatch.models import Waybill
from warehouse.orders.actions import label_of

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from logistics.couriers.adapters.interface import Label
    from warehouse.orders.models import Recipient


@dataclass(frozen=True)
class Printed:
    """What stands on a label."""

    waybill: Waybill
    recipient: Recipient
    label: Label


@transaction.atomic
def print_label(*, waybill_id: int, actor: User, at: datetime) -> Printed:
    """Return a label with the recipient in clear, for the warehouse that sends the parcel; every print is in the trail.

    :raises OtherWarehouse: for anybody else
    :raises NoWaybill: if it has no number, or the parcel has left
    """
    waybill = Waybill.objects.select_for_update(of=("self",)).select_related("service", "parcel", "courier").get(pk=waybill_id)
    if waybill.warehouse_id != actor.organisation_id:
        raise OtherWarehouse(parcel=waybill.parcel.code)
    if waybill.state != WaybillState.CREATED:
        raise NoWaybill(parcel=waybill.parcel.code)
    recipient = label_of(parcel_id=waybill.parcel_id, actor=actor, at=at)
    label = adapter(waybill.service.adapter).label(waybill.number, destination_province=waybill.destination_province)
    changes, parcel_id = first(waybill, "number"), waybill.parcel_id
    announce("logistics.label.printed", actor=actor, at=at, subject=waybill, changes=changes, waybill_id=waybill.pk, parcel_id=parcel_id)
    return Printed(waybill, recipient, label)
