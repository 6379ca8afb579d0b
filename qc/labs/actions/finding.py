"""Enter what a laboratory found. The verdict is computed; nothing is overwritten."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.refusals import Refused
from qc.labs.actions.locking import Step, advance, check_house, hold, ids_of, place_of
from qc.labs.actions.reference import NoSuchTest
from qc.labs.lifecycle import SampleState
from qc.labs.limits import OtherCount, OtherUnit, Unreadable, judge, parse_limit, parse_reported, seen_from
from qc.labs.models import LabResult, Sample, SampleTest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class UnreadableResult(Refused):
    code = "unreadable_result"
    status = 422
    message = _("“%(given)s” cannot be read as a result. Examples: 0.12 mg/kg, <0.005, ND, 45;1.2×10²;<10;<10;70.")


class WrongUnit(Refused):
    code = "wrong_unit"
    status = 422
    message = _("“%(given)s” cannot be compared with the limit %(limit)s: another unit is expected.")


class WrongCount(Refused):
    code = "wrong_count"
    status = 422
    message = _("The limit %(limit)s asks for another number of values than “%(given)s” has.")


class AlreadyEntered(Refused):
    code = "already_entered"
    message = _("The result of %(test)s is there already. It is corrected only after it was sent back, with a reason.")


class ReasonNeeded(Refused):
    code = "required"
    status = 422
    message = _("Say why the first result is corrected.")


@dataclass(frozen=True)
class Found:
    """What was found in one test, as the laboratory reports it (``reported``). ``reason`` is needed to correct a result sent back."""

    sample_id: int
    test: str
    reported: str
    method: str = ""
    detection_limit: Decimal | None = None
    uncertainty: Decimal | None = None
    reason: str = ""
    at: datetime | None = None


@transaction.atomic
def begin_testing(sample_ids: Sequence[int], *, actor: User, at: datetime) -> list[Sample]:
    """Open samples and begin.

    :raises WrongState, OtherHouse: if one is not here, or somebody has begun
    """
    held = hold(sample_ids, SampleState.RECEIVED)
    check_house(held.values(), actor)
    place = place_of(actor)
    steps = [Step(held[pk], SampleState.TESTING, at, place, "qc.sample.begun", seal_number=held[pk].seal_number) for pk in sample_ids]
    advance(steps, [], actor=actor)
    return [step.sample for step in steps]


@transaction.atomic
def enter_results(items: Sequence[Found], *, actor: User, at: datetime) -> list[LabResult]:
    """Write down results; a sample of which all tests have one goes on to be verified. Eight queries or so, whatever the number.

    :raises WrongState: if a sample is not being tested any more
    :raises NoSuchTest, UnreadableResult, WrongUnit, WrongCount, AlreadyEntered, ReasonNeeded: naming the result
    """
    held = hold(list(dict.fromkeys(one.sample_id for one in items)), SampleState.TESTING)
    check_house(held.values(), actor)
    planned = _planned(held)
    standing = _standing(held)
    firsts = _firsts(held)
    made = []
    for place, one in enumerate(items):
        test = planned.get((one.sample_id, one.test))
        if test is None:
            raise NoSuchTest(field=f"items.{place}.test", test=one.test)
        before = standing.get(test.pk)
        _check_again(one, before, test, place=place)
        row = _result(held[one.sample_id], test, one, before, firsts, place=place, actor=actor, at=one.at or at)
        standing[test.pk] = row
        made.append(row)
    LabResult.objects.bulk_create(made)
    _go_on(held, planned, standing, made, actor=actor)
    return made


def _planned(held: Mapping[int, Sample]) -> dict[tuple[int, str], SampleTest]:
    rows = SampleTest.objects.filter(sample__in=held).select_related("test").order_by("id")
    return {(row.sample_id, row.test.code): row for row in rows}


def _standing(held: Mapping[int, Sample]) -> dict[int, LabResult]:
    """Return the result that counts of every test, with ``was_returned``."""
    rows = LabResult.objects.standing().filter(sample__in=held).prefetch_related("verifications").order_by("id")
    return {row.sample_test_id: row for row in rows}


def _firsts(held: Mapping[int, Sample]) -> dict[tuple[int, str], LabResult]:
    """Return the first sample's results, by retest and test."""
    of = {sample.retest_of_id: sample.pk for sample in held.values() if sample.retest_of_id}
    rows = LabResult.objects.standing().filter(sample__in=of).select_related("sample_test__test") if of else []
    return {(of[row.sample_id], row.sample_test.test.code): row for row in rows}


