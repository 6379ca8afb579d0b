"""Judge answers, and say in words of the house what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from assurance.refusals import Refused, at_place
from qc.checks.judging import Incomplete, judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
) -> Judged:
    """Judge one entry of a set.

    :raises PointUnanswered, AnswerUnclear, NoSuchPoint, PhotoMissing, NoSuchPhoto: naming the entry and the point
    """
    strange = next((point for point, ids in photos.items() if any(pk not in pictures for pk in ids)), None)
    if strange is not None:
        with at_place(place):
            raise NoSuchPhoto(field=f"photos.{strange}", point=strange)
    photographed = frozenset(point for point, ids in photos.items() if ids)
    try:
        return judge(asked.points, answers, photographed=photographed, expiry=asked.expiry, day=day)
    except Incomplete as incomplete:
        point = next((one.name(get_language() or "") for one in asked.points if one.code == incomplete.code), incomplete.code)
        where = "photos" if incomplete.fault == "photo" else "answers"
        with at_place(place):
            raise FAULTS[incomplete.fault](
                field=f"{where}.{incomplete.code}", point=point, expected=gettext(incomplete.message) if incomplete.message else ""
            ) from None
