"""Check packed parcels before they leave: verdict, clearance and the parcel's step in one transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.gates.actions import Judgement, clear_all
from assurance.refusals import OwnWork, Refused, at_place
from assurance.sentences import keep
from qc.checks.actions.judged import judged
from qc.checks.actions.photographs import insert_photos, pictures_of, shown_before
from qc.checks.actions.righting import close_repacked, open_failed
from qc.checks.judging import ALL_FINE, SOME_FAIL
from qc.checks.leaves import leaf_text
from qc.checks.models import CheckedGoods, CheckPhoto, OutboundCheck, ParcelDraw
from qc.checks.queries import Asked, questions_for
from warehouse.orders.actions import Checked, lock_parcels, mark_checked
from warehouse.orders.lifecycle import CLEARED, ParcelState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.gates.models import Clearance
    from qc.checks.judging import Judged
    from warehouse.orders.models import Parcel, ParcelItem

keep(ALL_FINE, SOME_FAIL)
STAGE = "outbound"


class NotPacked(Refused):
    code = "not_packed"
    message = _("Parcel %(parcel)s cannot be checked: it is now “%(state)s”.")


class NotRepacked(Refused):
    code = "not_repacked"
    message = _("Parcel %(parcel)s failed its check. Unpack it and pack it again first.")


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("This parcel is in another warehouse.")


class ParcelTwice(Refused):
    code = "parcel_twice"
    status = 422
    message = _("Parcel %(parcel)s is named twice.")


@dataclass(frozen=True)
class ParcelCheck:
    """What was found on one packed parcel: an answer to every point asked, photographs by point. ``at`` is its own moment."""

    parcel_id: int
    answers: Mapping[str, Any]
    photos: Mapping[str, Sequence[int]] = field(default_factory=dict)
    note: str = ""
    at: datetime | None = None


@transaction.atomic
def check_parcels(entries: Sequence[ParcelCheck], *, actor: User, at: datetime, source: str = "floor") -> list[OutboundCheck]:
    """Check parcels; all of them or none, in the same number of queries for one as for thousands. The verdict is computed.

    What passes is cleared for sending. What fails stays packed and must be put right first. The same answers by the same person for
    a parcel that has passed are its check, again.

    :raises OwnWork: if the actor packed one of them
    :raises OtherWarehouse, NotPacked, NotRepacked, ParcelTwice: if one is not to be checked
    :raises PointUnanswered, AnswerUnclear, NoSuchPoint, PhotoMissing, NoSuchPhoto, PhotoShownBefore: if the answers do not say enough
    """
    parcels = lock_parcels({one.parcel_id for one in entries})
    last = _last_checks(parcels)
    kept = {place: check for place, one in enumerate(entries) if (check := _same(one, parcels[one.parcel_id], last, actor))}
    fresh = [(place, one) for place, one in enumerate(entries) if place not in kept]
    _check(fresh, parcels, last, actor)
    made = _record(fresh, parcels, last, actor=actor, at=at, source=source) if fresh else {}
    return [kept.get(place) or made[place] for place in range(len(entries))]


def _last_checks(parcel_ids: Mapping[int, Parcel]) -> dict[int, OutboundCheck]:
    """Return the newest check of each parcel that has one."""
    newest = OutboundCheck.objects.filter(parcel_id__in=parcel_ids).order_by("parcel_id", "-attempt").distinct("parcel_id")
    return {check.parcel_id: check for check in newest}


def _same(one: ParcelCheck, parcel: Parcel, last: Mapping[int, OutboundCheck], actor: User) -> OutboundCheck | None:
    check = last.get(one.parcel_id)
    if check is None or not check.has_passed or parcel.state not in CLEARED:
        return None
    return check if check.inspector_id == actor.pk and check.answers == dict(one.answers) else None


def _check(fresh: Sequence[tuple[int, ParcelCheck]], parcels: Mapping[int, Parcel], last: Mapping[int, OutboundCheck], actor: User) -> None:
    seen: set[int] = set()
    for place, one in fresh:
        parcel = parcels[one.parcel_id]
        with at_place(place):
            if parcel.warehouse_id != actor.organisation_id:
                raise OtherWarehouse
            if parcel.state != ParcelState.PACKED:
                raise NotPacked(parcel=parcel.code, state=parcel.get_state_display())
            if parcel.packed_by_id == actor.pk:
                raise OwnWork
            failed = last.get(parcel.pk)
            if failed and parcel.packed_at and parcel.packed_at <= failed.checked_at:
                raise NotRepacked(parcel=parcel.code)
            if parcel.pk in seen:
                raise ParcelTwice(parcel=parcel.code)
            seen.add(parcel.pk)


def _record(
    fresh: Sequence[tuple[int, ParcelCheck]],
    parcels: Mapping[int, Parcel],
    last: Mapping[int, OutboundCheck],
    *,
    actor: User,
    at: datetime,
    source: str,
) -> dict[int, OutboundCheck]:
    asked = questions_for([one.parcel_id for _, one in fresh], stage=STAGE, days=_days(fresh, at))
    pictures = pictures_of([one.photos for _, one in fresh], actor=actor)
    shown, found = shown_before(pictures, CheckPhoto), []
    for place, one in fresh:
        question = asked[one.parcel_id]
        found.append((one, question, judged(place, question, one.answers, one.photos, pictures, day=_day(one, at), shown=shown)))
        shown.update(*one.photos.values())
    clearances = _clear(found, parcels, last, _spared(parcels), actor=actor, at=at)
    checks = OutboundCheck.objects.bulk_create(
        OutboundCheck(
            merchant_id=parcels[one.parcel_id].merchant_id,
            warehouse_id=parcels[one.parcel_id].warehouse_id,
            parcel=parcels[one.parcel_id],
            attempt=clearance.tranche,
            checklists=list(question.checklists),
            answers=result.values,
            note=one.note,
            verdict=result.verdict,
            because=reason_of(result),
            inspector=actor,
            checked_at=one.at or at,
            clearance=clearance,
            source=source,
        )
        for (one, question, result), clearance in zip(found, clearances, strict=True)
    )
    CheckedGoods.objects.bulk_create(_leaves(checks, asked, pictures, [one for _, one in fresh]))
    insert_photos([(check, one.photos) for check, (_, one) in zip(checks, fresh, strict=True)], pictures, actor=actor, at=at)
    close_repacked(checks, actor=actor, at=at)
    _follow(checks, asked, {one.parcel_id: one.photos for _, one in fresh}, actor=actor, at=at)
    return {place: check for (place, _), check in zip(fresh, checks, strict=True)}


def _day(one: ParcelCheck, at: datetime) -> Any:
    return (one.at or at).astimezone(SHANGHAI).date()


def _days(fresh: Sequence[tuple[int, ParcelCheck]], at: datetime) -> dict[int, Any]:
    return {one.parcel_id: _day(one, at) for _, one in fresh}


def _spared(parcel_ids: Mapping[int, Parcel]) -> set[int]:
    """Return which of these the draw spared once: their first clearance is given."""
    return set(ParcelDraw.objects.filter(parcel_id__in=parcel_ids, is_drawn=False).values_list("parcel_id", flat=True))


def _clear(
    found: Sequence[tuple[ParcelCheck, Asked, Judged]],
    parcels: Mapping[int, Parcel],
    last: Mapping[int, OutboundCheck],
    spared: set[int],
    *,
    actor: User,
    at: datetime,
) -> list[Clearance]:
    judgements = [
        Judgement(
            "parcel",
            one.parcel_id,
            "refused" if result.failing else "released",
            parcels[one.parcel_id].merchant_id,
            result.because,
            tranche=(last[one.parcel_id].attempt if one.parcel_id in last else int(one.parcel_id in spared)) + 1,
            at=one.at or at,
        )
        for one, _, result in found
    ]
    return clear_all(judgements, stage=STAGE, actor=actor, at=at)


def reason_of(result: Judged) -> dict[str, Any]:
    """Return the verdict's reason as it is kept: the sentence, and what each failing point says."""
    failing = [{"point": one.code, "message": one.message, "params": one.params} for one in result.failing]
    return {"message": result.message, "params": result.params, "points": failing}


