"""Judge answers, and say in words of the house what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from assurance.refusals import Refused, at_place
from qc.checks.judging import Incomplete, judge

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from qc.checks.judging import Judged
    from qc.checks.queries import Asked


class AnswersIncomplete(Refused):
    """The answers do not say enough; nothing was recorded."""

    status = 422


class PointUnanswered(AnswersIncomplete):
    code = "point_unanswered"
    message = _("“%(point)s” has no answer.")


class AnswerUnclear(AnswersIncomplete):
    code = "answer_unclear"
    message = _("“%(point)s”: %(expected)s")


class NoSuchPoint(AnswersIncomplete):
    code = "no_such_point"
    message = _("“%(point)s” is not asked here.")


class PhotoMissing(AnswersIncomplete):
    code = "photo_missing"
    message = _("“%(point)s” needs a photo.")


class NoSuchPhoto(AnswersIncomplete):
    code = "no_such_photo"
    message = _("“%(point)s”: name pictures that your own organisation has taken.")


class PhotoShownBefore(AnswersIncomplete):
    code = "photo_shown_before"
    message = _("“%(point)s”: this photo was shown for something else already. Take a new one.")


FAULTS: Final[dict[str, type[AnswersIncomplete]]] = {
    "missing": PointUnanswered,
    "unclear": AnswerUnclear,
    "unknown": NoSuchPoint,
    "photo": PhotoMissing,
}


def judged(
    place: int,
    asked: Asked,
    answers: Mapping[str, Any],
    photos: Mapping[str, Sequence[int]],
    pictures: Mapping[int, object],
    *,
    day: date,
    shown: Collection[int] = (),
) -> Judged:
    """Judge one entry of a set. ``shown`` are pictures that prove something else already.

    :raises PointUnanswered, AnswerUnclear, NoSuchPoint, PhotoMissing, NoSuchPhoto, PhotoShownBefore: naming the entry and the point
    """
    for point, ids in photos.items():
        problem = NoSuchPhoto if any(pk not in pictures for pk in ids) else PhotoShownBefore if any(pk in shown for pk in ids) else None
        if problem:
            with at_place(place):
                raise problem(field=f"photos.{point}", point=_name(asked, point))
    photographed = frozenset(point for point, ids in photos.items() if ids)
    try:
        return judge(asked.points, answers, photographed=photographed, expiry=asked.expiry, day=day)
    except Incomplete as incomplete:
        where = "photos" if incomplete.fault == "photo" else "answers"
        with at_place(place):
            raise FAULTS[incomplete.fault](
                field=f"{where}.{incomplete.code}",
                point=_name(asked, incomplete.code),
                expected=gettext(incomplete.message) if incomplete.message else "",
            ) from None


def _name(asked: Asked, code: str) -> str:
    return next((one.name(get_language() or "") for one in asked.points if one.code == code), code)
