"""Take in a parcel that does not say whose it is, and find out later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.files.actions import share
from assurance.files.models import StoredFile
from assurance.refusals import Refused, WrongState
from assurance.roles import Kind
from warehouse.orders.actions import lock_parcels
from warehouse.returns.actions.announcing import check_shipped, insert
from warehouse.returns.actions.receiving import OtherWarehouse
from warehouse.returns.lifecycle import ReturnState
from warehouse.returns.models import ReturnParcel, ReturnPhoto

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class PhotoMissing(Refused):
    code = "photo_missing"
    status = 422
    message = _("Take at least one photo of the parcel and of what is in it.")


@transaction.atomic
def receive_unidentified(
    *, photo_ids: Sequence[int], actor: User, at: datetime, tracking_number: str = "", carrier: str = "", note: str = ""
) -> ReturnParcel:
    """Keep a parcel that no order was found for, with photographs. It is the platform's until it is matched, and no stock (P8.1).

    :raises PhotoMissing: without a picture of the actor's organisation
    :raises TrackingNumberKnown: if the parcel stands here already
    """
    photos = [file for file in StoredFile.objects.filter(pk__in=photo_ids, organisation_id=actor.organisation_id) if file.is_picture]
    if not photos:
        raise PhotoMissing(field="photos")
    platform = Organisation.objects.of_kind(Kind.PLATFORM).order_by("id")[0]
    row = ReturnParcel(
        merchant=platform,
        warehouse_id=actor.organisation_id,
        state=ReturnState.UNIDENTIFIED,
        carrier=carrier,
        tracking_number=tracking_number,
        note=note,
        arrived_at=at,
    )
    insert([row])
    ReturnPhoto.objects.bulk_create(ReturnPhoto(return_parcel=row, warehouse_id=row.warehouse_id, file=file) for file in photos)
    changes = first(row, "state", "tracking_number", "carrier", "note") | {"photos": [None, [file.sha256 for file in photos]]}
    announce("warehouse.return.unidentified", actor=actor, at=at, subject=row, changes=changes, return_id=row.pk)
    return row


@transaction.atomic
def match_return(*, return_id: int, parcel_id: int, actor: User, at: datetime) -> ReturnParcel:
    """Say which parcel an unidentified return was. Its merchant owns it from now on and sees the photographs; its units are counted next.

    :raises WrongState: if somebody has matched it
    :raises OtherWarehouse, ParcelNotShipped: if it cannot be that parcel
    """
    parcel = lock_parcels([parcel_id])[parcel_id]
    row = ReturnParcel.objects.select_for_update(of=("self",)).get(pk=return_id)
    if row.state != ReturnState.UNIDENTIFIED:
        raise WrongState(state=row.get_state_display())
    if row.warehouse_id != actor.organisation_id or parcel.warehouse_id != row.warehouse_id:
        raise OtherWarehouse
    check_shipped(parcel)
    changes = change(
        row, state=ReturnState.MATCHED, merchant_id=parcel.merchant_id, parcel_id=parcel.pk, matched_at=at, matched_by_id=actor.pk
    )
    row.save(update_fields=["state", "merchant", "parcel", "matched_at", "matched_by"])
    share(file_ids=list(row.photos.values_list("file_id", flat=True)), organisation_ids=[parcel.merchant_id], actor=actor, at=at)
    ids = {"return_id": row.pk, "parcel_id": parcel.pk, "order_id": parcel.order_id}
    announce_each([News("warehouse.return.matched", row, changes, at, actor, ids)])
    return row
