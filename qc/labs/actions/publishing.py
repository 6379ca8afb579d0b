"""Publish what a laboratory found: verdict, evidence, facts, stop or relief, fee – in one transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_noop

from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.evidence.actions import Measured, Said, record_all, report_facts
from assurance.fees.actions import Metered, meter_all
from assurance.gates.actions import lift_stop, open_stop
from assurance.gates.models import Stop
from assurance.sentences import keep
from qc.labs.actions.locking import check_house, hold, ids_of
from qc.labs.lifecycle import SampleState
from qc.labs.limits import FAIL
from qc.labs.models import LabResult, Sample, SampleHandover, SampleTest
from qc.labs.retesting import RULES, Pair, combine, worst

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User

STOP_CODE: Final = "lab_failed"
"""The stop that a failed result puts on the lot, and for a matter of safety on the product."""

PASSED = gettext_noop("All %(tests)s tests are within their limits.")
CLOSE = gettext_noop("All %(tests)s tests are within their limits; close to it: %(names)s.")
FAILED = gettext_noop("Beyond its limit: %(names)s.")
STOPPED = gettext_noop("Failed in the laboratory, sample %(sample)s: %(names)s.")
RELIEVED = gettext_noop("The retest of sample %(sample)s, done by the rule fixed beforehand, is within the limits.")
keep(PASSED, CLOSE, FAILED, STOPPED, RELIEVED)


@dataclass(frozen=True)
class Outcome:
    """What a sample says: the verdict with its reason, the tests by name that are the cause, whether safety is concerned."""

    sample: Sample
    rows: Sequence[LabResult]
    verdict: str
    message: str
    params: Mapping[str, str]
    is_safety: bool

    @property
    def because(self) -> str:
        return self.message % self.params


@transaction.atomic
def publish(sample_ids: Sequence[int], *, actor: User, at: datetime) -> list[Sample]:
    """Publish verified samples. The actor sees no value before: nobody chooses what is published.

    A test that fails stops the lot, one of safety the merchant's product in every warehouse, in the same transaction: the badge falls at
    once. A retest that is good by the rule fixed beforehand lifts the stop. The same number of queries for any number of samples that
    pass; some more for each one that fails.

    :raises WrongState: if one is not verified, or published already
    """
    held = hold(sample_ids, SampleState.VERIFIED)
    check_house(held.values(), actor)
    outcomes = [_outcome(sample, rows, firsts) for sample, rows, firsts in _results_of(held)]
    said = [
        Said("lab_publication", one.sample.product_id, one.sample.merchant_id, body_of(one, at=at), one.sample.lot_id) for one in outcomes
    ]
    entries = record_all(said, actor=actor, at=at)
    _write(outcomes, [entry.pk for entry in entries], actor=actor, at=at)
    _report(outcomes, at=at)
    _meter([one.sample for one in outcomes], at=at)
    for one in outcomes:
        _stop_or_relieve(one, actor=actor, at=at)
    return [one.sample for one in outcomes]


def _write(outcomes: Sequence[Outcome], entry_ids: Sequence[int], *, actor: User, at: datetime) -> None:
    """Write states, verdicts, the last hand-overs and the events."""
    news = []
    for one, entry_id in zip(outcomes, entry_ids, strict=True):
        because = {"message": one.message, "params": dict(one.params)}
        shown = change(
            one.sample, state=SampleState.PUBLISHED, verdict=one.verdict, because=because, evidence_entry_id=entry_id, ended_at=at
        )
        ids = ids_of(one.sample) | {"evidence_entry_id": entry_id, "failed": int(one.verdict == FAIL)}
        news.append(News("qc.sample.published", one.sample, shown, at, actor, ids, one.because))
    samples = [one.sample for one in outcomes]
    Sample.objects.bulk_update(samples, ["state", "verdict", "because", "evidence_entry_id", "ended_at"])
    SampleHandover.objects.bulk_create(
        SampleHandover(
            sample=one,
            merchant_id=one.merchant_id,
            step=one.state,
            by=actor,
            at=at,
            place=actor.organisation.name[:80],
            seal_number=one.seal_number,
        )
        for one in samples
    )
    announce_each(news)


def _results_of(held: Mapping[int, Sample]) -> list[tuple[Sample, list[LabResult], list[LabResult]]]:
    """Return every sample with its standing results and, of a retest, those of the first sample."""
    wanted = {*held, *(sample.retest_of_id for sample in held.values() if sample.retest_of_id)}
    rows = LabResult.objects.standing().filter(sample__in=wanted).select_related("sample_test__test", "sample_test__scope", "corrects")
    found = defaultdict(list)
    for row in rows.order_by("sample_id", "sample_test_id"):
        found[row.sample_id].append(row)
    return [(sample, found[pk], found[sample.retest_of_id] if sample.retest_of_id else []) for pk, sample in held.items()]


def _outcome(sample: Sample, rows: list[LabResult], firsts: list[LabResult]) -> Outcome:
    """Judge a sample by its results; a retest together with the first sample, by the rule that one was scheduled under."""
    again = {row.sample_test.test.code: row for row in rows}
    if firsts:
        rule = RULES[sample.retest_rule]
        judged = {
            row: combine(rule, [Pair(row.verdict, again[code].verdict if code in again else "", row.sample_test.test.is_safety)])
            for row in firsts
            for code in [row.sample_test.test.code]
        }
    else:
        judged = {row: row.verdict for row in rows}
    verdict = worst(list(judged.values()))
    causes = [row.sample_test.test for row, said in judged.items() if said == verdict]
    message = {"pass": PASSED, "warning": CLOSE, "fail": FAILED}[verdict]
    params = {"tests": str(len(judged))}
    if verdict != "pass":
        params |= {"names": ", ".join(test.name_zh for test in causes), "names_en": ", ".join(test.name_en for test in causes)}
    return Outcome(sample, rows, verdict, message, params, any(test.is_safety for test in causes))


def body_of(one: Outcome, *, at: datetime) -> dict[str, Any]:
    """Return what the evidence entry says; docs/labs.md is its contract. No persons, no floats."""
    sample = one.sample
    return {
        "product_id": sample.product_id,
        "merchant_id": sample.merchant_id,
        "warehouse_id": sample.warehouse_id,
        "lot_id": sample.lot_id,
        "lot_number": sample.lot.number,
        "sample": sample.code,
        "origin": sample.origin,
        "round": sample.round.code if sample.round_id and sample.round else "",
        "lab_id": sample.lab_id,
        "retest_of": sample.retest_of_id,
        "retest_rule": sample.retest_rule,
        "verdict": one.verdict,
        "because": one.because,
        "published_at": at,
        "tests": [_test_in_body(row) for row in one.rows],
    }


def _test_in_body(row: LabResult) -> dict[str, Any]:
    test, scope = row.sample_test.test, row.sample_test.scope
    return {
        "code": test.code,
        "zh": test.name_zh,
        "en": test.name_en,
        "standard": test.standard,
        "limit": test.limit,
        "method": row.method,
        "reported": row.reported,
        "unit": row.unit,
        "detection_limit": row.detection_limit,
        "uncertainty": row.uncertainty,
        "verdict": row.verdict,
        "mark": scope.mark if scope else "",
        "accreditation": scope.accreditation if scope else "",
        "corrected": {"reported": row.corrects.reported, "reason": row.reason} if row.corrects else None,
        "retest_of": row.retest_of_id,
    }


def _report(outcomes: Sequence[Outcome], *, at: datetime) -> None:
    """Report of each lot whether it passed: 1 or 0, from so many tests."""
    measured = {one.sample.lot_id: Measured(one.sample.lot_id, int(one.verdict != FAIL), len(one.rows)) for one in outcomes}
    report_facts("lab_result", list(measured.values()), subject_kind="lot", as_of=at, at=at)


def _meter(samples: Sequence[Sample], *, at: datetime) -> None:
    """Meter every sample once, at what the laboratory asks for its tests."""
    costs: dict[int, Decimal] = defaultdict(Decimal)
    for sample_id, price in SampleTest.objects.filter(sample__in=samples).values_list("sample_id", "price"):
        costs[sample_id] += price or 0
    meter_all(
        [
            Metered(
                kind="lab_test",
                merchant_id=one.merchant_id,
                source_kind="qc.sample",
                source_id=one.pk,
                quantity=1,
                at=at,
                measures={"cost": f"{costs[one.pk]:.2f}"},
            )
            for one in samples
        ],
        at=at,
    )


def _stop_or_relieve(one: Outcome, *, actor: User, at: datetime) -> None:
    sample = one.sample
    if one.verdict == FAIL:
        because = STOPPED % {"sample": sample.code, "names": one.params["names"]}
        about: dict[str, Any] = {"merchant_id": sample.merchant_id, "product_id": sample.product_id, "code": STOP_CODE, "because": because}
        open_stop(**about, warehouse_id=sample.warehouse_id, lot_id=sample.lot_id, actor=actor, at=at)
        if one.is_safety:
            open_stop(**about, actor=actor, at=at)
    elif sample.retest_of_id:
        standing = Stop.objects.filter(merchant_id=sample.merchant_id, product_id=sample.product_id, code=STOP_CODE, lifted_at=None)
        first = sample.retest_of.code if sample.retest_of else ""
        for stop in standing.filter(because__contains=f"sample {first}:").order_by("id"):
            lift_stop(stop_id=stop.pk, actor=None, at=at, reason=RELIEVED % {"sample": sample.code})
