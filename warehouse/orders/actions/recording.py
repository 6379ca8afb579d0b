"""Keep photographs and films of packing for as long as somebody may dispute the parcel, and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.files.actions import forget, share
from assurance.files.models import StoredFile
from assurance.refusals import Refused
from warehouse.orders.actions.locking import check_parcel, lock_parcels
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import PackingRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User

DISPUTE_DAYS: Final = 180
"""After a parcel was packed, left or arrived, whatever came last: what marketplaces let buyers and merchants dispute in."""
MOST: Final = 500
"""Records that are let go in one go."""


class NothingToKeep(Refused):
    code = "nothing_to_keep"
    status = 422
    message = _("Give a photo or say where the video is.")


class NoSuchPhoto(Refused):
    code = "no_such_photo"
    status = 422
    message = _("There is no such photo of yours.")


@transaction.atomic
def record_packing(
    *, parcel_id: int, actor: User, at: datetime, photo_ids: Sequence[int] = (), video_reference: str = ""
) -> list[PackingRecord]:
    """Keep photographs or the place of a film with a parcel that has not left; the same again is there already.

    :raises OtherWarehouse, WrongState: if the parcel is not to be recorded here and now
    :raises NothingToKeep, NoSuchPhoto: if there is nothing
    """
    parcel = lock_parcels([parcel_id])[parcel_id]
    check_parcel(parcel, ParcelState.PICKING, ParcelState.PACKED, ParcelState.CHECKED, place=0, actor=actor)
    film = video_reference.strip()
    if not photo_ids and not film:
        raise NothingToKeep(field="photos")
    files = list(StoredFile.objects.visible_to(actor).filter(pk__in=photo_ids, organisation_id=actor.organisation_id))
    if {one.pk for one in files if one.is_picture} != set(photo_ids):
        raise NoSuchPhoto(field="photos")
    until = until_date(at)
    known = set(PackingRecord.objects.filter(parcel=parcel).values_list("file_id", "video_reference"))
    wanted: list[tuple[int | None, str]] = [(one.pk, "") for one in files] + ([(None, film)] if film else [])
    made = PackingRecord.objects.bulk_create(
        PackingRecord(
            parcel=parcel,
            merchant_id=parcel.merchant_id,
            warehouse_id=parcel.warehouse_id,
            file_id=file_id,
            video_reference=words,
            kept_until_date=until,
            recorded_by=actor,
            recorded_at=at,
        )
        for file_id, words in wanted
        if (file_id, words) not in known
    )
    share(file_ids=[one.pk for one in files], organisation_ids=[parcel.merchant_id], actor=actor, at=at)
    shown, ids = ("file_id", "video_reference", "kept_until_date"), {"parcel_id": parcel.pk, "order_id": parcel.order_id}
    announce_each([News("warehouse.parcel.recorded", parcel, first(one, *shown), at, actor, ids) for one in made])
    return made


def keep_records(parcel_ids: Iterable[int], *, at: datetime) -> None:
    """Let the time of the records of these parcels begin anew; it never gets shorter. One query."""
    PackingRecord.objects.filter(parcel_id__in=list(parcel_ids)).update(kept_until_date=Greatest("kept_until_date", until_date(at)))


@transaction.atomic
def let_go(*, today: date, at: datetime) -> int:
    """Delete records whose time is over, and their photographs unless somebody else still needs these; return how many."""
    over = list(PackingRecord.objects.filter(kept_until_date__lt=today).select_related("parcel").order_by("kept_until_date", "id")[:MOST])
    news = [
        News(
            "warehouse.parcel.record_let_go",
            one.parcel,
            {"kept_until_date": [one.kept_until_date.isoformat(), None]},
            at,
            None,
            {"parcel_id": one.parcel_id, "order_id": one.parcel.order_id},
        )
        for one in over
    ]
    PackingRecord.objects.filter(pk__in=[one.pk for one in over]).delete()
    announce_each(news)
    forget([one.file_id for one in over if one.file_id], at=at)
    return len(over)


def until_date(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date() + timedelta(days=DISPUTE_DAYS)
