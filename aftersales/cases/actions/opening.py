"""Open cases, each with everything that belongs to it; add what belongs to it later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aftersales.cases import queries
from aftersales.cases.actions.steps import place, step
from aftersales.cases.clock import STANDARD, URGENT
from aftersales.cases.lifecycle import URGENT_KINDS, CaseState, Kind, Side
from aftersales.cases.models import Case, CaseLink, CaseMessage
from aftersales.cases.privacy import without_persons
from assurance.events.actions import announce_all
from assurance.events.changes import first
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aftersales.cases.records import Record, Records
    from assurance.accounts.models import User

RULE_LOCK = 7_203_310
"""Namespace of the advisory locks under which a rule opens its cases: two runs of a rule wait for each other."""


class NothingKnown(Refused):
    code = "nothing_known"
    status = 422
    message = _("We know no order, parcel or lot of this number.")


@dataclass(frozen=True)
class NewCase:
    """What a case is opened with. ``about`` is a row by its table and number; ``body`` the first message, of whoever opens it.

    ``merchant_id`` narrows an order of several merchants to one of them.
    """

    kind: str
    origin: str
    about_kind: str
    about_id: int
    summary: str
    rule: str = ""
    body: str = ""
    merchant_id: int | None = None


@transaction.atomic
def open_cases(wanted: Sequence[NewCase], *, actor: User | None, at: datetime) -> list[Case | None]:
    """Open cases and link to each what is found: parcel, lots, inspections, checks, samples, waybill, returns, fees, claims (P14.4).

    Of a rule, one case a subject is open at a time: where there is one already, nothing is opened and None stands in its place.
    A constant number of queries, whatever the number of cases.

    :raises NothingKnown: if there is nothing of that kind and number
    """
    _one_run_at_a_time(wanted)
    standing = queries.standing_of_rules(wanted)
    found = queries.records_about([(one.about_kind, one.about_id) for one in wanted], merchants=[one.merchant_id for one in wanted])
    cases: list[Case | None] = []
    for number, (one, records) in enumerate(zip(wanted, found, strict=True)):
        if records is None:
            raise NothingKnown(field=place(number, wanted, "number"))
        key = (one.rule, one.about_kind, one.about_id)
        cases.append(None if one.rule and key in standing else _case(one, records, actor=actor, at=at))
        standing.add(key)
    made = [(case, one, records) for case, one, records in zip(cases, wanted, found, strict=True) if case and records]
    Case.objects.bulk_create([case for case, _one, _records in made])
    CaseLink.objects.bulk_create(_link(case, record, at=at) for case, _one, records in made for record in records.all)
    CaseMessage.objects.bulk_create(_first_message(case, one, actor=actor, at=at) for case, one, _records in made if one.body)
    shown = ("kind", "origin", "about", "rule", "product_id", "lot_id")
    announce_all(
        [("aftersales.case.opened", case, first(case, *shown), {"case_id": case.pk}) for case, _one, _records in made], actor=actor, at=at
    )
    return cases


@transaction.atomic
def link_again(case_ids: Sequence[int], *, at: datetime) -> int:
    """Add what came to belong to these cases since they were opened; return how many records were added."""
    cases = list(Case.objects.filter(pk__in=case_ids).order_by("pk"))
    found = queries.records_about([(case.about_kind, case.about_id) for case in cases], merchants=[case.merchant_id for case in cases])
    before = CaseLink.objects.filter(case__in=cases).count()
    links = [_link(case, record, at=at) for case, records in zip(cases, found, strict=True) if records for record in records.all]
    CaseLink.objects.bulk_create(links, ignore_conflicts=True)
    return CaseLink.objects.filter(case__in=cases).count() - before


def _one_run_at_a_time(wanted: Sequence[NewCase]) -> None:
    rules = sorted({one.rule for one in wanted if one.rule})
    if rules:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(rule)) FROM unnest(%s::text[]) AS rule", [RULE_LOCK, rules])


def _case(one: NewCase, records: Records, *, actor: User | None, at: datetime) -> Case:
    case = Case(
        merchant_id=records.merchant_id,
        product_id=records.product_id,
        lot_id=records.lot_id,
        kind=one.kind,
        origin=one.origin,
        about_kind=one.about_kind,
        about_id=one.about_id,
        about=records.about,
        rule=one.rule,
        summary=one.summary[:300],
        state=CaseState.NEW,
        policy=URGENT if Kind(one.kind) in URGENT_KINDS else STANDARD,
        opened_at=at,
        opened_by=actor,
    )
    step(case)
    return case


def _link(case: Case, record: Record, *, at: datetime) -> CaseLink:
    return CaseLink(
        case=case,
        merchant_id=case.merchant_id,
        relation=record.relation,
        subject_kind=record.kind,
        subject_id=record.pk,
        linked_at=at,
    )


def _first_message(case: Case, one: NewCase, *, actor: User | None, at: datetime) -> CaseMessage:
    side = {"buyer": Side.BUYER, "merchant": Side.MERCHANT}.get(one.origin, Side.PLATFORM)
    return CaseMessage(
        case=case,
        merchant_id=case.merchant_id,
        side=side,
        author=None if side == Side.BUYER else actor,
        body=without_persons(one.body),
        to_buyer=side == Side.BUYER,
        to_merchant=side != Side.PLATFORM,
        written_at=at,
    )