def was_returned(result: LabResult) -> bool:
    """Say whether somebody sent this result back; the verifications were prefetched."""
    return any(one.decision == "returned" for one in result.verifications.all())


def _check_again(one: Found, before: LabResult | None, test: SampleTest, *, place: int) -> None:
    if before is None:
        return
    if before.pk is None or not was_returned(before):
        raise AlreadyEntered(field=f"items.{place}.test", test=test.test.name)
    if not one.reason.strip():
        raise ReasonNeeded(field=f"items.{place}.reason")


def _result(
    sample: Sample,
    test: SampleTest,
    one: Found,
    before: LabResult | None,
    firsts: Mapping[tuple[int, str], LabResult],
    *,
    place: int,
    actor: User,
    at: datetime,
) -> LabResult:
    read = _read(one, test, place=place)
    first = firsts.get((sample.pk, one.test))
    return LabResult(
        sample_test=test,
        sample=sample,
        merchant_id=sample.merchant_id,
        lab_id=sample.lab_id or 0,
        reported=one.reported.strip(),
        **read,
        method=one.method or test.test.method,
        detection_limit=one.detection_limit,
        uncertainty=one.uncertainty,
        entered_by=actor,
        entered_at=at,
        corrects=before,
        retest_of=first,
        reason=one.reason.strip() or (sample.reason if first else ""),
    )


def _read(one: Found, test: SampleTest, *, place: int) -> dict[str, Any]:
    """Return how a result was read and what it means: operand, values, unit, verdict and its reason."""
    limit, field = parse_limit(test.test.limit), f"items.{place}.reported"
    try:
        reading = parse_reported(one.reported)
        judged = judge(limit, seen_from(reading, one.detection_limit, limit), uncertainty=one.uncertainty)
    except Unreadable:
        raise UnreadableResult(field=field, given=one.reported) from None
    except OtherUnit:
        raise WrongUnit(field=field, given=one.reported, limit=limit.text) from None
    except OtherCount:
        raise WrongCount(field=field, given=one.reported, limit=limit.text) from None
    return {
        "operand": reading.operand,
        "values": list(reading.values),
        "unit": reading.unit or test.test.reporting,
        "verdict": judged.verdict,
        "because": {"message": judged.message, "params": judged.params},
    }


def _go_on(
    held: Mapping[int, Sample],
    planned: Mapping[tuple[int, str], SampleTest],
    standing: Mapping[int, LabResult],
    made: Sequence[LabResult],
    *,
    actor: User,
) -> None:
    """Move the samples on of which nothing is missing. Events say which tests, never what was found (P9.9)."""
    fresh = {row.sample_test_id for row in made}
    codes, last = defaultdict(list), {}
    for row in made:
        codes[row.sample_id].append(row.sample_test.test.code)
        last[row.sample_id] = row.entered_at
    announce_each(
        [
            News(
                "qc.lab.result_entered",
                held[pk],
                {"tests": [None, found]},
                last[pk],
                actor,
                ids_of(held[pk]),
                organisation_id=held[pk].lab_id,
            )
            for pk, found in codes.items()
        ]
    )
    missing = {
        sample_id
        for (sample_id, _code), test in planned.items()
        if test.pk not in fresh and (test.pk not in standing or was_returned(standing[test.pk]))
    }
    steps = [
        Step(held[pk], SampleState.RESULTED, at, place_of(actor), "qc.sample.resulted", seal_number=held[pk].seal_number)
        for pk, at in last.items()
        if pk not in missing
    ]
    if steps:
        advance(steps, [], actor=actor)
