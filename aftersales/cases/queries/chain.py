"""The chain of evidence of a case: its linked records in words, in the order of time, each with the page it opens (P14.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext

from aftersales.cases.queries import finding
from assurance.events.subjects import Rows
from assurance.states import STATES
from assurance.templatetags.ui import money, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aftersales.cases.models import CaseLink
    from assurance.accounts.models import User

NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Telling:
    """When a record was made or decided, and what it says."""

    at: datetime | None
    tone: str
    text: str


@dataclass(frozen=True)
class LinkedRecord:
    """One linked record as a page and the API show it; ``at`` orders the chain."""

    link: CaseLink
    title: str
    url: str
    told: Telling

    @property
    def at(self) -> datetime | None:
        return self.told.at

    @property
    def tone(self) -> str:
        return self.told.tone

    @property
    def text(self) -> str:
        return self.told.text

    @property
    def kind(self) -> str:
        return self.link.get_relation_display()


def chain(links: Iterable[CaseLink], reader: User) -> list[LinkedRecord]:
    """Return the records the reader may see, the earliest first. One query a table, whatever the number of records."""
    shown = list(links)
    rows = Rows.at([(link.subject_kind, link.subject_id) for link in shown], reader)
    found = []
    for link in shown:
        key = (link.subject_kind, link.subject_id)
        row = rows.found.get(key)
        if row is not None:
            found.append(LinkedRecord(link, rows.name(key), rows.url(key), TELLERS[link.subject_kind](row)))
    return sorted(found, key=lambda one: (one.at or NEVER, one.link.pk))


def _tone(row: Any, column: str = "state") -> str:
    dress = STATES.get(f"{row._meta.label_lower}.{column}", {}).get(getattr(row, column))
    return dress.tone if dress else "wait"


def _order(row: Any) -> Telling:
    return Telling(row.paid_at, _tone(row), row.get_state_display())


def _parcel(row: Any) -> Telling:
    weight = row.measured_weight_g
    text = gettext("%(state)s, %(weight)s g") % {"state": row.get_state_display(), "weight": number(weight)} if weight else ""
    return Telling(row.handed_over_at or row.packed_at or row.created_at, _tone(row), text or row.get_state_display())


def _lot(row: Any) -> Telling:
    return Telling(row.first_received_at, "wait", gettext("Received"))


def _inspection(row: Any) -> Telling:
    if row.decided_at is None:
        return Telling(row.opened_at, "run", row.get_state_display())
    counts = {"verdict": row.get_state_display(), "inspected": number(row.inspected), "failing": number(row.nonconforming)}
    text = gettext("%(verdict)s: %(inspected)s units inspected, %(failing)s with defects") % counts
    return Telling(row.decided_at, _tone(row), text)


def _check(row: Any) -> Telling:
    return Telling(row.checked_at, "pass" if row.has_passed else "fail", row.get_verdict_display())


def _sample(row: Any) -> Telling:
    if not row.verdict:
        return Telling(row.scheduled_at, "run", row.get_state_display())
    tone = {"pass": "pass", "warning": "hold"}.get(row.verdict, "fail")
    return Telling(row.ended_at or row.scheduled_at, tone, row.get_verdict_display())


def _waybill(row: Any) -> Telling:
    said = [row.get_state_display(), row.get_incident_display() if row.incident else ""]
    return Telling(row.last_event_at or row.requested_at, _tone(row), " · ".join(filter(None, said)))


def _return(row: Any) -> Telling:
    return Telling(row.closed_at or row.received_at or row.announced_at or row.arrived_at, _tone(row), row.get_state_display())


def _enrolment(row: Any) -> Telling:
    return Telling(row.decided_at or row.submitted_at or row.created_at, _tone(row), row.get_state_display())


def _fee(row: Any) -> Telling:
    return Telling(row.at, "wait", _plain(money(row.amount)))


def _plain(html: str) -> str:
    return html.partition(">")[2].partition("<")[0]


TELLERS: Final[Mapping[str, Callable[[Any], Telling]]] = {
    finding.ORDER: _order,
    finding.PARCEL: _parcel,
    finding.LOT: _lot,
    finding.INSPECTION: _inspection,
    finding.CHECK: _check,
    finding.SAMPLE: _sample,
    finding.WAYBILL: _waybill,
    finding.RETURN: _return,
    finding.ENROLMENT: _enrolment,
    finding.FEE: _fee,
}
"""How each table tells of itself."""