def _leaves(
    checks: Sequence[OutboundCheck], asked: Mapping[int, Asked], pictures: Mapping[int, Any], entries: Sequence[ParcelCheck]
) -> list[CheckedGoods]:
    """Return one leaf a check and product, with what of it was in the parcel."""
    leaves = []
    for check, one in zip(checks, entries, strict=True):
        of: dict[int, list[Any]] = defaultdict(list)
        for item in asked[check.parcel_id].items:
            of[item.product_id].append(item)
        photos = {point: [pictures[pk].sha256 for pk in ids] for point, ids in sorted(one.photos.items())}
        leaves += [
            CheckedGoods(
                check_of=check,
                merchant_id=check.merchant_id,
                warehouse_id=check.warehouse_id,
                product_id=product_id,
                day_date=check.checked_at.astimezone(SHANGHAI).date(),
                says=_leaf(check, product_id, items, photos),
            )
            for product_id, items in sorted(of.items())
        ]
    return leaves


def _leaf(check: OutboundCheck, product_id: int, items: Sequence[ParcelItem], photos: Mapping[str, Sequence[str]]) -> str:
    return leaf_text(
        parcel_id=check.parcel_id,
        attempt=check.attempt,
        product_id=product_id,
        merchant_id=check.merchant_id,
        warehouse_id=check.warehouse_id,
        goods=[(item.lot_id, item.lot.number, item.quantity) for item in items],
        checklists=check.checklists,
        answers=check.answers,
        photos=photos,
        verdict=check.verdict,
        checked_at=check.checked_at,
        source=check.source,
    )


def _follow(
    checks: Sequence[OutboundCheck],
    asked: Mapping[int, Asked],
    photos: Mapping[int, Mapping[str, Sequence[int]]],
    *,
    actor: User,
    at: datetime,
) -> None:
    """Let go what passed, write down what must be put right, tell of both."""
    passed = [check for check in checks if check.has_passed]
    failed = [check for check in checks if not check.has_passed]
    if passed:
        mark_checked([Checked(check.parcel_id, check.clearance, check.checked_at) for check in passed], actor=actor, at=at)
    open_failed(failed, asked, photos, actor=actor)
    news = [_news("qc.parcel.checked" if check.has_passed else "qc.parcel.failed", check, actor) for check in checks]
    announce_each(news)


def _news(kind: str, check: OutboundCheck, actor: User) -> News:
    changes = first(check, "parcel_id", "attempt", "verdict", "answers")
    ids = {"check_id": check.pk, "parcel_id": check.parcel_id, "order_id": check.parcel.order_id}
    return News(kind, check, changes, check.checked_at, actor, ids)
