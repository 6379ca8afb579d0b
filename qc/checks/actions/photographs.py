"""Keep the photographs of a check and show them to whose goods they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assurance.files.actions import share, store
from assurance.files.models import StoredFile
from assurance.files.sniffing import PICTURES
from qc.checks.models import CheckPhoto

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model

    from assurance.accounts.models import User
    from qc.checks.models import OutboundCheck


@dataclass(frozen=True)
class Picture:
    """A photograph as it came in."""

    name: str
    data: bytes


def store_pictures(given: Mapping[str, Sequence[Picture]], *, actor: User, at: datetime) -> dict[str, list[int]]:
    """Keep photographs of points as files of the actor's organisation; return their ids by point.

    :raises NotAnImage, ImageDamaged, FileTooLarge: naming the point's field
    """
    return {
        point: [
            store(
                organisation=actor.organisation,
                uploaded_by=actor,
                data=one.data,
                shown_name=one.name,
                at=at,
                accept=PICTURES,
                field=f"photos.{point}",
            ).pk
            for one in some
        ]
        for point, some in given.items()
    }


def pictures_of(given: Iterable[Mapping[str, Sequence[int]]], *, actor: User) -> dict[int, StoredFile]:
    """Return the named files that are pictures of the actor's own organisation; others count as not given."""
    ids = {pk for photos in given for some in photos.values() for pk in some}
    if not ids:
        return {}
    own = StoredFile.objects.filter(pk__in=ids, organisation_id=actor.organisation_id)
    return {file.pk: file for file in own if file.is_picture}


def shown_before(pictures: Iterable[int], *places: type[Model]) -> set[int]:
    """Return which of these files one of these places shows already: a photograph proves one look at one thing (A4.3)."""
    ids = list(pictures)
    return (
        {pk for place in places for pk in place._default_manager.filter(file_id__in=ids).values_list("file_id", flat=True)}
        if ids
        else set()
    )


def insert_photos(
    given: Iterable[tuple[OutboundCheck, Mapping[str, Sequence[int]]]], pictures: Mapping[int, StoredFile], *, actor: User, at: datetime
) -> None:
    """Write the photographs down and show them to the merchants."""
    rows = [
        CheckPhoto(check_of=check, merchant_id=check.merchant_id, warehouse_id=check.warehouse_id, checkpoint=point, file=pictures[pk])
        for check, photos in given
        for point, ids in sorted(photos.items())
        for pk in dict.fromkeys(ids)
    ]
    if not rows:
        return
    CheckPhoto.objects.bulk_create(rows)
    for merchant_id in sorted({row.merchant_id for row in rows}):
        shown = [row.file_id for row in rows if row.merchant_id == merchant_id]
        share(file_ids=shown, organisation_ids=[merchant_id], actor=actor, at=at)
