"""When the rules look: at news that tells of trouble, and by the clock where trouble is that nothing comes."""

from __future__ import annotations

from django.utils import timezone

from aftersales.signals import actions
from assurance.events.registry import every, job


@every(600)
def watch_parcels(**_from_newer_writers: object) -> None:
    """Look for parcels that are silent or late."""
    actions.watch_parcels(at=timezone.now())


@every(3600)
def watch_returns(**_from_newer_writers: object) -> None:
    """Look for lots of which too many units come back."""
    actions.watch_returns(at=timezone.now())


@every(86_400)
def judge_rules(**_from_newer_writers: object) -> None:
    """Switch off what is wrong too often."""
    actions.judge_rules(at=timezone.now())


@job("qc.sample.published")
def look_at_sample(*, sample_id: int, **_from_newer_writers: object) -> None:
    """A sample that failed opens a case."""
    actions.look_at_sample(sample_id=sample_id, at=timezone.now())


@job("qc.return.graded")
def look_at_returned_unit(*, return_unit_id: int, **_from_newer_writers: object) -> None:
    """A unit that came back damaged or is another one opens a case."""
    actions.look_at_returned_unit(return_unit_id=return_unit_id, at=timezone.now())
