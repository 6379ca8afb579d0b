"""Set which share of parcels is checked, and draw: what is not drawn is cleared without a look, and the record says so (P7.2)."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from assurance.accounts.models import Organisation
from assurance.calendar import SHANGHAI
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import first
from assurance.gates.actions import Judgement, clear_all
from assurance.products.models import Category
from assurance.refusals import Refused
from assurance.roles import Kind, Role
from assurance.sentences import keep
from qc.checks.models import CheckShare, DrawDay, OutboundCheck, ParcelDraw
from qc.checks.queries import is_any_spared, percents_of, to_draw
from qc.checks.shares import ALL, is_drawn, ticket_of
from warehouse.orders.actions import Checked, lock_parcels, mark_checked
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import WeightDeviation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.gates.models import Clearance
    from warehouse.orders.models import Parcel

SPARED: Final = gettext_noop("Not drawn: %(percent)s %% of these parcels are checked.")
keep(SPARED)
STAGE: Final = "outbound"
MOST: Final = 500
"""Parcels a call; the rest comes with the next."""


class NotAShare(Refused):
    code = "not_a_share"
    status = 422
    message = _("Enter a share from 1 to 100 %%.")


class ReasonMissing(Refused):
    code = "required"
    status = 422
    message = _("Say why.")


class NotKnown(Refused):
    code = "not_known"
    status = 422
    message = _("%(code)s is not known here.")


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("A lead of quality control sets the share of the own warehouse only.")


@transaction.atomic
def set_share(
    *, percent: int, reason: str, actor: User, at: datetime, warehouse: str = "", merchant: str = "", category: str = ""
) -> CheckShare:
    """Let so many percent of these parcels be checked from now on; what is empty means all. A lead's share is of the own warehouse.

    :raises NotAShare, ReasonMissing, NotKnown: if it says too little, or names what is not there
    :raises OtherWarehouse: if a lead means another warehouse
    """
    if not 1 <= percent <= ALL:
        raise NotAShare(field="percent")
    if not reason.strip():
        raise ReasonMissing(field="reason")
    warehouse_id = _known(warehouse, Kind.WAREHOUSE, "warehouse")
    if actor.role != Role.PLATFORM_ADMIN:
        if warehouse_id not in (None, actor.organisation_id):
            raise OtherWarehouse(field="warehouse")
        warehouse_id = actor.organisation_id
    if category and not Category.objects.filter(code=category).exists():
        raise NotKnown(field="category", code=category)
    made = CheckShare.objects.create(
        organisation_id=actor.organisation_id,
        warehouse_id=warehouse_id,
        merchant_id=_known(merchant, Kind.MERCHANT, "merchant"),
        category=category,
        percent=percent,
        reason=reason.strip(),
        set_by=actor,
        set_at=at,
    )
    changes = first(made, "warehouse_id", "merchant_id", "category", "percent")
    announce("qc.check_share.set", actor=actor, at=at, subject=made, changes=changes, reason=reason.strip())
    return made


def _known(code: str, kind: Kind, field: str) -> int | None:
    if not code:
        return None
    found = Organisation.objects.filter(code=code, kind=kind).first()
    if found is None:
        raise NotKnown(field=field, code=code)
    return found.pk


def draw_waiting(*, at: datetime) -> int:
    """Draw among the parcels that were weighed and wait; nothing where every parcel is checked. Return how many were spared."""
    return len(draw_parcels(to_draw(MOST), at=at)) if is_any_spared() else 0


@transaction.atomic
def draw_parcels(parcel_ids: Collection[int], *, at: datetime) -> list[Parcel]:
    """Draw among packed, weighed parcels that nobody has drawn or checked yet; return those that were spared and may be sealed.

    A parcel is drawn once: what is packed again is checked whatever the draw said.
    """
    parcels = lock_parcels(parcel_ids)
    percents = percents_of(list(parcels))
    seen = set(ParcelDraw.objects.filter(parcel_id__in=parcels).values_list("parcel_id", flat=True))
    seen |= set(OutboundCheck.objects.filter(parcel_id__in=parcels).values_list("parcel_id", flat=True))
    seen |= set(WeightDeviation.objects.open().filter(parcel_id__in=parcels).values_list("parcel_id", flat=True))
    ready = [
        parcel
        for pk, parcel in parcels.items()
        if parcel.state == ParcelState.PACKED and parcel.measured_weight_g is not None and percents.get(pk, ALL) < ALL and pk not in seen
    ]
    if not ready:
        return []
    days = _days({parcel.warehouse_id for parcel in ready}, at=at)
    tickets = {parcel.pk: ticket_of(days[parcel.warehouse_id].seed, parcel.pk) for parcel in ready}
    spared = [parcel for parcel in ready if not is_drawn(tickets[parcel.pk], percents[parcel.pk])]
    clearances = _clear(spared, percents, at=at)
    rows = ParcelDraw.objects.bulk_create(
        ParcelDraw(
            merchant_id=parcel.merchant_id,
            warehouse_id=parcel.warehouse_id,
            parcel=parcel,
            day=days[parcel.warehouse_id],
            percent=percents[parcel.pk],
            ticket=tickets[parcel.pk],
            is_drawn=parcel.pk not in clearances,
            clearance=clearances.get(parcel.pk),
            drawn_at=at,
        )
        for parcel in ready
    )
    announce_each([News("qc.parcel.drawn", row, first(row, "parcel_id", "percent", "ticket", "is_drawn"), at) for row in rows])
    return mark_checked([Checked(pk, clearance) for pk, clearance in clearances.items()], actor=None, at=at) if clearances else []


def _days(warehouse_ids: Collection[int], *, at: datetime) -> dict[int, DrawDay]:
    """Return the seeds of the day, made at its first draw; two at once agree on one."""
    today = at.astimezone(SHANGHAI).date()
    fresh = []
    for warehouse_id in sorted(warehouse_ids):
        seed = secrets.token_hex(32)
        commitment = sha256(bytes.fromhex(seed)).hexdigest()
        fresh.append(DrawDay(warehouse_id=warehouse_id, day_date=today, commitment=commitment, seed=seed, begun_at=at))
    DrawDay.objects.bulk_create(fresh, ignore_conflicts=True)
    return {day.warehouse_id: day for day in DrawDay.objects.filter(warehouse_id__in=warehouse_ids, day_date=today)}


def _clear(spared: Collection[Parcel], percents: Mapping[int, int], *, at: datetime) -> dict[int, Clearance]:
    judgements = [Judgement("parcel", one.pk, "released", one.merchant_id, SPARED % {"percent": percents[one.pk]}, at=at) for one in spared]
    given = clear_all(judgements, stage=STAGE, actor=None, at=at) if judgements else []
    return {one.pk: clearance for one, clearance in zip(spared, given, strict=True)}
